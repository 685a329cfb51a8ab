#include "core/result/thresholds.hpp"

#include <gtest/gtest.h>

#include "core/plan/threshold.hpp"
#include "core/result/merge.hpp"
#include "core/stats/hdr_encode.hpp"

namespace saturn {
namespace {

/// 1,000 started: 900 ok, 60 not ok, 40 failed; latencies 1 to 960 ms.
ScenarioResult measured(const std::string& name = "hello") {
  ScenarioResult s;
  s.name = name;
  s.requests.due = 1250;
  s.requests.dropped = 250;
  s.requests.started = 1000;
  s.requests.completed = s.requests.measured = 960;
  s.requests.ok = 900;
  s.requests.not_ok = 60;
  s.requests.failed = 40;
  s.rps = 96;
  s.ok_rps = 90;
  Histogram latency;
  for (std::uint64_t ms = 1; ms <= 960; ++ms) latency.record(ms * 1'000'000);
  s.latency = s.service = summarise(latency, true);
  s.status = {{200, 900}, {404, 60}};
  return s;
}

Threshold threshold(std::string_view text) {
  return *parse_threshold(text, "");
}

ThresholdResult judged(std::string_view text, const ScenarioResult& s = measured()) {
  return judge(threshold(text), s);
}

TEST(Thresholds, ValuesAreInTheUnitOfTheExpression) {
  EXPECT_NEAR(*judged("p(50)<1s").value, 0.48, 0.001);
  EXPECT_NEAR(*judged("p(50)<1ms").value, 480, 1);
  EXPECT_NEAR(*judged("p(80)<1ms").value, 768, 1);
  EXPECT_NEAR(*judged("service max<1us").value, 960'000, 1e-6);
  EXPECT_NEAR(*judged("min<1ns").value, 1e6, 1e-6);
  EXPECT_NEAR(*judged("mean<1ms").value, 480.5, 1e-6);
  EXPECT_EQ(judged("errors rate<1%").value, 10);
  EXPECT_EQ(judged("errors rate<1").value, 0.1);
  EXPECT_EQ(judged("errors count<1").value, 100);
  EXPECT_EQ(judged("dropped rate<1%").value, 20);
  EXPECT_EQ(judged("dropped count<1").value, 250);
  EXPECT_EQ(judged("rps>1").value, 96);
  EXPECT_EQ(judged("ok_rps>1").value, 90);
  const ThresholdResult one = judged("ok_rps>1");
  EXPECT_EQ(one.expression, "ok_rps>1");
  EXPECT_EQ(one.scenario, "hello");
  EXPECT_EQ(one.metric, "ok_rps");
  EXPECT_EQ(judged("p(50)<1s").unit, "s");
}

TEST(Thresholds, EachComparisonFromBothSides) {
  EXPECT_FALSE(judged("rps<96").passed);
  EXPECT_TRUE(judged("rps<96.1").passed);
  EXPECT_TRUE(judged("rps<=96").passed);
  EXPECT_FALSE(judged("rps<=95.9").passed);
  EXPECT_FALSE(judged("rps>96").passed);
  EXPECT_TRUE(judged("rps>95.9").passed);
  EXPECT_TRUE(judged("rps>=96").passed);
  EXPECT_FALSE(judged("rps>=96.1").passed);
  EXPECT_TRUE(judged("errors count==100").passed);
  EXPECT_FALSE(judged("errors count==99").passed);
}

TEST(Thresholds, ChecksAreTakenTogether) {
  ScenarioResult s = measured();
  EXPECT_EQ(judged("checks rate==1", s).value, std::nullopt);
  s.checks = {{"a", 90, 10}, {"b", 100, 0}};
  EXPECT_EQ(judged("checks rate==1", s).value, 0.95);
  EXPECT_EQ(judged("checks rate>=95%", s).value, 95);
  EXPECT_TRUE(judged("checks rate>=95%", s).passed);
  s.checks[0] = {"a", 100, 0};
  EXPECT_TRUE(judged("checks rate==1", s).passed);
}

TEST(Thresholds, WhatWasNotMeasuredIsNotMet) {
  const ScenarioResult nothing;
  for (const auto text : {"p(99)<1s", "ttfb max<1s", "errors rate<1%", "errors count==0", "checks rate==1",
                          "dropped count==0", "rps>=0", "ok_rps<5"}) {
    EXPECT_EQ(judged(text, nothing).value, std::nullopt) << text;
    EXPECT_FALSE(judged(text, nothing).passed) << text;
  }
}

TEST(Thresholds, ThePlansHoldForEveryScenarioByItself) {
  Plan plan;
  plan.thresholds = {threshold("rps>50")};
  plan.scenarios.resize(3);
  plan.scenarios[0].name = "a";
  plan.scenarios[1].name = "b";
  plan.scenarios[1].thresholds = {threshold("p(99)<2s")};
  plan.scenarios[2].name = "never began";
  const auto results = judge_thresholds(plan, {measured("a"), measured("b")});
  ASSERT_EQ(results.size(), 4U);
  EXPECT_EQ(results[0].scenario, "a");
  EXPECT_EQ(results[1].scenario, "b");
  EXPECT_EQ(results[2].expression, "p(99)<2s");
  EXPECT_TRUE(results[2].passed);
  EXPECT_EQ(results[3].scenario, "never began");
  EXPECT_FALSE(results[3].passed);
}

RunResult run_of(ScenarioResult s, std::initializer_list<std::string_view> thresholds = {}) {
  RunResult run;
  for (const auto text : thresholds) run.thresholds.push_back(judged(text, s));
  run.scenarios = {std::move(s)};
  return run;
}

ScenarioResult all_404() {
  ScenarioResult s = measured();
  s.requests.ok = 0;
  s.requests.not_ok = 960;
  s.status = {{404, 860}, {500, 100}};
  return s;
}

TEST(ExitCodeOfThresholds, IsZeroOrNinetyNine) {
  EXPECT_EQ(exit_code(run_of(measured(), {"rps>50"})), 0);
  EXPECT_EQ(exit_code(run_of(measured(), {"rps>50", "rps>100"})), 99);
}

TEST(ExitCodeOfThresholds, AnswersOfWhichNoneWasOkAre99) {
  const RunResult run = run_of(all_404());
  EXPECT_EQ(exit_code(run), 99);
  EXPECT_EQ(
      nothing_ok_line(run),
      "no answer was ok: 404 × 860, 500 × 100; exit 99 (type --expect 404,500 if that is what you want)");
  ScenarioResult one_ok = all_404();
  one_ok.requests.ok = 1;
  EXPECT_EQ(exit_code(run_of(one_ok)), 0);
  EXPECT_EQ(nothing_ok_line(run_of(one_ok)), "");
}

TEST(ExitCodeOfThresholds, AThresholdOnErrorsDecidesInstead) {
  EXPECT_EQ(exit_code(run_of(all_404(), {"errors rate<=100%"})), 0);
  EXPECT_EQ(nothing_ok_line(run_of(all_404(), {"errors rate<=100%"})), "");
  EXPECT_EQ(exit_code(run_of(all_404(), {"errors rate<1%"})), 99);
  EXPECT_EQ(exit_code(run_of(all_404(), {"rps>1"})), 99);
}

TEST(ExitCodeOfThresholds, AnExpectationDecidesInstead) {
  ScenarioResult s = all_404();
  s.checks = {{"status is 404", 960, 0}};
  s.requests.ok = 960;
  EXPECT_EQ(exit_code(run_of(s)), 0);
  s.checks = {{"status is 200", 0, 960}};
  s.requests.ok = 0;
  EXPECT_EQ(exit_code(run_of(s)), 99);
  EXPECT_EQ(nothing_ok_line(run_of(s)), "");
  EXPECT_EQ(exit_code(run_of(s, {"checks rate>=0"})), 0);
  EXPECT_EQ(exit_code(run_of(s, {"checks rate==1"})), 99);
}

TEST(ExitCodeOfThresholds, ComesLast) {
  RunResult run = run_of(all_404(), {"rps>100"});
  run.ledger = {{"a = b", 1, 2}};
  EXPECT_EQ(exit_code(run), 98);
  run.ledger.clear();
  run.verdict = Verdict{false, LimitedBy::generator, {}};
  EXPECT_EQ(exit_code(run, true), 97);
  run.interrupted = true;
  EXPECT_EQ(exit_code(run, true), 105);
  EXPECT_EQ(nothing_ok_line(run), "");
  RunResult nothing = run_of(ScenarioResult{}, {"rps>100"});
  EXPECT_EQ(exit_code(nothing), 2);
}

TEST(CiHint, NamesAThresholdThatThisRunMeets) {
  RunResult run = run_of(measured());
  EXPECT_EQ(ci_hint(run),
            "in CI: --threshold 'p(99)<2s' --threshold 'errors rate<1%' (exit 99 where not met)");
  run.scenarios[0].latency->p99_us = 480;
  EXPECT_EQ(ci_hint(run),
            "in CI: --threshold 'p(99)<1ms' --threshold 'errors rate<1%' (exit 99 where not met)");
  run.scenarios[0].latency->p99_us = 2100;
  EXPECT_EQ(ci_hint(run),
            "in CI: --threshold 'p(99)<5ms' --threshold 'errors rate<1%' (exit 99 where not met)");
}

TEST(CiHint, IsSilentWhereItWouldNotHelp) {
  EXPECT_EQ(ci_hint(run_of(measured(), {"rps>1"})), "");
  EXPECT_EQ(ci_hint(run_of(all_404())), "");
  EXPECT_EQ(ci_hint(RunResult{}), "");
  RunResult interrupted = run_of(measured());
  interrupted.interrupted = true;
  EXPECT_EQ(ci_hint(interrupted), "");
  RunResult gone = run_of(measured());
  gone.scenarios[0].dead.emplace().gone = true;
  EXPECT_EQ(ci_hint(gone), "") << "a run that failed sets no threshold";
}

}  // namespace
}  // namespace saturn
