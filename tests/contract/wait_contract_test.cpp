// What every transport promises about waiting: it ends at its time or with a completion, however the thread
// waits.
#include "contract/transport_contract.hpp"

namespace saturn {
namespace {

using namespace test;  // NOLINT(google-build-using-namespace)

template <class Harness>
class WaitContract : public TransportContract<Harness> {};
TYPED_TEST_SUITE(WaitContract, Harnesses);

TYPED_TEST(WaitContract, WaitingEndsAtItsTimeInEveryMode) {
  for (const WaitMode mode : {WaitMode::sleep, WaitMode::hybrid, WaitMode::spin}) {
    SCOPED_TRACE(to_name(mode));
    this->t_.set_wait(mode);
    const Nanos until = this->h_.now() + std::chrono::milliseconds(10);
    for (const Nanos due : {until, until + std::chrono::microseconds(10), until + std::chrono::hours(1)}) {
      this->out_.clear();
      this->t_.wait(until, this->out_, due);
      EXPECT_TRUE(this->out_.empty());
      EXPECT_GE(this->h_.now(), until - std::chrono::milliseconds(1));
    }
  }
}

TYPED_TEST(WaitContract, ACompletionEndsTheWaitInEveryMode) {
  std::uint32_t generation = 1;
  const std::string request = get("/_fault/bytes/20");
  for (const WaitMode mode : {WaitMode::sleep, WaitMode::hybrid, WaitMode::spin}) {
    SCOPED_TRACE(to_name(mode));
    this->t_.set_wait(mode);
    this->connect(0, generation++);
    this->seen_.clear();
    this->t_.send(0, request);
    const Nanos deadline = this->h_.now() + std::chrono::seconds(10);
    while (this->of(Kind::received) == 0 && this->h_.now() < deadline) {
      this->t_.submit();
      this->out_.clear();
      this->t_.wait(deadline, this->out_, deadline);
      for (const Completion& completion : this->out_) {
        if (completion.buffer != kNoBuffer) this->t_.release(completion.buffer);
        this->seen_.push_back(completion);
      }
    }
    EXPECT_GE(this->of(Kind::received), 1U);
    EXPECT_EQ(this->of(Kind::sent), 1U);
    this->t_.close(0);
  }
}

TYPED_TEST(WaitContract, WhatArrivedIsFoundThoughTheTimeToWaitIsOver) {
  // As in a turn whose next request is already due: it must not starve the answers.
  std::uint32_t generation = 0;
  const std::string request = get("/hello");
  for (const WaitMode mode : {WaitMode::sleep, WaitMode::hybrid, WaitMode::spin}) {
    SCOPED_TRACE(to_name(mode));
    this->t_.set_wait(mode);
    ++generation;
    for (SlotId slot = 0; slot < 4; ++slot) this->connect(slot, generation);
    this->seen_.clear();
    for (SlotId slot = 0; slot < 4; ++slot) this->t_.send(slot, request);
    const Nanos deadline = this->h_.now() + std::chrono::seconds(10);
    while (this->of(Kind::received) < 4 && this->h_.now() < deadline) {
      while (this->t_.submit().count > 0) {
      }
      this->out_.clear();
      const Nanos now = this->h_.now() + std::chrono::microseconds(1);  // virtual time has to pass somewhere
      this->t_.wait(now, this->out_, now);
      for (const Completion& completion : this->out_) {
        if (completion.buffer != kNoBuffer) this->t_.release(completion.buffer);
        this->seen_.push_back(completion);
      }
    }
    EXPECT_GE(this->of(Kind::received), 4U);
    for (SlotId slot = 0; slot < 4; ++slot) this->t_.close(slot);
  }
}

TYPED_TEST(WaitContract, AnswersThatMayWaitEndALongSleepAndAreFoundAfterAShortOne) {
  const std::string request = get("/hello");
  this->t_.set_wait(WaitMode::sleep, true);
  this->connect(0, 1);
  for (const Nanos ahead : {Nanos(std::chrono::seconds(10)), Nanos(std::chrono::microseconds(60)),
                            Nanos(std::chrono::microseconds(1)), Nanos(std::chrono::seconds(10))}) {
    this->seen_.clear();
    this->t_.send(0, request);
    const Nanos deadline = this->h_.now() + std::chrono::seconds(5);
    while (this->of(Kind::received) == 0 && this->h_.now() < deadline) {
      this->t_.submit();
      this->out_.clear();
      const Nanos due = this->h_.now() + ahead;
      this->t_.wait(due, this->out_, due);
      for (const Completion& completion : this->out_) {
        if (completion.buffer != kNoBuffer) this->t_.release(completion.buffer);
        this->seen_.push_back(completion);
      }
    }
    EXPECT_LT(this->h_.now(), deadline);
    EXPECT_EQ(this->of(Kind::sent), 1U);
    EXPECT_GE(this->of(Kind::received), 1U);
  }
  this->t_.close(0);
}
}  // namespace
}  // namespace saturn
