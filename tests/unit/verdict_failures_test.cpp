// The verdict's rules about answers that did not come, each threshold from both sides; and that nothing which
// follows from dead time is held against the generator.
#include "core/result/verdict_failures.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "unit/verdict_cases.hpp"

namespace saturn {
namespace {

using test::asked;
using test::healthy;
using test::host;
using test::latency_of;

void die(ScenarioResult& s, double from_s, double to_s) {
  DeadTime& dead = s.dead.emplace();
  dead.over_s = s.measured_s;
  dead.time_s = to_s - from_s;
  dead.share = dead.time_s / dead.over_s;
  dead.windows = {{from_s, to_s}};
  dead.at_end = to_s >= dead.over_s;
}

void fail(ScenarioResult& s, Failure kind, std::uint64_t count) {
  s.errors[static_cast<std::size_t>(kind)] += count;
  s.requests.failed += count;
}

Verdict verdict_of(const ScenarioResult& s) {
  const HostFacts machine = host();
  return judge(VerdictCase{s, machine, true});
}

TEST(VerdictFailures, DeadTimeDecidesInAClosedLoopFromATenthOfTheTime) {
  ScenarioResult s = healthy();
  EXPECT_FALSE(asked("dead", s));
  die(s, 2, 2.999);
  auto found = asked("dead", s);
  ASSERT_TRUE(found);
  EXPECT_FALSE(found->limited_by || found->spoils);
  EXPECT_EQ(found->severity, Severity::failure);
  die(s, 2, 3);
  found = asked("dead", s);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->limited_by, LimitedBy::target);
  EXPECT_FALSE(found->spoils);
  EXPECT_EQ(in_full(*found),
            "the target gave no answer in 1 s of 10 s (10 % of the time), from 2 s to 3 s: look into the "
            "target's own log");
}

TEST(VerdictFailures, DeadTimeDecidesInAnOpenLoopFromAHundredth) {
  ScenarioResult s = test::open_loop();
  s.measured_s = 200;
  die(s, 2, 3.9);
  EXPECT_FALSE(asked("dead", s)->limited_by);
  die(s, 2, 4);
  EXPECT_EQ(asked("dead", s)->limited_by, LimitedBy::target);
}

TEST(VerdictFailures, ATargetThatDidNotComeBackDecidesHoweverShortThatWas) {
  ScenarioResult s = healthy();
  s.measured_s = 100;
  die(s, 98, 100);
  EXPECT_FALSE(asked("dead", s)->limited_by);
  s.dead->gone = true;
  EXPECT_EQ(asked("dead", s)->limited_by, LimitedBy::target);
  EXPECT_EQ(asked("dead", s)->reason,
            "the target gave no answer in the last 2 s of 100 s (2.0 % of the time), from 98 s to 100 s; it "
            "did not come back");
}

/// The first case: -c 4, killed after 0.7 s of 2.9, 21 of 70,154 requests failed.
ScenarioResult killed() {
  ScenarioResult s = healthy();
  s.measured_s = 2.9;
  s.vus = 4;
  s.connections.requested = s.connections.established = 4;
  s.requests.started = 70'154;
  s.requests.completed = s.requests.measured = 70'133;
  s.rps = 24'183.8;
  s.latency = s.service = latency_of(9, 30);
  s.lag = latency_of(20, 60);  // 69 % of a request's time passed in saturn …
  s.shards[0].wall_s = 2.9;
  s.shards[0].busy = s.shards[0].utilisation = 0.2;  // … which slept most of the time
  die(s, 0.7, 2.9);
  s.dead->gone = true;
  fail(s, Failure::reset, 4);
  fail(s, Failure::connect_refused, 17);
  return s;
}

TEST(VerdictFailures, OfAKilledTargetAreTheTargetsAndNoAdviceAboutSaturnIsGiven) {
  const Verdict verdict = verdict_of(killed());
  EXPECT_TRUE(verdict.valid);
  EXPECT_EQ(verdict.limited_by, LimitedBy::target);
  EXPECT_EQ(verdict.rules, std::vector<std::string>{"dead"});
  EXPECT_EQ(verdict.severity, Severity::failure);
  EXPECT_EQ(
      verdict.reasons.at(0).find("the target gave no answer in the last 2.2 s of 2.9 s (76 % of the time)"),
      0U);
  ScenarioResult alive = killed();
  alive.dead.reset();
  EXPECT_EQ(verdict_of(alive).rules.at(0), "generator_slow");
}

TEST(VerdictFailures, OfAnOpenLoopWhoseTargetDiedAreTheTargetsToo) {
  ScenarioResult s = test::open_loop();  // -R 200 -d 2s, 67 % failed
  s.measured_s = 2;
  s.requests.due = s.requests.started = 400;
  s.requests.completed = s.requests.measured = 132;
  s.lag = latency_of(300, 900);
  s.latency = latency_of(800, 1500);
  fail(s, Failure::connect_refused, 268);
  die(s, 0.7, 2);
  s.dead->gone = true;
  const Verdict verdict = verdict_of(s);
  EXPECT_TRUE(verdict.valid);
  EXPECT_EQ(verdict.limited_by, LimitedBy::target);
  EXPECT_EQ(verdict.rules, (std::vector<std::string>{"dead", "failures"}));
  EXPECT_EQ(verdict.remedy, "look into the target's own log");
}

TEST(VerdictFailures, OnlyTheTargetCanCauseDecideFromATenthAndAreARemarkFromAHundredth) {
  ScenarioResult s = healthy();
  s.requests.started = 10'000;
  fail(s, Failure::reset, 99);
  EXPECT_FALSE(asked("failures", s));
  fail(s, Failure::reset, 1);
  auto found = asked("failures", s);
  ASSERT_TRUE(found);
  EXPECT_FALSE(found->limited_by);
  EXPECT_EQ(found->severity, Severity::failure);
  fail(s, Failure::connect_refused, 500);
  fail(s, Failure::closed_early, 200);
  fail(s, Failure::malformed, 100);
  fail(s, Failure::response_timeout, 99);
  EXPECT_FALSE(asked("failures", s)->limited_by);
  fail(s, Failure::too_large, 1);
  found = asked("failures", s);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->limited_by, LimitedBy::target);
  EXPECT_FALSE(found->spoils);
  EXPECT_EQ(
      found->reason,
      "1,000 of 10,000 requests failed at the target (500 connect_refused, 200 closed_early, 100 reset, "
      "100 malformed, 99 response_timeout, 1 too_large)");
}

TEST(VerdictFailures, OfThisMachineAreTheGenerators) {
  ScenarioResult s = healthy();
  s.requests.started = 10'000;
  fail(s, Failure::connect_error, 999);
  auto found = asked("own_failures", s);
  ASSERT_TRUE(found);
  EXPECT_FALSE(found->limited_by || found->spoils);
  fail(s, Failure::send_error, 1);
  found = asked("own_failures", s);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->limited_by, LimitedBy::generator);
  EXPECT_TRUE(found->spoils);
  EXPECT_EQ(found->reason,
            "1,000 of 10,000 requests failed on this machine (999 connect_error, 1 send_error)");
  EXPECT_FALSE(asked("failures", s));
}

TEST(VerdictFailures, TimeOutsAreTheTargetsWhereTheShardRan) {
  ScenarioResult s = healthy();
  s.requests.started = 10'000;
  fail(s, Failure::response_timeout, 5'000);
  EXPECT_EQ(asked("failures", s)->limited_by, LimitedBy::target);
  EXPECT_FALSE(asked("own_failures", s));
  s.generator.stalled_timeouts = 4'950;
  EXPECT_FALSE(asked("failures", s));
  EXPECT_EQ(asked("own_failures", s)->limited_by, LimitedBy::generator);
  EXPECT_EQ(asked("own_failures", s)->reason,
            "4,950 of 10,000 requests failed on this machine (4,950 timed out while saturn had no core)");
  s.generator.stalled_timeouts = 0;
  s.shards[0].run_queue_wait_s = 5.0;
  EXPECT_TRUE(asked("failures", s));
  s.shards[0].run_queue_wait_s = 5.01;
  EXPECT_FALSE(asked("failures", s));
  EXPECT_EQ(asked("own_failures", s)->limited_by, LimitedBy::generator);
}

TEST(VerdictFailures, WithoutAnyAnswerTheTargetIsNamedAndTheFiguresAreNotValid) {
  ScenarioResult s = healthy();
  s.rps.reset();
  s.requests.started = 21;
  s.requests.completed = s.requests.measured = 0;
  fail(s, Failure::connect_refused, 21);
  const Verdict verdict = verdict_of(s);
  EXPECT_FALSE(verdict.valid);
  EXPECT_EQ(verdict.limited_by, LimitedBy::target);
  EXPECT_EQ(verdict.rules, (std::vector<std::string>{"failures", "too_short"}));
}

}  // namespace
}  // namespace saturn
