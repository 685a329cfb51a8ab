// What the generator's own lateness does to the figures: with arrival stamps nothing, without them all of it.
#include "sim_run.hpp"

namespace saturn::test {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;

SimOptions busy_generator(bool arrival_stamps) {
  SimOptions options;
  options.server = [](const SimRequest&) { return answer(response(), microseconds(100)); };
  options.held_up = milliseconds(2);  // looks 2 ms after something happened
  options.arrival_stamps = arrival_stamps;
  return options;
}

TEST(Stamps, ABusyGeneratorDoesNotAddItsQueueToTheTargetsLatency) {
  const auto run = run_sim(plan_of(1, {}, 100), busy_generator(true));
  const auto& step = run.tally.steps[0];
  EXPECT_EQ(step.latency_ok.count(), 100U);
  EXPECT_LT(step.latency_ok.max(), 200'000U) << "100 µs of service and the wire";
  EXPECT_LT(step.ttfb.max(), 200'000U);
  EXPECT_EQ(run.tally.observe.count(), 100U);
  // It looks 2 ms after the send's completion, and the answer came 0.1 ms after the send.
  EXPECT_GE(run.tally.observe.min(), 1'800'000U);
  EXPECT_LE(run.tally.observe.max(), 2'000'000U);
  EXPECT_GE(run.tally.latency_user.min(), 1'900'000U);
  EXPECT_EQ(run.tally.missing_stamps, 0U);
  EXPECT_GE(run.tally.lag.max(), 1'800'000U)
      << "the slot was free that long before its next request went out";
  expect_balanced(run.tally);
}

TEST(Stamps, WithoutThemUserSpaceTimeIsTakenAndCounted) {
  const auto run = run_sim(plan_of(1, {}, 100), busy_generator(false));
  EXPECT_GE(run.tally.steps[0].latency_ok.min(), 1'900'000U);
  EXPECT_EQ(run.tally.observe.count(), 0U);
  EXPECT_EQ(run.tally.latency_user.count(), 0U);
  EXPECT_EQ(run.tally.missing_stamps, 100U);
  expect_balanced(run.tally);
}

TEST(Stamps, ARequestWhoseBatchWasInterruptedCountsFromTheBatchesStartAndOnceAsInexact) {
  SimOptions options;
  options.server = [](const SimRequest&) { return answer(response(), microseconds(100)); };
  options.interrupted = milliseconds(10);  // interpolation would put the last of ten sends 9 ms too late
  const auto run = run_sim(plan_of(10, {}, 10), std::move(options));
  EXPECT_EQ(run.tally.steps[0].latency_ok.count(), 10U);
  EXPECT_GE(run.tally.steps[0].latency_ok.min(), 100'000U) << "no answer took less than its service time";
  EXPECT_LE(run.tally.steps[0].latency_ok.max(), 200'000U);
  EXPECT_EQ(run.tally.inexact_sends, 10U) << "where in the batch it was is not known";
}

TEST(Stamps, AWallClockThatWasSetMarksTheIntervalsSinceTheLookBefore) {
  SimOptions options;
  options.server = [](const SimRequest&) { return answer(response(), milliseconds(1)); };
  options.wall_clock_set_at = {
      milliseconds(2005)};  // 0.995 s into the measured time; looked at 0.99 and 1.09 s
  const auto run = run_sim(plan_of(1, std::chrono::seconds(3), {}), std::move(options));
  const auto points = run.tally.series.points(std::chrono::seconds(3));
  std::vector<bool> marked;
  for (const SeriesPoint& point : points) marked.push_back(point.clock_step);
  EXPECT_EQ(marked, (std::vector<bool>{true, true, false, false})) << "the last answer came after the end";
  EXPECT_EQ(run.cost.clock_steps, 1U);
}

}  // namespace
}  // namespace saturn::test
