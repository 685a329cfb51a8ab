// What every transport promises to the core, tested on each of them: the simulation (virtual time) and
// io_uring against the reference target, with sockets as descriptors and in the ring's table, with plenty of
// receive memory and with the least.
#include "contract/transport_contract.hpp"

#include <algorithm>
#include <set>

namespace saturn {
namespace {

using namespace test;  // NOLINT(google-build-using-namespace)

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
  const Submitted batch = this->t_.submit();
  EXPECT_EQ(batch.count, 1U);
  EXPECT_EQ(batch.handed(), 0U) << "so that no other send is given its time";
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
