// A body without an end that comes faster than it is read: deadlines, the duration and a stop count all the
// same.
#include <gtest/gtest.h>

#include "sim_run.hpp"

namespace saturn {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;
using std::chrono::seconds;

/// While one piece is handled two more come, so that the ring is never empty.
SimOptions faster_than_it_is_read() {
  SimOptions options;
  options.handling = microseconds(200);
  options.server = [](const SimRequest&) {
    SimAnswer answer = test::answer("HTTP/1.1 200 OK\r\nContent-Length: 1000000000000000\r\n\r\n");
    answer.again_every = microseconds(100);
    return answer;
  };
  return options;
}

TEST(EndlessBody, TimesOutAndTheScenarioEnds) {
  Plan plan = test::plan_of(1, seconds(2), {});
  plan.scenarios[0].timeout = milliseconds(500);
  plan.scenarios[0].graceful_stop = milliseconds(700);
  const test::SimOutcome outcome = test::run_sim(plan, faster_than_it_is_read());
  test::expect_balanced(outcome.tally);
  EXPECT_EQ(outcome.tally.completed, 0U);
  EXPECT_EQ(outcome.tally.errors[static_cast<std::size_t>(Failure::response_timeout)], outcome.tally.failed);
  EXPECT_EQ(outcome.tally.failed, 4U);
  EXPECT_LT(outcome.took, seconds(3));
}

}  // namespace
}  // namespace saturn
