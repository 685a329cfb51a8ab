#include "core/transport/wake_guard.hpp"

#include <gtest/gtest.h>

namespace saturn {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;
using std::chrono::seconds;

/// A second of wakings, one each 10 ms, so late.
template <class Late>
void a_second(WakeGuard& guard, Nanos from, Late late) {
  for (int i = 0; i <= 100; ++i) guard.woke(late(i), from + i * milliseconds(10));
}

TEST(WakeGuard, BeginsWithAGuess) {
  WakeGuard guard;
  EXPECT_EQ(guard.guard(), microseconds(100));
  for (int i = 0; i < 100; ++i) guard.woke(microseconds(5), seconds(1) + i * milliseconds(1));
  EXPECT_EQ(guard.guard(), microseconds(100)) << "not a second yet";
}

TEST(WakeGuard, IsOneAndAHalfTimesTheNinetyNinthPercentile) {
  WakeGuard guard;
  a_second(guard, seconds(1),
           [](int i) { return microseconds(i == 50 ? 5000 : 39); });  // one in 101 is an outlier
  EXPECT_EQ(guard.guard(), microseconds(60));
}

TEST(WakeGuard, StaysWithinItsBounds) {
  WakeGuard guard;
  a_second(guard, seconds(1), [](int) { return microseconds(1); });
  EXPECT_EQ(guard.guard(), microseconds(20));
  a_second(guard, seconds(3), [](int) { return milliseconds(3); });
  EXPECT_EQ(guard.guard(), microseconds(150));
}

TEST(WakeGuard, FollowsTheMachineAndForgetsTheSecondBefore) {
  WakeGuard guard;
  a_second(guard, seconds(1), [](int) { return microseconds(79); });
  EXPECT_EQ(guard.guard(), microseconds(120));
  a_second(guard, seconds(3), [](int) { return microseconds(29); });
  EXPECT_EQ(guard.guard(), microseconds(45));
}

TEST(WakeGuard, FewWakingsAreNoMeasurement) {
  WakeGuard guard;
  for (int i = 0; i < 31; ++i) guard.woke(microseconds(9), seconds(1 + i));
  EXPECT_EQ(guard.guard(), microseconds(100));
  guard.woke(Nanos(-5), seconds(40));  // early counts as in time
  EXPECT_EQ(guard.guard(), microseconds(20));
}

}  // namespace
}  // namespace saturn
