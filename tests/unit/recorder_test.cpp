#include "core/shard/recorder.hpp"

#include <gtest/gtest.h>

namespace saturn {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

ScenarioProgram one_step() {
  ScenarioProgram scenario;
  scenario.steps.emplace_back();
  scenario.steps[0].check_names = {"status is 200"};
  return scenario;
}

Exchange exchange(Nanos sent, bool measured) {
  Exchange made;
  made.sent_at = sent;
  made.first_byte_at = sent + milliseconds(1);
  made.measured = measured;
  return made;
}

/// Arrived at `at` by the kernel's stamp; user space looked 3 ms later.
Arrival stamped(Nanos at) {
  return {at, at + milliseconds(3), true};
}

TEST(Recorder, TheWindowCountsArrivalsWhateverPhaseTheyStartedIn) {
  Recorder recorder(one_step());
  recorder.set_window(seconds(10), seconds(20));
  recorder.completed(exchange(seconds(9), false), 200, true,
                     stamped(seconds(10)));  // warm-up's, arrives inside
  recorder.completed(exchange(seconds(11), true), 200, true, stamped(seconds(12)));
  recorder.completed(exchange(seconds(19), true), 200, true, stamped(seconds(20)));  // at the end: outside
  EXPECT_EQ(recorder.tally().in_window, 2U);
  EXPECT_EQ(recorder.tally().warmup, 1U);
  EXPECT_EQ(recorder.tally().measured, 2U);
  EXPECT_EQ(recorder.tally().first_start_at, seconds(11));
  EXPECT_EQ(recorder.tally().last_response_at, seconds(20));
}

TEST(Recorder, NotOkAnswersHaveADistributionOfTheirOwn) {
  Recorder recorder(one_step());
  recorder.set_window(seconds(1), Recorder::kNoEnd);
  recorder.completed(exchange(seconds(1), true), 200, true, stamped(seconds(2)));
  recorder.completed(exchange(seconds(1), true), 500, false, stamped(seconds(1) + milliseconds(1)));
  EXPECT_EQ(recorder.tally().steps[0].latency_ok.count(), 1U);
  EXPECT_EQ(recorder.tally().steps[0].latency_not_ok.max(), 1'000'000U);
  EXPECT_EQ(recorder.tally().status[500], 1U);
  EXPECT_EQ(recorder.tally().measured_ok, 1U);
}

TEST(Recorder, AnArrivalStampedBeforeItsSendIsZeroNotHuge) {
  Recorder recorder(one_step());
  recorder.set_window(seconds(1), Recorder::kNoEnd);
  recorder.completed(exchange(seconds(2), true), 200, true, stamped(seconds(2) - Nanos(500)));
  EXPECT_EQ(recorder.tally().steps[0].latency_ok.max(), 0U);
}

TEST(Recorder, WhatTheGeneratorAddedStandsBesideTheLatency) {
  Recorder recorder(one_step());
  recorder.set_window(seconds(1), Recorder::kNoEnd);
  Exchange late = exchange(seconds(2), true);
  late.free_at = seconds(2) - milliseconds(7);
  recorder.completed(late, 200, true, stamped(seconds(2) + milliseconds(10)));
  const ScenarioTally& tally = recorder.tally();
  EXPECT_EQ(tally.steps[0].latency_ok.max(), 10'000'000U);
  EXPECT_EQ(tally.latency_user.max(), 13'000'000U);
  EXPECT_EQ(tally.observe.max(), 3'000'000U);
  EXPECT_EQ(tally.lag.max(), 7'000'000U);
  EXPECT_EQ(tally.service.count(), 0U) << "in a closed loop it is the latency";
  EXPECT_EQ(tally.missing_stamps, 0U);
}

TEST(Recorder, ASlotThatWasBusyWhenItsRequestWasDueIsNoLagOfTheGenerator) {
  Recorder recorder(one_step());
  recorder.set_window(seconds(1), Recorder::kNoEnd);
  Exchange queued = exchange(seconds(2), true);
  queued.due_at = seconds(2) - milliseconds(40);
  queued.free_at = seconds(2) - milliseconds(1);
  recorder.completed(queued, 200, true, stamped(seconds(2) + milliseconds(10)));
  const ScenarioTally& tally = recorder.tally();
  EXPECT_EQ(tally.steps[0].latency_ok.max(), 50'000'000U) << "from the due time";
  EXPECT_EQ(tally.service.max(), 10'000'000U);
  EXPECT_EQ(tally.lag.max(), 1'000'000U);
  EXPECT_EQ(tally.latency_user.max(), 53'000'000U);
}

TEST(Recorder, WithoutAStampNothingIsSaidAboutTheObservation) {
  Recorder recorder(one_step());
  recorder.set_window(seconds(1), Recorder::kNoEnd);
  recorder.completed(exchange(seconds(2), true), 200, true, {seconds(3), seconds(3), false});
  EXPECT_EQ(recorder.tally().steps[0].latency_ok.count(), 1U);
  EXPECT_EQ(recorder.tally().observe.count(), 0U);
  EXPECT_EQ(recorder.tally().latency_user.count(), 0U);
  EXPECT_EQ(recorder.tally().missing_stamps, 1U);
}

TEST(Recorder, FailuresAreCountedByKind) {
  Recorder recorder(one_step());
  recorder.failed(exchange(seconds(1), true), Failure::reset, seconds(2));
  recorder.failed(exchange(seconds(1), true), Failure::reset, seconds(2));
  EXPECT_EQ(recorder.tally().failed, 2U);
  EXPECT_EQ(recorder.tally().errors[static_cast<std::size_t>(Failure::reset)], 2U);
}

}  // namespace
}  // namespace saturn
