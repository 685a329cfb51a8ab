// Dead time of merged shards: cut to the measured phase, listed up to a bound, and when a target is gone.
#include <gtest/gtest.h>

#include "core/result/merge.hpp"

namespace saturn {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr Nanos kT0 = seconds(1000);

ScenarioProgram hello() {
  ScenarioProgram scenario;
  scenario.name = "hello";
  scenario.vus = 4;
  scenario.duration = seconds(10);
  scenario.steps.resize(1);
  return scenario;
}

/// A shard that heard nothing in `gap` though it asked, until `ended`; with a thousand answers of 1 ms
/// before.
ShardScenario silent_in(TimeSpan gap, Nanos ended = seconds(11)) {
  ShardScenario part;
  ScenarioTally& tally = part.tally;
  tally.connections_requested = tally.established = 2;
  tally.started = tally.completed = tally.ok = tally.measured = tally.measured_ok = tally.status[200] = 1000;
  tally.steps.resize(1);
  tally.checks.resize(1);
  tally.steps[0].latency_ok.record(1'000'000, 1000);
  tally.measure_start_at = kT0;
  tally.measure_end_at = kT0 + seconds(10);
  tally.silence.gaps = {{gap.from, gap.to, milliseconds(1), 1000}};
  tally.silence.asked = {gap};
  tally.silence.last_heard = gap.to < ended ? ended : gap.from;
  tally.silence.ended = ended;
  return part;
}

DeadTime dead_of(std::vector<ShardScenario> parts) {
  Program program;
  program.scenarios = {hello()};
  std::vector<ShardResult> shards;
  for (ShardScenario& part : parts) shards.push_back({0, -1, {std::move(part)}});
  return merge(program, shards).scenarios.at(0).dead.value();
}

TEST(MergeDead, IsWhereNoShardHeardAnything) {
  const DeadTime dead = dead_of({silent_in({seconds(2), seconds(6)}), silent_in({seconds(4), seconds(8)})});
  ASSERT_EQ(dead.windows.size(), 1U);
  EXPECT_EQ(dead.windows[0].from_s, 4);
  EXPECT_EQ(dead.windows[0].to_s, 6);
  EXPECT_EQ(dead.time_s, 2);
  EXPECT_EQ(dead.over_s, 10);
  EXPECT_EQ(dead.share, 0.2);
  EXPECT_FALSE(dead.at_end || dead.gone);
  EXPECT_EQ(dead.last_answer_s, 11.0);
}

TEST(MergeDead, IsCutToTheMeasuredPhaseThoughItsWholeLengthCounts) {
  const DeadTime early = dead_of({silent_in({seconds(-3), milliseconds(500)})});
  ASSERT_EQ(early.windows.size(), 1U);
  EXPECT_EQ(early.windows[0].from_s, 0);
  EXPECT_EQ(early.windows[0].to_s, 0.5);
  const DeadTime late = dead_of({silent_in({milliseconds(9600), Silence::kForever}, seconds(15))});
  ASSERT_EQ(late.windows.size(), 1U);
  EXPECT_EQ(late.windows[0].from_s, 9.6);
  EXPECT_EQ(late.windows[0].to_s, 10);
  EXPECT_TRUE(late.at_end);
  EXPECT_FALSE(late.gone);
  EXPECT_TRUE(dead_of({silent_in({seconds(-3), Nanos(0)})}).windows.empty());
}

TEST(MergeDead, AtTheEndWithAFailureAfterTheLastAnswerIsGone) {
  ShardScenario part = silent_in({seconds(8), Silence::kForever});
  part.tally.silence.last_unreachable = seconds(8);
  EXPECT_FALSE(dead_of({part}).gone);
  part.tally.silence.last_unreachable = seconds(8) + Nanos(1);
  EXPECT_TRUE(dead_of({part}).gone);
  part.tally.silence.gaps[0].to = milliseconds(9999);
  EXPECT_FALSE(dead_of({part}).gone);
}

TEST(MergeDead, OfManyWindowsTheFirst64AreListedAndTheOthersAddedUp) {
  ShardScenario part = silent_in({});
  part.tally.measure_end_at = kT0 + seconds(200);
  part.tally.silence.gaps.clear();
  part.tally.silence.asked.clear();
  for (int i = 0; i < 70; ++i) {
    const TimeSpan gap{milliseconds(2500 * i), milliseconds(2500 * i + 1500)};
    part.tally.silence.gaps.push_back({gap.from, gap.to, milliseconds(1), 1000});
    part.tally.silence.asked.push_back(gap);
  }
  part.tally.silence.ended = seconds(200);
  const DeadTime dead = dead_of({part});
  EXPECT_EQ(dead.windows.size(), 64U);
  EXPECT_EQ(dead.windows.back().from_s, 157.5);
  EXPECT_EQ(dead.more_windows, 6U);
  EXPECT_EQ(dead.more_windows_s, 9);
  EXPECT_EQ(dead.time_s, 105);
}

TEST(MergeDead, IsNotKnownWhereNothingWasMeasured) {
  Program program;
  program.scenarios = {hello()};
  ShardScenario part = silent_in({seconds(2), seconds(6)});
  part.tally.measure_start_at = part.tally.measure_end_at = Nanos(0);
  const RunResult run = merge(program, {{0, -1, {std::move(part)}}});
  EXPECT_FALSE(run.scenarios.at(0).dead);
}

TEST(MergeDead, ATargetThatIsGoneIsExitCode2AndBeforeAllButAnInterrupt) {
  ScenarioResult s;
  s.requests.completed = s.requests.ok = 100;
  s.dead.emplace().at_end = true;
  RunResult run;
  run.scenarios = {s};
  run.ledger = {{"a = b", 1, 1}};
  EXPECT_EQ(exit_code(run), 0);
  run.scenarios[0].dead->gone = true;
  EXPECT_EQ(exit_code(run), 2);
  run.ledger = {{"a = b", 1, 2}};
  EXPECT_EQ(exit_code(run), 2);
  run.interrupted = true;
  EXPECT_EQ(exit_code(run), 105);
}

}  // namespace
}  // namespace saturn
