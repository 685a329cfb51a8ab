// What a transport promises about bytes that nobody wants: it drops them or delivers them, says which, and
// never drops others. On each of them, also on those that do not heed the hint.
#include <string>

#include "contract/transport_contract.hpp"

namespace saturn {
namespace {

using namespace test;  // NOLINT(google-build-using-namespace)

constexpr std::uint64_t kLarge = 3'000'000;

template <class Harness>
class DiscardContract : public TransportContract<Harness> {
 protected:
  /// Sends, and waits for the first pieces of the answer, with its head.
  void ask(SlotId slot, const std::string& request) {
    request_ = request;
    this->received_.clear();
    this->t_.send(slot, request_);
    do ASSERT_GE(this->until(Kind::received, 1), 1U);
    while (this->received_.find("\r\n\r\n") == std::string::npos);
  }
  std::uint64_t come() const { return this->received_.size() + this->discarded_; }
  void until_come(std::uint64_t bytes) {
    while (come() < bytes)
      ASSERT_GE(this->until(Kind::received, 1) + this->until(Kind::discarded, 0), 1U) << come();
  }
  std::uint64_t answer_bytes(std::uint64_t body) const { return this->received_.find("\r\n\r\n") + 4 + body; }
  static std::uint64_t if_heeded(std::uint64_t bytes) { return Harness::kDiscards ? bytes : 0; }

  std::string request_;
};

TYPED_TEST_SUITE(DiscardContract, Harnesses);

TYPED_TEST(DiscardContract, WhatIsNotDroppedArrivesInOrder) {
  constexpr std::uint64_t kBody = 300'000, kKept = 1000;
  std::string body(kBody, '"');
  for (std::size_t i = 1; i + 1 < kBody; ++i)
    body[i] = static_cast<char>('0' + (i * 7 + i / 64 + i / 4096) % 43);
  this->connect(0, 1);
  for (int round = 0; round < 3; ++round) {
    this->discarded_ = 0;
    this->ask(0, "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 300000\r\n\r\n" + body);
    const std::uint64_t all = this->answer_bytes(kBody), first = this->received_.size();
    const std::uint64_t asked = first < all - kKept ? all - first - kKept : 0;
    this->t_.discard(0, static_cast<std::uint32_t>(asked));
    this->until_come(all);
    EXPECT_EQ(this->discarded_, this->if_heeded(asked));
    EXPECT_EQ(this->come(), all);
    const std::string after = this->received_.substr(first);
    EXPECT_TRUE(after == body.substr(kBody - after.size()));
  }
  EXPECT_EQ(this->of(Kind::ended), 0U);
}

TYPED_TEST(DiscardContract, AHintTakenBackDropsNothing) {
  this->connect(0, 1);
  this->ask(0, get("/_fault/bytes/3000000"));
  this->t_.discard(0, 2'000'000);
  this->t_.discard(0, 0);
  this->until_come(this->answer_bytes(kLarge));
  EXPECT_EQ(this->discarded_, 0U);
  EXPECT_EQ(this->received_.size(), this->answer_bytes(kLarge));
}

/// Its receive is armed when the hint comes.
TYPED_TEST(DiscardContract, WhatIsReceivedAllTheSameCountsAgainstIt) {
  this->connect(0, 1);
  this->out_.clear();
  this->t_.wait(this->h_.now(), this->out_);
  this->t_.discard(0, 10);
  this->ask(0, get("/_fault/bytes/3000000"));
  const bool early = !std::is_same_v<TypeParam, SimHarness>;
  const std::uint64_t dropped = early ? 0 : 10;
  const std::uint64_t all = this->answer_bytes(kLarge) + dropped;
  this->until_come(all);
  EXPECT_EQ(this->discarded_, dropped);
  EXPECT_EQ(this->come(), all);
}

TYPED_TEST(DiscardContract, TheEndOfTheStreamEndsIt) {
  this->connect(0, 1);
  this->ask(0, get("/_fault/half"));
  this->until_come(this->answer_bytes(50));
  this->t_.discard(0, 40);
  if (this->of(Kind::ended) == 0) {
    ASSERT_EQ(this->until(Kind::ended, 1), 1U);
  }
  EXPECT_EQ(this->of(Kind::ended), 1U);
  EXPECT_EQ(this->seen_.back().error, 0);
  EXPECT_EQ(this->discarded_, 0U);
}

TYPED_TEST(DiscardContract, AResetEndsItAsOne) {
  this->connect(0, 1);
  this->ask(0, get("/hello"));
  this->until_come(this->answer_bytes(1));
  this->t_.discard(0, 1000);
  const std::string request = get("/_fault/reset");
  this->t_.send(0, request);
  ASSERT_EQ(this->until(Kind::ended, 1), 1U);
  EXPECT_EQ(this->seen_.back().error, TransportErrors::kReset);
  EXPECT_EQ(this->of(Kind::ended), 1U);
}

TYPED_TEST(DiscardContract, ClosingEndsItAndTheNextConnectionIsWholeAgain) {
  for (std::uint32_t generation = 1; generation <= 4; ++generation) {
    this->discarded_ = 0;
    this->connect(0, generation);
    this->ask(0, get("/_fault/bytes/3000000"));
    EXPECT_EQ(this->received_.rfind("HTTP/1.1 200", 0), 0U);
    this->t_.discard(0, 2'900'000);
    if (generation % 2 == 1) {
      const Kind first = TypeParam::kDiscards ? Kind::discarded : Kind::received;
      ASSERT_GE(this->until(first, 1), 1U);
    }
    this->t_.close(0);
  }
  this->seen_.clear();
  this->discarded_ = 0;
  this->connect(0, 5);
  this->ask(0, get("/_fault/bytes/3000000"));
  const std::uint64_t all = this->answer_bytes(kLarge);
  this->until_come(all);
  EXPECT_EQ(this->received_.size(), all);
  for (const Completion& c : this->seen_) EXPECT_EQ(c.generation, 5U);
}

/// As a session does: a hint with each piece, however many of them a wait hands out.
TYPED_TEST(DiscardContract, ManyConnectionsDropAtOnce) {
  constexpr SlotId kConnections = 16;
  constexpr std::uint64_t kEnd = 16'384;
  this->connect(kConnections, 1);
  this->ask(kConnections, get("/_fault/bytes/3000000"));
  const std::uint64_t all = this->answer_bytes(kLarge);
  this->t_.close(kConnections);
  for (SlotId slot = 0; slot < kConnections; ++slot) {
    this->connect(slot, 1);
    this->t_.send(slot, this->request_);
  }
  std::vector<std::uint64_t> received(kConnections, 0), dropped(kConnections, 0);
  for (const Completion& c : this->seen_)
    if (c.kind == Kind::received && c.slot < kConnections) received[c.slot] += c.data.size();
  std::uint64_t left = kConnections * all;
  for (const std::uint64_t early : received) left -= early;
  const Nanos deadline = this->h_.now() + std::chrono::seconds(20);
  while (left > 0) {
    ASSERT_LT(this->h_.now(), deadline);
    while (this->t_.submit().count > 0) {
    }
    this->out_.clear();
    this->t_.wait(this->h_.now() + std::chrono::milliseconds(100), this->out_);
    for (const Completion& c : this->out_) {
      ASSERT_NE(c.kind, Kind::ended);
      if (c.buffer != kNoBuffer) this->t_.release(c.buffer);
      if (c.slot == kConnections || (c.kind != Kind::received && c.kind != Kind::discarded)) continue;
      const std::uint64_t bytes = c.kind == Kind::discarded ? c.bytes : c.data.size();
      (c.kind == Kind::discarded ? dropped : received)[c.slot] += bytes;
      ASSERT_LE(bytes, left);
      left -= bytes;
      const std::uint64_t to_come = all - received[c.slot] - dropped[c.slot];
      this->t_.discard(c.slot, to_come > kEnd ? static_cast<std::uint32_t>(to_come - kEnd) : 0);
    }
  }
  for (SlotId slot = 0; slot < kConnections; ++slot) {
    EXPECT_EQ(received[slot] + dropped[slot], all) << slot;
    EXPECT_GE(received[slot], kEnd) << slot;
    EXPECT_EQ(dropped[slot] > 0, TypeParam::kDiscards) << slot;
  }
}

}  // namespace
}  // namespace saturn
