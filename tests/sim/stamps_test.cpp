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

}  // namespace
}  // namespace saturn::test
