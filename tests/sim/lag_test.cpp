// Whose lateness is it? A generator that did not run for a while stays late until it has caught up; a target
// that did not is in service, and what waits for its connections meanwhile is nobody's lag.
#include <gtest/gtest.h>

#include <cmath>

#include "sim_run.hpp"

namespace saturn::test {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr Nanos kStart = seconds(1) + milliseconds(10);  ///< of the measured time
constexpr Nanos kService = milliseconds(1);
constexpr double kAnswer_ns = 1'005'050;  ///< service, the wire, and half of the 100 ns that a send takes

Plan at_rate(std::uint64_t per_second, std::uint32_t at_start, std::uint32_t most) {
  Plan plan = plan_of(at_start, seconds(1), {});
  plan.scenarios[0].executor = Executor::constant_arrival_rate;
  plan.scenarios[0].rate = Rate{per_second, seconds(1)};
  plan.scenarios[0].max_in_flight = most;
  return plan;
}

SimOptions answering() {
  SimOptions options;
  options.server = [](const SimRequest&) { return answer(response(), kService); };
  return options;
}
/// saturn does not run from 300 ms to 450 ms.
SimOptions stopped_generator() {
  SimOptions options = answering();
  options.stopped_at = kStart + milliseconds(300);
  options.stopped_for = milliseconds(150);
  return options;
}
/// The target does not.
SimOptions stopped_target() {
  SimOptions options;
  options.server = [](const SimRequest& request) {
    const Nanos from = kStart + milliseconds(300), to = kStart + milliseconds(450);
    return answer(response(), request.at >= from && request.at < to ? to - request.at + kService : kService);
  };
  return options;
}

Histogram latency_of(const ScenarioTally& tally) {
  Histogram all;
  for (const StepTally& step : tally.steps) all.merge(step.latency_ok);
  return all;
}

std::uint64_t above(const Histogram& of, Nanos limit) {
  std::uint64_t count = 0;
  for (std::uint64_t rank = of.count();
       rank > 0 && of.value_at_rank(rank) > static_cast<std::uint64_t>(limit.count()); --rank)
    ++count;
  return count;
}

TEST(Lag, OfAStoppedGeneratorIsAllThatItAddedToTheLatencyUntilItCaughtUp) {
  const auto run = run_sim(at_rate(1000, 4, 4), stopped_generator());
  EXPECT_EQ(run.tally.ok, 1000U);
  const Histogram latency = latency_of(run.tally);
  EXPECT_GE(latency.max(), 150'000'000U);
  EXPECT_EQ(run.tally.service.max(), 1'005'050U) << "the target knows nothing of it";
  // 150 are late when it runs again, and four connections, four a millisecond, need 50 ms to catch up.
  EXPECT_NEAR(static_cast<double>(above(run.tally.lag, microseconds(500))), 200, 3);
  EXPECT_EQ(above(run.tally.lag, milliseconds(2)), above(latency, milliseconds(3) + microseconds(5)));
  // Without the stop none would have waited: what is over the service time is lag, for each and so in all.
  EXPECT_EQ(run.tally.lag.max() + 1'005'050U, latency.max());
  EXPECT_NEAR(run.tally.lag.mean() + run.tally.service.mean(), latency.mean(), 0.001);
}

TEST(Lag, OfAStoppedTargetIsNone) {
  const auto run = run_sim(at_rate(1000, 4, 4), stopped_target());
  EXPECT_EQ(run.tally.ok, 1000U);
  EXPECT_GE(latency_of(run.tally).max(), 145'000'000U) << "four wait in the target, the others for them";
  EXPECT_EQ(above(run.tally.service, milliseconds(2)), 4U);
  EXPECT_LE(run.tally.lag.max(), 50'000U) << "50 ns a request, of the 200 that came one after another";
}

TEST(Lag, OfAStoppedGeneratorWhoseTargetStoppedTooIsItsOwnPartOnly) {
  SimOptions options = stopped_generator();
  options.server = [](const SimRequest& request) {
    return answer(response(), request.number == 450 ? milliseconds(100) : kService);
  };
  const auto run = run_sim(at_rate(1000, 1, 1), options);
  EXPECT_GE(run.tally.service.max(), 100'000'000U);
  // One connection, nearly always busy: it never catches up, and stays as far behind as it was.
  EXPECT_LE(run.tally.lag.max(), 150'000'000U);
  EXPECT_GE(run.tally.lag.value_at_percentile(90), 148'000'000U);
}

TEST(Lag, OfAStopIsSeenWhereEachRequestHasAConnectionOfItsOwn) {
  Plan plan = at_rate(1000, 4, 4);
  plan.scenarios[0].requests_per_connection = 1;
  const auto run = run_sim(plan, stopped_generator());
  EXPECT_EQ(run.tally.ok, 1000U);
  const Histogram latency = latency_of(run.tally);
  EXPECT_NEAR(static_cast<double>(above(run.tally.lag, milliseconds(2))),
              static_cast<double>(above(latency, milliseconds(3) + microseconds(5))), 3);
  EXPECT_NEAR(static_cast<double>(run.tally.lag.max()), static_cast<double>(latency.max()) - kAnswer_ns,
              20'000);
  // A connect takes 5 us, and is nobody's lag.
  EXPECT_LE(run.tally.lag.value_at_percentile(50), 200U);
}

TEST(Lag, OfAStopIsSeenWhereConnectionsAreOpenedOnDemand) {
  const auto run = run_sim(at_rate(1000, 1, 40), stopped_generator());
  EXPECT_EQ(run.tally.ok, 1000U);
  EXPECT_GE(run.connections_accepted, 40U);
  const Histogram latency = latency_of(run.tally);
  EXPECT_GE(run.tally.lag.max(), 149'900'000U);
  EXPECT_EQ(above(run.tally.lag, milliseconds(5)), above(latency, milliseconds(6) + microseconds(5)));
}

TEST(Lag, AConnectionOpenedOnDemandIsWaitedForWithoutLag) {
  // 95 ms of service and an arrival each 10 ms: ten connections are opened, each when an arrival needs it.
  const auto run = run_sim(at_rate(100, 1, 50), [] {
    SimOptions options;
    options.server = [](const SimRequest&) { return answer(response(), milliseconds(95)); };
    return options;
  }());
  EXPECT_EQ(run.connections_accepted, 10U);
  EXPECT_LE(run.tally.lag.max(), 100U);
}

TEST(Lag, OfASecondStepIsWhatTheFirstWasLateWith) {
  Plan plan = at_rate(500, 4, 4);
  Step second = plan.scenarios[0].flow[0];
  second.name = "second";
  plan.scenarios[0].flow.push_back(second);
  const auto run = run_sim(plan, stopped_generator());
  EXPECT_EQ(run.tally.ok, 1000U);
  EXPECT_EQ(run.tally.steps[1].latency_ok.max(), 1'005'100U) << "due when the first had ended";
  EXPECT_GE(run.tally.lag.max(), 149'000'000U);
  // 75 passes are late when it runs again; four connections do two a millisecond, of which one half is due.
  EXPECT_NEAR(static_cast<double>(above(run.tally.lag, milliseconds(1))), 2 * 100, 6);
}

TEST(Lag, OfASilentTargetIsNoneEither) {
  Plan plan = at_rate(100, 2, 2);
  plan.scenarios[0].timeout = milliseconds(50);
  const auto run = run_sim(plan, [] {
    SimOptions options;
    options.server = [](const SimRequest& request) {
      return request.number % 3 == 0 ? SimAnswer{} : answer(response(), kService);
    };
    return options;
  }());
  EXPECT_GT(errors_of(run.tally, Failure::response_timeout), 10U);
  EXPECT_LE(run.tally.lag.max(), 10'000U);
}

TEST(Lag, OfAStopInTheWarmupReachesIntoTheMeasuredTimeAsFarAsItDid) {
  Plan plan = at_rate(1000, 4, 4);
  plan.scenarios[0].warmup = milliseconds(460);  // it runs again at 450 ms and has caught up at 500
  const auto run = run_sim(plan, stopped_generator());
  EXPECT_EQ(run.tally.measured, 1000U);
  EXPECT_NEAR(static_cast<double>(above(run.tally.lag, microseconds(500))), 40, 3);
  EXPECT_NEAR(run.tally.lag.mean() + run.tally.service.mean(), latency_of(run.tally).mean(), 0.001);
}

TEST(Lag, TheTurnaroundLeavesOutWhatIsCarriedOver) {
  const auto stopped = run_sim(at_rate(1000, 4, 4), stopped_generator()).tally;
  // Those that were due when it ran again waited for it; those after them for connections that were behind.
  EXPECT_LT(stopped.turnaround.count(), 4 * 150'000'000LL + 1000 * 1000);
  EXPECT_GT(stopped.turnaround.count(), 3 * 140'000'000LL);
}

TEST(Lag, OfAClosedLoopIsAsLongAsTheStopOnce) {
  const auto run = run_sim(plan_of(1, seconds(1), {}), stopped_generator());
  EXPECT_GE(run.tally.lag.max(), 148'000'000U);
  EXPECT_EQ(above(run.tally.lag, milliseconds(1)), 1U);
}

TEST(Freezes, IsTheTargetsWhereItStoppedAndNobodysWhereSaturnDid) {
  const auto target = run_sim(at_rate(1000, 4, 4), stopped_target()).tally.freezes;
  EXPECT_EQ(target.times, 1U);
  EXPECT_NEAR(static_cast<double>(target.longest.count()), 150e6, 2e6);
  EXPECT_EQ(target.total, target.longest);
  EXPECT_EQ(target.held_up, Nanos(0));
  EXPECT_EQ(run_sim(at_rate(1000, 4, 4), stopped_generator()).tally.freezes.times, 0U);
}

TEST(Freezes, WithoutArrivalStampsASaturnThatStoppedDoesNotTakeItselfForTheMachine) {
  SimOptions options = stopped_generator();
  options.arrival_stamps = false;
  EXPECT_EQ(run_sim(at_rate(1000, 4, 4), options).tally.freezes.times, 0U);
  options = stopped_target();
  options.arrival_stamps = false;
  EXPECT_EQ(run_sim(at_rate(1000, 4, 4), options).tally.freezes.times, 1U);
}

TEST(Freezes, OfAMachineThatFrozeIsNamedAsSuch) {
  SimOptions options = stopped_generator();
  options.server = stopped_target().server;
  // 1 ms of service: one request is in the target when both stop, and is answered when both run again.
  options.server = [](const SimRequest& request) {
    const Nanos from = kStart + milliseconds(299), to = kStart + milliseconds(450);
    return answer(response(), request.at >= from && request.at < to ? to - request.at + kService : kService);
  };
  const auto freezes = run_sim(at_rate(1000, 4, 4), options).tally.freezes;
  EXPECT_EQ(freezes.times, 1U);
  EXPECT_NEAR(static_cast<double>(freezes.held_up.count()), 150e6, 3e6);
}

TEST(Freezes, OfSlowAnswersAmongOthersIsNone) {
  SimOptions options;
  options.server = [](const SimRequest& request) {
    return answer(response(), request.number % 10 == 0 ? milliseconds(60) : kService);
  };
  EXPECT_EQ(run_sim(at_rate(1000, 40, 40), options).tally.freezes.times, 0U);
}

}  // namespace
}  // namespace saturn::test
