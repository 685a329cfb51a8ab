#include "core/transport/send_cost.hpp"

#include <gtest/gtest.h>

namespace saturn {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;

Submitted judged(SendCost& cost, std::uint32_t count, Nanos width) {
  Submitted batch{microseconds(100), microseconds(100) + width, count};
  cost.judge(batch);
  return batch;
}

TEST(SendCost, ABatchThatTakesAsLongAsUsualIsNotInterrupted) {
  SendCost cost;
  for (int i = 0; i < 100; ++i) EXPECT_FALSE(judged(cost, 10, microseconds(30)).interrupted) << i;
  EXPECT_EQ(judged(cost, 10, microseconds(30)).usual, microseconds(30));
}

TEST(SendCost, ClearlyLongerThanUsualIsInterruptedAndALittleLongerIsNot) {
  SendCost cost;
  for (int i = 0; i < 100; ++i) judged(cost, 10, microseconds(30));
  EXPECT_FALSE(judged(cost, 10, microseconds(65)).interrupted) << "half as much again, and 20 us";
  EXPECT_TRUE(judged(cost, 10, microseconds(67)).interrupted);
  EXPECT_TRUE(judged(cost, 10, milliseconds(3)).interrupted);
}

TEST(SendCost, AnInterruptionOfTheVeryFirstBatchIsSeen) {
  SendCost cost;
  EXPECT_TRUE(judged(cost, 64, milliseconds(1)).interrupted);
  EXPECT_FALSE(judged(cost, 64, microseconds(250)).interrupted);
}

TEST(SendCost, InterruptionsInOneOfThreeBatchesDoNotBecomeUsual) {
  SendCost cost;
  for (int i = 0; i < 3000; ++i) judged(cost, 64, i % 3 == 0 ? milliseconds(3) : microseconds(320));
  EXPECT_TRUE(judged(cost, 64, microseconds(520)).interrupted);
  EXPECT_NEAR(static_cast<double>(judged(cost, 64, microseconds(320)).usual.count()), 320'000, 10'000);
}

TEST(SendCost, SendsThatBecameDearerForGoodAreUsualSoon) {
  SendCost cost;
  for (int i = 0; i < 100; ++i) judged(cost, 64, microseconds(200));
  EXPECT_TRUE(judged(cost, 64, microseconds(600)).interrupted);
  int interrupted = 0;
  for (int i = 0; i < 1000; ++i) interrupted += judged(cost, 64, microseconds(600)).interrupted ? 1 : 0;
  EXPECT_LT(interrupted, 100);
  EXPECT_EQ(judged(cost, 64, microseconds(600)).usual, microseconds(600));
}

TEST(SendCost, SendsThatBecameCheaperAreUsualSooner) {
  SendCost cost;
  for (int i = 0; i < 100; ++i) judged(cost, 1, microseconds(3));
  for (int i = 0; i < 100; ++i) judged(cost, 1, microseconds(1));
  EXPECT_EQ(judged(cost, 1, microseconds(1)).usual, microseconds(1));
}

TEST(SendCost, ALoneSendIsNotMeasuredByThoseOfAFullBatch) {
  SendCost cost;
  for (int i = 0; i < 200; ++i) {
    judged(cost, 64, microseconds(64));
    judged(cost, 1, microseconds(12));
  }
  EXPECT_EQ(judged(cost, 64, microseconds(64)).usual, microseconds(64));
  EXPECT_EQ(judged(cost, 1, microseconds(12)).usual, microseconds(12));
}

TEST(SendCost, SendsOfClosedConnectionsCostNothingAndTeachNothing) {
  SendCost cost;
  for (int i = 0; i < 200; ++i) {
    Submitted mixed{microseconds(100), microseconds(100 + 4 * (i % 33)), 64};
    mixed.skipped = i % 33 == 0 ? UINT64_MAX : UINT64_MAX << (i % 33);
    cost.judge(mixed);
    EXPECT_FALSE(mixed.interrupted) << i;
  }
  EXPECT_EQ(judged(cost, 32, microseconds(128)).usual, microseconds(128));
}

TEST(SendCost, NothingHandedOverTeachesNothing) {
  SendCost cost;
  const Submitted none = judged(cost, 0, milliseconds(5));
  EXPECT_FALSE(none.interrupted);
  EXPECT_EQ(none.usual, Nanos(0));
}

}  // namespace
}  // namespace saturn
