// The endpoints under /_fault: answers of known size and shape, and the ways in which a server can go wrong.
// server.hpp lists them; tested in tests/unit/target_service_test.cpp and
// tests/loopback/serve_fault_test.cpp.
#include "core/base/assert.hpp"
#include "target/service.hpp"

namespace saturn::target {
namespace {

constexpr std::uint64_t kChunkBytes = 4096;
constexpr std::uint64_t kHalfBodyBytes = 100;
constexpr std::size_t kEndlessHeadBytes = 1U << 20;  // far above any client's limit

void append_endless_head(Reply& reply) {
  const std::string line = "X-Filler: " + std::string(500, 'x') + "\r\n";
  reply.raw("HTTP/1.1 200 OK\r\n");
  for (std::size_t bytes = 0; bytes < kEndlessHeadBytes; bytes += line.size()) reply.raw(line);
}

}  // namespace

Answer answer_fault(const Route& route, std::uint64_t nth, Reply& reply) {
  constexpr Nanos at_once{0};
  switch (route.endpoint) {
    case Endpoint::bytes:
      reply.head(200, kBinary, Reply::Framing::length, route.number);
      reply.body_filler(route.number);
      return {200, After::keep, at_once};
    case Endpoint::chunked:
      reply.head(200, kBinary, Reply::Framing::chunked, 0);
      reply.chunks(route.number, kChunkBytes);
      return {200, After::keep, at_once};
    case Endpoint::close_delimited:
      reply.closes();
      reply.head(200, kBinary, Reply::Framing::until_close, 0);
      reply.body_filler(route.number);
      return {200, After::close, at_once};
    case Endpoint::status:
      reply.whole(static_cast<int>(route.number), "{}");
      return {static_cast<int>(route.number), After::keep, at_once};
    case Endpoint::slow:
      reply.whole(200, "{}");
      return {200, After::keep, Nanos(static_cast<Nanos::rep>(route.number))};
    case Endpoint::close:  // announced by the service, which knows the reply's head before
      reply.whole(200, "{}");
      return {200, After::close, at_once};
    case Endpoint::drop_after:
      reply.whole(200, "{}");
      return {200, nth >= route.number ? After::close : After::keep, at_once};
    case Endpoint::informational:
      reply.raw("HTTP/1.1 103 Early Hints\r\nLink: </style.css>; rel=preload\r\n\r\n");
      reply.whole(200, "{}");
      return {200, After::keep, at_once};
    case Endpoint::extra:
      reply.whole(200, "{}");
      reply.raw("bytes nobody asked for");
      return {200, After::keep, at_once};
    case Endpoint::garbage:
      reply.raw("\x01\x02 this is no HTTP \xff\xfe\r\n\r\n");
      return {0, After::close, at_once};
    case Endpoint::half:
      reply.head(200, kBinary, Reply::Framing::length, kHalfBodyBytes);
      reply.body_filler(kHalfBodyBytes / 2);
      return {0, After::close, at_once};
    case Endpoint::reset:
      return {0, After::reset, at_once};
    case Endpoint::early:
      return {0, After::close, at_once};
    case Endpoint::silence:
      return {0, After::hang, at_once};
    case Endpoint::endless_head:
      append_endless_head(reply);
      return {0, After::hang, at_once};
    default:
      SATURN_ASSERT(false);
  }
}

}  // namespace saturn::target
