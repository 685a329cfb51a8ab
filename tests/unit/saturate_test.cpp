#include "saturate.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "core/plan/threshold.hpp"
#include "core/result/saturation.hpp"
#include "core/result/thresholds.hpp"

namespace saturn::cli {
namespace {

/// A target that answers in 20 ms up to its capacity and queues beyond it, and a generator of threads that do
/// so much each.
struct Simulated {
  double capacity = 400, a_thread = 1e9;
  unsigned cores = 8;
  bool target_here = false;
  std::vector<Plan> asked{};
  std::vector<std::optional<unsigned>> threads{};
  std::size_t fails_after = 1000, stopped_after = 1000;
  int status = 200;

  Result<RunResult> run(const Plan& plan, std::optional<unsigned> wanted) {
    if (asked.size() >= fails_after) return Error{"127.0.0.1:1", "refused", "", ErrorKind::unreachable};
    asked.push_back(plan);
    threads.push_back(wanted);
    const Scenario& scenario = plan.scenarios.front();
    const unsigned shards = wanted.value_or(1);
    const double rate = scenario.rate ? scenario.rate->per_second() : 50;
    const double possible = std::min(capacity, a_thread * shards);
    const double seconds = to_seconds(*scenario.duration);
    ScenarioResult s;
    s.name = scenario.name;
    s.measured_s = seconds;
    s.rps = s.ok_rps = std::min(rate, possible);
    s.requests.due = s.requests.started = s.requests.completed = static_cast<std::uint64_t>(rate * seconds);
    s.requests.dropped = s.requests.backlog_at_stop = 0;
    (status == 200 ? s.requests.ok : s.requests.not_ok) = s.requests.completed;
    s.status = {{status, s.requests.completed}};
    const double queue_s = std::max(0.0, rate - possible) * seconds / possible;
    s.latency.emplace().p50_us = 20'000 + queue_s * 0.5e6;
    s.latency->p99_us = 20'000 + queue_s * 1e6;
    s.service = s.latency;
    s.generator.shards = shards;
    const bool own = rate > a_thread * shards && a_thread * shards < capacity;
    s.verdict = own ? Verdict{false, LimitedBy::generator, {"busy 98 %"}, {"generator_busy"}}
                    : Verdict{true, LimitedBy::load, {"reached"}, {"load_reached"}};
    if (own) s.service->p99_us = 20'000;  // the queue is saturn's, not the target's
    RunResult result;
    result.scenarios = {s};
    result.host.cpus_allowed = cores;
    result.target_here = target_here;
    result.seed = 7;
    result.interrupted = asked.size() > stopped_after;
    result.thresholds = judge_thresholds(plan, result.scenarios);
    return result;
  }

  Result<SaturationResult> saturate(const SaturateOptions& options, const SaturateObserver& observer = {}) {
    return cli::saturate(
        options, [this](const Plan& plan, std::optional<unsigned> wanted) { return run(plan, wanted); },
        observer);
  }
};

SaturateOptions usual() {
  SaturateOptions options;
  options.plan.base_url = "http://h";
  options.plan.scenarios.resize(1);
  options.plan.scenarios[0].flow.resize(1);
  return options;
}

TEST(Saturate, FindsTheCapacityAndWhoseLimitItIs) {
  Simulated world;
  const auto found = world.saturate(usual());
  ASSERT_TRUE(found);
  EXPECT_NEAR(*found->max_rate, 400, 8);
  EXPECT_LE(*found->max_rate, 400);
  EXPECT_TRUE(found->confirmed);
  EXPECT_EQ(found->limited_by, LimitedBy::target);
  EXPECT_EQ(exit_code(*found), 0);
  EXPECT_EQ(found->slos, (std::vector<std::string>{"p(99)<200ms", "errors rate<0.1%"}));
  EXPECT_EQ(found->default_slos, found->slos);
  EXPECT_EQ(found->one_at_a_time->rps, 50);
  EXPECT_LE(found->points.size(), 16U);
}

TEST(Saturate, EachTryIsAScheduleAfterATimeToSettle) {
  Simulated world;
  SaturateOptions options = usual();
  options.step = std::chrono::seconds(2);
  options.plan.scenarios[0].iterations = 5;
  (void)world.saturate(options);
  const Scenario& alone = world.asked[0].scenarios[0];
  EXPECT_EQ(alone.executor, Executor::constant_vus);
  EXPECT_EQ(alone.vus, 1U);
  EXPECT_EQ(alone.iterations, std::nullopt);
  const Scenario& first = world.asked[1].scenarios[0];
  EXPECT_EQ(first.executor, Executor::constant_arrival_rate);
  EXPECT_EQ(first.rate->per_second(), 50);
  EXPECT_EQ(first.duration, Nanos(std::chrono::seconds(2)));
  EXPECT_EQ(first.warmup, Nanos(std::chrono::seconds(1)));
  EXPECT_EQ(first.max_in_flight, 30U);  // 2 × 50/s × 200 ms, and some
  EXPECT_EQ(first.vus, 10U);            // 2 × 50/s × 20 ms, and some
  EXPECT_EQ(world.asked[1].thresholds.size(), 2U);
}

TEST(Saturate, TakesMoreThreadsBeforeItCallsALimitItsOwn) {
  Simulated world{.capacity = 400, .a_thread = 120};
  const auto found = world.saturate(usual());
  ASSERT_TRUE(found);
  EXPECT_NEAR(*found->max_rate, 400, 8);
  EXPECT_EQ(found->limited_by, LimitedBy::target);
  EXPECT_EQ(found->points.back().shards, 4U);
}

TEST(Saturate, IsAtItsOwnLimitWhenThereAreNoMoreCores) {
  Simulated world{.capacity = 1e6, .a_thread = 120, .cores = 4, .target_here = true};
  const auto found = world.saturate(usual());
  ASSERT_TRUE(found);
  EXPECT_NEAR(*found->max_rate, 360, 8);
  EXPECT_EQ(found->points.back().shards, 3U);
  EXPECT_EQ(found->limited_by, LimitedBy::generator);
  EXPECT_EQ(exit_code(*found), 97);
}

TEST(Saturate, ThreadsThatWereAskedForStay) {
  Simulated world{.capacity = 1e6, .a_thread = 120};
  SaturateOptions options = usual();
  options.threads = 2;
  const auto found = world.saturate(options);
  EXPECT_NEAR(*found->max_rate, 240, 8);
  EXPECT_EQ(exit_code(*found), 97);
  for (std::size_t i = 1; i < world.threads.size(); ++i) EXPECT_EQ(world.threads[i], 2U);
}

TEST(Saturate, WithAnSloAndAStartNothingIsMeasuredBefore) {
  Simulated world;
  SaturateOptions options = usual();
  options.slos = {*parse_threshold("p(99)<50ms", "")};
  options.start = 100;
  options.connections = 12;
  const auto found = world.saturate(options);
  EXPECT_EQ(world.asked[0].scenarios[0].rate->per_second(), 100);
  EXPECT_EQ(world.asked[0].scenarios[0].vus, 12U);
  EXPECT_EQ(world.asked[0].scenarios[0].max_in_flight, 12U);
  EXPECT_EQ(found->one_at_a_time, std::nullopt);
  EXPECT_EQ(found->slos, (std::vector<std::string>{"p(99)<50ms", "errors rate<0.1%"}));
  EXPECT_EQ(found->default_slos, std::vector<std::string>{"errors rate<0.1%"});
  EXPECT_NEAR(*found->max_rate, 400, 8);
}

TEST(Saturate, AnSloThatNoRateMeetsIs99) {
  Simulated world;
  SaturateOptions options = usual();
  options.slos = {*parse_threshold("p(99)<5ms", "")};
  const auto found = world.saturate(options);
  EXPECT_EQ(found->max_rate, std::nullopt);
  EXPECT_EQ(found->points.back().rate, 1.6667);
  EXPECT_EQ(exit_code(*found), 99);
}

TEST(Saturate, AnswersThatAreNotOkAreNoMeasure) {
  Simulated world{.status = 404};
  const auto found = world.saturate(usual());
  ASSERT_TRUE(found);
  EXPECT_TRUE(found->points.empty());
  EXPECT_EQ(found->reason, "not one answer was ok, with one request at a time: 404 × 100");
  EXPECT_EQ(exit_code(*found), 99);
}

TEST(Saturate, ATargetThatIsNotThereIsAnErrorAndOneThatLeavesANote) {
  Simulated nobody{.fails_after = 0};
  EXPECT_FALSE(nobody.saturate(usual()));
  Simulated leaves{.fails_after = 4};
  const auto found = leaves.saturate(usual());
  ASSERT_TRUE(found);
  EXPECT_EQ(found->points.size(), 3U);
  EXPECT_EQ(found->notes.size(), 1U);
  EXPECT_EQ(found->max_rate, 200);
  EXPECT_EQ(exit_code(*found), 2);
}

TEST(Saturate, AnInterruptKeepsWhatThereIs) {
  Simulated world{.stopped_after = 4};
  const auto found = world.saturate(usual());
  ASSERT_TRUE(found);
  EXPECT_TRUE(found->interrupted);
  EXPECT_EQ(found->points.size(), 3U);
  EXPECT_EQ(found->max_rate, 200);
  EXPECT_FALSE(found->confirmed);
  EXPECT_EQ(exit_code(*found), 105);
}

TEST(Saturate, EveryTryIsTold) {
  Simulated world;
  std::size_t ready = 0, tried = 0;
  SaturateObserver observer;
  observer.ready = [&](const SaturationResult& result) { ready += result.slos.size(); };
  observer.tried = [&](const SaturationPoint&) { ++tried; };
  const auto found = world.saturate(usual(), observer);
  EXPECT_EQ(ready, 2U);
  EXPECT_EQ(tried, found->points.size());
}

TEST(Saturate, TheHighestRateAskedForEndsIt) {
  Simulated world;
  SaturateOptions options = usual();
  options.most = 300;
  const auto found = world.saturate(options);
  EXPECT_EQ(found->max_rate, 300);
  EXPECT_EQ(found->limited_by, LimitedBy::load);
  EXPECT_EQ(exit_code(*found), 0);
}

TEST(Saturate, TakesAboutAMinute) {
  EXPECT_LT(estimate_of(usual()), std::chrono::seconds(90));
  EXPECT_GT(estimate_of(usual()), std::chrono::seconds(50));
}

}  // namespace
}  // namespace saturn::cli
