// What every transport promises to the core, tested on each of them: the simulation (virtual time) and
// io_uring against the reference target, with sockets as descriptors and in the ring's table, with plenty of
// receive memory and with the least.
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
    options.refuse = [this](std::uint64_t, Nanos) { return refuse; };
    transport = std::make_unique<SimTransport>(kSlots, options);
  }
  void stop_server() { refuse = true; }
  Nanos now() { return transport->now(); }
  bool refuse = false;
  std::unique_ptr<SimTransport> transport;
};

template <bool kDirect, std::uint64_t kReceiveBytes>
struct UringHarness {
  using Type = UringTransport;
  UringHarness() {
    auto started = target::Server::start({});
    if (!started) throw std::runtime_error(to_text(started.errors().front()));
    server.emplace(std::move(started).value());
    const std::atomic<bool> stop{false};
    auto address = first_that_accepts({"127.0.0.1", server->port(), ""}, std::chrono::seconds(5), stop);
    UringOptions options;
    options.direct_descriptors = kDirect;
    options.receive_bytes = kReceiveBytes;
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

using Plain = UringHarness<false, ReceiveBuffers::kDefaultBytes>;
using Direct = UringHarness<true, ReceiveBuffers::kDefaultBytes>;
using LittleMemory = UringHarness<false, ReceiveBuffers::kLeastBytes>;
using DirectLittleMemory = UringHarness<true, ReceiveBuffers::kLeastBytes>;
using Harnesses = ::testing::Types<SimHarness, Plain, Direct, LittleMemory, DirectLittleMemory>;
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

/// Around the sizes of small and large buffers, where a connection goes on with the other pool.
TYPED_TEST(TransportContract, BytesArriveInTheOrderTheyWereSentIn) {
  constexpr std::size_t kSizes[] = {1, 3900, 4000, 4016, 4100, 16'384, 65'300, 65'456, 65'600, 300'000};
  SlotId slot = 0;
  for (const std::size_t size : kSizes) {
    std::string body(size, '"');  // a JSON string, or a number
    for (std::size_t i = 1; i + 1 < size; ++i)
      body[i] = static_cast<char>('0' + (i * 7 + i / 64 + i / 4096) % 43);
    if (size == 1) body = "7";
    const std::string request =
        "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: " + std::to_string(size) + "\r\n\r\n" + body;
    this->connect(slot, 1);
    for (int round = 0; round < 3; ++round) {
      this->received_.clear();
      this->t_.send(slot, request);
      ASSERT_EQ(this->until(Kind::sent, 1), 1U);
      while (this->received_.find("\r\n\r\n") == std::string::npos ||
             this->received_.size() < this->received_.find("\r\n\r\n") + 4 + size)
        ASSERT_GE(this->until(Kind::received, 1), 1U) << size;
      ASSERT_TRUE(this->received_.substr(this->received_.find("\r\n\r\n") + 4) == body) << size;
    }
    ++slot;
  }
}

TYPED_TEST(TransportContract, ASlotUsedAgainAfterLargeAnswersStillGetsSmallOnes) {
  for (std::uint32_t generation = 1; generation <= 4; ++generation) {
    const std::string request = get(generation % 2 == 1 ? "/_fault/bytes/3000000" : "/_fault/bytes/20");
    const std::size_t body = generation % 2 == 1 ? 3'000'000 : 20;
    this->connect(0, generation);
    this->received_.clear();
    this->t_.send(0, request);
    while (this->received_.size() < body)
      ASSERT_GE(this->until(Kind::received, 1), 1U) << this->received_.size();
    this->t_.close(0);
  }
}

/// Closing takes effect at the latest with the next wait: the peer sees it.
TYPED_TEST(TransportContract, ManyConnectionsCloseAndOpenAnewInOneTurn) {
  for (SlotId slot = 0; slot < kSlots; ++slot) this->t_.connect(slot, 1);
  ASSERT_EQ(this->until(Kind::connected, kSlots), kSlots);
  for (SlotId slot = 0; slot < kSlots; ++slot) this->t_.arm_receive(slot);
  for (SlotId slot = 0; slot < kSlots; ++slot) {
    this->t_.close(slot);
    this->t_.connect(slot, 2);
  }
  ASSERT_EQ(this->until(Kind::connected, kSlots), kSlots);
  const std::string request = get("/_fault/bytes/20");
  for (SlotId slot = 0; slot < kSlots; ++slot) {
    this->t_.arm_receive(slot);
    this->t_.send(slot, request);
  }
  std::set<SlotId> answered;
  while (answered.size() < kSlots) {
    ASSERT_GE(this->until(Kind::received, 1), 1U);
    for (const Completion& c : this->seen_)
      if (c.kind == Kind::received) {
        EXPECT_EQ(c.generation, 2U);
        answered.insert(c.slot);
      }
  }
  EXPECT_EQ(this->of(Kind::ended), 0U);
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
