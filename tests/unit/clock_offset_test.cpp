#include "core/base/clock_offset.hpp"

#include <gtest/gtest.h>

#include <array>

namespace saturn {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr Nanos kWall = seconds(1'700'000'000);

/// Readings around monotonic `at`, `width` apart, of a wall clock that is `ahead` of the monotonic one.
ClockOffset::Sample sample(Nanos at, Nanos width, Nanos ahead) {
  return {at, at + width / 2 + ahead, at + width};
}

TEST(ClockOffset, ConvertsWithTheNarrowestSample) {
  ClockOffset clock;
  // The wide sample was interrupted right after its first reading: its middle is 40 µs off.
  ClockOffset::Sample interrupted = sample(seconds(1), microseconds(80), kWall);
  interrupted.wall += microseconds(40);
  const std::array samples{interrupted, sample(seconds(1), Nanos(60), kWall)};
  EXPECT_FALSE(clock.update(samples));
  EXPECT_EQ(clock.to_monotonic(kWall + seconds(5)), seconds(5));
}

TEST(ClockOffset, AChangeBeyondTheReadingsIsAStepOnce) {
  ClockOffset clock;
  EXPECT_FALSE(clock.update(std::array{sample(seconds(1), Nanos(60), kWall)}));
  EXPECT_TRUE(clock.update(std::array{sample(seconds(2), Nanos(60), kWall + milliseconds(3))}));
  EXPECT_EQ(clock.to_monotonic(kWall + seconds(5) + milliseconds(3)), seconds(5));
  EXPECT_FALSE(clock.update(std::array{sample(seconds(3), Nanos(60), kWall + milliseconds(3))}));
  EXPECT_TRUE(clock.update(std::array{sample(seconds(4), Nanos(60), kWall)})) << "set back";
}

TEST(ClockOffset, WhatAWideSampleCannotTellIsNoStep) {
  ClockOffset clock;
  EXPECT_FALSE(clock.update(std::array{sample(seconds(1), Nanos(60), kWall)}));
  EXPECT_FALSE(clock.update(std::array{sample(seconds(2), microseconds(200), kWall + microseconds(90))}));
  EXPECT_EQ(clock.to_monotonic(kWall), Nanos(0)) << "the better reading is kept";
}

TEST(ClockOffset, AWideFirstSampleIsReplacedByANarrowOne) {
  ClockOffset clock;
  EXPECT_FALSE(clock.update(std::array{sample(seconds(1), microseconds(200), kWall + microseconds(50))}));
  EXPECT_FALSE(clock.update(std::array{sample(seconds(2), Nanos(60), kWall)}));
  EXPECT_EQ(clock.to_monotonic(kWall), Nanos(0));
}

}  // namespace
}  // namespace saturn
