// How the rules' findings become a verdict, of a scenario and of a run; and that docs/verdict.md has the same
// table.
#include "core/result/verdict.hpp"

#include <gtest/gtest.h>

#include <fstream>

#include "unit/verdict_cases.hpp"

namespace saturn {
namespace {

using test::healthy;
using test::host;
using test::latency_of;

Verdict verdict_of(const ScenarioResult& s) {
  const HostFacts machine = host();
  return judge(VerdictCase{s, machine, true});
}

TEST(Verdict, OfAClosedLoopIsTheTargetWhereTheGeneratorWasIdle) {
  const Verdict verdict = verdict_of(healthy());
  EXPECT_TRUE(verdict.valid);
  EXPECT_EQ(verdict.limited_by, LimitedBy::target);
  EXPECT_EQ(verdict.reasons.size(), 1U);
}

TEST(Verdict, OfAnOpenLoopThatWasSentIsTheLoad) {
  const Verdict verdict = verdict_of(test::open_loop());
  EXPECT_TRUE(verdict.valid);
  EXPECT_EQ(verdict.limited_by, LimitedBy::load);
}

TEST(Verdict, OfARateThatASaturatedGeneratorCannotSendIsTheGenerators) {
  const Verdict verdict = verdict_of(test::unreachable_rate());
  EXPECT_FALSE(verdict.valid);
  EXPECT_EQ(verdict.limited_by, LimitedBy::generator);
  EXPECT_EQ(verdict.reasons.at(0),
            "the generator was busy 100 % of its core, so rate and latency are its own: type -t 2");
}

TEST(Verdict, OfARateThatASlowTargetDoesNotTakeIsNotTheBusyGenerators) {
  ScenarioResult s = test::unreachable_rate();
  s.vus = 10'000;
  s.rps = 10'000;
  s.service = latency_of(1'000'000, 1'100'000);
  EXPECT_EQ(verdict_of(s).limited_by, LimitedBy::target);
  EXPECT_TRUE(verdict_of(s).valid);
  s.vus = 1'000;  // chosen by the user
  s.rps = 1'000;
  const Verdict verdict = verdict_of(s);
  EXPECT_FALSE(verdict.valid);
  EXPECT_NE(verdict.reasons.at(0).find("at most 1,000 may be"), std::string::npos);
}

TEST(Verdict, TheFirstThatDecidesDecidesAndItsReasonIsReadFirst) {
  ScenarioResult s = test::without_stamps();
  s.connections.established = 49;  // a remark
  s.shards[0].busy = 0.95;         // the generator
  s.shards[0].run_queue_wait_s = 2;
  s.target = test::target_with({9.5});  // the target, too late
  const Verdict verdict = verdict_of(s);
  EXPECT_FALSE(verdict.valid);
  EXPECT_EQ(verdict.limited_by, LimitedBy::generator);
  ASSERT_EQ(verdict.reasons.size(), 4U);
  EXPECT_EQ(verdict.reasons[0].find("the generator was busy 95 %"), 0U);
  EXPECT_EQ(verdict.reasons[1].find("only 49 of 50 connections"), 0U);
  EXPECT_EQ(verdict.reasons[2].find("saturn waited 20 %"), 0U);
  EXPECT_EQ(verdict.reasons[3].find("the target's process 810"), 0U);
}

TEST(Verdict, WhatWasTooShortIsNotJudgedFurther) {
  ScenarioResult s = test::without_stamps();
  s.shards[0].busy = 1;
  s.measured_s = 0.05;
  const Verdict verdict = verdict_of(s);
  EXPECT_TRUE(verdict.valid);
  EXPECT_EQ(verdict.limited_by, LimitedBy::unknown);
  EXPECT_EQ(verdict.reasons.size(), 1U);
}

TEST(Verdict, GivesTheRemedyOfTheLimitThatWasFoundAndNoOther) {
  // -R 1000000 -c 64: busy, and more in flight would be needed, which a busy generator could not use.
  ScenarioResult s = test::unreachable_rate();
  s.service = latency_of(400, 900);
  const Verdict verdict = verdict_of(s);
  EXPECT_EQ(verdict.rules, (std::vector<std::string>{"generator_busy", "generator_slow", "in_flight"}));
  EXPECT_EQ(verdict.remedy, "type -t 2");
  EXPECT_NE(verdict.reasons.at(0).find(": type -t 2"), std::string::npos);
  EXPECT_EQ(verdict.reasons.at(1).find("type"), std::string::npos);
  EXPECT_EQ(verdict.reasons.at(2).find("type"), std::string::npos);
}

TEST(Verdict, ThatSharingAMachineSpoiledIsAWarningInOneLine) {
  ScenarioResult s = test::without_stamps();
  s.shards[0].busy = 1;
  HostFacts machine = host();
  machine.cpus_online = machine.cpus_allowed = 2;
  Verdict verdict = judge(VerdictCase{s, machine, true});
  EXPECT_FALSE(verdict.valid);
  EXPECT_TRUE(verdict.shared_machine);
  EXPECT_EQ(verdict.severity, Severity::warning);
  EXPECT_EQ(verdict.summary,
            "saturn and the target share 2 cores: compare such runs with each other, do not quote them; why: "
            "--explain");
  machine.cpus_online = machine.cpus_allowed = 8;  // a flag helps
  verdict = judge(VerdictCase{s, machine, true});
  EXPECT_FALSE(verdict.shared_machine);
  EXPECT_EQ(verdict.severity, Severity::warning);
  EXPECT_EQ(verdict.summary, "not the target's figures: limited by saturn itself: " + verdict.reasons.at(0));
}

TEST(Verdict, HasASeverity) {
  EXPECT_EQ(verdict_of(healthy()).severity, Severity::ok);
  EXPECT_EQ(verdict_of(test::open_loop()).severity, Severity::ok);
  ScenarioResult brief = healthy();
  brief.measured_s = 0.05;
  EXPECT_EQ(verdict_of(brief).severity, Severity::warning);
  ScenarioResult failing = healthy();
  failing.requests.failed = failing.errors[static_cast<std::size_t>(Failure::reset)] = 200;
  EXPECT_EQ(verdict_of(failing).severity, Severity::failure);
  EXPECT_EQ(verdict_of(failing).limited_by, LimitedBy::target);
  EXPECT_EQ(verdict_of(failing).rules.at(0), "target_waited_for");
}

TEST(Verdict, NamesWhatElseTheMachineDidWhereRequestsWereSentLate) {
  // -R 50 on a loaded machine: a lag of 0.7 ms beside a latency of 0.77 ms.
  ScenarioResult s = test::open_loop();
  s.latency = latency_of(300, 770);
  s.lag = latency_of(90, 700);
  s.host_load = HostLoad{1.4, 0.7, 4.8};
  HostFacts machine = host();
  machine.cpus_online = machine.cpus_allowed = 2;
  Verdict verdict = judge(VerdictCase{s, machine, true});
  EXPECT_FALSE(verdict.valid);
  EXPECT_FALSE(verdict.shared_machine);
  EXPECT_EQ(
      verdict.reasons.at(0),
      "requests were sent late: lag p99 was 700 µs of a latency p99 of 770 µs; the machine was busy with "
      "other things (load 4.8, 1.40 of 2 cores): stop what else runs, or use another machine");
  EXPECT_EQ(verdict.rules, std::vector<std::string>{"generator_late"});  // said once
  s.host_load->other_share = 0.0999;
  verdict = judge(VerdictCase{s, machine, true});
  EXPECT_TRUE(verdict.shared_machine);
  EXPECT_EQ(verdict.rules.size(), 1U);
}

TEST(Verdict, AlwaysGivesAReason) {
  for (const ScenarioResult& s : {ScenarioResult{}, healthy(), test::without_stamps(), test::open_loop()})
    EXPECT_FALSE(verdict_of(s).reasons.empty());
}

RunResult run_of(std::vector<ScenarioResult> scenarios) {
  RunResult run;
  run.host = host();
  run.scenarios = std::move(scenarios);
  judge(run);
  return run;
}

TEST(Verdict, OfARunIsTheWorstOfItsScenariosWithTheFirstReasonOfEach) {
  ScenarioResult fine = healthy(), reached = test::open_loop(), starved = test::without_stamps();
  fine.name = "fine";
  reached.name = "reached";
  starved.name = "starved";
  starved.shards[0].busy = 1;
  const RunResult run = run_of({reached, fine, starved});
  EXPECT_TRUE(run.scenarios[0].verdict->valid);
  EXPECT_EQ(run.scenarios[1].verdict->limited_by, LimitedBy::target);
  ASSERT_TRUE(run.verdict);
  EXPECT_FALSE(run.verdict->valid);
  EXPECT_EQ(run.verdict->limited_by, LimitedBy::generator);
  ASSERT_EQ(run.verdict->reasons.size(), 3U);
  EXPECT_EQ(run.verdict->reasons[0].find("starved: the generator was busy"), 0U);
  EXPECT_EQ(run.verdict->reasons[1].find("fine: "), 0U);
  EXPECT_EQ(run.verdict->reasons[2].find("reached: "), 0U);
  EXPECT_EQ(run.verdict->summary.find("starved: not the target's figures"), 0U);
  EXPECT_EQ(run.verdict->severity, Severity::warning);
  EXPECT_EQ(run_of({reached, fine}).verdict->limited_by, LimitedBy::target);
}

TEST(Verdict, OfARunWithoutAScenarioIsNull) {
  EXPECT_FALSE(run_of({}).verdict);
}

TEST(Verdict, IsGivenAnewWhenTheTargetsCostIsKnown) {
  RunResult run = run_of({test::open_loop()});
  EXPECT_EQ(run.verdict->limited_by, LimitedBy::load);
  run.scenarios[0].target = test::target_with({9.5});
  judge(run);
  EXPECT_EQ(run.verdict->limited_by, LimitedBy::target);
  EXPECT_EQ(run.verdict->reasons.size(), 1U);
}

TEST(Verdict, ATargetOnThisMachineIsToBeMovedWhateverItsAddress) {
  ScenarioResult busy = test::without_stamps();
  busy.shards[0].busy = 1;
  RunResult run = run_of({busy});
  run.host.cpus_online = run.host.cpus_allowed = 1;
  run.address = "192.0.2.1:8000";
  judge(run);
  EXPECT_NE(run.verdict->reasons.at(0).find("on a machine with more cores"), std::string::npos);
  run.target_here = true;  // its processes need not be known
  judge(run);
  EXPECT_NE(run.verdict->reasons.at(0).find("run the target on another machine"), std::string::npos);
}

/// Rows "| `name` | …" under the heading of the verdict's table.
std::vector<std::string> documented_rules() {
  std::ifstream in(SATURN_SOURCE_DIR "/docs/verdict.md");
  std::vector<std::string> names;
  bool inside = false;
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with("## ")) inside = line == "## The rules";
    if (inside && line.starts_with("| `")) names.push_back(line.substr(3, line.find('`', 3) - 3));
  }
  return names;
}

TEST(Verdict, TheDocumentHasTheSameRulesInTheSameOrder) {
  std::vector<std::string> names;
  for (const VerdictRule& rule : verdict_rules()) names.emplace_back(rule.name);
  EXPECT_EQ(documented_rules(), names);
}

}  // namespace
}  // namespace saturn
