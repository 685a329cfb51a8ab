// A target that dies, stands still, refuses or resets for a while, in virtual time: when nobody was answered
// is exact, over one shard and over two, and a generator that stands still itself is not the target's death.
#include <gtest/gtest.h>

#include "core/result/merge.hpp"
#include "core/result/verdict.hpp"
#include "sim/sim_run.hpp"

namespace saturn {
namespace {

using namespace test;  // NOLINT(google-build-using-namespace)
using std::chrono::microseconds;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr Nanos kStart = seconds(1) + milliseconds(10);  ///< T0 of run_sim
constexpr Nanos kService = milliseconds(1);

enum class Ill : std::uint8_t { gone, still, resets, closes };

/// Ill from `from` to `to` after T0, else answers in 1 ms. Where it is gone it refuses connections, and those
/// there are reset.
SimOptions target_ill(Ill how, Nanos from, Nanos to) {
  SimOptions options;
  const auto ill = [=](Nanos at) { return at - kStart >= from && at - kStart < to; };
  options.server = [=](const SimRequest& request) {
    SimAnswer made = answer(response(), kService);
    if (!ill(request.at)) return made;
    if (how == Ill::still) {
      made.after += kStart + to - request.at;
      return made;
    }
    return SimAnswer{"", microseconds(50), true, how != Ill::closes};
  };
  if (how == Ill::gone) options.refuse = [=](std::uint64_t, Nanos at) { return ill(at); };
  return options;
}

Plan closed(Nanos duration, std::uint32_t vus = 4) {
  Plan plan = plan_of(vus, duration, {});
  plan.scenarios[0].flow[0].method = "POST";  // not sent again
  return plan;
}

Plan scheduled(Nanos duration) {
  Plan plan = plan_of(10, duration, {});
  plan.scenarios[0].executor = Executor::constant_arrival_rate;
  plan.scenarios[0].rate = Rate{200, seconds(1)};
  plan.scenarios[0].max_in_flight = 100;
  return plan;
}

/// The run's result, as of `shards` shards that run the same target.
RunResult result_of(const Plan& plan, const SimOptions& options, std::uint32_t shards = 1) {
  const auto program = compile(plan, 1);
  std::vector<ShardResult> all;
  for (std::uint32_t shard = 0; shard < shards; ++shard) {
    SimOutcome run = run_sim(plan, options, shard, shards);
    expect_balanced(run.tally);
    all.push_back({shard, -1, {}});
    all.back().scenarios.push_back({std::move(run.tally), run.cost});
  }
  RunResult result = merge(*program, all);
  judge(result);
  return result;
}

void expect_window(const RunResult& result, double from_s, double to_s) {
  const DeadTime& dead = result.scenarios.at(0).dead.value();
  ASSERT_EQ(dead.windows.size(), 1U);
  EXPECT_NEAR(dead.windows[0].from_s, from_s, 0.006);  // an answer, or an arrival, apart
  EXPECT_NEAR(dead.windows[0].to_s, to_s, 0.006);
  EXPECT_NEAR(dead.time_s, to_s - from_s, 0.012);
}

TEST(Dead, ATargetThatWasKilledIsGone) {
  const RunResult run =
      result_of(closed(milliseconds(2900)), target_ill(Ill::gone, milliseconds(700), seconds(99)));
  expect_window(run, 0.7, 2.9);
  const ScenarioResult& s = run.scenarios[0];
  EXPECT_TRUE(s.dead->at_end);
  EXPECT_TRUE(s.dead->gone);
  EXPECT_DOUBLE_EQ(s.dead->over_s, 2.9);
  EXPECT_NEAR(s.dead->share, 2.2 / 2.9, 0.005);
  EXPECT_NEAR(s.dead->last_answer_s.value(), 0.7, 0.002);
  EXPECT_LT(s.requests.failed, s.requests.started / 50);  // a closed loop asks a dead target seldom
  EXPECT_EQ(run.verdict->limited_by, LimitedBy::target);
  EXPECT_TRUE(run.verdict->valid);
  EXPECT_EQ(exit_code(run), 2);
}

TEST(Dead, SoItIsAtAFixedRate) {
  const RunResult run =
      result_of(scheduled(seconds(2)), target_ill(Ill::gone, milliseconds(700), seconds(99)));
  expect_window(run, 0.7, 2.0);
  EXPECT_TRUE(run.scenarios[0].dead->gone);
  EXPECT_EQ(run.verdict->limited_by, LimitedBy::target);
  EXPECT_EQ(exit_code(run), 2);
}

TEST(Dead, ATargetThatRefusedForAWhileCameBack) {
  for (const Plan& plan : {closed(seconds(5)), scheduled(seconds(5))}) {
    const RunResult run = result_of(plan, target_ill(Ill::gone, milliseconds(700), milliseconds(2400)));
    const DeadTime& dead = run.scenarios.at(0).dead.value();
    ASSERT_EQ(dead.windows.size(), 1U);
    EXPECT_NEAR(dead.windows[0].from_s, 0.7, 0.006);
    EXPECT_GE(dead.windows[0].to_s, 2.4);  // until the next try after a pause of up to a second
    EXPECT_LE(dead.windows[0].to_s, 3.41);
    EXPECT_FALSE(dead.at_end || dead.gone);
    EXPECT_EQ(run.verdict->limited_by, LimitedBy::target);
    EXPECT_EQ(exit_code(run), 0);
  }
}

TEST(Dead, ATargetThatStoodStillIsNamedThoughNothingFailed) {
  for (const Plan& plan : {closed(seconds(5)), scheduled(seconds(5))}) {
    const RunResult run = result_of(plan, target_ill(Ill::still, milliseconds(700), milliseconds(2200)));
    expect_window(run, 0.7, 2.2);
    EXPECT_EQ(run.scenarios[0].requests.failed, 0U);
    EXPECT_EQ(run.verdict->limited_by, LimitedBy::target);
    EXPECT_EQ(exit_code(run), 0);
  }
}

TEST(Dead, ATargetThatResetsOrClosesForAWhileIsDeadThen) {
  for (const Ill how : {Ill::resets, Ill::closes})
    for (const Plan& plan : {closed(seconds(5)), scheduled(seconds(5))}) {
      const RunResult run = result_of(plan, target_ill(how, seconds(1), seconds(3)));
      expect_window(run, 1, 3);
      EXPECT_EQ(run.verdict->limited_by, LimitedBy::target);
    }
}

TEST(Dead, OfTwoShardsItIsWhereNeitherWasAnswered) {
  for (const Plan& plan : {closed(seconds(5)), scheduled(seconds(5))}) {
    const RunResult run = result_of(plan, target_ill(Ill::still, milliseconds(700), milliseconds(2200)), 2);
    expect_window(run, 0.7, 2.2);
  }
  // One shard's half of the target is well: the target lives.
  const Plan plan = closed(seconds(5));
  const auto program = compile(plan, 1);
  std::vector<ShardResult> all;
  for (std::uint32_t shard = 0; shard < 2; ++shard) {
    const bool ill = shard == 1;
    auto run = run_sim(plan, target_ill(Ill::still, seconds(1), ill ? seconds(4) : seconds(1)), shard, 2);
    all.push_back({shard, -1, {}});
    all.back().scenarios.push_back({std::move(run.tally), run.cost});
  }
  EXPECT_TRUE(merge(*program, all).scenarios.at(0).dead->windows.empty());
}

TEST(Dead, ShorterThanASecondIsASlowAnswer) {
  const RunResult run = result_of(closed(seconds(3)), target_ill(Ill::still, seconds(1), milliseconds(1990)));
  EXPECT_TRUE(run.scenarios.at(0).dead->windows.empty());
  EXPECT_EQ(run.scenarios[0].dead->time_s, 0);
}

TEST(Dead, ATargetWhoseAnswersAllTakeSecondsIsSlow) {
  SimOptions options;
  options.server = [](const SimRequest&) { return answer(response(), seconds(3)); };
  const RunResult run = result_of(closed(seconds(30)), options);
  EXPECT_TRUE(run.scenarios.at(0).dead->windows.empty());
  EXPECT_EQ(run.scenarios[0].requests.completed, 40U);
}

TEST(Dead, ATargetThatAnswersSeldomBecauseItIsSeldomAskedIsNot) {
  Plan plan = scheduled(seconds(20));
  plan.scenarios[0].rate = Rate{1, seconds(2)};
  const RunResult run = result_of(plan, target_ill(Ill::gone, seconds(99), seconds(99)));
  EXPECT_EQ(run.scenarios.at(0).requests.completed, 10U);
  EXPECT_TRUE(run.scenarios[0].dead->windows.empty());
}

TEST(Dead, ATargetThatNobodyAskedIsNotForAConnectUnderWayAtTheEnd) {
  Plan plan = scheduled(seconds(3) + microseconds(2));  // a connect takes 5 us, the second arrival begins one
  plan.scenarios[0].vus = 1;
  plan.scenarios[0].rate = Rate{1, seconds(3)};
  plan.scenarios[0].max_in_flight = 1;
  SimOptions options = target_ill(Ill::gone, seconds(99), seconds(99));
  options.idle_close = milliseconds(100);
  const RunResult run = result_of(plan, options);
  EXPECT_EQ(run.scenarios.at(0).requests.completed, 1U);
  EXPECT_EQ(run.scenarios[0].requests.backlog_at_stop, 1U);
  EXPECT_TRUE(run.scenarios[0].dead->windows.empty());
}

TEST(Dead, OneThatSendsALongBodyLives) {
  SimOptions options;
  options.server = [](const SimRequest&) {
    SimAnswer made = answer(std::string(1000, 'x'), kService);
    made.bytes = "HTTP/1.1 200 X\r\nContent-Length: 1000000\r\n\r\n";
    made.again_every = milliseconds(10);
    return made;
  };
  const RunResult run = result_of(closed(seconds(5)), options);
  EXPECT_EQ(run.scenarios.at(0).requests.completed, 0U);
  EXPECT_TRUE(run.scenarios[0].dead->windows.empty());
}

TEST(Dead, AGeneratorThatLooksLateHeardInTime) {
  SimOptions options = target_ill(Ill::gone, seconds(99), seconds(99));
  options.held_up = milliseconds(1500);
  for (const bool stamps : {true, false}) {
    options.arrival_stamps = stamps;
    const RunResult run = result_of(closed(seconds(20)), options);
    EXPECT_TRUE(run.scenarios.at(0).dead->windows.empty()) << stamps;
  }
}

TEST(Dead, WhatStandsStillInTheDrainIsDeadAtTheEnd) {
  const RunResult run =
      result_of(closed(seconds(3)), target_ill(Ill::still, milliseconds(2500), seconds(99)));
  expect_window(run, 2.5, 3.0);
  EXPECT_TRUE(run.scenarios[0].dead->at_end);
  EXPECT_FALSE(run.scenarios[0].dead->gone);  // nobody was refused, nothing timed out
  EXPECT_EQ(exit_code(run), 0);
}

TEST(Dead, AtTheEndWithATimeOutItIsGone) {
  Plan plan = closed(seconds(4));
  plan.scenarios[0].timeout = milliseconds(1500);
  const RunResult run = result_of(plan, target_ill(Ill::still, seconds(1), seconds(99)));
  expect_window(run, 1, 4);
  EXPECT_TRUE(run.scenarios[0].dead->gone);
  EXPECT_EQ(exit_code(run), 2);
}

TEST(Dead, ACountThatATargetDoesNotServeAnyMoreIsMeasuredToItsEnd) {
  Plan plan = plan_of(1, {}, 1003);
  plan.scenarios[0].flow[0].method = "POST";
  const RunResult run = result_of(plan, target_ill(Ill::gone, seconds(1), seconds(99)));
  const DeadTime& dead = run.scenarios.at(0).dead.value();
  EXPECT_TRUE(dead.at_end);
  EXPECT_GT(dead.over_s, 2);
  EXPECT_TRUE(dead.gone);
}

}  // namespace
}  // namespace saturn
