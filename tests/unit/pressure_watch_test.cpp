// Two readings around each scenario become costs of pinned shards, and the process's stops.
#include "system/run/pressure_watch.hpp"

#include <gtest/gtest.h>

namespace saturn {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

/// Each reading is a second later: CPU 1 loses 100 ms of it to others, and one period of the quota is used
/// up.
Pressure next_reading() {
  static int readings = 0;
  ++readings;
  Pressure now;
  now.cpus[1] = {seconds(readings), milliseconds(100) * readings};
  now.throttled["/a"] = Throttling{static_cast<std::uint64_t>(readings), 0.05 * readings};
  return now;
}

TEST(PressureWatch, GivesEachPinnedShardItsCpusTimeInEachScenario) {
  PressureWatch watch(next_reading);
  watch.starts(0);
  watch.ends(0);
  watch.starts(1);  // was stopped: its end is its start
  std::vector<ShardResult> shards(3);
  shards[0].cpu = 1;
  shards[0].scenarios.resize(2);
  shards[1].cpu = -1;
  shards[1].scenarios.resize(1);
  shards[2].cpu = 7;
  shards[2].scenarios.resize(1);
  watch.put_into(shards);
  const ShardCost& cost = shards[0].scenarios[0].cost;
  EXPECT_TRUE(cost.steal_known);
  EXPECT_EQ(cost.stolen, milliseconds(100));
  EXPECT_EQ(cost.stolen_of, seconds(1));
  EXPECT_FALSE(shards[0].scenarios[1].cost.steal_known);
  EXPECT_FALSE(shards[1].scenarios[0].cost.steal_known);
  EXPECT_FALSE(shards[2].scenarios[0].cost.steal_known);
}

TEST(PressureWatch, GivesTheTargetWhatWasTakenFromItsCpus) {
  PressureWatch watch(next_reading);
  for (const std::size_t scenario : {0U, 1U}) {
    watch.starts(scenario);
    watch.ends(scenario);
  }
  RunResult result;
  result.scenarios.resize(2);
  result.scenarios[0].target.emplace();
  watch.put_targets_into(result, {1, 7});  // 7 is not in the readings
  ASSERT_TRUE(result.scenarios[0].target->steal);
  EXPECT_NEAR(*result.scenarios[0].target->steal, 0.1, 1e-9);
  EXPECT_FALSE(result.scenarios[1].target) << "its cost is not known";
  result.scenarios[0].target.emplace();
  watch.put_targets_into(result, {});
  EXPECT_FALSE(result.scenarios[0].target->steal);
}

TEST(PressureWatch, AddsTheStopsOfAllScenariosUp) {
  PressureWatch watch(next_reading);
  for (const std::size_t scenario : {0U, 1U, 2U}) {
    watch.starts(scenario);
    watch.ends(scenario);
  }
  RunResult result;
  result.scenarios.resize(2);  // the third never began
  watch.put_into(result);
  ASSERT_TRUE(result.scenarios[1].generator.throttled);
  EXPECT_EQ(result.scenarios[1].generator.throttled->periods, 1U);
  ASSERT_TRUE(result.generator.throttled);
  EXPECT_EQ(result.generator.throttled->periods, 2U);
  EXPECT_NEAR(result.generator.throttled->seconds, 0.1, 1e-9);
}

}  // namespace
}  // namespace saturn
