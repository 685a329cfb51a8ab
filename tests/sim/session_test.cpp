// What a session asks for and how it judges and counts the answers, in virtual time.
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "sim/sim_run.hpp"

namespace saturn {
namespace {

using namespace test;  // NOLINT(google-build-using-namespace)
using std::chrono::microseconds;
using std::chrono::milliseconds;
using std::chrono::seconds;

SimOptions server(std::function<SimAnswer(const SimRequest&)> answers) {
  SimOptions options;
  options.server = std::move(answers);
  return options;
}

TEST(Session, CountLimitedRunStartsExactlyThatManyExchanges) {
  const auto run =
      run_sim(plan_of(7, {}, 1000), server([](const SimRequest&) { return answer(response()); }));
  EXPECT_EQ(run.tally.started, 1000U);
  EXPECT_EQ(run.tally.ok, 1000U);
  EXPECT_EQ(run.requests_seen, 1000U);
  EXPECT_EQ(run.connections_accepted, 7U);
  EXPECT_EQ(run.tally.reconnects, 0U);
  EXPECT_EQ(run.buffers_out, 0U);
  EXPECT_TRUE(run.tally.ended_by_count);
  expect_balanced(run.tally);
}

TEST(Session, LatencyIsFromTheSendToTheKernelArrivalOfTheLastByte) {
  const auto run = run_sim(plan_of(1, {}, 10),
                           server([](const SimRequest&) { return answer(response(), milliseconds(3)); }));
  // 3 ms of service, 5 us of wire, and half of the 100 ns that the simulated send takes.
  EXPECT_EQ(run.tally.steps[0].latency_ok.min(), 3'005'050U);
  EXPECT_EQ(run.tally.steps[0].latency_ok.max(), 3'005'050U);
}

TEST(Session, ATimeLimitedRunCountsArrivalsInTheWindowAndDrainsTheRest) {
  // 10 VUs, an answer each 100 ms: the tenth of each VU is under way when the second ends.
  const auto run = run_sim(plan_of(10, seconds(1), {}),
                           server([](const SimRequest&) { return answer(response(), milliseconds(100)); }));
  EXPECT_EQ(run.tally.started, 100U);
  EXPECT_EQ(run.tally.measured, 100U);
  EXPECT_EQ(run.tally.in_window, 90U);
  EXPECT_EQ(run.tally.in_flight_at_stop, 0U);
  EXPECT_FALSE(run.tally.ended_by_count);
  expect_balanced(run.tally);
}

TEST(Session, WhatOutlivesTheGracefulStopIsInFlight) {
  Plan plan = plan_of(4, seconds(1), {});
  plan.scenarios[0].graceful_stop = milliseconds(500);
  const auto run = run_sim(plan, server([](const SimRequest&) { return answer(response(), seconds(20)); }));
  EXPECT_EQ(run.tally.started, 4U);
  EXPECT_EQ(run.tally.in_flight_at_stop, 4U);
  EXPECT_EQ(run.tally.failed, 0U);
  expect_balanced(run.tally);
}

TEST(Session, WarmupIsOutsideTheCountAndTheDistributions) {
  Plan plan = plan_of(2, {}, 50);
  plan.scenarios[0].warmup = seconds(1);
  const auto run =
      run_sim(plan, server([](const SimRequest&) { return answer(response(), milliseconds(10)); }));
  EXPECT_EQ(run.tally.measured, 50U);
  EXPECT_GT(run.tally.warmup, 190U);
  EXPECT_EQ(run.tally.started, run.tally.warmup + 50U);
  expect_balanced(run.tally);
}

TEST(Session, AnIdleVuTakesWorkFromASlowOne) {
  Plan plan = plan_of(10, {}, 1000);
  plan.scenarios[0].executor = Executor::shared_iterations;
  std::uint64_t slow = 0;
  const auto run =
      run_sim(plan, server([&](const SimRequest& request) {
                slow += request.slot == 0 ? 1 : 0;
                return answer(response(), request.slot == 0 ? milliseconds(50) : milliseconds(1));
              }));
  EXPECT_EQ(run.tally.ok, 1000U);
  EXPECT_EQ(slow, 3U);  // the other nine took the rest
  EXPECT_GT(run.tally.first_idle_at.count(), 0);
}

TEST(Session, PerVuIterationsGivesEachVuItsOwn) {
  Plan plan = plan_of(5, {}, 20);
  plan.scenarios[0].executor = Executor::per_vu_iterations;
  std::map<SlotId, int> by_slot;
  const auto run =
      run_sim(plan, server([&](const SimRequest& request) {
                ++by_slot[request.slot];
                return answer(response(), request.slot == 0 ? milliseconds(50) : milliseconds(1));
              }));
  EXPECT_EQ(run.tally.ok, 100U);
  for (const auto& [slot, count] : by_slot) EXPECT_EQ(count, 20) << slot;
}

TEST(Session, PipeliningKeepsThatManyUnansweredAndAnswersInOrder) {
  Plan plan = plan_of(2, {}, 1000);
  plan.scenarios[0].pipeline = 8;
  std::map<std::uint64_t, std::set<Nanos>> arrivals;  // of the first eight requests, by connection
  const auto run = run_sim(plan, server([&](const SimRequest& request) {
                             if (request.on_connection <= 8) arrivals[request.connection].insert(request.at);
                             return answer(response());
                           }));
  EXPECT_EQ(run.tally.ok, 1000U);
  EXPECT_EQ(run.requests_seen, 1000U);
  EXPECT_EQ(arrivals.size(), 2U);
  for (const auto& [connection, times] : arrivals) EXPECT_EQ(times.size(), 1U) << connection;  // in one send
  expect_balanced(run.tally);
}

TEST(Session, ARedirectIsOkByDefaultAndNotWhereTheScenarioExpects200) {
  const auto redirect = [](const SimRequest&) { return answer(response("", "Location: /x\r\n", 301)); };
  EXPECT_EQ(run_sim(plan_of(1, {}, 5), server(redirect)).tally.ok, 5U);
  Plan plan = plan_of(1, {}, 5);
  plan.scenarios[0].flow[0].expect.statuses = {200};
  const auto run = run_sim(plan, server(redirect));
  EXPECT_EQ(run.tally.not_ok, 5U);
  EXPECT_EQ(run.tally.checks[0][0].failed, 5U);
  EXPECT_EQ(run.tally.steps[0].latency_not_ok.count(), 5U);
  expect_balanced(run.tally);
}

TEST(Session, SequenceNumbersOfAFixedTotalAreEachSentOnceOverAllShards) {
  Plan plan = plan_of(7, {}, 500);
  plan.scenarios[0].flow[0].path = "/items/{{seq}}";
  std::multiset<int> seen;
  for (std::uint32_t shard = 0; shard < 3; ++shard) {
    run_sim(plan, server([&](const SimRequest& request) {
              seen.insert(std::stoi(std::string(request.bytes.substr(request.bytes.find("/items/") + 7))));
              return answer(response());
            }),
            shard, 3);
  }
  ASSERT_EQ(seen.size(), 500U);
  int expected = 1;
  for (const int seq : seen) EXPECT_EQ(seq, expected++);
}

TEST(Session, TheAnswersJsonIsComparedWithTheRequests) {
  Plan plan = plan_of(2, {}, 40);
  Step& step = plan.scenarios[0].flow[0];
  step.method = "POST";
  step.body_kind = BodyKind::json;
  step.body = R"({"n": "{{seq}}", "s": "x"})";
  step.expect.statuses = {200};
  step.expect.json_equals_request = true;
  const auto run =
      run_sim(plan, server([](const SimRequest& request) {
                const std::string n(request.bytes.substr(request.bytes.find("\"n\":") + 4));
                const bool wrong = request.number % 4 == 0;
                return answer(response("{ \"s\": \"x\", \"n\": " + n.substr(0, n.find_first_of(",}")) +
                                       (wrong ? "1" : ".0") + " }"));
              }));
  EXPECT_EQ(run.tally.ok, 30U);
  EXPECT_EQ(run.tally.not_ok, 10U);
  EXPECT_EQ(run.tally.checks[0][0].passed, 40U);
  EXPECT_EQ(run.tally.checks[0][1].failed, 10U);
  expect_balanced(run.tally);
}

TEST(Session, AFlowTakesItsStepsInOrder) {
  Plan plan = plan_of(2, {}, 20);
  Step second = plan.scenarios[0].flow[0];
  second.name = "second";
  second.path = "/second";
  plan.scenarios[0].flow.push_back(second);
  std::map<SlotId, std::string> paths;
  const auto run = run_sim(plan, server([&](const SimRequest& request) {
                             paths[request.slot] += request.bytes[5];
                             return answer(response());
                           }));
  EXPECT_EQ(run.tally.ok, 40U);
  EXPECT_EQ(run.tally.steps[0].completed, 20U);
  EXPECT_EQ(run.tally.steps[1].completed, 20U);
  for (const auto& [slot, path] : paths)
    for (std::size_t i = 0; i < path.size(); ++i) EXPECT_EQ(path[i], i % 2 == 0 ? 'h' : 's');
}

}  // namespace
}  // namespace saturn
