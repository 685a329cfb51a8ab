// Iterations are counted beside requests: they add up over shards and have a rate by the same rules.
#include <gtest/gtest.h>

#include "core/result/merge.hpp"

namespace saturn {
namespace {

using std::chrono::seconds;

ShardResult shard_with(std::uint64_t started, std::uint64_t completed, std::uint64_t in_window,
                       bool by_count) {
  ShardResult shard;
  ScenarioTally& tally = shard.scenarios.emplace_back().tally;
  tally.steps.resize(2);
  tally.checks.resize(2);
  tally.connections_requested = 1;
  tally.iterations_started = started;
  tally.iterations_completed = tally.iterations_measured = completed;
  tally.iterations_in_window = in_window;
  tally.measure_start_at = tally.first_start_at = seconds(1000);
  tally.measure_end_at = seconds(1010);
  tally.last_response_at = seconds(1015);
  tally.ended_by_count = by_count;
  return shard;
}

Iterations merged(bool by_count) {
  Program program;
  ScenarioProgram& scenario = program.scenarios.emplace_back();
  scenario.name = "flow";
  scenario.duration = seconds(10);
  scenario.steps.resize(2);
  const RunResult run = merge(program, {shard_with(22, 20, 19, by_count), shard_with(10, 10, 10, by_count)});
  EXPECT_TRUE(run.scenarios.at(0).iterations);
  return run.scenarios.at(0).iterations.value_or(Iterations{});
}

TEST(MergeIterations, AddUpAndAreRatedInTheWindowOfADuration) {
  const Iterations iterations = merged(false);
  EXPECT_EQ(iterations.started, 32U);
  EXPECT_EQ(iterations.completed, 30U);
  EXPECT_EQ(iterations.per_s, 2.9);
}

TEST(MergeIterations, AreRatedFromFirstStartToLastResponseOfACount) {
  EXPECT_EQ(merged(true).per_s, 2.0);
}

}  // namespace
}  // namespace saturn
