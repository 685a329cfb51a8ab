// The generator's own share, known through the rules that ask whether what happened to it did harm: of a
// request's time in a slot, of an open loop's lateness, or unknown; each threshold from both sides.
#include <gtest/gtest.h>

#include "unit/verdict_cases.hpp"

namespace saturn {
namespace {

using test::asked;
using test::healthy;
using test::latency_of;

TEST(VerdictRules, ABusyGeneratorThatNoRequestWaitsForIsNoLimit) {
  ScenarioResult s = healthy();
  s.shards[0].busy = 0.99;
  s.service = latency_of(901, 1000);
  s.lag = latency_of(99, 100);
  EXPECT_FALSE(asked("generator_busy", s));
  s.lag = latency_of(101, 110);
  EXPECT_TRUE(asked("generator_busy", s));
}

TEST(VerdictRules, WhereArrivalsWereMissedTheOwnShareIsThatOfARequestsTimeInASlot) {
  ScenarioResult s = test::unreachable_rate();  // lag p99 is nothing beside the backlog's 2.5 s
  EXPECT_TRUE(asked("generator_busy", s));
  s.shards[0].run_queue_wait_s = 1;
  EXPECT_TRUE(asked("no_core", s));
  s.shards[0].steal = 0.2;
  EXPECT_TRUE(asked("steal", s));
  s.generator.throttled = Throttling{3, 0.2};
  EXPECT_TRUE(asked("quota", s));
  s.lag = latency_of(99, 500);
  s.service = latency_of(901, 1000);
  EXPECT_FALSE(asked("generator_busy", s) || asked("no_core", s) || asked("steal", s) || asked("quota", s));
  s.lag = latency_of(101, 500);
  EXPECT_TRUE(asked("generator_busy", s));
  s.requests.backlog_at_stop = 30'000;  // a hundredth
  s.latency = latency_of(1000, 1100);
  s.lag = latency_of(101, 109);
  EXPECT_FALSE(asked("generator_busy", s));
}

TEST(VerdictRules, LikewiseWhereMostOfALateAnswersTimeWasWaitingForASlot) {
  ScenarioResult s = test::open_loop();
  s.shards[0].busy = 0.95;
  s.lag = latency_of(60, 100);
  s.service = latency_of(400, 1000);
  s.latency = latency_of(900, 2200);
  EXPECT_FALSE(asked("generator_busy", s));
  s.latency = latency_of(900, 2201);
  EXPECT_TRUE(asked("generator_busy", s));
  s.lag = latency_of(40, 100);
  EXPECT_FALSE(asked("generator_busy", s));
}

TEST(VerdictRules, TheSlotsOfAnUnreachableRateWaitForTheGeneratorAsThoseOfAClosedLoop) {
  ScenarioResult s = test::unreachable_rate();
  const auto found = asked("generator_slow", s);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->limited_by, LimitedBy::generator);
  EXPECT_TRUE(found->spoils);
  EXPECT_EQ(in_full(*found),
            "350 µs of a request's 375 µs (93 %) passed in saturn itself and only 25 µs in the target: type "
            "-t 2");
  s.rps = 113'777;  // 64 slots for 562.5 µs each
  EXPECT_FALSE(asked("generator_slow", s)) << "slots also waited for answers that never came";
  s.rps = 113'778;
  EXPECT_TRUE(asked("generator_slow", s));
  s.requests.backlog_at_stop = 30'000;
  EXPECT_FALSE(asked("generator_slow", s)) << "no slot was waited for";
}

/// 50 VUs with a new connection for each of 1,000 requests a second: each takes its slot for 50 ms.
ScenarioResult new_connections() {
  ScenarioResult s = healthy();
  s.connections.opened_total = 10'000;
  s.shards[0].run_queue_wait_s = 5;
  s.service = latency_of(30'000, 40'000);
  return s;
}

TEST(VerdictRules, WhatNewConnectionsHideIsNotTakenForASmallOwnShare) {
  ScenarioResult s = new_connections();
  s.lag = latency_of(3'333, 4'000);
  EXPECT_TRUE(asked("no_core", s));
  EXPECT_FALSE(asked("generator_slow", s));
  s.lag = latency_of(3'334, 4'000);  // with the service time two thirds of 50 ms
  EXPECT_FALSE(asked("no_core", s));
  EXPECT_TRUE(asked("generator_slow", s));
  s.lag = latency_of(3'333, 4'000);
  s.connections.opened_total = 5'050;
  EXPECT_TRUE(asked("no_core", s));
  s.connections.opened_total = 5'049;
  EXPECT_FALSE(asked("no_core", s));
}

TEST(VerdictRules, VusWithoutWorkAreNotTakenForHiddenTime) {
  ScenarioResult s = new_connections();
  s.lag = latency_of(3'333, 4'000);
  s.executor = Executor::shared_iterations;
  EXPECT_TRUE(asked("no_core", s));
  s.tail_s = 0.01;  // of 10 s
  EXPECT_FALSE(asked("no_core", s));
  s.tail_s.reset();
  s.executor = Executor::per_vu_iterations;
  EXPECT_FALSE(asked("no_core", s));
}

}  // namespace
}  // namespace saturn
