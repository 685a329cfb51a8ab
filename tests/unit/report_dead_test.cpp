// Dead time in words: one window at the end, one in the middle, more than are named.
#include "core/result/report_dead.hpp"

#include <gtest/gtest.h>

namespace saturn {
namespace {

DeadTime dead_of(std::vector<TimeWindow> windows, double over_s) {
  DeadTime dead;
  dead.over_s = over_s;
  for (const TimeWindow& window : windows) dead.time_s += window.to_s - window.from_s;
  dead.share = dead.time_s / over_s;
  dead.at_end = !windows.empty() && windows.back().to_s >= over_s;
  dead.windows = std::move(windows);
  return dead;
}

std::string page_of(const DeadTime& dead) {
  text::Page page({false, 80});
  ScenarioResult s;
  s.dead.emplace(dead);
  write_dead_time(page, s);
  return page.take();
}

TEST(ReportDead, ATargetThatDiedIsSaidToHaveGivenNoAnswerToTheEnd) {
  DeadTime dead = dead_of({{0.702, 2.9}}, 2.9);
  dead.gone = true;
  EXPECT_EQ(dead_in_words(dead), "in the last 2.2 s of 2.9 s");
  EXPECT_EQ(page_of(dead),
            "  NO ANSWER    in the last 2.2 s of 2.9 s · 76 % of the time\n"
            "               from 0.7 s to 2.9 s · it did not come back\n");
}

TEST(ReportDead, AStallInTheMiddleIsNamed) {
  const DeadTime dead = dead_of({{1.04, 2.5}}, 10);
  EXPECT_EQ(page_of(dead),
            "  NO ANSWER    in 1.5 s of 10 s · 15 % of the time\n"
            "               from 1 s to 2.5 s\n");
}

TEST(ReportDead, OfManyWindowsTheFirstAreNamedAndTheOthersCounted) {
  std::vector<TimeWindow> windows;
  for (int i = 0; i < 64; ++i) windows.push_back({10.0 * i, 10.0 * i + 2});
  DeadTime dead = dead_of(windows, 1000);
  dead.more_windows = 6;
  dead.more_windows_s = 12;
  dead.time_s += 12;
  const auto named = dead_windows(dead);
  ASSERT_EQ(named.size(), 5U);
  EXPECT_EQ(named[3], "from 30 s to 32 s");
  EXPECT_EQ(named[4], "and 66 more times");
  EXPECT_EQ(dead_in_words(dead), "in 140 s of 1,000 s");
}

TEST(ReportDead, AllOfTheTimeAndNothingAtAll) {
  EXPECT_EQ(dead_in_words(dead_of({{0, 3}}, 3)), "in all of the 3 s");
  EXPECT_EQ(dead_in_words(dead_of({}, 3)), "");
  EXPECT_EQ(page_of(dead_of({}, 3)), "");
}

}  // namespace
}  // namespace saturn
