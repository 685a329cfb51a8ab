// The verdict's rules about connections and the generator on recorded figures, each threshold from both
// sides.
#include <gtest/gtest.h>

#include "unit/verdict_cases.hpp"

namespace saturn {
namespace {

using test::asked;
using test::healthy;
using test::host;
using test::latency_of;

TEST(VerdictRules, AHealthyClosedLoopIsFoundByTheLastRuleOnly) {
  for (const VerdictRule& rule : verdict_rules()) {
    const auto found = rule.find({healthy(), host(), true});
    EXPECT_EQ(found.has_value(), rule.name == "target_waited_for") << rule.name;
  }
}

TEST(VerdictRules, TooShortBelowATenthOfASecond) {
  ScenarioResult s = healthy();
  s.measured_s = 0.1;
  EXPECT_FALSE(asked("too_short", s));
  s.measured_s = 0.0999;
  auto found = asked("too_short", s);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->limited_by, LimitedBy::unknown);
  EXPECT_FALSE(found->spoils);
  EXPECT_EQ(in_full(*found), "99.9 ms are too short to see who was at a limit: type a longer -d or more -n");
  s.rps.reset();
  found = asked("too_short", s);
  ASSERT_TRUE(found);
  EXPECT_TRUE(found->spoils);
  EXPECT_EQ(in_full(*found), "nothing was measured, so there is nothing to judge");
}

TEST(VerdictRules, ConnectionsThatDidNotComeUpDecideFromATenth) {
  ScenarioResult s = healthy();
  s.connections.requested = 100;
  s.connections.established = 91;
  s.connections.failed = s.connections.timed_out = 9;
  auto found = asked("connections", s);
  ASSERT_TRUE(found);
  EXPECT_FALSE(found->limited_by || found->spoils);
  EXPECT_EQ(in_full(*found), "only 91 of 100 connections came up: look at the path, or type -c 91");
  s.connections.established = 90;
  s.connections.failed = s.connections.timed_out = 10;
  found = asked("connections", s);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->limited_by, LimitedBy::network);
  EXPECT_TRUE(found->spoils);
  s.connections.timed_out = 4;
  EXPECT_EQ(in_full(*asked("connections", s)),
            "only 90 of 100 connections came up, ports may have run out: type --source-ip with several "
            "addresses of this "
            "host");
  s.connections.refused = 5;
  EXPECT_EQ(asked("connections", s)->limited_by, LimitedBy::network);
  s.connections.refused = 6;
  found = asked("connections", s);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->limited_by, LimitedBy::target);
  EXPECT_FALSE(found->spoils);
  EXPECT_EQ(
      in_full(*found),
      "only 90 of 100 connections came up, the target refused the others: raise its backlog or its limit of "
      "connections");
}

TEST(VerdictRules, ABusyGeneratorLimitsTheRateAndSaysWhatTheLatencyIs) {
  ScenarioResult s = healthy();
  s.latency = s.service = latency_of(30, 40);
  s.latency_user = latency_of(280, 300);
  s.lag = latency_of(245, 260);
  s.shards[0].busy = 0.899;
  EXPECT_FALSE(asked("generator_busy", s));
  s.shards[0].busy = 0.97;
  const auto found = asked("generator_busy", s);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->limited_by, LimitedBy::generator);
  EXPECT_TRUE(found->spoils);
  EXPECT_EQ(in_full(*found),
            "the generator was busy 97 % of its core, so the rate is its own; the target's median is at most "
            "30 µs, "
            "user space would have said 280 µs: type -t 2");
}

TEST(VerdictRules, ABusyGeneratorWithoutStampsSpoilsTheLatencyToo) {
  ScenarioResult s = test::without_stamps();
  s.shards[0].busy = 0.9;
  const auto found = asked("generator_busy", s);
  ASSERT_TRUE(found);
  EXPECT_EQ(in_full(*found),
            "the generator was busy 90 % of its core, so rate and latency are its own: type -t 2");
}

TEST(VerdictRules, SpinningIsNotBusy) {
  ScenarioResult s = test::without_stamps();
  s.shards[0].utilisation = 1;
  s.shards[0].busy = 0.1;
  EXPECT_FALSE(asked("generator_busy", s));
}

TEST(VerdictRules, TheBusiestOfSeveralShardsCounts) {
  ScenarioResult s = test::without_stamps();
  s.shards.push_back(s.shards[0]);
  s.shards[1].busy = 0.95;
  EXPECT_TRUE(asked("generator_busy", s));
}

TEST(VerdictRules, ShardsOnOneCpuAreBusyTogether) {
  ScenarioResult s = test::without_stamps();
  s.shards.push_back(s.shards[0]);
  s.shards[0].busy = 0.5;
  s.shards[1].busy = 0.399;
  EXPECT_FALSE(asked("generator_busy", s));
  s.shards[1].busy = 0.41;
  const auto found = asked("generator_busy", s);
  ASSERT_TRUE(found);
  EXPECT_EQ(in_full(*found).find("the generator was busy 91 % of its core"), 0U);
  s.shards[1].cpu = 2;
  EXPECT_FALSE(asked("generator_busy", s));
  s.shards[0].cpu = s.shards[1].cpu = -1;  // not pinned
  EXPECT_FALSE(asked("generator_busy", s));
}

TEST(VerdictRules, AnIdleGeneratorThatRequestsWaitForDecidesFromHalfOfTheirTime) {
  ScenarioResult s = healthy();
  s.service = latency_of(91, 100);
  s.lag = latency_of(9, 20);
  EXPECT_FALSE(asked("generator_slow", s));
  s.lag = latency_of(30, 40);
  auto found = asked("generator_slow", s);
  ASSERT_TRUE(found);
  EXPECT_FALSE(found->limited_by || found->spoils);
  EXPECT_EQ(in_full(*found),
            "saturn's own part of a request's time was 25 %; without it the rate could be up to 1.3 times "
            "as high: type --spin, or a higher -c that needs fewer wake-ups");
  s.lag = latency_of(91, 92);
  EXPECT_FALSE(asked("generator_slow", s)->limited_by);
  s.lag = latency_of(364, 400);
  s.shards[0].busy = 0.5;
  found = asked("generator_slow", s);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->limited_by, LimitedBy::generator);
  EXPECT_TRUE(found->spoils);
  EXPECT_EQ(in_full(*found),
            "364 µs of a request's 455 µs (80 %) passed in saturn itself and only 91 µs in the target: type "
            "-t 2");
  s.shards[0].busy = 0.1;
  s.shards[0].run_queue_wait_s = 4;  // not asleep, but without a core
  EXPECT_NE(in_full(*asked("generator_slow", s)).find("type -t 2"), std::string::npos);
  EXPECT_FALSE(asked("generator_slow", test::without_stamps()));
}

TEST(VerdictRules, AnOpenLoopThatSendsLateIsTheGenerators) {
  ScenarioResult s = test::open_loop();
  s.latency = latency_of(500, 3000);
  s.lag = latency_of(20, 300);
  EXPECT_FALSE(asked("generator_late", s));
  s.lag = latency_of(20, 301);
  const auto found = asked("generator_late", s);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->limited_by, LimitedBy::generator);
  EXPECT_TRUE(found->spoils);
  EXPECT_EQ(in_full(*found),
            "requests were sent late: lag p99 was 301 µs of a latency p99 of 3 ms: type -t 2");
  s.latency = latency_of(50, 300);
  s.lag = latency_of(20, 200);  // a timer's own error
  EXPECT_FALSE(asked("generator_late", s));
  EXPECT_FALSE(asked("generator_late", healthy()));
}

TEST(VerdictRules, WaitingForACoreCountsWhereItDidHarm) {
  ScenarioResult s = test::without_stamps();
  s.shards[0].run_queue_wait_s = 1.0;
  EXPECT_FALSE(asked("no_core", s));
  s.shards[0].run_queue_wait_s = 1.01;
  const auto found = asked("no_core", s);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->limited_by, LimitedBy::generator);
  EXPECT_TRUE(found->spoils);
  EXPECT_EQ(in_full(*found),
            "saturn waited 10 % of the time for CPU 1, where something else ran: stop that, or give saturn "
            "cores of its own with taskset -c");
  s = healthy();
  s.shards[0].run_queue_wait_s = 5;
  s.service = latency_of(751, 800);
  s.lag = latency_of(249, 300);
  EXPECT_FALSE(asked("no_core", s));
  s.lag = latency_of(251, 300);
  EXPECT_TRUE(asked("no_core", s));
  s.shards[0].run_queue_wait_s.reset();
  EXPECT_FALSE(asked("no_core", s));
}

TEST(VerdictRules, ThreadsThatWaitForEachOtherAreTooMany) {
  ScenarioResult s = test::without_stamps();
  s.shards.assign(3, s.shards[0]);
  s.shards[2].run_queue_wait_s = 5;
  HostFacts machine = host();
  machine.cpus_allowed = 2;
  EXPECT_EQ(in_full(*asked("no_core", s, machine)),
            "saturn waited 50 % of the time for CPU 1, its 3 threads share 2 cores: type -t 2");
  machine.cpus_allowed = 1;
  EXPECT_EQ(in_full(*asked("no_core", s, machine)),
            "saturn waited 50 % of the time for CPU 1, its 3 threads share 1 core: type -t 1");
  machine.cpus_allowed = 3;
  EXPECT_NE(in_full(*asked("no_core", s, machine)).find("where something else ran"), std::string::npos);
}

TEST(VerdictRules, WhoRanInsteadIsSaidWhereItIsKnown) {
  ScenarioResult s = test::without_stamps();
  s.shards[0].run_queue_wait_s = 5;
  s.host_load = HostLoad{2.4, 0.3, 3.1};
  EXPECT_EQ(
      in_full(*asked("no_core", s)),
      "saturn waited 50 % of the time for CPU 1; the machine was busy with other things (load 3.1, 2.40 "
      "of 8 cores): stop what else runs, or use another machine");
  s.host_load->other_share = 0.01;
  auto found = asked("no_core", s);
  EXPECT_EQ(in_full(*found),
            "saturn waited 50 % of the time for CPU 1, where the target ran: run the target on another "
            "machine, or hold it to other cores with taskset -c");
  EXPECT_TRUE(found->remedy.shared_machine);
  EXPECT_NE(asked("no_core", s, host(), false)->reason.find("where something else ran"), std::string::npos);
}

TEST(VerdictRules, AMachineThatIsBusyWithOtherThingsIsARemarkFromATenthOfItsCores) {
  ScenarioResult s = healthy();
  EXPECT_FALSE(asked("machine_busy", s));
  s.host_load = HostLoad{{}, {}, 9.0};  // a load average alone may be ours
  EXPECT_FALSE(asked("machine_busy", s));
  s.host_load = HostLoad{0.79, 0.099, 1.0};
  EXPECT_FALSE(asked("machine_busy", s));
  s.host_load = HostLoad{0.8, 0.1, 1.0};
  const auto found = asked("machine_busy", s);
  ASSERT_TRUE(found);
  EXPECT_FALSE(found->limited_by || found->spoils);
  EXPECT_EQ(found->reason, "the machine was busy with other things (load 1.0, 0.80 of 8 cores)");
  EXPECT_EQ(found->severity, Severity::warning);
}

TEST(VerdictRules, StealCountsAboveATwentiethWhereItDidHarm) {
  ScenarioResult s = test::without_stamps();
  s.shards[0].steal = 0.05;
  EXPECT_FALSE(asked("steal", s));
  s.shards[0].steal = 0.12;
  const auto found = asked("steal", s);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->limited_by, LimitedBy::generator);
  EXPECT_TRUE(found->spoils);
  EXPECT_EQ(in_full(*found),
            "the hypervisor took 12 % of the time of CPU 1 for others: use a machine with cores of its own");
  s = healthy();
  s.shards[0].steal = 0.5;
  EXPECT_FALSE(asked("steal", s));
}

TEST(VerdictRules, AQuotaCountsFromAHundredthOfTheTimeWhereItDidHarm) {
  ScenarioResult s = test::without_stamps();
  s.generator.throttled = Throttling{1, 0.1};
  EXPECT_FALSE(asked("quota", s));
  s.generator.throttled = Throttling{14, 0.84};
  HostFacts small = host();
  small.cpu_quota = 0.5;
  const auto found = asked("quota", s, small);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->limited_by, LimitedBy::generator);
  EXPECT_TRUE(found->spoils);
  EXPECT_EQ(in_full(*found),
            "a CPU quota of 0.5 cores stopped saturn 14 times, for 840 ms in all: raise it (docker run "
            "--cpus, systemd CPUQuota=) or lower the load");
  s = healthy();
  s.generator.throttled = Throttling{14, 0.84};
  EXPECT_FALSE(asked("quota", s));
}

TEST(VerdictRules, ShortBuffersAreARemarkAndDecideAboveAHundredthOfTheAnswers) {
  ScenarioResult s = test::without_stamps();
  s.requests.completed = 1000;
  s.generator.buffers_short = 10;
  auto found = asked("buffers_short", s);
  ASSERT_TRUE(found);
  EXPECT_FALSE(found->limited_by || found->spoils);
  EXPECT_EQ(in_full(*found),
            "receive buffers ran short 10 times, answers waited in the kernel: type a larger "
            "--recv-memory");
  s.generator.buffers_short = 11;
  found = asked("buffers_short", s);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->limited_by, LimitedBy::generator);
  EXPECT_TRUE(found->spoils);
  s.generator.buffers_short = 0;
  EXPECT_FALSE(asked("buffers_short", s));
}

TEST(VerdictRules, TheAdviceNamesThreadsWhileThereAreCoresForThem) {
  ScenarioResult s = test::without_stamps();
  s.shards[0].busy = 1;
  const auto advice = [&](unsigned cores, bool local) {
    HostFacts machine = host();
    machine.cpus_allowed = machine.cpus_online = cores;
    const std::string reason = in_full(*asked("generator_busy", s, machine, local));
    return reason.substr(reason.rfind(": ") + 2);
  };
  EXPECT_EQ(advice(3, true), "type -t 2");
  EXPECT_EQ(advice(2, true), "run the target on another machine, this one has 2 cores for both");
  EXPECT_EQ(advice(1, true), "run the target on another machine, this one has 1 core for both");
  EXPECT_EQ(advice(2, false), "type -t 2");
  EXPECT_EQ(advice(1, false), "run saturn on a machine with more cores, or on several");
  HostFacts confined = host();
  confined.cpus_allowed = 1;
  EXPECT_NE(in_full(*asked("generator_busy", s, confined))
                .find("let saturn use more than 1 of this machine's 8 cores"),
            std::string::npos);
  s.vus = 1;
  EXPECT_EQ(advice(8, false), "type a higher -c, and -t with it");
}

}  // namespace
}  // namespace saturn
