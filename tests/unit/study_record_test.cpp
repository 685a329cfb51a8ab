#include "study/record.hpp"

#include <gtest/gtest.h>

#include "core/json/value.hpp"
#include "core/result/report.hpp"
#include "golden/sample_results.hpp"

namespace saturn::study {
namespace {

StudyPlan study_of_hello_and_create() {
  StudyPlan study;
  study.plan.scenarios.resize(2);
  study.plan.scenarios[0].name = "hello";
  study.plan.scenarios[0].duration = std::chrono::seconds(10);
  study.plan.scenarios[1].name = "create";
  study.plan.scenarios[1].iterations = 1000;
  study.metrics = {{"hello", Metric::rps}, {"create", Metric::mean_latency}};
  study.targets.resize(1);
  study.targets[0].name = "t";
  study.targets[0].published = {{"hello", 4783}};
  return study;
}

StudyResult empty_result() {
  const StudyPlan study = study_of_hello_and_create();
  StudyResult result;
  result.targets = empty_targets(study, Profile{}, {&study.targets[0]});
  return result;
}

RunOutcome good_outcome() {
  RunOutcome outcome;
  outcome.measured = sample_run({sample_scenario("hello", 47'830), sample_scenario("create", 1000)});
  ScenarioWatch watch;
  watch.target.busiest_worker_share = 0.6;
  watch.target_cpu_cores = 1.5;
  watch.foreign_cpu_cores = 0.01;
  outcome.watches = {{0, watch}, {1, watch}};
  return outcome;
}

const StudySample& only_sample(const StudyResult& result, std::size_t cell) {
  return result.targets.at(0).cells.at(cell).samples.at(0);
}

TEST(StudyRecord, TakesEachScenariosMetric) {
  StudyResult result = empty_result();
  record(result, good_outcome(), "t", 1, "runs/t-1.json");
  EXPECT_DOUBLE_EQ(only_sample(result, 0).value.value(), 4780);  // (47,830 - 30) in 10 s
  EXPECT_DOUBLE_EQ(only_sample(result, 1).value.value(), 10.45);
  EXPECT_DOUBLE_EQ(only_sample(result, 0).rps.value(), 4780);  // both metrics of every scenario
  EXPECT_DOUBLE_EQ(only_sample(result, 0).mean_ms.value(), 10.45);
  EXPECT_GT(only_sample(result, 1).rps.value(), 0);
  EXPECT_TRUE(only_sample(result, 0).marks.empty());
  EXPECT_TRUE(only_sample(result, 0).counted);
  EXPECT_EQ(result.targets[0].cells[0].published, 4783);
  EXPECT_EQ(result.runs.at(0).ok, true);
  EXPECT_FALSE(result.host_json.empty());
}

TEST(StudyRecord, ValuesAreOfOkResponsesAndMarkedWhereSomeWereNot) {
  StudyResult result = empty_result();
  RunOutcome outcome = good_outcome();
  ScenarioResult& create = outcome.measured->scenarios[1];
  create.requests.ok = 990;
  create.requests.not_ok = 7;
  create.requests.failed = 3;
  create.latency_ok = create.latency;
  create.latency_ok->mean_us = 20'000;
  outcome.measured->scenarios[0].requests.not_ok = 1;
  outcome.measured->scenarios[0].ok_rps = 4000;
  record(result, outcome, "t", 1, "f");
  EXPECT_DOUBLE_EQ(only_sample(result, 0).value.value(), 4000);
  EXPECT_DOUBLE_EQ(only_sample(result, 1).value.value(), 20);
  EXPECT_EQ(only_sample(result, 1).marks, std::vector<std::string>{"failures"});
  EXPECT_EQ(only_sample(result, 1).failed, 3U);
  EXPECT_EQ(only_sample(result, 1).not_ok, 7U);
}

TEST(StudyRecord, SaysWhoseLimitItWas) {
  StudyResult result = empty_result();
  RunOutcome outcome = good_outcome();
  outcome.measured->scenarios[0].verdict = Verdict{};
  outcome.measured->scenarios[0].verdict->limited_by = LimitedBy::target;
  outcome.measured->scenarios[1].verdict.reset();
  record(result, outcome, "t", 1, "f");
  EXPECT_EQ(only_sample(result, 0).limited_by, "target");
  EXPECT_EQ(only_sample(result, 1).limited_by, "");
}

TEST(StudyRecord, TheMachinesLineTellsCoresFromThreads) {
  const auto line = [](unsigned allowed, std::optional<unsigned> cores, unsigned threads) {
    StudyResult result = empty_result();
    RunOutcome outcome = good_outcome();
    HostFacts& host = outcome.measured->host;
    host.cpus_online = 12;
    host.cpus_allowed = allowed;
    host.physical_cores = cores;
    host.threads_per_core = threads;
    record(result, outcome, "t", 1, "f");
    return result.machine;
  };
  EXPECT_NE(line(12, 6, 2).find(" · 12 CPUs (6 physical cores × 2 threads) · "), std::string::npos);
  EXPECT_NE(line(12, 1, 1).find(" · 12 CPUs (1 physical core × 1 thread) · "), std::string::npos);
  EXPECT_NE(line(12, {}, 1).find(" · 12 CPUs · "), std::string::npos);
  EXPECT_NE(line(4, 2, 2).find(" · 12 CPUs · "), std::string::npos) << "of the others nothing is known";
}

TEST(StudyRecord, MarksOneWorkerForeignLoadAndChangedWorkers) {
  StudyResult result = empty_result();
  RunOutcome outcome = good_outcome();
  outcome.measured->host.cpus_online = 4;
  outcome.watches[0].target.busiest_worker_share = 0.91;
  outcome.watches[0].foreign_cpu_cores = 0.41;
  outcome.watches[0].workers_changed = true;
  outcome.watches[1].target.busiest_worker_share = 0.9;
  outcome.watches[1].foreign_cpu_cores = 0.4;
  record(result, outcome, "t", 1, "f");
  EXPECT_EQ(only_sample(result, 0).marks,
            (std::vector<std::string>{"one-worker", "foreign-load", "workers-changed"}));
  EXPECT_TRUE(only_sample(result, 1).marks.empty());
}

TEST(StudyRecord, AFailedRunKeepsItsSamplesButDoesNotCountThem) {
  StudyResult result = empty_result();
  RunOutcome outcome = good_outcome();
  outcome.reason = "create: read back …";
  outcome.unverified = {{"create", "read back …"}};
  record(result, outcome, "t", 2, "f");
  EXPECT_FALSE(only_sample(result, 0).counted);
  EXPECT_EQ(only_sample(result, 1).marks, std::vector<std::string>{"not-verified"});
  EXPECT_FALSE(result.runs.at(0).ok);
}

TEST(StudyRecord, AnInterruptedRunCountsWhatItFinished) {
  StudyResult result = empty_result();
  RunOutcome outcome = good_outcome();
  outcome.interrupted = outcome.measured->interrupted = true;
  outcome.reason = "interrupted";
  ScenarioResult& create = outcome.measured->scenarios[1];
  create.requests.started = 700;
  create.requests.completed = create.requests.ok = 690;
  create.requests.in_flight_at_stop = 10;
  record(result, outcome, "t", 1, "f");
  EXPECT_TRUE(only_sample(result, 0).counted);
  EXPECT_TRUE(result.targets[0].cells[1].samples.empty());
}

TEST(StudyRecord, AnInterruptionBetweenScenariosCutsNone) {
  StudyResult result = empty_result();
  RunOutcome outcome = good_outcome();
  outcome.interrupted = outcome.measured->interrupted = true;
  outcome.measured->scenarios.pop_back();
  record(result, outcome, "t", 1, "f");
  EXPECT_EQ(result.targets[0].cells[0].samples.size(), 1U);
}

TEST(StudyRecord, ARunThatNeverMeasuredLeavesItsReason) {
  StudyResult result = empty_result();
  RunOutcome outcome;
  outcome.reason = "t: ended before it was ready: exit code 3";
  record(result, outcome, "t", 1, "");
  EXPECT_EQ(result.runs.at(0).reason, outcome.reason);
  EXPECT_TRUE(result.targets[0].cells[0].samples.empty());
}

TEST(StudyRecord, TheRunsFileIsAResultWithTheWarmupBesideIt) {
  RunOutcome outcome = good_outcome();
  outcome.warmup = sample_run({sample_scenario("warm", 100)});
  const std::string text = run_file(outcome, "python-web", "quick", "t", 3);
  const auto read = from_json(text);
  ASSERT_TRUE(read) << to_text(read.errors().front());
  EXPECT_EQ(read->scenarios.size(), 2U);
  const auto document = json::parse(text);
  ASSERT_TRUE(document);
  EXPECT_EQ(*document->find("study")->find("target")->as_string(), "t");
  EXPECT_EQ(document->find("study")->find("repeat")->as_uint64(), 3U);
  EXPECT_EQ(*document->find("warmup")->find("schema")->as_string(), "saturn.result/1");
  EXPECT_EQ(document->find("study")->find("around")->find("hello")->find("target_cpu_cores")->as_double(),
            1.5);
}

}  // namespace
}  // namespace saturn::study
