// -R over real sockets against the reference target: every arrival is accounted for, what was started is what
// the server counted, and how the shards waited is what was asked for.
#include <gtest/gtest.h>

#include "core/result/merge.hpp"
#include "saturn/run.hpp"
#include "target/server.hpp"

namespace saturn {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

target::Server server(const target::Options& options = {}) {
  auto started = target::Server::start(options);
  if (!started) throw std::runtime_error(to_text(started.errors().front()));
  return std::move(started).value();
}

Plan plan_for(const target::Server& server, Rate rate, Nanos duration, std::uint32_t at_start,
              std::optional<std::uint32_t> most) {
  Plan plan;
  plan.base_url = server.url();
  Scenario scenario;
  scenario.executor = Executor::constant_arrival_rate;
  scenario.rate = rate;
  scenario.duration = duration;
  scenario.vus = at_start;
  scenario.max_in_flight = most;
  scenario.flow.emplace_back().path = "/hello";
  plan.scenarios.push_back(scenario);
  return plan;
}

RunResult run_or_throw(const Plan& plan, const RunOptions& options = {}) {
  auto result = run(plan, options);
  if (!result) throw std::runtime_error(to_text(result.errors().front()));
  EXPECT_TRUE(result->balanced());
  return std::move(result).value();
}

TEST(ScheduledRun, EveryArrivalIsSentAndTheServerSawEachOnce) {
  for (const unsigned threads : {1U, 3U}) {
    auto target = server();
    RunOptions options;
    options.threads = threads;
    options.wait = WaitMode::sleep;
    const RunResult result = run_or_throw(plan_for(target, {500, seconds(1)}, seconds(2), 10, {}), options);
    const ScenarioResult& s = result.scenarios[0];
    EXPECT_EQ(s.requests.due, 1000U);
    EXPECT_EQ(s.requests.started, 1000U);
    EXPECT_EQ(s.requests.ok, 1000U);
    EXPECT_EQ(s.requests.dropped, 0U);
    EXPECT_EQ(s.requests.backlog_at_stop, 0U);
    EXPECT_EQ(target.counters().requests, 1000U);
    EXPECT_EQ(s.connections.requested, 10U);
    EXPECT_EQ(s.latency_from, "due");
    EXPECT_EQ(s.generator.wait, "sleep");
    ASSERT_TRUE(s.latency && s.service && s.lag);
    EXPECT_EQ(s.service->count, 1000U);
    // due → sent → done: on average the parts add up (an answer may be stamped a moment before its send was).
    EXPECT_NEAR(s.latency->mean_us, s.service->mean_us + s.lag->mean_us, s.latency->mean_us / 2);
    EXPECT_EQ(s.measured_s, 2.0);
    EXPECT_EQ(exit_code(result), 0);
  }
}

TEST(ScheduledRun, TooFewConnectionsFillTheBacklogAndTheRestIsDropped) {
  target::Options options;
  options.delay = milliseconds(100);
  auto target = server(options);
  Plan plan = plan_for(target, {100, seconds(1)}, seconds(1), 2, 2);
  plan.scenarios[0].backlog = 5;
  const RunResult result = run_or_throw(plan);
  const Counts& c = result.scenarios[0].requests;
  // Each of two connections serves a request every 100 ms and a bit: 20 in a second, or a few less where the
  // machine was busy.
  EXPECT_EQ(c.due, 100U);
  EXPECT_LE(c.started, 20U);
  EXPECT_GE(c.started, 14U);
  EXPECT_EQ(c.backlog_at_stop, 5U);
  EXPECT_EQ(c.dropped, 95U - c.started);
  EXPECT_EQ(target.counters().requests, c.started);
  EXPECT_EQ(target.counters().accepted, 2U + 1U);
  EXPECT_GT(result.scenarios[0].latency->max_us, result.scenarios[0].service->max_us + 100'000);
}

TEST(ScheduledRun, ConnectionsAreAddedWhenTheyAreNeeded) {
  target::Options options;
  options.delay = milliseconds(200);
  auto target = server(options);
  const RunResult result = run_or_throw(plan_for(target, {100, seconds(1)}, seconds(1), 2, {}));
  const ScenarioResult& s = result.scenarios[0];
  EXPECT_EQ(s.requests.ok, 100U);
  EXPECT_EQ(s.connections.requested, 2U);
  EXPECT_GE(s.connections.opened_total, 20U);  // so many are under way at a time
  EXPECT_EQ(target.counters().accepted, s.connections.opened_total + 1U);
  ASSERT_TRUE(s.schedule);
  EXPECT_EQ(s.schedule->rate, 100.0);
  EXPECT_LE(s.schedule->max_in_flight, 10'000U);
}

TEST(ScheduledRun, ATargetThatDiesFailsWhatIsDueAndTheAccountsBalance) {
  auto target = server();
  struct Killer : Observer {
    target::Server* target = nullptr;
    bool killed = false;
    void progress(const Progress& now) override {
      if (!killed && now.phase == Phase::measure && now.completed > 50) {
        target->stop();
        killed = true;
      }
    }
  } killer;
  killer.target = &target;
  RunOptions options;
  options.observer = &killer;
  const RunResult result = run_or_throw(plan_for(target, {500, seconds(1)}, seconds(1), 10, 10), options);
  const Counts& c = result.scenarios[0].requests;
  EXPECT_EQ(c.due, 500U);
  EXPECT_GT(c.ok, 50U);
  EXPECT_GT(c.failed, 0U);
  EXPECT_GT(*c.backlog_at_stop, 0U) << "ten slots that pause serve no 500 a second";
}

class ScheduledRunWaiting : public testing::TestWithParam<WaitMode> {};

TEST_P(ScheduledRunWaiting, AsAsked) {
  auto target = server();
  RunOptions options;
  options.wait = GetParam();
  const RunResult result =
      run_or_throw(plan_for(target, {200, seconds(1)}, milliseconds(500), 4, 4), options);
  EXPECT_EQ(result.scenarios[0].generator.wait, to_name(GetParam()));
  EXPECT_EQ(result.generator.wait, to_name(GetParam()));
  EXPECT_EQ(result.scenarios[0].requests.ok, 100U);
  EXPECT_EQ(target.counters().requests, 100U);
}

INSTANTIATE_TEST_SUITE_P(Modes, ScheduledRunWaiting,
                         testing::Values(WaitMode::sleep, WaitMode::hybrid, WaitMode::spin),
                         [](const auto& tested) { return std::string(to_name(tested.param)); });

TEST(ScheduledRun, NeverLooksWithoutSleepingWhereTheTargetMayRunToo) {
  auto target = server();  // its threads are this process's: nobody is found, and they may run anywhere
  const RunResult shared = run_or_throw(plan_for(target, {100, seconds(1)}, milliseconds(200), 4, 4));
  EXPECT_EQ(shared.scenarios[0].generator.wait, "sleep");
  EXPECT_EQ(shared.scenarios[0].requests.ok, 20U);
}

}  // namespace
}  // namespace saturn
