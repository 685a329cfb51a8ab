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

TEST(Recorder, AnIterationBeginsWithItsFirstStepAndIsCompletedByItsLast) {
  ScenarioProgram flow = one_step();
  flow.steps.resize(2);
  Recorder recorder(flow);
  recorder.set_window(seconds(10), seconds(20));
  for (const std::uint32_t step : {0U, 1U, 0U, 1U, 0U}) recorder.started(step);
  Exchange first = exchange(seconds(11), true), last = exchange(seconds(12), true);
  last.step = 1;
  recorder.completed(first, 200, true, stamped(seconds(12)));
  recorder.completed(last, 200, true, stamped(seconds(13)));
  recorder.completed(last, 500, false, stamped(seconds(21)));  // outside the window
  EXPECT_EQ(recorder.tally().started, 5U);
  EXPECT_EQ(recorder.tally().iterations_started, 3U);
  EXPECT_EQ(recorder.tally().iterations_completed, 2U);
  EXPECT_EQ(recorder.tally().iterations_measured, 2U);
  EXPECT_EQ(recorder.tally().iterations_in_window, 1U);
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
  late.ideal_at = seconds(2) - milliseconds(7);
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
  queued.ideal_at = seconds(2) - milliseconds(1);
  recorder.completed(queued, 200, true, stamped(seconds(2) + milliseconds(10)));
  const ScenarioTally& tally = recorder.tally();
  EXPECT_EQ(tally.steps[0].latency_ok.max(), 50'000'000U) << "from the due time";
  EXPECT_EQ(tally.service.max(), 10'000'000U);
  EXPECT_EQ(tally.lag.max(), 1'000'000U);
  EXPECT_EQ(tally.latency_user.max(), 53'000'000U);
}

TEST(Recorder, WhatWasLateBeforeIsLagButNoPartOfTheTurnaround) {
  Recorder recorder(one_step());
  recorder.set_window(seconds(1), Recorder::kNoEnd);
  Exchange behind = exchange(seconds(2), true);
  behind.due_at = seconds(2) - milliseconds(40);
  behind.ideal_at = seconds(2) - milliseconds(31);
  behind.carried = milliseconds(30);
  recorder.completed(behind, 200, true, stamped(seconds(2) + milliseconds(10)));
  EXPECT_EQ(recorder.tally().lag.max(), 31'000'000U);
  EXPECT_EQ(recorder.tally().turnaround, milliseconds(1));
}

TEST(Recorder, AnInexactSendCountsFromItsEarliestTimeAndItsLagToTheLatest) {
  Recorder recorder(one_step());
  recorder.set_window(seconds(1), Recorder::kNoEnd);
  Exchange unknown = exchange(seconds(2), true);
  unknown.ideal_at = seconds(2) - milliseconds(9);
  unknown.sent_after = seconds(2) - milliseconds(3);
  unknown.inexact = true;
  recorder.completed(unknown, 200, true, stamped(seconds(2) + milliseconds(10)));
  const ScenarioTally& tally = recorder.tally();
  EXPECT_EQ(tally.steps[0].latency_ok.max(), 13'000'000U);
  EXPECT_EQ(tally.steps[0].ttfb.max(), 4'000'000U);
  EXPECT_EQ(tally.lag.max(), 9'000'000U);
  EXPECT_EQ(tally.send_uncertainty.max(), 3'000'000U);
  EXPECT_EQ(tally.first_start_at, seconds(2) - milliseconds(3));
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
  recorder.failed(exchange(seconds(1), true), Failure::reset, seconds(1), seconds(2));
  recorder.failed(exchange(seconds(1), true), Failure::reset, seconds(1), seconds(2));
  EXPECT_EQ(recorder.tally().failed, 2U);
  EXPECT_EQ(recorder.tally().errors[static_cast<std::size_t>(Failure::reset)], 2U);
}

TEST(Recorder, ASilenceIsMeasuredByTheServiceTimeUntilThenWithoutWhatWaitedThroughOne) {
  Recorder recorder(one_step());
  recorder.set_window(seconds(1), Recorder::kNoEnd);
  const auto answer = [&](Nanos sent, Nanos at) {
    recorder.heard(sent, at);
    recorder.completed(exchange(sent, true), 200, true, stamped(at));
  };
  for (int i = 0; i < 100; ++i)
    answer(seconds(1) + milliseconds(10 * i), seconds(1) + milliseconds(10 * i + 5));
  for (int i = 0; i < 50; ++i) answer(seconds(2), seconds(4));  // half as many waited through the first …
  for (int i = 0; i < 10; ++i) answer(seconds(4), seconds(4) + milliseconds(5));
  answer(seconds(5), seconds(7));  // … and make the second none the less
  recorder.finish(seconds(8));
  const Silence& silence = recorder.tally().silence;
  EXPECT_EQ(silence.dead(milliseconds(5)),
            (std::vector<TimeSpan>{{seconds(1), seconds(3)}, {seconds(4), seconds(6)}}));
  ASSERT_EQ(silence.gaps.size(),
            4U);  // before the first answer (which waited through that), the two, after the last
  EXPECT_EQ(silence.gaps[0].answers, 0U);
  EXPECT_EQ(silence.gaps[1].answers, 99U);
  EXPECT_GE(silence.gaps[1].usual, milliseconds(5));
  EXPECT_LT(silence.gaps[1].usual, milliseconds(5) + std::chrono::microseconds(5));
  EXPECT_EQ(silence.gaps[2].answers, 109U);
  EXPECT_LT(silence.gaps[2].usual, milliseconds(5) + std::chrono::microseconds(5));
}

TEST(Recorder, WhatThisMachineRefusedSaysNothingOfTheTarget) {
  Recorder recorder(one_step());
  recorder.set_window(seconds(1), Recorder::kNoEnd);
  for (const Failure kind : {Failure::connect_error, Failure::send_error})
    recorder.failed(exchange(Nanos(0), true), kind, seconds(2), seconds(5));
  recorder.finish(seconds(9));
  EXPECT_TRUE(recorder.tally().silence.dead(Nanos(0)).empty());
}

TEST(Recorder, TimeOutsWhileTheShardStoodStillAreCountedApart) {
  Recorder recorder(one_step());
  recorder.set_window(seconds(1), Recorder::kNoEnd);
  recorder.failed(exchange(seconds(1), true), Failure::response_timeout, seconds(1), seconds(3));
  EXPECT_EQ(recorder.tally().stalled_timeouts, 0U);
  recorder.stalled(seconds(3), seconds(4));
  recorder.failed(exchange(seconds(2), true), Failure::response_timeout, seconds(2), seconds(4));
  recorder.failed(exchange(seconds(2), true), Failure::reset, seconds(2), seconds(4));
  recorder.failed(exchange(seconds(4), true), Failure::response_timeout, seconds(4), seconds(6));
  EXPECT_EQ(recorder.tally().stalled_timeouts, 1U);
}

TEST(Recorder, AStallOfAMomentDoesNotMakeALongWaitForTheTargetSaturnsOwn) {
  for (const auto& [stall, own] : {std::pair(milliseconds(2990), 0U), std::pair(milliseconds(3000), 1U)}) {
    Recorder recorder(one_step());
    recorder.set_window(seconds(1), Recorder::kNoEnd);
    recorder.stalled(seconds(5), seconds(5) + stall);
    recorder.failed(exchange(seconds(2), true), Failure::response_timeout, seconds(2), seconds(32));
    EXPECT_EQ(recorder.tally().stalled_timeouts, own);
  }
}

}  // namespace
}  // namespace saturn
