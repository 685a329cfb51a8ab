// The harnesses of the contract suite and its fixture: each transport with a server that it can talk to, and
// the steps that tests have in common. One thread a test.
#pragma once
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/transport/sim_transport.hpp"
#include "system/clock/system_clock.hpp"
#include "system/uring/uring_transport.hpp"
#include "target/server.hpp"

namespace saturn::test {

inline constexpr std::size_t kSlots = 200;
using Kind = Completion::Kind;

inline std::string get(std::string_view path) {
  return "GET " + std::string(path) + " HTTP/1.1\r\nHost: x\r\n\r\n";
}

struct SimHarness {
  using Type = SimTransport;
  static constexpr bool kDiscards = true;
  static SimAnswer answer(const SimRequest& request) {
    SimAnswer answer;
    const auto is = [&](std::string_view path) { return request.bytes.find(path) != std::string_view::npos; };
    if (is("/early")) return {"", Nanos(1000), true, false};
    if (is("/half"))
      return {"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n" + std::string(50, 'x'), Nanos(1000), true,
              false};
    if (is("/reset")) return {"", Nanos(1000), false, true};
    if (is("/echo")) {
      const std::string_view body = request.bytes.substr(request.bytes.find("\r\n\r\n") + 4);
      answer.bytes = "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n";
      answer.bytes += body;
      return answer;
    }
    const std::size_t body = is("/bytes/3000000") ? 3'000'000 : 20;
    answer.bytes =
        "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(body) + "\r\n\r\n" + std::string(body, 'x');
    return answer;
  }
  SimHarness() {
    SimOptions options;
    options.server = answer;
    options.faults.short_read = 3;
    options.largest_piece = 100'000;
    options.between_pieces = Nanos(1000);
    options.refuse = [this](std::uint64_t, Nanos) { return refuse; };
    transport = std::make_unique<SimTransport>(kSlots, options);
  }
  void stop_server() { refuse = true; }
  Nanos now() { return transport->now(); }
  bool refuse = false;
  std::unique_ptr<SimTransport> transport;
};

template <bool kDirect, std::uint64_t kReceiveBytes, bool kHeedsDiscards = false, bool kLinked = false>
struct UringHarness {
  using Type = UringTransport;
  static constexpr bool kDiscards = kHeedsDiscards;
  UringHarness() {
    auto started = target::Server::start({});
    if (!started) throw std::runtime_error(to_text(started.errors().front()));
    server.emplace(std::move(started).value());
    const std::atomic<bool> stop{false};
    auto address = first_that_accepts({"127.0.0.1", server->port(), ""}, std::chrono::seconds(5), stop);
    UringOptions options;
    options.direct_descriptors = kDirect;
    options.linked_sockets = kLinked;
    options.receive_bytes = kReceiveBytes;
    options.discards = kDiscards;
    auto made = UringTransport::create(*address, kSlots, options);
    if (!made) throw std::runtime_error(to_text(made.errors().front()));
    transport = std::move(made).value();
  }
  void stop_server() { server->stop(); }
  Nanos now() { return monotonic_now(); }
  std::optional<target::Server> server;
  std::unique_ptr<UringTransport> transport;
};

template <class Harness>
class TransportContract : public ::testing::Test {
 protected:
  TransportContract() { out_.reserve(64); }

  /// Submits and waits until `count` completions of this kind came (or 10 s of its clock passed); keeps all
  /// of them in seen_.
  std::size_t until(Kind kind, std::size_t count) {
    const Nanos deadline = h_.now() + std::chrono::seconds(10);
    std::size_t found = 0;
    while (found < count && h_.now() < deadline) {
      while (t_.submit().count > 0) {
      }
      out_.clear();
      t_.wait(h_.now() + std::chrono::milliseconds(100), out_);
      for (const Completion& completion : out_) {
        found += completion.kind == kind ? 1 : 0;
        if (completion.kind == Kind::received)
          received_.append(completion.data.data(), completion.data.size());
        if (completion.kind == Kind::discarded) discarded_ += completion.bytes;
        if (completion.buffer != kNoBuffer) t_.release(completion.buffer);
        seen_.push_back(completion);
      }
    }
    return found;
  }
  void connect(SlotId slot, std::uint32_t generation) {
    t_.connect(slot, generation);
    ASSERT_EQ(until(Kind::connected, 1), 1U);
    ASSERT_EQ(seen_.back().error, 0);
    t_.arm_receive(slot);
  }
  std::size_t of(Kind kind) const {
    return static_cast<std::size_t>(
        std::count_if(seen_.begin(), seen_.end(), [&](const Completion& c) { return c.kind == kind; }));
  }

  Harness h_;
  typename Harness::Type& t_ = *h_.transport;
  std::vector<Completion> out_, seen_;
  std::string received_;
  std::uint64_t discarded_ = 0;
};

using Plain = UringHarness<false, ReceiveBuffers::kDefaultBytes>;
using Direct = UringHarness<true, ReceiveBuffers::kDefaultBytes>;
using LittleMemory = UringHarness<false, ReceiveBuffers::kLeastBytes>;
using DirectLittleMemory = UringHarness<true, ReceiveBuffers::kLeastBytes>;
using Discarding = UringHarness<false, ReceiveBuffers::kDefaultBytes, true>;
using DirectDiscarding = UringHarness<true, ReceiveBuffers::kLeastBytes, true>;
using Linked = UringHarness<true, ReceiveBuffers::kDefaultBytes, false, true>;
using Harnesses = ::testing::Types<SimHarness, Plain, Direct, Linked, LittleMemory, DirectLittleMemory,
                                   Discarding, DirectDiscarding>;

}  // namespace saturn::test
