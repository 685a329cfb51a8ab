#include <gtest/gtest.h>

#include <algorithm>
#include <functional>

#include "core/result/merge.hpp"

namespace saturn {
namespace {

/// Every equation holds, and no two sides are equal by accident.
ScenarioResult balanced() {
  ScenarioResult s;
  s.requests.started = 117;
  s.requests.completed = 100;
  s.requests.failed = 10;
  s.requests.in_flight_at_stop = 7;
  s.requests.ok = 94;
  s.requests.not_ok = 6;
  s.requests.warmup = 20;
  s.requests.measured = 80;
  s.status = {{200, 94}, {500, 6}};
  s.errors[static_cast<std::size_t>(Failure::reset)] = 7;
  s.errors[static_cast<std::size_t>(Failure::malformed)] = 3;
  s.connections.requested = 50;
  s.connections.established = 48;
  s.connections.failed = 2;
  return s;
}

std::vector<std::string> broken(const ScenarioResult& s, std::uint64_t latency_count = 80) {
  std::vector<std::string> names;
  for (const auto& check : check_ledger(s, latency_count))
    if (!check.ok()) names.push_back(check.name);
  return names;
}

TEST(Ledger, HoldsForAScenarioThatBalances) {
  EXPECT_EQ(check_ledger(balanced(), 80).size(), 7U);
  EXPECT_TRUE(broken(balanced()).empty());
}

TEST(Ledger, EachEquationIsBrokenByItsOwnTerms) {
  struct Case {
    std::function<void(ScenarioResult&)> change;
    std::vector<std::string> lines;
  };
  const std::string started = "started = completed + failed + in_flight_at_stop";
  const Case cases[] = {
      {[](auto& s) { ++s.requests.started; }, {started}},
      {[](auto& s) { ++s.requests.in_flight_at_stop; }, {started}},
      {[](auto& s) { ++s.requests.failed; }, {started, "failed = sum of errors"}},
      {[](auto& s) { ++s.errors[0]; }, {"failed = sum of errors"}},
      {[](auto& s) { ++s.requests.warmup; }, {"completed = warmup + measured"}},
      {[](auto& s) { ++s.requests.measured; }, {"completed = warmup + measured", "latency count = measured"}},
      {[](auto& s) { s.status[200] -= 1; }, {"completed = sum of status"}},
      {[](auto& s) { --s.requests.ok; }, {"completed = ok + not_ok"}},
      {[](auto& s) { ++s.requests.not_ok; }, {"completed = ok + not_ok"}},
      {[](auto& s) { ++s.connections.established; }, {"requested connections = established + failed"}},
      {[](auto& s) { ++s.connections.failed; }, {"requested connections = established + failed"}},
  };
  for (const auto& test : cases) {
    ScenarioResult s = balanced();
    test.change(s);
    EXPECT_EQ(broken(s), test.lines);
  }
  EXPECT_EQ(broken(balanced(), 79), std::vector<std::string>{"latency count = measured"});
}

TEST(Ledger, ArrivalsAreAccountedForWhereThereIsASchedule) {
  ScenarioResult s = balanced();
  s.requests.due = 130;
  s.requests.dropped = 10;
  s.requests.backlog_at_stop = 3;
  EXPECT_EQ(check_ledger(s, 80).front().name, "due = started + dropped + backlog_at_stop");
  EXPECT_TRUE(broken(s).empty());
  s.requests.dropped = 9;
  EXPECT_EQ(broken(s), std::vector<std::string>{"due = started + dropped + backlog_at_stop"});
}

RunResult run_of(std::vector<ScenarioResult> scenarios) {
  RunResult run;
  run.scenarios = std::move(scenarios);
  return run;
}

ScenarioResult nothing_completed() {
  ScenarioResult s;
  s.requests.started = s.requests.failed = 5;
  return s;
}

TEST(ExitCode, IsZeroForAnswersThatNoWrittenCheckObjectsTo) {
  EXPECT_EQ(exit_code(run_of({balanced()})), 0);
}

TEST(ExitCode, Is99WhereAWrittenCheckFailed) {
  ScenarioResult s = balanced();
  s.checks = {{"status is 200", 100, 0}, {"json equals request", 99, 1}};
  EXPECT_EQ(exit_code(run_of({s})), 99);
  s.checks[1].failed = 0;
  EXPECT_EQ(exit_code(run_of({s})), 0);
}

TEST(ExitCode, Is2WhereAScenarioHadNotOneAnswer) {
  EXPECT_EQ(exit_code(run_of({nothing_completed()})), 2);
  EXPECT_EQ(exit_code(run_of({balanced(), nothing_completed()})), 2);
  EXPECT_EQ(exit_code(run_of({ScenarioResult{}})), 2);
  EXPECT_EQ(exit_code(run_of({})), 2);
}

TEST(ExitCode, TheGravestReasonWins) {
  ScenarioResult failed_check = balanced();
  failed_check.checks = {{"status is 200", 0, 100}};
  RunResult run = run_of({failed_check, nothing_completed()});
  run.ledger = {{"started = completed", 1, 2}};
  run.interrupted = true;
  EXPECT_EQ(exit_code(run), 105);
  run.interrupted = false;
  EXPECT_EQ(exit_code(run), 2);
  run.scenarios.pop_back();
  EXPECT_EQ(exit_code(run), 98);
  run.ledger.clear();
  EXPECT_EQ(exit_code(run), 99);
}

TEST(ExitCode, Is97WhereTheFiguresAreNotTheTargetsAndOnlyWhenAskedFor) {
  RunResult run = run_of({balanced()});
  EXPECT_EQ(exit_code(run, true), 0);  // not judged
  run.verdict = Verdict{true, LimitedBy::unknown, {}};
  EXPECT_EQ(exit_code(run, true), 0);
  run.verdict->valid = false;
  EXPECT_EQ(exit_code(run, true), 97);
  EXPECT_EQ(exit_code(run), 0);
}

TEST(ExitCode, Is97BeforeAFailedCheckAndAfterUnbalancedAccounts) {
  RunResult run = run_of({balanced()});
  run.scenarios[0].checks = {{"status is 200", 0, 100}};
  run.verdict = Verdict{false, LimitedBy::generator, {}};
  EXPECT_EQ(exit_code(run, true), 97);
  EXPECT_EQ(exit_code(run), 99);
  run.ledger = {{"started = completed", 1, 2}};
  EXPECT_EQ(exit_code(run, true), 98);
}

}  // namespace
}  // namespace saturn
