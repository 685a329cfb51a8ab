// What merge() makes of the shards' costs: by shard, in all, and unknown where one of them is.
#include <gtest/gtest.h>

#include "core/result/merge.hpp"

namespace saturn {
namespace {

using std::chrono::seconds;

Program program() {
  Program made;
  made.scenarios.resize(1);
  made.scenarios[0].steps.resize(1);
  return made;
}

/// A shard that measured for 10 s.
ShardScenario part(std::uint64_t completed) {
  ShardScenario made;
  made.tally.connections_requested = 1;
  made.tally.steps.resize(1);
  made.tally.checks.resize(1);
  made.tally.completed = made.cost.completed = completed;
  made.cost.wall = seconds(10);
  made.cost.run_queue_known = true;
  return made;
}

ScenarioResult merged(const std::vector<ShardScenario>& parts) {
  std::vector<ShardResult> shards;
  for (const auto& one : parts) shards.push_back({0, -1, {one}});
  return merge(program(), shards).scenarios.at(0);
}

TEST(MergeCost, CpuByRequestIsOfTheResponsesOfTheSameTime) {
  ShardScenario measured = part(400);
  measured.cost.cpu = seconds(4);
  measured.cost.completed = 200;  // the others came in the warm-up and the drain
  EXPECT_DOUBLE_EQ(*merged({measured}).generator.cpu_us_per_request, 20'000.0);
}

TEST(MergeCost, SpinningIsCpuButNotBusy) {
  ShardScenario measured = part(400);
  measured.cost.cpu = seconds(9);
  measured.cost.spun = seconds(7);
  const ScenarioResult result = merged({measured});
  EXPECT_DOUBLE_EQ(result.generator.spun_s, 7);
  EXPECT_DOUBLE_EQ(result.generator.utilisation, 0.9);
  EXPECT_DOUBLE_EQ(result.shards.at(0).utilisation, 0.9);
  EXPECT_DOUBLE_EQ(result.shards.at(0).busy, 0.2);
}

TEST(MergeCost, WhatTheMachineTookIsKeptByShardAndAddedUp) {
  ShardScenario a = part(1), b = part(1);
  for (ShardScenario* one : {&a, &b}) {
    one->cost.steal_known = true;
    one->cost.stolen_of = seconds(10);
    one->cost.context_switches = 50;
    one->cost.involuntary_switches = 7;
  }
  a.cost.stolen = seconds(1);
  a.cost.run_queue_wait = seconds(2);
  ScenarioResult result = merged({a, b});
  EXPECT_DOUBLE_EQ(*result.generator.steal, 0.05);
  EXPECT_EQ(result.generator.context_switches, 100U);
  EXPECT_EQ(result.generator.involuntary_switches, 14U);
  EXPECT_DOUBLE_EQ(*result.shards.at(0).steal, 0.1);
  EXPECT_DOUBLE_EQ(*result.shards.at(1).steal, 0);
  EXPECT_DOUBLE_EQ(*result.shards.at(0).run_queue_wait_s, 2);
  EXPECT_DOUBLE_EQ(result.shards.at(0).wall_s, 10);
  EXPECT_EQ(result.shards.at(1).involuntary_switches, 7U);
  b.cost.steal_known = b.cost.run_queue_known = false;
  result = merged({a, b});
  EXPECT_FALSE(result.generator.steal);
  EXPECT_FALSE(result.shards.at(1).steal || result.shards.at(1).run_queue_wait_s);
  EXPECT_DOUBLE_EQ(*result.shards.at(0).steal, 0.1);
}

TEST(MergeCost, AStepOfTheClockIsOneForAllShardsAndAnotherInEachScenario) {
  Program two = program();
  two.scenarios.push_back(two.scenarios[0]);
  ShardScenario one = part(1), none = part(1);
  one.cost.clock_steps = 1;
  const RunResult run = merge(two, {{0, -1, {one, one}}, {1, -1, {one, none}}});
  EXPECT_EQ(run.scenarios.at(0).generator.clock_steps, 1U);
  EXPECT_EQ(run.scenarios.at(1).generator.clock_steps, 1U);
  EXPECT_EQ(run.generator.clock_steps, 2U);
}

TEST(MergeCost, ABatchIsTheCompletionsOfATurn) {
  ShardScenario a = part(1), b = part(1);
  a.cost.turns = 10;
  a.cost.completions = 50;
  a.cost.completions_most = 9;
  b.cost.turns = 10;
  b.cost.completions = 10;
  b.cost.completions_most = 12;
  const GeneratorCost cost = merged({a, b}).generator;
  EXPECT_DOUBLE_EQ(*cost.completions_per_turn, 3);
  EXPECT_EQ(cost.completions_most, 12U);
  EXPECT_FALSE(merged({part(1)}).generator.completions_per_turn);
}

}  // namespace
}  // namespace saturn
