// What the machine took from a shard, on recorded files of /proc and of control groups of both versions.
#include "system/host/pressure.hpp"

#include <gtest/gtest.h>

namespace saturn {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr std::string_view kProcStat =
    "cpu  300 0 100 1500 20 0 30 50 0 0\n"
    "cpu0 200 0 60 700 10 0 20 10 0 0\n"
    "cpu12 100 0 40 800 10 0 10 40 7 0\n"
    "cpu13 100 0 40\n"
    "intr 13424 0 0\n"
    "cpufreq 1 2 3 4 5 6 7 8\n";

TEST(Pressure, TimeOfEachCpuIsReadFromProcStat) {
  const auto cpus = parse_proc_stat(kProcStat, 100);
  ASSERT_EQ(cpus.size(), 2U);
  EXPECT_EQ(cpus.at(0).all, seconds(10));
  EXPECT_EQ(cpus.at(0).stolen, milliseconds(100));
  EXPECT_EQ(cpus.at(0).idle, milliseconds(7100));
  EXPECT_EQ(cpus.at(12).all, seconds(10));  // the guest's time is part of the user's
  EXPECT_EQ(cpus.at(12).stolen, milliseconds(400));
  EXPECT_TRUE(parse_proc_stat("", 100).empty());
  EXPECT_TRUE(parse_proc_stat("cpu1 a b c d e f g h", 100).empty());
}

TEST(Pressure, ThrottlingIsReadFromBothVersionsOfControlGroups) {
  const auto v1 = parse_throttling(
      "nr_periods 240\nnr_throttled 31\nthrottled_time 1500000000\nnr_bursts 0\nburst_time 0\n");
  ASSERT_TRUE(v1);
  EXPECT_EQ(v1->periods, 31U);
  EXPECT_DOUBLE_EQ(v1->seconds, 1.5);
  const auto v2 = parse_throttling(
      "usage_usec 5\nuser_usec 3\nsystem_usec 2\nnr_periods 240\nnr_throttled 7\nthrottled_usec 250000\n");
  ASSERT_TRUE(v2);
  EXPECT_EQ(v2->periods, 7U);
  EXPECT_DOUBLE_EQ(v2->seconds, 0.25);
}

TEST(Pressure, WithoutAQuotaThereIsNoThrottling) {
  EXPECT_FALSE(parse_throttling("nr_periods 0\nnr_throttled 0\nthrottled_time 0\n"));
  EXPECT_FALSE(parse_throttling("usage_usec 5\nuser_usec 3\nsystem_usec 2\n"));
  EXPECT_FALSE(parse_throttling(""));
}

TEST(Pressure, BetweenTwoReadingsOnlyKnownCpusWhoseTimeWentOnCount) {
  Pressure start, end;
  start.cpus[1] = {seconds(10), seconds(1)};
  end.cpus[1] = {seconds(12), milliseconds(1240)};
  const auto time = between(start, end, 1);
  ASSERT_TRUE(time);
  EXPECT_EQ(time->all, seconds(2));
  EXPECT_EQ(time->stolen, milliseconds(240));
  EXPECT_FALSE(between(start, end, 2));
  EXPECT_FALSE(between(start, start, 1));
  EXPECT_FALSE(between({}, end, 1));
}

TEST(Pressure, StopsBetweenTwoReadingsAreTheirDifference) {
  Pressure start, end;
  EXPECT_FALSE(throttled_between(start, end));
  end.throttled["/a"] = Throttling{10, 2.5};
  EXPECT_EQ(throttled_between(start, end)->periods, 10U);  // the quota's first period began in between
  start.throttled["/a"] = Throttling{4, 1};
  const auto throttled = throttled_between(start, end);
  ASSERT_TRUE(throttled);
  EXPECT_EQ(throttled->periods, 6U);
  EXPECT_DOUBLE_EQ(throttled->seconds, 1.5);
}

TEST(Pressure, OfSeveralGroupsTheOneThatStoppedItLongestInBetweenCounts) {
  Pressure start, end;
  start.throttled = {{"/a", {100, 50}}, {"/a/b", {2, 1}}};  // /a stopped others, long ago
  end.throttled = {{"/a", {100, 50}}, {"/a/b", {7, 1.25}}};
  const auto throttled = throttled_between(start, end);
  ASSERT_TRUE(throttled);
  EXPECT_EQ(throttled->periods, 5U);
  EXPECT_DOUBLE_EQ(throttled->seconds, 0.25);
}

TEST(Pressure, ThisMachineHasACpuWithTime) {
  const Pressure now = read_pressure();
  ASSERT_FALSE(now.cpus.empty());
  EXPECT_GT(now.cpus.begin()->second.all, now.cpus.begin()->second.stolen);
}

}  // namespace
}  // namespace saturn
