#include "core/result/merge.hpp"

#include <gtest/gtest.h>

namespace saturn {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr Nanos kT0 = seconds(1000);  // T0 of every scenario below

ScenarioProgram one_step(const std::string& name = "hello") {
  ScenarioProgram scenario;
  scenario.name = name;
  scenario.url = "http://127.0.0.1:8000/hello";
  scenario.vus = 4;
  scenario.duration = seconds(10);
  scenario.steps.resize(1);
  scenario.steps[0].name = "GET /hello";
  return scenario;
}

Program program_of(std::vector<ScenarioProgram> scenarios) {
  Program program;
  program.seed = 7;
  program.scenarios = std::move(scenarios);
  return program;
}

/// A shard's tally that balances: so many measured ok answers of 1 ms, all inside a window of 10 s.
ShardScenario part_with(const ScenarioProgram& scenario, std::uint64_t ok) {
  ShardScenario part;
  ScenarioTally& tally = part.tally;
  tally.started = tally.completed = tally.ok = tally.measured = tally.measured_ok = ok;
  tally.in_window = tally.in_window_ok = ok;
  tally.connections_requested = tally.established = tally.opened_total = 2;
  tally.status[200] = ok;
  tally.steps.resize(scenario.steps.size());
  for (const auto& step : scenario.steps) tally.checks.emplace_back(step.check_names.size());
  tally.steps[0].completed = ok;
  for (std::uint64_t i = 0; i < ok; ++i) tally.steps[0].latency_ok.record(1'000'000);
  tally.measure_start_at = kT0;
  tally.measure_end_at = kT0 + seconds(10);
  tally.first_start_at = kT0 + milliseconds(1);
  tally.last_response_at = kT0 + milliseconds(10'001);
  part.cost.cpu = milliseconds(100);
  part.cost.wall = seconds(10);
  part.cost.run_queue_known = true;
  part.cost.completed = ok;
  return part;
}

ShardResult shard_of(std::vector<ShardScenario> scenarios, int cpu = -1) {
  ShardResult shard;
  shard.cpu = cpu;
  shard.scenarios = std::move(scenarios);
  return shard;
}

ScenarioResult merged(const ScenarioProgram& scenario, const std::vector<ShardScenario>& parts) {
  std::vector<ShardResult> shards;
  for (const auto& part : parts) shards.push_back(shard_of({part}));
  const RunResult run = merge(program_of({scenario}), shards);
  EXPECT_EQ(run.scenarios.size(), 1U);
  return run.scenarios.at(0);
}

TEST(Merge, ErrorsOfSendTimesAreOneDistributionOfAllShardsAndScenarios) {
  const ScenarioProgram first = one_step("first"), second = one_step("second"), third = one_step("third");
  ShardScenario a = part_with(first, 10), b = part_with(first, 10), c = part_with(second, 10),
                none = part_with(third, 10);
  for (const std::int64_t error : {-700, -100, 300}) a.tally.send_error.record(error);
  for (const std::int64_t error : {-200, 400, 1'500}) b.tally.send_error.record(error);
  c.tally.send_error.record(2'000);
  const RunResult run = merge(program_of({first, second, third}),
                              {shard_of({a, c, none}), shard_of({b, part_with(second, 1), none})});
  const auto& error = run.scenarios.at(0).generator.send_time_error;
  ASSERT_TRUE(error);
  EXPECT_EQ(error->samples, 6U);
  EXPECT_EQ(error->min_us, -0.7);
  EXPECT_EQ(error->p1_us, -0.7);
  EXPECT_EQ(error->p50_us, -0.1);
  EXPECT_EQ(error->p99_us, 1.5);
  EXPECT_EQ(error->max_us, 1.5);
  EXPECT_FALSE(run.scenarios.at(2).generator.send_time_error);
  EXPECT_EQ(run.generator.send_time_error->samples, 7U);
  EXPECT_EQ(run.generator.send_time_error->max_us, 2.0);
}

TEST(Merge, AddsEveryCounterOfEveryShard) {
  const ScenarioProgram scenario = one_step();
  ShardScenario a = part_with(scenario, 100), b = part_with(scenario, 200);
  a.tally.started += 7;
  a.tally.failed = 5;
  a.tally.errors[static_cast<std::size_t>(Failure::reset)] = 5;
  a.tally.in_flight_at_stop = 2;
  a.tally.retried = 1;
  b.tally.bytes_sent = 11;
  b.tally.bytes_received = 22;
  b.tally.bytes_discarded = 20;
  a.tally.bytes_received = 3;
  b.tally.reconnects = 4;
  b.tally.connections_failed = 5;
  a.tally.connections_refused = 2;
  b.tally.connections_refused = 1;
  b.tally.connections_timed_out = 1;
  a.tally.setup = milliseconds(5);
  b.tally.setup = milliseconds(3);
  const ScenarioResult result = merged(scenario, {a, b});
  EXPECT_EQ(result.requests.started, 307U);
  EXPECT_EQ(result.requests.completed, 300U);
  EXPECT_EQ(result.requests.ok, 300U);
  EXPECT_EQ(result.requests.failed, 5U);
  EXPECT_EQ(result.requests.in_flight_at_stop, 2U);
  EXPECT_EQ(result.requests.retried, 1U);
  EXPECT_EQ(result.requests.measured, 300U);
  EXPECT_EQ(result.requests.in_window, 300U);
  EXPECT_FALSE(result.requests.due || result.requests.dropped || result.requests.backlog_at_stop);
  EXPECT_EQ(result.errors[static_cast<std::size_t>(Failure::reset)], 5U);
  EXPECT_EQ(result.status, (std::map<int, std::uint64_t>{{200, 300}}));
  EXPECT_EQ(result.bytes_sent, 11U);
  EXPECT_EQ(result.bytes_received, 25U);
  EXPECT_EQ(result.bytes_discarded, 20U);
  EXPECT_EQ(result.connections.requested, 4U);
  EXPECT_EQ(result.connections.established, 4U);
  EXPECT_EQ(result.connections.opened_total, 4U);
  EXPECT_EQ(result.connections.reconnects, 4U);
  EXPECT_EQ(result.connections.failed, 5U);
  EXPECT_EQ(result.connections.refused, 3U);
  EXPECT_EQ(result.connections.timed_out, 1U);
  EXPECT_DOUBLE_EQ(result.connections.setup_s, 0.005);
}

TEST(Merge, RateOfADurationIsWhatArrivedInTheWindowByItsLength) {
  const ScenarioProgram scenario = one_step();
  ShardScenario a = part_with(scenario, 100), b = part_with(scenario, 100);
  a.tally.in_window = 95;  // five ended in the drain
  a.tally.in_window_ok = 60;
  const ScenarioResult result = merged(scenario, {a, b});
  EXPECT_DOUBLE_EQ(result.measured_s, 10.0);
  EXPECT_DOUBLE_EQ(*result.rps, 19.5);
  EXPECT_DOUBLE_EQ(*result.ok_rps, 16.0);
}

TEST(Merge, RateOfAnInterruptedDurationUsesTheTimeReallyMeasured) {
  const ScenarioProgram scenario = one_step();
  ShardScenario part = part_with(scenario, 100);
  part.tally.measure_end_at = kT0 + seconds(4);
  EXPECT_DOUBLE_EQ(*merged(scenario, {part}).rps, 25.0);
}

TEST(Merge, RateOfACountIsAllMeasuredFromFirstStartToLastResponse) {
  ScenarioProgram scenario = one_step();
  scenario.duration.reset();
  scenario.total_iterations = 300;
  ShardScenario a = part_with(scenario, 100), b = part_with(scenario, 200);
  a.tally.in_window = b.tally.in_window = 0;  // no part in this rate
  b.tally.measured_ok = 150;
  a.tally.first_start_at = kT0 + milliseconds(500);
  b.tally.first_start_at = kT0 + milliseconds(250);
  a.tally.last_response_at = kT0 + milliseconds(2250);
  b.tally.last_response_at = kT0 + milliseconds(1000);
  const ScenarioResult result = merged(scenario, {a, b});
  EXPECT_DOUBLE_EQ(result.measured_s, 2.0);
  EXPECT_DOUBLE_EQ(*result.rps, 150.0);
  EXPECT_DOUBLE_EQ(*result.ok_rps, 125.0);
}

TEST(Merge, WithBothLimitsTheOneThatEndedTheScenarioDecides) {
  ScenarioProgram scenario = one_step();
  scenario.total_iterations = 200;
  ShardScenario a = part_with(scenario, 100), b = part_with(scenario, 100);
  for (ShardScenario* part : {&a, &b}) {
    part->tally.first_start_at = kT0;
    part->tally.last_response_at = part->tally.measure_end_at = kT0 + seconds(4);
    part->tally.ended_by_count = true;
  }
  EXPECT_DOUBLE_EQ(*merged(scenario, {a, b}).rps, 50.0);
  b.tally.ended_by_count = false;
  b.tally.measure_end_at = kT0 + seconds(10);
  EXPECT_DOUBLE_EQ(*merged(scenario, {a, b}).rps, 20.0);
}

TEST(Merge, WhatWasNotMeasuredIsNull) {
  const ScenarioProgram scenario = one_step();
  ShardScenario part = part_with(scenario, 0);
  part.tally.started = part.tally.completed = part.tally.ok = part.tally.warmup = part.tally.status[200] = 3;
  part.tally.first_start_at = part.tally.last_response_at = Nanos{0};
  part.tally.measure_end_at = kT0 - seconds(1);  // interrupted in the warm-up
  const ScenarioResult result = merged(scenario, {part});
  EXPECT_FALSE(result.rps || result.ok_rps || result.latency || result.latency_ok || result.service ||
               result.ttfb || result.connect || result.lag || result.observe || result.latency_user ||
               result.tail_s || result.target);
  EXPECT_EQ(result.measured_s, 0.0);
  EXPECT_TRUE(result.series.empty());
  EXPECT_EQ(result.shards.at(0).ended_s, 0.0);
}

TEST(Merge, AWindowWithoutAnAnswerHasARateOfZero) {
  const ScenarioProgram scenario = one_step();
  EXPECT_EQ(*merged(scenario, {part_with(scenario, 0)}).rps, 0.0);
}

TEST(Merge, LatencyIsOfOkAndNotOkTogetherAndOfOkAlone) {
  const ScenarioProgram scenario = one_step();
  ShardScenario a = part_with(scenario, 10), b = part_with(scenario, 10);
  EXPECT_FALSE(merged(scenario, {a, b}).latency_ok);
  b.tally.not_ok = 1;
  b.tally.steps[0].latency_not_ok.record(9'000'000);
  const ScenarioResult result = merged(scenario, {a, b});
  EXPECT_EQ(result.latency->count, 21U);
  EXPECT_DOUBLE_EQ(result.latency->max_us, 9'000.0);
  EXPECT_DOUBLE_EQ(result.latency->mean_us, 29'000.0 / 21);
  EXPECT_EQ(result.latency_ok->count, 20U);
  EXPECT_DOUBLE_EQ(result.latency_ok->max_us, 1'000.0);
  EXPECT_EQ(result.service->count, result.latency->count);
  EXPECT_EQ(result.service->histogram, result.latency->histogram);
  EXPECT_FALSE(result.latency->histogram.empty());
}

TEST(Merge, StepsKeepTheirOwnFiguresAndAddUpToTheScenarios) {
  ScenarioProgram scenario = one_step();
  scenario.steps.push_back(scenario.steps[0]);
  scenario.steps[0].check_names = {"status is 200"};
  scenario.steps[1].name = "GET /second";
  scenario.steps[1].check_names = {"status is 201", "json equals request"};
  ShardScenario part = part_with(scenario, 10);
  part.tally.steps[1].completed = 5;
  for (int i = 0; i < 5; ++i) part.tally.steps[1].latency_ok.record(3'000'000);
  part.tally.steps[1].ttfb.record(2'000'000);
  part.tally.checks[0][0] = {8, 2};
  part.tally.checks[1][1] = {5, 0};
  const ScenarioResult result = merged(scenario, {part, part});
  EXPECT_EQ(result.latency->count, 30U);
  EXPECT_EQ(result.ttfb->count, 2U);
  ASSERT_EQ(result.steps.size(), 2U);
  EXPECT_EQ(result.steps[1].name, "GET /second");
  EXPECT_EQ(result.steps[1].completed, 10U);
  EXPECT_DOUBLE_EQ(result.steps[1].latency->min_us, 3'000.0);
  ASSERT_EQ(result.checks.size(), 3U);
  EXPECT_EQ(result.checks[0].name, "GET /hello: status is 200");
  EXPECT_EQ(result.checks[0].passed, 16U);
  EXPECT_EQ(result.checks[0].failed, 4U);
  EXPECT_EQ(result.checks[2].name, "GET /second: json equals request");
  EXPECT_EQ(result.checks[2].passed, 10U);
}

TEST(Merge, CostIsCpuByRequestAndByTheWallTimeOfAllShards) {
  const ScenarioProgram scenario = one_step();
  ShardScenario a = part_with(scenario, 400), b = part_with(scenario, 100);
  a.cost.cpu = seconds(4);
  b.cost.cpu = seconds(1);
  a.cost.run_queue_wait = milliseconds(30);
  a.cost.turns = 5;
  b.cost.turns = 6;
  b.cost.buffers_short = 2;
  GeneratorCost cost = merged(scenario, {a, b}).generator;
  EXPECT_EQ(cost.shards, 2U);
  EXPECT_DOUBLE_EQ(cost.cpu_s, 5.0);
  EXPECT_DOUBLE_EQ(*cost.cpu_us_per_request, 10'000.0);
  EXPECT_DOUBLE_EQ(cost.utilisation, 0.25);
  EXPECT_DOUBLE_EQ(*cost.run_queue_wait_s, 0.03);
  EXPECT_EQ(cost.turns, 11U);
  EXPECT_EQ(cost.buffers_short, 2U);
  b.cost.run_queue_known = false;
  EXPECT_FALSE(merged(scenario, {a, b}).generator.run_queue_wait_s);
  EXPECT_FALSE(merged(scenario, {part_with(scenario, 0)}).generator.cpu_us_per_request);
}

TEST(Merge, TailIsFromTheFirstIdleVuToTheLastResponseOfAnyShard) {
  ScenarioProgram scenario = one_step();
  scenario.executor = Executor::shared_iterations;
  ShardScenario a = part_with(scenario, 1), b = part_with(scenario, 1);
  b.tally.first_idle_at = kT0 + seconds(3);
  a.tally.last_response_at = kT0 + milliseconds(3500);
  b.tally.last_response_at = kT0 + milliseconds(3250);
  EXPECT_DOUBLE_EQ(*merged(scenario, {a, b}).tail_s, 0.5);
}

TEST(Merge, EachShardsPartIsListed) {
  const ScenarioProgram scenario = one_step();
  ShardScenario part = part_with(scenario, 3);
  part.tally.last_response_at = kT0 + milliseconds(1500);
  const RunResult run =
      merge(program_of({scenario}), {shard_of({part}, 5), shard_of({part_with(scenario, 4)})});
  const auto& shards = run.scenarios.at(0).shards;
  ASSERT_EQ(shards.size(), 2U);
  EXPECT_EQ(shards[0].cpu, 5);
  EXPECT_EQ(shards[0].completed, 3U);
  EXPECT_DOUBLE_EQ(shards[0].ended_s, 1.5);
  EXPECT_EQ(shards[1].cpu, -1);
}

TEST(Merge, AShardWithoutVusStandsBy) {
  const ScenarioProgram scenario = one_step();
  ShardScenario idle = part_with(scenario, 0);
  idle.tally.connections_requested = idle.tally.established = idle.tally.opened_total = 0;
  idle.cost.cpu = milliseconds(10);
  const ScenarioResult result = merged(scenario, {part_with(scenario, 100), idle});
  EXPECT_EQ(result.shards.size(), 1U);
  EXPECT_EQ(result.generator.shards, 1U);
  EXPECT_DOUBLE_EQ(result.generator.cpu_s, 0.11);
  EXPECT_DOUBLE_EQ(result.generator.utilisation, 0.011);
}

TEST(Merge, ScenariosThatNeverBeganAreLeftOut) {
  const ScenarioProgram first = one_step("first"), second = one_step("second");
  const RunResult run = merge(program_of({first, second}), {shard_of({part_with(first, 3)})});
  ASSERT_EQ(run.scenarios.size(), 1U);
  EXPECT_EQ(run.scenarios[0].name, "first");
  EXPECT_TRUE(merge(program_of({first, second}), {}).scenarios.empty());
}

TEST(Merge, TheRunTotalsItsScenariosAndNamesThemInItsLedger) {
  const ScenarioProgram first = one_step("first"), second = one_step("second");
  std::vector<ShardScenario> both = {part_with(first, 100), part_with(second, 300)};
  for (ShardScenario& part : both) part.tally.bytes_received = 7;
  for (ShardScenario& part : both) part.tally.missing_stamps = 1;
  const RunResult run = merge(program_of({first, second}), {shard_of(both), shard_of(both)});
  EXPECT_EQ(run.seed, 7U);
  EXPECT_EQ(run.generator.shards, 2U);
  EXPECT_DOUBLE_EQ(run.generator.cpu_s, 0.4);
  EXPECT_DOUBLE_EQ(*run.generator.cpu_us_per_request, 500.0);
  EXPECT_DOUBLE_EQ(run.generator.utilisation, 0.01);
  EXPECT_EQ(run.generator.bytes_received, 28U);
  EXPECT_EQ(run.generator.missing_stamps, 4U);
  ASSERT_EQ(run.ledger.size(), 14U);
  EXPECT_EQ(run.ledger[0].name, "first: started = completed + failed + in_flight_at_stop");
  EXPECT_EQ(run.ledger[7].name, "second: started = completed + failed + in_flight_at_stop");
  EXPECT_EQ(run.ledger[7].left, 600U);
  EXPECT_TRUE(run.balanced());
}

TEST(Merge, ALostLatencySampleIsNoticed) {
  const ScenarioProgram scenario = one_step();
  ShardScenario part = part_with(scenario, 3);
  part.tally.steps[0].latency_ok.reset();
  const RunResult run = merge(program_of({scenario}), {shard_of({part})});
  EXPECT_FALSE(run.balanced());
  EXPECT_EQ(exit_code(run), 98);
}

}  // namespace
}  // namespace saturn
