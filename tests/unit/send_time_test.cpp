#include "core/transport/send_time.hpp"

#include <gtest/gtest.h>

namespace saturn {
namespace {

using std::chrono::microseconds;

TEST(SendTimes, ALoneSendLeavesEarlyInItsBatch) {
  const Submitted batch{microseconds(100), microseconds(110), 1, 0};
  EXPECT_EQ(SendTimes(batch).at(0), microseconds(100) + Nanos(1'700)) << "the rest is waking the receiver";
}

TEST(SendTimes, AShortPartOfABatchIsHalvedInstead) {
  const Submitted batch{microseconds(100), microseconds(102), 1, 0};
  EXPECT_EQ(SendTimes(batch).at(0), microseconds(101));
}

TEST(SendTimes, NoSendIsGivenMoreOfABatchThanIsUsual) {
  Submitted batch{microseconds(100), microseconds(150), 10, 0};
  batch.usual = microseconds(40);
  for (std::uint32_t k = 0; k < 10; ++k)
    EXPECT_EQ(SendTimes(batch).at(k), microseconds(100 + 4 * k) + Nanos(1'700)) << k;
  batch.usual = microseconds(70);
  EXPECT_EQ(SendTimes(batch).at(9), microseconds(145) + Nanos(1'700)) << "a quick one has its own";
}

TEST(SendTimes, OfAnInterruptedBatchOnlyTheEndsAreKnown) {
  Submitted batch{microseconds(100), microseconds(3100), 10, 0};
  batch.usual = microseconds(40);
  batch.interrupted = true;
  for (std::uint32_t k = 0; k < 10; ++k) {
    EXPECT_TRUE(SendTimes(batch).inexact(k)) << k;
    EXPECT_EQ(SendTimes(batch).at(k), microseconds(3100)) << k;
  }
}

TEST(SendTimes, EachSendHasAnEqualPart) {
  const Submitted batch{microseconds(100), microseconds(140), 10, 0};
  const SendTimes times(batch);
  for (std::uint32_t k = 0; k < 10; ++k) {
    EXPECT_EQ(times.at(k), microseconds(100 + 4 * k) + Nanos(1'700)) << k;
    EXPECT_FALSE(times.inexact(k)) << k;
  }
}

TEST(SendTimes, WhatWasNotHandedOverHasNoPartOfTheBatch) {
  // A server that closes without a word: half of the sends were queued on connections that are gone.
  Submitted batch{microseconds(100), microseconds(140), 20, 0};
  batch.skipped = 0x3ff;
  EXPECT_EQ(batch.handed(), 10U);
  for (std::uint32_t k = 0; k < 10; ++k)
    EXPECT_EQ(SendTimes(batch).at(10 + k), microseconds(100 + 4 * k) + Nanos(1'700)) << k;
  batch.skipped = 0x55555;
  EXPECT_EQ(SendTimes(batch).at(1), microseconds(100) + Nanos(1'700));
  EXPECT_EQ(SendTimes(batch).at(19), microseconds(136) + Nanos(1'700));
  Submitted full{microseconds(0), microseconds(64), 64, 0};
  full.skipped = UINT64_MAX;
  EXPECT_EQ(full.handed(), 0U);
  full.skipped = std::uint64_t{1} << 63;
  EXPECT_EQ(full.handed(), 63U);
}

TEST(SendTimes, PartsNeedNotBeWholeNanoseconds) {
  const Submitted batch{Nanos(0), Nanos(1'000), 3, 0};
  const SendTimes times(batch);
  EXPECT_EQ(times.at(0), Nanos(166));
  EXPECT_EQ(times.at(1), Nanos(500));
  EXPECT_EQ(times.at(2), Nanos(833));
}

TEST(SendTimes, OfALateOneOnlyTheEndIsKnown) {
  const Submitted batch{microseconds(100), microseconds(140), 64, std::uint64_t{1} << 63 | 2};
  const SendTimes times(batch);
  EXPECT_TRUE(times.inexact(1));
  EXPECT_EQ(times.at(1), microseconds(140));
  EXPECT_EQ(times.at(63), microseconds(140));
  EXPECT_EQ(times.at(2), microseconds(101) + Nanos(250 + 312));
}

}  // namespace
}  // namespace saturn
