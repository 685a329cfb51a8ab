// What a schedule adds when shards are merged: its accounts, and latency from the due time.
#include <gtest/gtest.h>

#include "core/result/merge.hpp"

namespace saturn {
namespace {

using std::chrono::seconds;

Program program_of(bool scheduled) {
  Program program;
  ScenarioProgram scenario;
  scenario.name = "hello";
  scenario.vus = 4;
  scenario.duration = seconds(10);
  scenario.steps.resize(1);
  if (scheduled) {
    scenario.executor = Executor::constant_arrival_rate;
    scenario.rate = Rate{50, seconds(1)};
    scenario.backlog = 20;
    scenario.wait = {.mode = WaitMode::hybrid, .why = WaitWhy::asked};
  }
  program.scenarios.push_back(scenario);
  return program;
}

/// A shard with so many ok answers of 1 ms and 0.5 ms of service time.
ShardScenario part_with(std::uint64_t ok, std::uint64_t due) {
  ShardScenario part;
  ScenarioTally& tally = part.tally;
  tally.due = due;
  tally.started = tally.completed = tally.ok = tally.measured = ok;
  tally.status[200] = ok;
  tally.steps.resize(1);
  tally.checks.resize(1);
  for (std::uint64_t i = 0; i < ok; ++i) {
    tally.steps[0].latency_ok.record(1'000'000);
    if (due > 0) tally.service.record(500'000);
  }
  return part;
}

RunResult merged(const Program& program, std::vector<ShardScenario> parts) {
  std::vector<ShardResult> shards(parts.size());
  for (std::size_t i = 0; i < parts.size(); ++i) shards[i].scenarios.push_back(std::move(parts[i]));
  return merge(program, shards);
}

TEST(MergeSchedule, HasItsAccountsAndItsLatencyFromTheDueTime) {
  ShardScenario first = part_with(100, 110);
  first.tally.dropped = 7;
  first.tally.backlog_at_stop = 3;
  const RunResult run = merged(program_of(true), {first, part_with(200, 200)});
  const ScenarioResult& result = run.scenarios.at(0);
  EXPECT_EQ(result.requests.due, 310U);
  EXPECT_EQ(result.requests.dropped, 7U);
  EXPECT_EQ(result.requests.backlog_at_stop, 3U);
  EXPECT_EQ(run.ledger.at(0).name, "due = started + dropped + backlog_at_stop");
  EXPECT_TRUE(run.balanced());
  EXPECT_EQ(result.latency_from, "due");
  ASSERT_TRUE(result.latency && result.service && result.schedule);
  EXPECT_EQ(result.latency->max_us, 1000);
  EXPECT_EQ(result.service->max_us, 500);
  EXPECT_EQ(result.schedule->rate, 50.0);
  EXPECT_EQ(result.schedule->max_in_flight, 4U);
  EXPECT_EQ(result.schedule->backlog, 20U);
  EXPECT_EQ(result.generator.wait, "hybrid");
  EXPECT_EQ(run.generator.wait, "hybrid");
  EXPECT_EQ(result.generator.wait_reason, "asked for");
  EXPECT_EQ(run.generator.wait_reason, "asked for");
}

TEST(MergeSchedule, SaysHowItWaitedByTheShardThatDecidedIt) {
  Program program = program_of(true);
  program.scenarios[0].wait = {.mode = WaitMode::sleep, .why = WaitWhy::trial};
  ShardScenario first = part_with(100, 100), second = part_with(100, 100);
  first.tally.wait = {.mode = WaitMode::hybrid,
                      .why = WaitWhy::worth_it,
                      .lag_p50 = std::chrono::microseconds(47),
                      .service_p50 = std::chrono::microseconds(20)};
  second.tally.wait = {.mode = WaitMode::hybrid, .why = WaitWhy::trial};
  const RunResult run = merged(program, {first, second});
  EXPECT_EQ(run.scenarios[0].generator.wait, "hybrid");
  EXPECT_NE(run.scenarios[0].generator.wait_reason.find("late by 47 µs (p50), over 10 %"), std::string::npos);
  EXPECT_EQ(run.generator.wait_reason, run.scenarios[0].generator.wait_reason);
}

TEST(MergeSchedule, AnArrivalThatWentMissingIsNoticed) {
  EXPECT_FALSE(merged(program_of(true), {part_with(100, 101)}).balanced());
}

TEST(MergeSchedule, AClosedLoopHasNone) {
  const RunResult run = merged(program_of(false), {part_with(5, 0)});
  const ScenarioResult& result = run.scenarios.at(0);
  EXPECT_FALSE(result.requests.due || result.requests.dropped || result.requests.backlog_at_stop);
  EXPECT_FALSE(result.schedule);
  EXPECT_EQ(result.latency_from, "sent");
  EXPECT_EQ(result.service->max_us, 1000);
  EXPECT_EQ(result.generator.wait, "sleep");
}

TEST(MergeSchedule, AShardWithoutConnectionsAtTheStartTookPartIfArrivalsWereIts) {
  EXPECT_EQ(merged(program_of(true), {part_with(100, 100), part_with(50, 50)}).scenarios[0].shards.size(),
            2U);
  EXPECT_EQ(merged(program_of(true), {part_with(100, 100), part_with(0, 0)}).scenarios[0].shards.size(), 1U);
}

}  // namespace
}  // namespace saturn
