// One response through the parser, framing only (no check reads the body): the sizes are those of a bare
// server (78 bytes), nginx (150) and a Python framework (351); plus a chunked one and a body that is kept.
// The same sizes with their head known show what the cache saves; `other_date` is the first answer of each
// second.
#include <benchmark/benchmark.h>

#include <string>
#include <vector>

#include "core/http/response_parser.hpp"

namespace saturn {
namespace {

/// A response of exactly `size` bytes, with headers as servers of that size send them.
std::string response_of(std::size_t size) {
  std::string head = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 13\r\n";
  if (size >= 150) head += "Server: nginx/1.22.1\r\nDate: Mon, 23 Nov 2026 08:00:00 GMT\r\n";
  if (size >= 351)
    head +=
        "Connection: keep-alive\r\nCache-Control: no-store, max-age=0\r\nVary: Accept-Encoding, Cookie\r\n"
        "X-Content-Type-Options: nosniff\r\n";
  const std::string tail = "\r\nHello, World!";
  const std::size_t missing = size - head.size() - tail.size();
  if (missing >= 5) head += "X: " + std::string(missing - 5, 'x') + "\r\n";
  return head + tail;
}

void parse(benchmark::State& state, const std::string& response, ResponseParser::BodySink* sink,
           HeadCache* cache = nullptr) {
  ResponseParser parser;
  for (auto _ : state) {
    if (sink != nullptr) sink->size = 0;
    parser.start(false, sink, cache);
    const auto step = parser.feed(response);
    if (step.outcome != ResponseParser::Outcome::complete || step.consumed != response.size())
      state.SkipWithError("not parsed as one response");
    auto status = parser.head().status;  // newer libraries deprecate a const lvalue here
    benchmark::DoNotOptimize(status);
  }
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(response.size()));
}

void parse_response(benchmark::State& state) {
  const std::string response = response_of(static_cast<std::size_t>(state.range(0)));
  if (response.size() != static_cast<std::size_t>(state.range(0))) state.SkipWithError("wrong size");
  parse(state, response, nullptr);
}
BENCHMARK(parse_response)->Arg(78)->Arg(150)->Arg(351);

void parse_known_head(benchmark::State& state) {
  HeadCache cache;
  parse(state, response_of(static_cast<std::size_t>(state.range(0))), nullptr, &cache);
}
BENCHMARK(parse_known_head)->Arg(78)->Arg(150)->Arg(351);

void parse_known_head_other_date(benchmark::State& state) {
  const std::string responses[] = {response_of(150), [] {
                                     std::string later = response_of(150);
                                     return later.replace(later.find("08:00:00"), 8, "08:00:01");
                                   }()};
  HeadCache cache;
  ResponseParser parser;
  std::size_t i = 0;
  for (auto _ : state) {
    parser.start(false, nullptr, &cache);
    benchmark::DoNotOptimize(parser.feed(responses[++i % 2]).consumed);
  }
}
BENCHMARK(parse_known_head_other_date);

void parse_response_keep_body(benchmark::State& state) {
  std::vector<char> storage(64);
  ResponseParser::BodySink sink{storage.data(), storage.size(), 0};
  parse(state, response_of(150), &sink);
}
BENCHMARK(parse_response_keep_body);

void parse_chunked(benchmark::State& state) {
  parse(state,
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
        "d\r\nHello, World!\r\n0\r\n\r\n",
        nullptr);
}
BENCHMARK(parse_chunked);

}  // namespace
}  // namespace saturn
