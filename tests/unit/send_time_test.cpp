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

TEST(SendTimes, EachSendHasAnEqualPart) {
  const Submitted batch{microseconds(100), microseconds(140), 10, 0};
  const SendTimes times(batch);
  for (std::uint32_t k = 0; k < 10; ++k) {
    EXPECT_EQ(times.at(k), microseconds(100 + 4 * k) + Nanos(1'700)) << k;
    EXPECT_FALSE(times.late(k)) << k;
  }
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
  EXPECT_TRUE(times.late(1));
  EXPECT_EQ(times.at(1), microseconds(140));
  EXPECT_EQ(times.at(63), microseconds(140));
  EXPECT_EQ(times.at(2), microseconds(101) + Nanos(250 + 312));
}

}  // namespace
}  // namespace saturn
