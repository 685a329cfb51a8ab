// The verdict's rules about what stood still or was interrupted: saturn, the target, the machine; each
// threshold from both sides.
#include <gtest/gtest.h>

#include "unit/verdict_cases.hpp"

namespace saturn {
namespace {

using test::asked;
using test::healthy;
using test::latency_of;
using test::open_loop;

/// Of 10,000 sends `count` are inexact, the median by `us`, one of twenty by `p95_us`.
Distribution doubt(std::uint64_t count, double us, double p95_us) {
  Distribution d = latency_of(us, p95_us);
  d.count = count;
  d.p75_us = d.p90_us = us;
  d.p95_us = p95_us;
  return d;
}

TEST(VerdictRules, AHundredthOfTheSendsInDoubtByATenthOfTheP99IsTheGenerators) {
  ScenarioResult s = healthy();  // p99 12.1 ms
  s.send_uncertainty = doubt(100, 1211, 1211);
  const auto found = asked("send_uncertainty", s);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->limited_by, LimitedBy::generator);
  EXPECT_TRUE(found->spoils);
  EXPECT_EQ(found->reason,
            "1.0 % of the sends were interrupted, for 1.21 ms: the latency p99 of 12.1 ms may be too high by "
            "that much");
  s.send_uncertainty = doubt(100, 1209, 1209);
  EXPECT_FALSE(asked("send_uncertainty", s)) << "by less than a tenth";
  s.send_uncertainty = doubt(99, 3000, 3000);
  EXPECT_FALSE(asked("send_uncertainty", s)) << "too few to reach the p99";
}

TEST(VerdictRules, OfManySendsInDoubtTheWidestHundredthCounts) {
  ScenarioResult s = healthy();
  s.send_uncertainty = doubt(2000, 50, 3000);  // one of five; a twentieth of them is the widest hundredth
  EXPECT_TRUE(asked("send_uncertainty", s));
  s.send_uncertainty = doubt(1900, 50, 3000);
  EXPECT_FALSE(asked("send_uncertainty", s)) << "of the widest hundredth some are 50 us";
}

TEST(VerdictRules, HalfOfTheSendsInDoubtByATenthOfTheMedianIsTheGenerators) {
  ScenarioResult s = healthy();
  s.latency = s.service = latency_of(4000, 12'100);
  s.send_uncertainty = doubt(5000, 401, 401);
  const auto found = asked("send_uncertainty", s);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->reason,
            "50 % of the sends were interrupted, for 401 µs: the latency median of 4 ms may be too high by "
            "that much");
  s.send_uncertainty = doubt(4999, 401, 401);
  EXPECT_FALSE(asked("send_uncertainty", s));
  s.send_uncertainty = doubt(5000, 400, 400);
  EXPECT_FALSE(asked("send_uncertainty", s));
}

TEST(VerdictRules, ADoubtOfAnInterruptsLengthIsOfNoAccount) {
  ScenarioResult s = healthy();
  s.latency = s.service = latency_of(20, 40);
  s.send_uncertainty = doubt(5000, 100, 100);
  EXPECT_FALSE(asked("send_uncertainty", s));
  s.send_uncertainty = doubt(5000, 101, 101);
  EXPECT_TRUE(asked("send_uncertainty", s));
}

TEST(VerdictRules, SendsInDoubtMoveNoLatencyThatCountsFromWhenItWasDue) {
  ScenarioResult s = open_loop();
  s.send_uncertainty = doubt(10'000, 5000, 5000);
  EXPECT_FALSE(asked("send_uncertainty", s));
  EXPECT_FALSE(asked("send_uncertainty", healthy())) << "none in doubt";
}

TEST(VerdictRules, TurnaroundsOfARateBeyondReachAddUpAndAreNoLateness) {
  ScenarioResult s = test::unreachable_rate();
  s.turnaround_mean_us = 350;
  s.lag = latency_of(600'000, 1'200'000);  // by the end each slot is that far behind
  EXPECT_FALSE(asked("generator_late", s));
  s.lag->p99_us = 1'260'000;
  EXPECT_TRUE(asked("generator_late", s)) << "without them the rate would nearly have been reached";
  s.lag->p99_us = 1'200'000;
  EXPECT_EQ(asked("generator_slow", s)->reason,
            "350 µs of a request's 375 µs (93 %) passed in saturn itself and only 25 µs in the target");
  s.rps = 20'000;  // slots are not what is short: it stood still
  EXPECT_TRUE(asked("generator_late", s));
}

/// 1,000/s whose median answer takes 1 ms and p99 95 ms, as the target answered nobody for 100 ms, four
/// times.
ScenarioResult frozen_target() {
  ScenarioResult s = open_loop();
  s.latency = latency_of(1000, 95'000);
  s.service = latency_of(1000, 94'000);
  s.freezes = Freezes{4, 0.4, 0.1, 0};
  return s;
}

TEST(VerdictRules, ATargetThatFrozeIsNamed) {
  ScenarioResult s = frozen_target();
  const auto found = asked("target_froze", s);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->limited_by, LimitedBy::target);
  EXPECT_FALSE(found->spoils);
  EXPECT_EQ(found->reason,
            "the target froze: 4 times it answered nobody, for up to 100 ms, which made the latency p99 of "
            "95 ms; its median service time was 1 ms");
  s.service = latency_of(1000, 1500);  // most waited for a connection
  EXPECT_TRUE(asked("target_froze", s));
  s.lag = latency_of(5, 20'000);
  s.freezes->times = 1;
  EXPECT_EQ(asked("target_froze", s)->reason,
            "the target froze: 1 time it answered nobody, for up to 100 ms, which made the latency p99 of 95 "
            "ms; of that saturn needed up to 20 ms to catch up; its median service time was 1 ms");
  EXPECT_EQ(judge({s, test::host(), true}).limited_by, LimitedBy::target);
}

TEST(VerdictRules, ASilenceThatDidNotMakeTheP99IsNotWorthAWord) {
  ScenarioResult s = frozen_target();
  s.latency->p99_us = 4'900;
  EXPECT_FALSE(asked("target_froze", s)) << "p99 is an ordinary answer's";
  s.latency->p99_us = 201'000;
  EXPECT_FALSE(asked("target_froze", s)) << "p99 is twice as long";
  s.latency->p99_us = 200'000;
  EXPECT_TRUE(asked("target_froze", s));
  s.service->p50_us = 10'100;
  EXPECT_FALSE(asked("target_froze", s)) << "a slow answer takes as long";
  s = frozen_target();
  s.freezes = Freezes{};
  EXPECT_FALSE(asked("target_froze", s));
  s.freezes.reset();
  EXPECT_FALSE(asked("target_froze", s));
  s = healthy();
  s.freezes = Freezes{4, 0.4, 0.1, 0};
  EXPECT_FALSE(asked("target_froze", s)) << "in a closed loop the target is the limit anyway";
}

TEST(VerdictRules, AMachineThatFrozeIsNeitherTheTargetsNorSaturnsAlone) {
  ScenarioResult s = frozen_target();
  s.lag = latency_of(5, 47'500);
  s.freezes->held_up_s = 0.19;
  EXPECT_FALSE(asked("generator_late", s)) << "half of it is catching up after the target froze";
  s.lag = latency_of(5, 90'000);
  EXPECT_TRUE(asked("target_froze", s));
  EXPECT_EQ(asked("generator_late", s)->reason,
            "requests were sent late: lag p99 was 90 ms of a latency p99 of 95 ms");
  s.freezes->held_up_s = 0.2;
  EXPECT_FALSE(asked("target_froze", s));
  const auto found = asked("generator_late", s);
  ASSERT_TRUE(found);
  EXPECT_TRUE(found->spoils);
  EXPECT_EQ(found->reason,
            "requests were sent late: lag p99 was 90 ms of a latency p99 of 95 ms; the whole machine froze, "
            "neither saturn nor the target ran for up to 100 ms");
}

TEST(VerdictRules, ARateThatWasReachedWithWaitingForConnectionsSaysSo) {
  ScenarioResult s = open_loop();
  s.service = latency_of(1000, 1500);
  s.latency = latency_of(1000, 3013);
  EXPECT_EQ(asked("load_reached", s)->reason,
            "the rate asked for was sent with a lag p99 of 6 µs, but arrivals waited for a free connection: "
            "latency p99 was 3.01 ms, service p99 1.5 ms");
  s.latency->p99_us = 3012;
  EXPECT_NE(asked("load_reached", s)->reason.find("nobody was at a limit"), std::string::npos);
}

}  // namespace
}  // namespace saturn
