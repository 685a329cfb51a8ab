// Whole runs over real sockets against the reference target: what saturn counts must be what the server
// counted.
#include "saturn/run.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "core/result/merge.hpp"
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

Plan plan_for(const target::Server& server, std::string path, std::uint32_t vus,
              std::optional<std::uint64_t> iterations, std::optional<Nanos> duration = {}) {
  Plan plan;
  plan.base_url = server.url();
  Scenario scenario;
  scenario.vus = vus;
  scenario.iterations = iterations;
  scenario.duration = duration;
  Step step;
  step.name = "step";
  step.path = std::move(path);
  scenario.flow.push_back(step);
  plan.scenarios.push_back(scenario);
  return plan;
}

RunResult run_or_throw(const Plan& plan, const RunOptions& options = {}) {
  auto result = run(plan, options);
  if (!result) throw std::runtime_error(to_text(result.errors().front()));
  return std::move(result).value();
}

std::uint64_t errors_of(const ScenarioResult& scenario, Failure kind) {
  return scenario.errors[static_cast<std::size_t>(kind)];
}

TEST(Run, CountsEqualTheServersOwn) {
  for (const std::uint64_t shards : {1U, 3U}) {
    auto target = server();
    RunOptions options;
    options.threads = static_cast<unsigned>(shards);
    const RunResult result = run_or_throw(plan_for(target, "/hello", 20, 5000), options);
    const auto truth = target.counters();
    EXPECT_EQ(truth.requests, 5000U);
    EXPECT_EQ(result.scenarios[0].requests.ok, 5000U);
    EXPECT_EQ(result.scenarios[0].bytes_received, truth.bytes_sent);
    EXPECT_EQ(result.scenarios[0].bytes_sent, truth.bytes_received);
    EXPECT_EQ(truth.accepted, 20U + 1U);  // and the look whether anybody listens
    EXPECT_EQ(result.scenarios[0].shards.size(), shards);
    EXPECT_TRUE(result.balanced());
    EXPECT_EQ(exit_code(result), 0);
  }
}

TEST(Run, ATimedRunMeasuresItsTime) {
  auto target = server();
  const RunResult result = run_or_throw(plan_for(target, "/hello", 10, {}, milliseconds(500)));
  EXPECT_EQ(result.scenarios[0].measured_s, 0.5);
  EXPECT_EQ(target.counters().requests, result.scenarios[0].requests.started);
  EXPECT_EQ(result.scenarios[0].requests.in_flight_at_stop, 0U);
  EXPECT_TRUE(result.balanced());
}

TEST(Run, PipeliningLosesNothing) {
  auto target = server();
  Plan plan = plan_for(target, "/hello", 4, 10'000);
  plan.scenarios[0].pipeline = 16;
  const RunResult result = run_or_throw(plan);
  EXPECT_EQ(result.scenarios[0].requests.ok, 10'000U);
  EXPECT_EQ(target.counters().requests, 10'000U);
}

TEST(Run, ANewConnectionForEveryRequest) {
  auto target = server();
  Plan plan = plan_for(target, "/hello", 4, 300);
  plan.scenarios[0].requests_per_connection = 1;
  const RunResult result = run_or_throw(plan);
  EXPECT_EQ(result.scenarios[0].requests.ok, 300U);
  EXPECT_EQ(target.counters().accepted, 301U);
  EXPECT_EQ(result.scenarios[0].connections.opened_total, 300U);
}

TEST(Run, BodiesOfEveryFramingArriveWhole) {
  auto target = server();
  for (const char* path : {"/_fault/bytes/1000000", "/_fault/chunked/100000",
                           "/_fault/close-delimited/100000", "/_fault/status/204"}) {
    const RunResult result = run_or_throw(plan_for(target, path, 3, 30));
    EXPECT_EQ(result.scenarios[0].requests.ok, 30U) << path;
    EXPECT_TRUE(result.balanced()) << path;
  }
  EXPECT_EQ(target.counters().requests, 120U);
}

struct Fault {
  const char* path;
  Failure kind;
};
class RunAgainst : public ::testing::TestWithParam<Fault> {};

TEST_P(RunAgainst, EachFaultIsAFailureOfItsKind) {
  auto target = server();
  Plan plan = plan_for(target, GetParam().path, 3, 12);
  plan.scenarios[0].timeout = milliseconds(150);
  plan.scenarios[0].max_head_bytes = 4096;
  const RunResult result = run_or_throw(plan);
  EXPECT_EQ(result.scenarios[0].requests.failed, 12U);
  EXPECT_EQ(errors_of(result.scenarios[0], GetParam().kind), 12U);
  EXPECT_TRUE(result.balanced());
  EXPECT_EQ(exit_code(result), 2);
}

INSTANTIATE_TEST_SUITE_P(Faults, RunAgainst,
                         ::testing::Values(Fault{"/_fault/garbage", Failure::malformed},
                                           Fault{"/_fault/reset", Failure::reset},
                                           Fault{"/_fault/half", Failure::closed_early},
                                           Fault{"/_fault/early", Failure::closed_early},
                                           Fault{"/_fault/silence", Failure::response_timeout},
                                           Fault{"/_fault/endless-head", Failure::too_large}),
                         [](const auto& tested) {
                           std::string name(tested.param.path + 8);
                           for (char& c : name) c = c == '-' ? '_' : c;
                           return name;
                         });

TEST(Run, ConnectionsThatDieInAGapAreOpenedAnewByTheNextScenario) {
  target::Options options;
  options.idle_timeout = milliseconds(100);
  auto target = server(options);
  Plan plan = plan_for(target, "/hello", 5, 50);
  plan.gap = milliseconds(300);
  plan.scenarios.push_back(plan.scenarios[0]);
  plan.scenarios[1].name = "second";
  const RunResult result = run_or_throw(plan);
  EXPECT_EQ(result.scenarios[1].requests.ok, 50U);
  EXPECT_EQ(result.scenarios[1].connections.established, 5U);
  EXPECT_EQ(result.scenarios[1].requests.failed, 0U);
}

TEST(Run, WarmupIsCountedApart) {
  auto target = server();
  Plan plan = plan_for(target, "/hello", 2, 100);
  plan.scenarios[0].warmup = milliseconds(100);
  const RunResult result = run_or_throw(plan);
  EXPECT_EQ(result.scenarios[0].requests.measured, 100U);
  EXPECT_GT(result.scenarios[0].requests.warmup, 0U);
  EXPECT_EQ(target.counters().requests, 100U + result.scenarios[0].requests.warmup);
}

TEST(Run, AStopReturnsWhatWasMeasured) {
  auto target = server();
  std::atomic<bool> stop{false};
  struct StopAtOnce : Observer {
    std::atomic<bool>* stop = nullptr;
    void progress(const Progress& now) override {
      if (now.phase == Phase::measure && now.completed > 0) stop->store(true);
    }
  } observer;
  observer.stop = &stop;
  RunOptions options;
  options.stop = &stop;
  options.observer = &observer;
  const RunResult result = run_or_throw(plan_for(target, "/hello", 5, {}, seconds(60)), options);
  EXPECT_TRUE(result.interrupted);
  EXPECT_LT(result.elapsed_s, 30.0);
  EXPECT_GT(result.scenarios[0].requests.ok, 0U);
  EXPECT_TRUE(result.balanced());
  EXPECT_EQ(exit_code(result), 105);
}

TEST(Run, ObserversSeeTheEdgesOfEachScenarioInOrder) {
  auto target = server();
  struct Edges : Observer {
    std::string seen;
    void measuring_starts(std::size_t scenario) override { seen += "<" + std::to_string(scenario); }
    void measuring_ended(std::size_t scenario) override { seen += std::to_string(scenario) + ">"; }
  } edges;
  Plan plan = plan_for(target, "/hello", 2, 10);
  plan.scenarios.push_back(plan.scenarios[0]);
  plan.scenarios[1].name = "second";
  RunOptions options;
  options.observer = &edges;
  run_or_throw(plan, options);
  EXPECT_EQ(edges.seen, "<00><11>");
}

TEST(Run, NobodyListeningIsSaidBeforeAnythingIsSent) {
  std::uint16_t port = 0;
  {
    auto target = server();
    port = target.port();
  }
  Plan plan;
  plan.base_url = "http://127.0.0.1:" + std::to_string(port);
  plan.scenarios.emplace_back();
  plan.scenarios[0].duration = seconds(1);
  plan.scenarios[0].flow.emplace_back();
  plan.scenarios[0].flow[0].name = "x";
  const auto result = run(plan, {});
  ASSERT_FALSE(result);
  EXPECT_EQ(result.errors()[0].kind, ErrorKind::unreachable);
  EXPECT_NE(result.errors()[0].message.find("refused"), std::string::npos);
}

TEST(Run, AnUnknownNameIsSaidToBeOne) {
  Plan plan;
  plan.base_url = "http://no-such-host.invalid";
  plan.scenarios.emplace_back();
  plan.scenarios[0].duration = seconds(1);
  plan.scenarios[0].flow.emplace_back();
  plan.scenarios[0].flow[0].name = "x";
  const auto result = run(plan, {});
  ASSERT_FALSE(result);
  EXPECT_EQ(result.errors()[0].kind, ErrorKind::unreachable);
  EXPECT_EQ(result.errors()[0].place, "no-such-host.invalid");
}

TEST(Run, TooManyConnectionsForTheDescriptorLimitSaysHowManyItCanHave) {
  auto target = server();
  const auto result = run(plan_for(target, "/hello", 900'000, {}, seconds(1)), {});
  ASSERT_FALSE(result);
  EXPECT_EQ(result.errors()[0].kind, ErrorKind::setup);
  EXPECT_NE(result.errors()[0].remedy.find("at most"), std::string::npos);
}

TEST(Run, ASilentCloseCostsNoPost) {
  auto target = server();
  Plan plan = plan_for(target, "/_fault/drop-after/10", 4, 200);
  plan.scenarios[0].flow[0].method = "POST";
  const RunResult result = run_or_throw(plan);
  EXPECT_EQ(result.scenarios[0].requests.ok + result.scenarios[0].requests.failed, 200U);
  // Only a request that the kernel had taken can be lost with the connection; none was answered twice.
  EXPECT_EQ(result.scenarios[0].requests.ok, target.counters().responses);
  EXPECT_TRUE(result.balanced());
}

TEST(Run, BodiesThatNoMachineHoldsAreRefusedBeforeAnythingIsSent) {
  auto target = server();
  Plan plan = plan_for(target, "/echo", 10'000, 10'000);
  plan.scenarios[0].flow[0].method = "POST";
  plan.scenarios[0].flow[0].body_kind = BodyKind::text;
  plan.scenarios[0].flow[0].body = std::string(8 << 20, 'x') + "{{seq}}";
  const auto result = run(plan, {});
  ASSERT_FALSE(result);
  EXPECT_EQ(result.errors()[0].kind, ErrorKind::setup);
  EXPECT_NE(result.errors()[0].message.find("MB"), std::string::npos);
  EXPECT_EQ(target.counters().requests, 0U);
}

TEST(Run, AServerThatDiesInTheMiddleLeavesABalancedResult) {
  auto target = server();
  struct Killer : Observer {
    target::Server* target = nullptr;
    bool killed = false;
    void progress(const Progress& now) override {
      if (!killed && now.phase == Phase::measure && now.completed > 0) {
        target->stop();
        killed = true;
      }
    }
  } killer;
  killer.target = &target;
  RunOptions options;
  options.observer = &killer;
  const RunResult result = run_or_throw(plan_for(target, "/hello", 4, {}, seconds(1)), options);
  EXPECT_GT(result.scenarios[0].requests.ok, 0U);
  EXPECT_GT(errors_of(result.scenarios[0], Failure::connect_refused), 0U);
  EXPECT_LT(result.scenarios[0].requests.failed, 60U);  // a dead server is not hammered
  EXPECT_TRUE(result.balanced());
  EXPECT_EQ(exit_code(result), 0);
}

}  // namespace
}  // namespace saturn
