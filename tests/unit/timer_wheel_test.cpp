#include "core/base/timer_wheel.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <vector>

#include "core/base/prng.hpp"

namespace saturn {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::seconds;

std::vector<std::uint32_t> fired(TimerWheel& wheel, Nanos now) {
  std::vector<std::uint32_t> ids;
  wheel.advance(now, [&](std::uint32_t id) { ids.push_back(id); });
  return ids;
}

TEST(TimerWheel, FiresOnceAndNotBeforeItsDeadline) {
  TimerWheel wheel(4);
  wheel.set(2, seconds(10));
  EXPECT_EQ(fired(wheel, seconds(10) - Nanos(1)), std::vector<std::uint32_t>{});
  EXPECT_EQ(fired(wheel, seconds(10)), std::vector<std::uint32_t>{2});
  EXPECT_EQ(fired(wheel, seconds(11)), std::vector<std::uint32_t>{});
}

TEST(TimerWheel, ADeadlineCanBeMovedLaterEarlierAndAway) {
  TimerWheel wheel(3);
  wheel.set(0, seconds(1));
  wheel.set(0, seconds(3));
  wheel.set(1, seconds(3));
  wheel.set(1, seconds(1));
  wheel.set(2, seconds(1));
  wheel.clear(2);
  EXPECT_EQ(fired(wheel, seconds(2)), std::vector<std::uint32_t>{1});
  EXPECT_EQ(fired(wheel, seconds(3)), std::vector<std::uint32_t>{0});
}

TEST(TimerWheel, DeadlinesBeyondTheHorizonAreKept) {
  TimerWheel wheel(1);
  wheel.set(0, hours(1));
  for (Nanos now = seconds(1); now < hours(1); now += seconds(1)) ASSERT_TRUE(fired(wheel, now).empty());
  EXPECT_EQ(fired(wheel, hours(1)).size(), 1U);
}

TEST(TimerWheel, AClockThatStartsFarFromZeroMissesNothing) {
  TimerWheel wheel(2);
  const Nanos start = hours(24 * 365);
  wheel.set(0, start + milliseconds(5));
  wheel.set(1, start + seconds(40));
  EXPECT_TRUE(fired(wheel, start).empty());
  EXPECT_EQ(fired(wheel, start + milliseconds(7)), std::vector<std::uint32_t>{0});
  EXPECT_EQ(fired(wheel, start + seconds(41)), std::vector<std::uint32_t>{1});
}

TEST(TimerWheel, FiringMaySetTimersAgain) {
  TimerWheel wheel(1);
  wheel.set(0, milliseconds(10));
  int count = 0;
  const auto again = [&](std::uint32_t id) {
    ++count;
    wheel.set(id, milliseconds(10) * (count + 1));
  };
  for (Nanos now{0}; now <= milliseconds(100); now += milliseconds(1)) wheel.advance(now, again);
  EXPECT_EQ(count, 10);
}

TEST(TimerWheel, NextAtIsNeverMoreThanTwoTicksAfterTheEarliestDeadline) {
  TimerWheel wheel(2);
  EXPECT_EQ(wheel.next_at(), TimerWheel::kNever);
  wheel.advance(seconds(100), [](std::uint32_t) {});
  wheel.set(0, seconds(101));
  EXPECT_GT(wheel.next_at(), seconds(101) - milliseconds(1));
  EXPECT_LT(wheel.next_at(), seconds(101) + milliseconds(3));
  wheel.set(1, hours(1));
  EXPECT_LT(wheel.next_at(), seconds(101) + milliseconds(3));
}

// Against a plain map, over random operations.
TEST(TimerWheel, BehavesAsAMapOfDeadlines) {
  constexpr std::uint32_t kIds = 50;
  TimerWheel wheel(kIds);
  std::map<std::uint32_t, Nanos> model;
  Prng random(42);
  Nanos now = seconds(5);
  wheel.advance(now, [](std::uint32_t) {});
  for (int round = 0; round < 20000; ++round) {
    const auto id = static_cast<std::uint32_t>(random.between(0, kIds - 1));
    if (random.one_in(10)) {
      wheel.clear(id);
      model.erase(id);
    } else {
      const Nanos at = now + Nanos(random.between(1, random.one_in(4) ? 9'000'000'000 : 20'000'000));
      wheel.set(id, at);
      model[id] = at;
    }
    now += Nanos(random.between(0, 3'000'000));
    wheel.advance(now, [&](std::uint32_t fired_id) {
      ASSERT_TRUE(model.count(fired_id) == 1 && model[fired_id] <= now);
      model.erase(fired_id);
    });
    Nanos earliest = TimerWheel::kNever - milliseconds(10);
    for (const auto& [left, at] : model) {
      ASSERT_GT(at, now) << left;
      earliest = std::min(earliest, at);
    }
    if (!model.empty()) {
      ASSERT_LT(wheel.next_at(), earliest + milliseconds(3));
    }
    ASSERT_GT(wheel.next_at(), now);
  }
}

}  // namespace
}  // namespace saturn
