// The verdict's rules about the target, the machine that both share, and the load; each threshold from both
// sides.
#include <gtest/gtest.h>

#include "unit/verdict_cases.hpp"

namespace saturn {
namespace {

using test::asked;
using test::healthy;
using test::host;
using test::latency_of;

TEST(VerdictRules, WhatTheHypervisorTookFromTheTargetIsARemark) {
  ScenarioResult s = healthy();
  s.target = test::target_with({5.0});
  EXPECT_FALSE(asked("target_steal", s));
  s.target->steal = 0.05;
  EXPECT_FALSE(asked("target_steal", s));
  s.target->steal = 0.12;
  const auto found = asked("target_steal", s);
  ASSERT_TRUE(found);
  EXPECT_FALSE(found->limited_by || found->spoils);
  EXPECT_EQ(found->reason,
            "the hypervisor took 12 % of the time of the target's cores for others, so it is slower here");
}

TEST(VerdictRules, SharedCoresCountWhereBothNeedMoreThanThereAre) {
  ScenarioResult s = healthy();
  HostFacts two = host();
  two.cpus_online = two.cpus_allowed = 2;
  s.shards[0].utilisation = 0.25;
  s.target = test::target_with({8.0, 8.0});  // of 10 s each
  auto found = asked("shared_cores", s, two);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->limited_by, LimitedBy::generator);
  EXPECT_TRUE(found->spoils);
  EXPECT_EQ(in_full(*found),
            "1 thread of saturn and 2 busy workers of the target shared this machine's 2 cores; saturn took "
            "0.25 of the "
            "1.85 in use: run saturn on another machine");
  s.shards[0].utilisation = 0.17;  // less than a tenth of both
  s.target = test::target_with({8.0, 8.4});
  found = asked("shared_cores", s, two);
  ASSERT_TRUE(found);
  EXPECT_FALSE(found->limited_by || found->spoils);
  s.target = test::target_with({8.0, 7.9, 0.0});
  s.shards[0].utilisation = 0.2;  // 1.79 of 2 cores
  EXPECT_FALSE(asked("shared_cores", s, two));
  s.target = test::target_with({9.9});  // one worker and one shard have a core each
  s.shards[0].utilisation = 1;
  EXPECT_FALSE(asked("shared_cores", s, two));
  s.target.reset();
  EXPECT_FALSE(asked("shared_cores", s, two));
}

TEST(VerdictRules, AShardBesideTheTargetOnOnePhysicalCoreSlowsIt) {
  ScenarioResult s = healthy();
  s.shards[0].core = 1;
  s.shards[0].utilisation = 1;
  EXPECT_FALSE(asked("shared_core_threads", s));
  s.shards[0].beside_target = true;
  s.shards[0].utilisation = 0.11;
  auto found = asked("shared_core_threads", s);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->limited_by, LimitedBy::generator);
  EXPECT_TRUE(found->spoils);
  EXPECT_EQ(
      in_full(*found),
      "saturn ran 11 % of the time on CPU 1, whose physical core the target is held to as well: hold them "
      "to different cores with taskset -c (lscpu -e shows them)");
  s.shards[0].utilisation = 0.1;
  found = asked("shared_core_threads", s);
  ASSERT_TRUE(found);
  EXPECT_FALSE(found->limited_by || found->spoils);
}

TEST(VerdictRules, TwoBusyShardsOfOnePhysicalCoreSlowEachOther) {
  ScenarioResult s = test::without_stamps();  // its own share is unknown
  s.shards.push_back(s.shards[0]);
  s.shards[0].cpu = 1;
  s.shards[1].cpu = 7;
  s.shards[0].core = s.shards[1].core = 1;
  s.shards[0].utilisation = s.shards[1].utilisation = 0.5;
  HostFacts machine = host();
  machine.physical_cores = 1;
  EXPECT_FALSE(asked("shared_core_threads", s, machine));
  s.shards[0].utilisation = s.shards[1].utilisation = 0.51;
  auto found = asked("shared_core_threads", s, machine);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->limited_by, LimitedBy::generator);
  EXPECT_TRUE(found->spoils);
  EXPECT_EQ(in_full(*found),
            "two busy threads of saturn shared one physical core (CPU 7 and its sibling): type -t 1");
  machine.physical_cores = 4;
  EXPECT_NE(asked("shared_core_threads", s, machine)->remedy.text.find("taskset"), std::string::npos);
  s.lag = latency_of(5, 6);  // a small part of what a request took
  s.observe = latency_of(4, 5);
  found = asked("shared_core_threads", s, machine);
  ASSERT_TRUE(found);
  EXPECT_FALSE(found->limited_by || found->spoils);
  s.shards[1].core = 2;
  EXPECT_FALSE(asked("shared_core_threads", s, machine));
  s.shards[1].core = s.shards[0].core = std::nullopt;  // not known
  EXPECT_FALSE(asked("shared_core_threads", s, machine));
  s.shards[1].core = s.shards[0].core = 1;
  s.shards[1].cpu = 1;  // one CPU: other rules look at that
  EXPECT_FALSE(asked("shared_core_threads", s, machine));
}

TEST(VerdictRules, OneWorkerThatDoesTheWorkIsNamed) {
  ScenarioResult s = healthy();
  s.target = test::target_with({0.1, 9.7, 0.3});
  s.target->busiest_worker_share = 0.9;
  EXPECT_FALSE(asked("one_worker", s));
  s.target->busiest_worker_share = 0.97;
  const auto found = asked("one_worker", s);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->limited_by, LimitedBy::target);
  EXPECT_FALSE(found->spoils);
  EXPECT_EQ(in_full(*found),
            "one of the target's 2 workers did 97 % of the work, so the figures are those of one worker: "
            "run again, or type a higher -c, until connections spread");
  s.connections.established = 1;  // it cannot spread over workers
  EXPECT_FALSE(asked("one_worker", s));
  s.connections.established = 50;
  s.requests.due = 10'000;  // it may be enough for the rate
  EXPECT_FALSE(asked("one_worker", s)->limited_by);
}

TEST(VerdictRules, TheTargetsCpuIsALimitOfTheMachineOrOfOneWorker) {
  ScenarioResult s = healthy();
  HostFacts two = host();
  two.cpus_online = 2;
  s.target = test::target_with({8.9, 8.9});
  EXPECT_FALSE(asked("target_cpu", s, two));
  s.target = test::target_with({8.9, 9.2});
  auto found = asked("target_cpu", s, two);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->limited_by, LimitedBy::target);
  EXPECT_EQ(in_full(*found), "the target used 1.81 of this machine's 2 cores");
  s.target = test::target_with({0.1, 9.1});
  found = asked("target_cpu", s);
  ASSERT_TRUE(found);
  EXPECT_EQ(in_full(*found),
            "the target's process 811 (worker) was busy 91 % of a core: more workers there would do more");
  s.target = test::target_with({0.1, 11.2});  // several threads: one core is not its limit
  EXPECT_FALSE(asked("target_cpu", s));
}

TEST(VerdictRules, TheTargetsCpuIsHeldAgainstTheTimeItWasReadOver) {
  ScenarioResult s = healthy();  // 10 s measured; the readings may lie a little further apart
  s.target = test::target_with({0.1, 11.64});
  s.target->over_s = 12;
  auto found = asked("target_cpu", s);
  ASSERT_TRUE(found);
  EXPECT_EQ(in_full(*found),
            "the target's process 811 (worker) was busy 97 % of a core: more workers there would do more");
}

TEST(VerdictRules, TooFewConnectionsForTheRateAreCountedByLittlesLaw) {
  ScenarioResult s = test::open_loop();  // 1,000/s for 10 s over 50 connections
  s.service = latency_of(100'000, 110'000);
  s.requests.dropped = 60;
  s.requests.backlog_at_stop = 40;
  EXPECT_FALSE(asked("in_flight", s));
  s.requests.dropped = 3960;
  const auto found = asked("in_flight", s);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->limited_by, LimitedBy::generator);
  EXPECT_TRUE(found->spoils);
  EXPECT_EQ(in_full(*found),
            "1,000/s with answers after 100 ms need 100 requests in flight, but at most 50 may be; 40 % of "
            "the arrivals "
            "were never sent: type -c 120");
  s.service = latency_of(44'000, 60'000);
  EXPECT_FALSE(asked("in_flight", s));
  EXPECT_FALSE(asked("in_flight", healthy()));
}

TEST(VerdictRules, WhatTenThousandRequestsInFlightDoNotReachIsTheTargets) {
  ScenarioResult s = test::open_loop();
  s.vus = 10'000;
  s.requests.dropped = 5000;
  s.service = latency_of(12'000'000, 20'000'000);
  auto found = asked("in_flight", s);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->limited_by, LimitedBy::target);
  EXPECT_FALSE(found->spoils);
  s.vus = 9'999;
  found = asked("in_flight", s);
  ASSERT_TRUE(found);
  EXPECT_TRUE(found->spoils);
}

TEST(VerdictRules, ArrivalsThatWereNeverSentAreUnexplainedWhereNobodyWasAtALimit) {
  ScenarioResult s = test::open_loop();
  s.requests.dropped = 100;
  EXPECT_FALSE(asked("arrivals_missed", s));
  s.requests.dropped = 101;
  const auto found = asked("arrivals_missed", s);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->limited_by, LimitedBy::unknown);
  EXPECT_EQ(in_full(*found),
            "101 of 10,000 arrivals were never sent (101 dropped, 0 left in the backlog), and nobody was "
            "seen at a limit: type a lower -R");
}

TEST(VerdictRules, ARateThatWasReachedIsTheLoadsLimit) {
  const auto found = asked("load_reached", test::open_loop());
  ASSERT_TRUE(found);
  EXPECT_EQ(found->limited_by, LimitedBy::load);
  EXPECT_EQ(in_full(*found),
            "the rate asked for was sent with a lag p99 of 6 µs, and nobody was at a limit: type a higher "
            "-R to find the target's");
  EXPECT_FALSE(asked("load_reached", healthy()));
}

TEST(VerdictRules, WithoutStampsAndSchedstatItIsUnknownWhoWasHeldUp) {
  ScenarioResult s = test::without_stamps();
  EXPECT_FALSE(asked("facts_unknown", s));
  s.shards[0].run_queue_wait_s.reset();
  const auto found = asked("facts_unknown", s);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->limited_by, LimitedBy::unknown);
  EXPECT_FALSE(found->spoils);
  s = healthy();
  s.shards[0].run_queue_wait_s.reset();
  EXPECT_FALSE(asked("facts_unknown", s));  // the stamps say it
  s.connections.opened_total = 10'000;      // but not of the time that connecting takes
  ASSERT_TRUE(asked("facts_unknown", s));
  EXPECT_EQ(in_full(*asked("facts_unknown", s)),
            "whether saturn itself was held up is unknown: replacing connections took much of the time, and "
            "this kernel does not tell how long saturn waited for a core (see saturn doctor)");
}

TEST(VerdictRules, AClosedLoopThatWaitsForTheTargetSaysHowIdleTheGeneratorWas) {
  EXPECT_EQ(in_full(*asked("target_waited_for", healthy())),
            "the generator was busy 3.1 % of its core; lag p99 was 6 µs and observe p99 5 µs against a "
            "latency p99 of "
            "12.1 ms");
  EXPECT_EQ(in_full(*asked("target_waited_for", test::without_stamps())),
            "the generator was busy 3.1 % of its core; what it added to the latency is not known without "
            "arrival stamps "
            "of the kernel");
}

}  // namespace
}  // namespace saturn
