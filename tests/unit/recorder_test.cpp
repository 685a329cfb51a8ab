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

TEST(Recorder, TheWindowCountsArrivalsWhateverPhaseTheyStartedIn) {
  Recorder recorder(one_step());
  recorder.set_window(seconds(10), seconds(20));
  recorder.completed(exchange(seconds(9), false), 200, true, seconds(10));  // warm-up's, arrives inside
  recorder.completed(exchange(seconds(11), true), 200, true, seconds(12));
  recorder.completed(exchange(seconds(19), true), 200, true, seconds(20));  // at the end: outside
  EXPECT_EQ(recorder.tally().in_window, 2U);
  EXPECT_EQ(recorder.tally().warmup, 1U);
  EXPECT_EQ(recorder.tally().measured, 2U);
  EXPECT_EQ(recorder.tally().first_start_at, seconds(11));
  EXPECT_EQ(recorder.tally().last_response_at, seconds(20));
}

TEST(Recorder, NotOkAnswersHaveADistributionOfTheirOwn) {
  Recorder recorder(one_step());
  recorder.set_window(seconds(1), Recorder::kNoEnd);
  recorder.completed(exchange(seconds(1), true), 200, true, seconds(2));
  recorder.completed(exchange(seconds(1), true), 500, false, seconds(1) + milliseconds(1));
  EXPECT_EQ(recorder.tally().steps[0].latency_ok.count(), 1U);
  EXPECT_EQ(recorder.tally().steps[0].latency_not_ok.max(), 1'000'000U);
  EXPECT_EQ(recorder.tally().status[500], 1U);
  EXPECT_EQ(recorder.tally().measured_ok, 1U);
}

TEST(Recorder, AnArrivalStampedBeforeItsSendIsZeroNotHuge) {
  Recorder recorder(one_step());
  recorder.set_window(seconds(1), Recorder::kNoEnd);
  recorder.completed(exchange(seconds(2), true), 200, true, seconds(2) - Nanos(500));
  EXPECT_EQ(recorder.tally().steps[0].latency_ok.max(), 0U);
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
