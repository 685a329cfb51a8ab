#include "core/session/arrival.hpp"

#include <gtest/gtest.h>

namespace saturn {
namespace {

using std::chrono::microseconds;
using std::chrono::seconds;

TEST(Arrival, TheKernelsStampIsTheEndAndUserSpaceTheObservation) {
  const Arrival arrival = arrival_of(seconds(2), seconds(1), seconds(3));
  EXPECT_TRUE(arrival.by_kernel);
  EXPECT_EQ(arrival.at, seconds(2));
  EXPECT_EQ(arrival.seen_at, seconds(3));
}

TEST(Arrival, WithoutAStampUserSpaceTimeIsBoth) {
  const Arrival arrival = arrival_of(Nanos(0), seconds(1), seconds(3));
  EXPECT_FALSE(arrival.by_kernel);
  EXPECT_EQ(arrival.at, seconds(3));
}

TEST(Arrival, AStampOfTheFutureOrOfBeforeTheSendIsNotBelieved) {
  EXPECT_FALSE(arrival_of(seconds(3) + microseconds(1001), seconds(1), seconds(3)).by_kernel);
  EXPECT_FALSE(arrival_of(seconds(1) - microseconds(1001), seconds(1), seconds(3)).by_kernel);
}

TEST(Arrival, TheTwoClocksMayDisagreeALittleButNobodySeesTheFuture) {
  const Arrival early = arrival_of(seconds(3) + microseconds(2), seconds(1), seconds(3));
  EXPECT_TRUE(early.by_kernel);
  EXPECT_EQ(early.at, seconds(3));
  EXPECT_TRUE(arrival_of(seconds(1) - microseconds(20), seconds(1), seconds(3)).by_kernel);
}

}  // namespace
}  // namespace saturn
