// What every transport promises to the core, tested on each of them: the simulation (virtual time) and
// io_uring against the reference target.
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <memory>
#include <optional>
#include <set>
#include <string>

#include "core/transport/sim_transport.hpp"
#include "system/clock/system_clock.hpp"
#include "system/uring/uring_transport.hpp"
#include "target/server.hpp"

namespace saturn {
namespace {

constexpr std::size_t kSlots = 200;
using Kind = Completion::Kind;

std::string get(std::string_view path) {
  return "GET " + std::string(path) + " HTTP/1.1\r\nHost: x\r\n\r\n";
}

struct SimHarness {
  using Type = SimTransport;
  static SimAnswer answer(const SimRequest& request) {
    SimAnswer answer;
    const auto is = [&](std::string_view path) { return request.bytes.find(path) != std::string_view::npos; };
    if (is("/early")) return {"", Nanos(1000), true, false};
    if (is("/reset")) return {"", Nanos(1000), false, true};
    const std::size_t body = is("/bytes/3000000") ? 3'000'000 : 20;
    answer.bytes =
        "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(body) + "\r\n\r\n" + std::string(body, 'x');
    return answer;
  }
  SimHarness() {
    SimOptions options;
    options.server = answer;
    options.faults.short_read = 3;
    options.refuse = [this](std::uint64_t, Nanos) { return refuse; };
    transport = std::make_unique<SimTransport>(kSlots, options);
  }
  void stop_server() { refuse = true; }
  Nanos now() { return transport->now(); }
  bool refuse = false;
  std::unique_ptr<SimTransport> transport;
};

struct UringHarness {
  using Type = UringTransport;
  UringHarness() {
    auto started = target::Server::start({});
    if (!started) throw std::runtime_error(to_text(started.errors().front()));
    server.emplace(std::move(started).value());
    const std::atomic<bool> stop{false};
    auto address = first_that_accepts({"127.0.0.1", server->port(), ""}, std::chrono::seconds(5), stop);
    auto made = UringTransport::create(*address, kSlots);
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
};

using Harnesses = ::testing::Types<SimHarness, UringHarness>;
TYPED_TEST_SUITE(TransportContract, Harnesses);

TYPED_TEST(TransportContract, AConnectCompletesOnceWithItsSlotAndGeneration) {
  this->t_.connect(7, 3);
  ASSERT_EQ(this->until(Kind::connected, 1), 1U);
  ASSERT_EQ(this->seen_.size(), 1U);
  EXPECT_EQ(this->seen_[0].slot, 7U);
  EXPECT_EQ(this->seen_[0].generation, 3U);
  EXPECT_EQ(this->seen_[0].error, 0);
}

TYPED_TEST(TransportContract, ARefusedConnectSaysSo) {
  this->h_.stop_server();
  this->t_.connect(0, 1);
  ASSERT_EQ(this->until(Kind::connected, 1), 1U);
  EXPECT_EQ(this->seen_[0].error, TransportErrors::kRefused);
}

TYPED_TEST(TransportContract, ReceivedBytesSayWhenTheyArrived) {
  this->connect(0, 1);
  const std::string request = get("/_fault/bytes/20");
  const Nanos before = this->h_.now();
  this->t_.send(0, request);
  ASSERT_EQ(this->until(Kind::received, 1), 1U);
  const Nanos after = this->h_.now(), slack = std::chrono::microseconds(50);
  for (const Completion& c : this->seen_) {
    if (c.kind != Kind::received) continue;
    EXPECT_GE(c.arrived_at, before - slack);
    EXPECT_LE(c.arrived_at, after + slack);
  }
}

TYPED_TEST(TransportContract, ARequestIsSentWholeAndItsAnswerArrives) {
  this->connect(0, 1);
  const std::string request = get("/_fault/bytes/20");
  this->t_.send(0, request);
  ASSERT_EQ(this->until(Kind::sent, 1), 1U);
  while (this->received_.find("\r\n\r\n") == std::string::npos ||
         this->received_.size() < this->received_.find("\r\n\r\n") + 24)
    ASSERT_EQ(this->until(Kind::received, 1), 1U);
  EXPECT_EQ(this->of(Kind::sent), 1U);
  for (const Completion& c : this->seen_) {
    if (c.kind == Kind::sent) {
      EXPECT_EQ(c.bytes, request.size());
    }
    EXPECT_EQ(c.error, 0);
  }
  EXPECT_EQ(this->received_.rfind("HTTP/1.1 200", 0), 0U);
}

TYPED_TEST(TransportContract, TheEndOfTheStreamIsReportedOnce) {
  this->connect(0, 1);
  const std::string request = get("/_fault/early");
  this->t_.send(0, request);
  ASSERT_EQ(this->until(Kind::ended, 1), 1U);
  EXPECT_EQ(this->seen_.back().error, 0);
  EXPECT_EQ(this->received_, "");
}

TYPED_TEST(TransportContract, AResetIsReportedAsOne) {
  this->connect(0, 1);
  const std::string request = get("/_fault/reset");
  this->t_.send(0, request);
  ASSERT_EQ(this->until(Kind::ended, 1), 1U);
  EXPECT_EQ(this->seen_.back().error, TransportErrors::kReset);
}

TYPED_TEST(TransportContract, WaitingEndsAtItsTime) {
  const Nanos until = this->h_.now() + std::chrono::milliseconds(20);
  this->out_.clear();
  this->t_.wait(until, this->out_);
  EXPECT_TRUE(this->out_.empty());
  EXPECT_GE(this->h_.now(), until - std::chrono::milliseconds(1));
}

TYPED_TEST(TransportContract, SendsGoInBatchesOfAtMostSixtyFourInOrderOfTime) {
  for (SlotId slot = 0; slot < kSlots; ++slot) this->t_.connect(slot, 1);
  ASSERT_EQ(this->until(Kind::connected, kSlots), kSlots);
  const std::string request = get("/hello");
  for (SlotId slot = 0; slot < kSlots; ++slot) this->t_.send(slot, request);
  std::vector<std::uint32_t> counts;
  Nanos last{0};
  for (Submitted batch = this->t_.submit(); batch.count > 0; batch = this->t_.submit()) {
    counts.push_back(batch.count);
    EXPECT_GE(batch.before, last);
    EXPECT_GE(batch.after, batch.before);
    last = batch.after;
  }
  EXPECT_EQ(counts, (std::vector<std::uint32_t>{64, 64, 64, 8}));
  EXPECT_EQ(this->until(Kind::sent, kSlots), kSlots);
}

TYPED_TEST(TransportContract, ASendOfAClosedConnectionStillCompletesAndCounts) {
  this->connect(0, 1);
  const std::string request = get("/hello");
  this->t_.send(0, request);
  this->t_.close(0);
  EXPECT_EQ(this->t_.submit().count, 1U);
  ASSERT_EQ(this->until(Kind::sent, 1), 1U);
  EXPECT_NE(this->seen_.back().error, 0);
  EXPECT_EQ(this->of(Kind::received), 0U);
}

TYPED_TEST(TransportContract, ASlotConnectsAgainWithANewGeneration) {
  this->connect(0, 1);
  this->t_.close(0);
  this->connect(0, 2);
  const std::string request = get("/hello");
  this->t_.send(0, request);
  ASSERT_EQ(this->until(Kind::received, 1), 1U);
  EXPECT_EQ(this->seen_.back().generation, 2U);
}

TYPED_TEST(TransportContract, AGenerationMayBeAnyNumber) {
  for (const std::uint32_t generation : {(1U << 28) - 1, 1U << 28, (1U << 28) + 1, UINT32_MAX}) {
    this->connect(0, generation);
    EXPECT_EQ(this->seen_.back().generation, generation);
    this->t_.close(0);
  }
}

TYPED_TEST(TransportContract, AClosedConnectionIsSilent) {
  this->connect(0, 1);
  const std::string request = get("/hello");
  this->t_.send(0, request);
  while (this->t_.submit().count > 0) {
  }
  this->t_.close(0);
  this->connect(1, 1);  // time passes
  this->until(Kind::ended, 0);
  this->t_.send(1, request);
  ASSERT_GE(this->until(Kind::received, 1), 1U);
  for (const Completion& c : this->seen_)
    if (c.kind == Kind::received || c.kind == Kind::ended) {
      EXPECT_EQ(c.slot, 1U);
    }
}

TYPED_TEST(TransportContract, ALargeAnswerArrivesWholeThoughItNeedsEveryBufferManyTimes) {
  constexpr std::size_t kBody = 3'000'000, kConnections = 8;
  const std::string request = get("/_fault/bytes/3000000");
  for (SlotId slot = 0; slot < kConnections; ++slot) {
    this->connect(slot, 1);
    this->t_.send(slot, request);
  }
  while (this->received_.size() < kConnections * kBody)
    ASSERT_GE(this->until(Kind::received, 1), 1U) << this->received_.size();
  EXPECT_EQ(this->of(Kind::ended), 0U);
  EXPECT_EQ(static_cast<std::size_t>(std::count(this->received_.begin(), this->received_.end(), 'x')) >=
                kConnections * (kBody - 1000),
            true);
}

}  // namespace
}  // namespace saturn
