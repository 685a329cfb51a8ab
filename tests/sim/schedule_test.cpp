// An open loop in virtual time: requests are due at their times whatever the server does, and each of them is
// started, dropped or left over, to the last one.
#include <gtest/gtest.h>

#include <map>

#include "core/plan/rate.hpp"
#include "sim/sim_run.hpp"

namespace saturn {
namespace {

using namespace test;  // NOLINT(google-build-using-namespace)
using std::chrono::microseconds;
using std::chrono::milliseconds;
using std::chrono::seconds;

/// `at_start` connections before the start, at most `most`.
Plan schedule_of(Rate rate, Nanos duration, std::uint32_t at_start, std::uint32_t most) {
  Plan plan = plan_of(at_start, duration, {});
  plan.scenarios[0].executor = Executor::constant_arrival_rate;
  plan.scenarios[0].rate = rate;
  plan.scenarios[0].max_in_flight = most;
  return plan;
}

SimOptions server(std::function<SimAnswer(const SimRequest&)> answers) {
  SimOptions options;
  options.server = std::move(answers);
  return options;
}
SimOptions answers_after(Nanos service) {
  return server([service](const SimRequest&) { return answer(response(), service); });
}

void expect_schedule_balanced(const ScenarioTally& tally) {
  expect_balanced(tally);
  EXPECT_EQ(tally.due, tally.started + tally.dropped + tally.backlog_at_stop);
}

Histogram latency_of(const ScenarioTally& tally) {
  Histogram all = tally.steps[0].latency_ok;
  all.merge(tally.steps[0].latency_not_ok);
  return all;
}

TEST(Schedule, EveryArrivalIsStartedWhenItIsDue) {
  const auto run =
      run_sim(schedule_of({500, seconds(1)}, seconds(2), 10, 10), answers_after(milliseconds(3)));
  EXPECT_EQ(run.tally.due, 1000U);
  EXPECT_EQ(run.tally.started, 1000U);
  EXPECT_EQ(run.tally.measured_ok, 1000U);
  EXPECT_EQ(run.requests_seen, 1000U);
  EXPECT_EQ(run.tally.dropped, 0U);
  EXPECT_EQ(run.tally.backlog_at_stop, 0U);
  EXPECT_FALSE(run.tally.ended_by_count);
  // A simulated send takes 100 ns, its stamp lies in the middle; then 3 ms of service and 5 us of wire.
  EXPECT_EQ(run.tally.lag.max(), 50U);
  EXPECT_EQ(run.tally.service.max(), 3'005'050U);
  EXPECT_EQ(latency_of(run.tally).min(), 3'005'100U);
  EXPECT_EQ(latency_of(run.tally).max(), 3'005'100U);
  expect_schedule_balanced(run.tally);
}

TEST(Schedule, AllShardsTogetherHaveEachArrivalOnce) {
  Plan plan = schedule_of({500, seconds(1)}, seconds(2), 10, 10);
  plan.scenarios[0].flow[0].path = "/items/{{seq}}";
  std::map<std::string, int> seen;
  std::vector<std::uint64_t> due;
  for (std::uint32_t shard = 0; shard < 3; ++shard) {
    const auto run = run_sim(plan, server([&](const SimRequest& request) {
                               ++seen[std::string(request.bytes.substr(0, request.bytes.find(" HTTP")))];
                               return answer(response());
                             }),
                             shard, 3);
    due.push_back(run.tally.due);
  }
  EXPECT_EQ(due, (std::vector<std::uint64_t>{334, 333, 333}));
  EXPECT_EQ(seen.size(), 1000U);
  EXPECT_EQ(seen.count("GET /items/1") + seen.count("GET /items/1000"), 2U);
}

TEST(Schedule, ATargetThatIsTooSlowFillsTheBacklogAndTheRestIsDropped) {
  Plan plan = schedule_of({100, seconds(1)}, seconds(1), 2, 2);
  plan.scenarios[0].backlog = 5;
  const auto run = run_sim(plan, answers_after(milliseconds(100)));
  EXPECT_EQ(run.tally.due, 100U);
  EXPECT_EQ(run.tally.started, 20U);  // two connections, one request each 100 ms
  EXPECT_EQ(run.tally.backlog_at_stop, 5U);
  EXPECT_EQ(run.tally.dropped, 75U);
  EXPECT_EQ(run.requests_seen, 20U);
  EXPECT_LT(run.tally.service.max(), 100'100'000U);
  EXPECT_GT(latency_of(run.tally).max(), 250'000'000U) << "the wait in the backlog counts";
  EXPECT_LT(run.tally.lag.max(), 1'000U) << "but it is not the generator's fault";
  expect_schedule_balanced(run.tally);
}

TEST(Schedule, WithoutABacklogWhatFindsNoFreeConnectionIsDropped) {
  Plan plan = schedule_of({100, seconds(1)}, seconds(1), 2, 2);
  plan.scenarios[0].backlog = 0;
  const auto run = run_sim(plan, answers_after(milliseconds(95)));
  EXPECT_EQ(run.tally.started, 20U);
  EXPECT_EQ(run.tally.dropped, 80U);
  EXPECT_LT(latency_of(run.tally).max(), 95'100'000U);
  expect_schedule_balanced(run.tally);
}

TEST(Schedule, AStallShowsInTheLatencyOfAllThatWereDueMeanwhileAndInTheServiceTimeOfOne) {
  // One connection. The answer to one request takes 500 ms; 50 more are due before it comes.
  const auto run =
      run_sim(schedule_of({100, seconds(1)}, seconds(2), 1, 1), server([](const SimRequest& request) {
                return answer(response(), request.number == 50 ? milliseconds(500) : milliseconds(1));
              }));
  EXPECT_EQ(run.tally.ok, 200U);
  EXPECT_GE(run.tally.service.max(), 500'000'000U);
  EXPECT_LT(run.tally.service.value_at_percentile(99), 1'100'000U);
  EXPECT_GT(latency_of(run.tally).value_at_percentile(75), 8'000'000U);
  EXPECT_GE(latency_of(run.tally).max(), 500'000'000U);
  EXPECT_EQ(run.tally.lag.max(), 2'800U) << "the 56 requests in a row, 50 ns each: no more than saturn's own";
  expect_schedule_balanced(run.tally);
}

TEST(Schedule, ConnectionsAreOpenedForArrivalsThatFindNoneFree) {
  // 95 ms of service and an arrival each 10 ms: ten requests are under way at a time.
  const auto run =
      run_sim(schedule_of({100, seconds(1)}, seconds(1), 1, 50), answers_after(milliseconds(95)));
  EXPECT_EQ(run.tally.ok, 100U);
  EXPECT_EQ(run.connections_accepted, 10U);
  EXPECT_EQ(run.tally.connections_requested, 1U);
  EXPECT_EQ(run.tally.established, 1U);
  EXPECT_EQ(run.tally.opened_total, 10U);
  EXPECT_EQ(run.tally.reconnects, 0U);
  EXPECT_LT(latency_of(run.tally).max(), 95'100'000U);
  expect_schedule_balanced(run.tally);
}

TEST(Schedule, ConnectionsTakeTurns) {
  std::map<SlotId, int> by_slot;
  run_sim(schedule_of({100, seconds(1)}, seconds(1), 4, 4), server([&](const SimRequest& request) {
            ++by_slot[request.slot];
            return answer(response());
          }));
  EXPECT_EQ(by_slot, (std::map<SlotId, int>{{0, 25}, {1, 25}, {2, 25}, {3, 25}}));
}

TEST(Schedule, ARefusedConnectFailsTheArrivalThatWaitedForIt) {
  SimOptions options = answers_after(milliseconds(1));
  options.refuse = [](std::uint64_t, Nanos) { return true; };
  const auto run = run_sim(schedule_of({100, seconds(1)}, seconds(1), 2, 1000), options);
  EXPECT_EQ(run.tally.connections_failed, 2U);
  EXPECT_EQ(run.tally.started, 100U);
  EXPECT_EQ(errors_of(run.tally, Failure::connect_refused), 100U);
  expect_schedule_balanced(run.tally);
}

TEST(Schedule, RefusalsAtSetUpAreCountedWhereNoArrivalWaitedForThem) {
  SimOptions options = answers_after(milliseconds(1));
  options.refuse = [](std::uint64_t number, Nanos) { return number > 2; };
  const auto run = run_sim(schedule_of({100, seconds(1)}, seconds(1), 10, 10), options);
  EXPECT_EQ(run.tally.ok, 100U);
  EXPECT_EQ(run.tally.connections_failed, 8U);
  EXPECT_EQ(run.tally.connections_refused, 8U);
  EXPECT_EQ(run.tally.connections_timed_out, 0U);
  EXPECT_EQ(errors_of(run.tally, Failure::connect_refused), 0U);
  expect_schedule_balanced(run.tally);
}

TEST(Schedule, SlotsThatWereRefusedPauseAndArrivalsWaitForThem) {
  SimOptions options = answers_after(milliseconds(1));
  options.refuse = [](std::uint64_t, Nanos) { return true; };
  const auto run = run_sim(schedule_of({100, seconds(1)}, seconds(1), 2, 2), options);
  // Both slots try again after 100, 200, 400 ms; the next pause, 800 ms, outlasts the run.
  EXPECT_EQ(errors_of(run.tally, Failure::connect_refused), 6U);
  EXPECT_EQ(run.tally.started, 6U);
  EXPECT_EQ(run.tally.backlog_at_stop, 94U);
  expect_schedule_balanced(run.tally);
}

TEST(Schedule, ASilentTargetTimesOutAndArrivalsWaitForTheirTurn) {
  Plan plan = schedule_of({10, seconds(1)}, seconds(2), 1, 1);
  plan.scenarios[0].timeout = milliseconds(300);
  plan.scenarios[0].backlog = 100;
  const auto run = run_sim(plan, server([](const SimRequest&) { return SimAnswer{}; }));
  EXPECT_EQ(run.tally.due, 20U);
  EXPECT_EQ(errors_of(run.tally, Failure::response_timeout), run.tally.started - run.tally.in_flight_at_stop);
  EXPECT_EQ(run.tally.started, 7U);  // one each 300 ms: at 0, 0.3, … 1.8 s
  EXPECT_EQ(run.tally.backlog_at_stop, 13U);
  expect_schedule_balanced(run.tally);
}

TEST(Schedule, AnIdleCloseBetweenTwoArrivalsCostsAConnectAndNothingElse) {
  SimOptions options = answers_after(milliseconds(1));
  options.idle_close = milliseconds(3);
  Plan plan = schedule_of({100, seconds(1)}, seconds(1), 1, 1);
  plan.scenarios[0].flow[0].method = "POST";
  const auto run = run_sim(plan, options);
  EXPECT_EQ(run.tally.ok, 100U);
  EXPECT_EQ(run.requests_seen, 100U);
  EXPECT_EQ(run.tally.failed, 0U);
  EXPECT_EQ(run.connections_accepted, run.tally.opened_total);
  EXPECT_GE(run.tally.reconnects, 99U);
  expect_schedule_balanced(run.tally);
}

TEST(Schedule, AConnectionForEachRequest) {
  Plan plan = schedule_of({100, seconds(1)}, seconds(1), 5, 20);
  plan.scenarios[0].requests_per_connection = 1;
  const auto run = run_sim(plan, answers_after(milliseconds(1)));
  EXPECT_EQ(run.tally.ok, 100U);
  EXPECT_EQ(run.tally.opened_total, 100U);
  EXPECT_EQ(run.tally.reconnects, 0U);
  expect_schedule_balanced(run.tally);
}

TEST(Schedule, WhatWasDueInTheWarmupBelongsToItWhereverItStarts) {
  // One connection, 30 ms a request, 50 due a second: the warm-up leaves a backlog behind.
  Plan plan = schedule_of({50, seconds(1)}, seconds(1), 1, 1);
  plan.scenarios[0].warmup = seconds(1);
  const auto run = run_sim(plan, answers_after(milliseconds(30)));
  EXPECT_EQ(run.tally.due, 100U);
  EXPECT_EQ(run.tally.warmup, 50U);
  EXPECT_EQ(run.tally.started, 67U);  // one each 30 ms in two seconds
  EXPECT_EQ(run.tally.measured, 17U);
  EXPECT_EQ(run.tally.backlog_at_stop, 33U);
  EXPECT_EQ(run.tally.lag.count(), 17U);
  expect_schedule_balanced(run.tally);
}

TEST(Schedule, ACountIsBegunExactlyAndEndsTheRun) {
  Plan plan = schedule_of({100, seconds(1)}, seconds(60), 4, 4);
  plan.scenarios[0].iterations = 50;
  const auto run = run_sim(plan, answers_after(milliseconds(1)));
  EXPECT_EQ(run.tally.due, 50U);
  EXPECT_EQ(run.tally.ok, 50U);
  EXPECT_TRUE(run.tally.ended_by_count);
  EXPECT_LT(run.took, milliseconds(510));
  expect_schedule_balanced(run.tally);
}

TEST(Schedule, WhatIsDroppedIsNotPartOfTheCount) {
  Plan plan = schedule_of({100, seconds(1)}, seconds(60), 1, 1);
  plan.scenarios[0].iterations = 10;
  plan.scenarios[0].backlog = 0;
  const auto run = run_sim(plan, answers_after(milliseconds(45)));
  EXPECT_EQ(run.tally.started, 10U);
  EXPECT_EQ(run.tally.dropped, 36U);  // four of five while an answer is awaited, nine times
  EXPECT_TRUE(run.tally.ended_by_count);
  expect_schedule_balanced(run.tally);
}

TEST(Schedule, AnArrivalIsOnePassThroughTheFlow) {
  Plan plan = schedule_of({50, seconds(1)}, seconds(1), 4, 4);
  Step second = plan.scenarios[0].flow[0];
  second.name = "second";
  second.path = "/second";
  plan.scenarios[0].flow.push_back(second);
  const auto run = run_sim(plan, answers_after(milliseconds(5)));
  EXPECT_EQ(run.tally.steps[0].completed, 50U);
  EXPECT_EQ(run.tally.steps[1].completed, 50U);
  EXPECT_EQ(run.tally.iterations_started, 50U);
  EXPECT_EQ(run.tally.iterations_completed, 50U);
  EXPECT_EQ(run.tally.due, 100U);  // a second step is due when the first has ended
  EXPECT_EQ(run.tally.started, 100U);
  expect_schedule_balanced(run.tally);
}

TEST(Schedule, WhatWasStartedInTimeIsWaitedFor) {
  const auto run =
      run_sim(schedule_of({10, seconds(1)}, seconds(1), 10, 10), answers_after(milliseconds(700)));
  EXPECT_EQ(run.tally.started, 10U);
  EXPECT_EQ(run.tally.measured, 10U);
  EXPECT_EQ(run.tally.in_flight_at_stop, 0U);
  expect_schedule_balanced(run.tally);
}

TEST(Schedule, TheLedgerBalancesForEverySeedWhateverGoesWrong) {
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    SCOPED_TRACE(seed);
    const Rate rate{200 + seed * 37, seconds(1)};
    const auto at_start = 1 + static_cast<std::uint32_t>(seed % 9);
    Plan plan = schedule_of(rate, milliseconds(300), at_start, seed % 3 == 0 ? at_start : 40);
    Scenario& scenario = plan.scenarios[0];
    scenario.timeout = milliseconds(20);
    scenario.graceful_stop = milliseconds(seed % 4 == 0 ? 1 : 100);
    scenario.warmup = milliseconds(seed % 2 * 50);
    if (seed % 5 != 0) scenario.backlog = seed % 50;
    if (seed % 7 == 0) scenario.requests_per_connection = 1 + seed % 4;
    if (seed % 4 == 1) scenario.flow[0].method = "POST";
    if (seed % 4 == 2) scenario.flow[0].path = "/items/{{random_int(1, 1500)}}";
    SimOptions options;
    options.seed = seed;
    options.faults = {2, 3, 15, 15, 5};
    options.idle_close = milliseconds(2);
    if (seed % 6 == 0) options.held_up = microseconds(300);
    Prng random(seed + 1000);
    options.server = [&random](const SimRequest& request) {
      SimAnswer made = answer(response(std::string(static_cast<std::size_t>(random.between(0, 5000)), 'b')),
                              Nanos(random.between(1000, 3'000'000)));
      made.close = random.one_in(7);
      if (request.number % 97 == 0) made.bytes = "garbage";
      if (request.number % 61 == 0) made.bytes.clear();
      return made;
    };
    const auto run = run_sim(plan, options);
    expect_schedule_balanced(run.tally);
    EXPECT_EQ(run.tally.due,
              arrivals_within(rate, scenario.warmup) + arrivals_within(rate, milliseconds(300)));
    EXPECT_EQ(run.buffers_out, 0U);
    EXPECT_LE(run.requests_seen, run.tally.started + run.tally.retried);
    EXPECT_GE(run.requests_seen, run.tally.completed);
  }
}

TEST(Schedule, AStopLeavesNothingUncounted) {
  Plan plan = schedule_of({1000, seconds(1)}, seconds(60), 2, 2);
  const auto program = compile(plan, 1);
  ASSERT_TRUE(program);
  const auto share = split(*program, 1)[0];
  std::atomic<bool> stop{false};
  SimTransport network(2, server([&](const SimRequest& request) {
                         if (request.number == 20) stop = true;
                         return answer(response(), milliseconds(10));
                       }));
  Shard<SimTransport, SimTransport> work(network, network, *program, share);
  Gate gate;
  gate.start_at.store((network.now() + milliseconds(10)).count());
  Live live;
  const auto tally = work.run(0, gate, live, stop).tally;
  EXPECT_EQ(tally.started, 20U);
  EXPECT_GT(tally.backlog_at_stop, 60U);
  expect_schedule_balanced(tally);
}

}  // namespace
}  // namespace saturn
