// What else the machine did between two edges, on made-up readings.
#include "system/host/host_load.hpp"

#include <gtest/gtest.h>

namespace saturn {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

TEST(HostLoad, OfOthersIsWhatNeitherSaturnNorTheTargetUsed) {
  const MachineSnapshot start{seconds(100), seconds(1), seconds(50)};
  const MachineSnapshot end{seconds(120), seconds(4), seconds(60)};
  const HostLoad load = host_load_between(start, end, 7, 2, 4.8);
  EXPECT_DOUBLE_EQ(load.other_cores.value(), 1.0);  // (20 - 3 - 7) s in 10 s
  EXPECT_DOUBLE_EQ(load.other_share.value(), 0.5);
  EXPECT_EQ(load.loadavg, 4.8);
}

TEST(HostLoad, IsNeverBelowNothing) {
  const MachineSnapshot start{seconds(100), seconds(1), seconds(50)};
  const MachineSnapshot end{seconds(102), seconds(3), seconds(51)};
  EXPECT_EQ(host_load_between(start, end, 1, 2, {}).other_cores, 0.0);  // ticks are coarser than our clocks
}

TEST(HostLoad, OfOthersIsUnknownWhereTheTargetsIsOrTheTimeIsTooShortOrNothingCouldBeRead) {
  const MachineSnapshot start{seconds(100), seconds(1), seconds(50)};
  MachineSnapshot end{seconds(120), seconds(4), seconds(60)};
  const HostLoad load = host_load_between(start, end, std::nullopt, 2, 4.8);
  EXPECT_FALSE(load.other_cores || load.other_share);
  EXPECT_EQ(load.loadavg, 4.8);
  end.at = start.at + milliseconds(199);
  EXPECT_FALSE(other_cores(start, end, 0));
  end.at = start.at + milliseconds(200);
  EXPECT_TRUE(other_cores(start, end, 0));
  end.busy.reset();
  EXPECT_FALSE(other_cores(start, end, 0));
}

TEST(HostLoad, AverageIsTheFirstNumber) {
  EXPECT_EQ(parse_loadavg("4.80 2.10 0.56 3/412 9913\n"), 4.8);
  EXPECT_FALSE(parse_loadavg(""));
  EXPECT_FALSE(parse_loadavg("busy"));
  EXPECT_TRUE(load_average());
}

TEST(HostLoad, IsReadOfThisMachine) {
  const MachineSnapshot now = machine_snapshot();
  EXPECT_TRUE(now.busy);
  EXPECT_GT(now.own, Nanos(0));
  EXPECT_GT(now.at, Nanos(0));
}

}  // namespace
}  // namespace saturn
