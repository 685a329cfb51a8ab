// Rules of `saturn doctor` on recorded facts: what a machine gave, and what is said about it.
#include "system/doctor/rules.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace saturn::doctor {
namespace {

/// A machine with nothing to complain about.
Facts fine() {
  Facts facts;
  facts.kernel = "6.18.44-fc-v657";
  facts.ring.setup_flags = {"SINGLE_ISSUER", "DEFER_TASKRUN", "SUBMIT_ALL", "CQSIZE"};
  facts.ring.missing.emplace();
  facts.ring.buffer_ring = true;
  facts.ring.multishot_receive = facts.ring.receive_stamps = true;
  facts.io_uring_disabled = 0;
  facts.seccomp = 0;
  facts.files_soft = 1024;
  facts.files_hard = 20'000;
  facts.locked_bytes = 8U << 20U;
  facts.cpus_online = facts.cpus_allowed = 12;
  facts.clock_source = "tsc";
  facts.clock_read_ns = 24.4;
  facts.governors = {"performance"};
  facts.ports = PortRange{32'768, 60'999};
  facts.reuse_time_wait = 2;
  facts.accept_queue = 4096;
  facts.congestion_control = "cubic";
  facts.interfaces = {{"eth0", true, false, 8, false, "0-7"}};
  facts.stamps_tried = true;
  facts.stamp_delay = std::chrono::microseconds(9);
  facts.run_queue_wait = true;
  facts.steal_share = 0.0;
  facts.tracked = false;
  facts.load_1min = 0.5;
  facts.others_cores = 0.04;
  return facts;
}

Finding finding(const Facts& facts, const std::string& name) {
  for (auto& one : examine(facts))
    if (one.name == name) return one;
  ADD_FAILURE() << "no finding " << name;
  return {};
}

using Change = void (*)(Facts&);
Finding after(Change change, const std::string& name) {
  Facts facts = fine();
  change(facts);
  return finding(facts, name);
}

TEST(Doctor, HasNothingToSayAgainstAFineMachine) {
  const auto findings = examine(fine());
  EXPECT_EQ(findings.size(), 22U);
  for (const Finding& one : findings) {
    EXPECT_EQ(one.level, Level::good) << one.name << ": " << one.found;
    EXPECT_EQ(one.remedy, "") << one.name;
    EXPECT_NE(one.found, "") << one.name;
  }
  EXPECT_EQ(worst(findings), Level::good);
}

TEST(Doctor, SaysUnknownWhereNothingCouldBeRead) {
  Facts facts;
  facts.ring.refusal = Error{"io_uring", "no", "", ErrorKind::setup};
  for (const Finding& one : examine(facts)) {
    // What is absent is known to be absent in three cases; the ring was refused.
    if (one.name == "io_uring" || one.name == "container" || one.name == "CPU quota" ||
        one.name == "study time")
      continue;
    EXPECT_EQ(one.level, Level::unknown) << one.name << ": " << one.found;
    EXPECT_EQ(one.found.rfind("unknown: ", 0), 0U) << one.name;
  }
}

TEST(Doctor, EveryFindingThatIsNotGoodHasARemedy) {
  Facts facts;
  facts.kernel = "5.10.0";
  facts.ring.missing = {"socket"};
  facts.files_hard = facts.files_soft = 100;
  facts.locked_bytes = 65'536;
  facts.cpus_allowed = facts.cpus_online = 1;
  facts.cpu_quota = 0.5;
  facts.clock_source = "hpet";
  facts.clock_read_ns = 1400;
  facts.governors = {"powersave"};
  facts.ports = PortRange{50'000, 50'999};
  facts.accept_queue = 128;
  facts.congestion_control = "bbr";
  facts.interfaces = {{"eth0", true, false, 1, false, "1"}, {"eth1", false, true, 1, false, ""}};
  facts.container = "docker";
  facts.stamps_tried = true;
  facts.run_queue_wait = false;
  facts.steal_share = 0.03;
  facts.tracked = true;
  facts.load_1min = 3;
  facts.others_cores = 0.9;
  facts.study_times = {{"full", std::chrono::minutes(52)}};
  for (const Finding& one : examine(facts)) {
    if (one.level == Level::good || one.level == Level::unknown) continue;
    EXPECT_NE(one.remedy, "") << one.name;
  }
}

TEST(Doctor, ARefusedRingIsBadWithItsReason) {
  const auto refused = [](Facts& facts) {
    facts.ring = {};
    facts.ring.refusal = Error{"io_uring", "refused (EPERM)", "allow it", ErrorKind::setup};
  };
  const Finding ring = after(refused, "io_uring");
  EXPECT_EQ(ring.level, Level::bad);
  EXPECT_EQ(ring.found, "refused (EPERM)");
  EXPECT_EQ(ring.remedy, "allow it");
  EXPECT_EQ(after(refused, "io_uring operations").level, Level::unknown);
  EXPECT_EQ(after(refused, "seccomp").level, Level::good);
}

TEST(Doctor, AFilterIsBadOnlyWhereItIsInTheWay) {
  EXPECT_EQ(after([](Facts& f) { f.seccomp = 2; }, "seccomp").found,
            "a filter is active and lets io_uring through");
  const auto refused = [](Facts& f) {
    f.seccomp = 2;
    f.ring.refusal = Error{"io_uring", "refused", "", ErrorKind::setup};
  };
  EXPECT_EQ(after(refused, "seccomp").level, Level::bad);
  EXPECT_NE(after(refused, "seccomp").remedy.find("seccomp=tools/docker/seccomp.json"), std::string::npos);
  const auto switched_off = [](Facts& f) {
    f.seccomp = 2;
    f.io_uring_disabled = 2;
    f.ring.refusal = Error{"io_uring", "switched off", "", ErrorKind::setup};
  };
  EXPECT_EQ(after(switched_off, "seccomp").level, Level::good);
}

TEST(Doctor, AnOldKernelIsJudgedByWhatItCanDo) {
  EXPECT_EQ(after([](Facts& f) { f.kernel = "6.1.0-44-amd64"; }, "kernel").level, Level::good);
  EXPECT_EQ(after([](Facts& f) { f.kernel = "6.0.9"; }, "kernel").level, Level::warn);
  EXPECT_EQ(after([](Facts& f) { f.kernel = "5.14.0-570.el9"; }, "kernel").level, Level::warn);
  EXPECT_EQ(after([](Facts& f) { f.kernel = "rolling"; }, "kernel").level, Level::unknown);
  EXPECT_EQ(after([](Facts& f) { f.ring.setup_flags = {"COOP_TASKRUN"}; }, "io_uring").level, Level::warn);
  EXPECT_EQ(after([](Facts& f) { f.io_uring_disabled = 1; }, "io_uring").level, Level::warn);
  const Finding lacking =
      after([](Facts& f) { f.ring.multishot_receive = f.ring.buffer_ring = false; }, "io_uring operations");
  EXPECT_EQ(lacking.level, Level::bad);
  EXPECT_EQ(lacking.found, "this kernel lacks provided buffers, multishot receive");
  EXPECT_EQ(after([](Facts& f) { f.ring.missing = {"socket"}; }, "io_uring operations").level, Level::warn);
  EXPECT_EQ(after([](Facts& f) { f.ring.missing = {"recvmsg"}; }, "io_uring operations").level, Level::bad);
  EXPECT_EQ(after([](Facts& f) { f.ring.missing.reset(); }, "io_uring operations").level, Level::unknown);
}

TEST(Doctor, StampsThatDoNotArriveAreWarnedOf) {
  EXPECT_EQ(after([](Facts&) {}, "receive stamps").found,
            "the kernel stamps arrivals on loopback; user space saw one 9 µs later");
  EXPECT_EQ(after([](Facts& f) { f.stamp_delay.reset(); }, "receive stamps").level, Level::warn);
  EXPECT_EQ(after([](Facts& f) { f.ring.receive_stamps = false; }, "receive stamps").level, Level::warn);
  EXPECT_EQ(after([](Facts& f) { f.stamps_tried = false; }, "receive stamps").level, Level::unknown);
}

TEST(Doctor, LimitsAreToldInConnections) {
  EXPECT_EQ(after([](Facts&) {}, "open files").found,
            "1,024 now, at most 20,000, which saturn takes: about 19,936 connections");
  EXPECT_EQ(after([](Facts& f) { f.files_hard = 4096; }, "open files").level, Level::warn);
  EXPECT_EQ(after([](Facts& f) { f.files_hard = 200; }, "open files").level, Level::bad);
  EXPECT_EQ(after([](Facts& f) { f.files_hard = 10; }, "open files").level, Level::bad);
  EXPECT_EQ(after([](Facts& f) { f.files_hard = kUnlimited; }, "open files").found, "unlimited");
  EXPECT_EQ(after([](Facts& f) { f.locked_bytes = 65'536; }, "locked memory").level, Level::warn);
  EXPECT_EQ(after([](Facts& f) { f.locked_bytes = kUnlimited; }, "locked memory").level, Level::good);
}

TEST(Doctor, OneCoreAndAQuotaAreWarnedOf) {
  EXPECT_EQ(after([](Facts& f) { f.cpus_allowed = 1; }, "cores").level, Level::warn);
  EXPECT_EQ(after([](Facts& f) { f.cpus_allowed = 2; }, "cores").found, "2 of 12 allowed");
  const auto split = [](Facts& f) {
    f.physical_cores = 6;
    f.threads_per_core = 2;
  };
  EXPECT_EQ(after(split, "cores").found, "12; 6 physical cores, 2 threads each");
  EXPECT_EQ(after([](Facts& f) { f.physical_cores = f.threads_per_core = 1; }, "cores").found,
            "12; 1 physical core, 1 thread each");
  EXPECT_EQ(after([](Facts& f) { f.cpu_quota = 1.5; }, "CPU quota").level, Level::warn);
  EXPECT_EQ(after([](Facts& f) { f.cpu_quota = 12.0; }, "CPU quota").level, Level::good);
}

TEST(Doctor, AClockIsJudgedByWhatAReadingTakes) {
  EXPECT_EQ(after([](Facts&) {}, "clock source").found, "tsc, a reading takes 24 ns");
  const auto slow = [](Facts& f) {
    f.clock_source = "hpet";
    f.clock_read_ns = 1400;
  };
  EXPECT_EQ(after(slow, "clock source").level, Level::warn);
  EXPECT_EQ(after([](Facts& f) { f.clock_read_ns = 900; }, "clock source").level, Level::warn);
  EXPECT_EQ(after([](Facts& f) { f.clock_source = ""; }, "clock source").level, Level::good);
  EXPECT_EQ(after(
                [](Facts& f) {
                  f.governors = {"performance", "powersave"};
                },
                "CPU governor")
                .level,
            Level::warn);
}

TEST(Doctor, TheNetworkOfAContainerIsPartOfEveryLatency) {
  const auto bridged = [](Facts& f) {
    f.container = "docker";
    f.interfaces = {{"eth0", false, true, 1, false, ""}};
  };
  EXPECT_EQ(after(bridged, "container").level, Level::warn);
  EXPECT_EQ(after([](Facts& f) { f.container = "docker"; }, "container").found,
            "docker, on the host's network");
  EXPECT_EQ(after([](Facts& f) { f.tracked = f.dockerd = true; }, "connection tracking").level, Level::warn);
  EXPECT_EQ(after([](Facts& f) { f.dockerd = true; }, "connection tracking").found,
            "not on loopback; dockerd is running");
}

TEST(Doctor, PortsAndQueuesOfConnections) {
  EXPECT_EQ(after([](Facts&) {}, "local ports").found,
            "32768 to 60999: 28,232 connections to one address and port; closed ones are used again at once "
            "on loopback");
  EXPECT_EQ(after([](Facts& f) { f.ports = PortRange{50'000, 50'999}; }, "local ports").level, Level::warn);
  EXPECT_EQ(after([](Facts& f) { f.reuse_time_wait = 0; }, "local ports").level, Level::warn);
  EXPECT_EQ(after([](Facts& f) { f.accept_queue = 128; }, "accept queue").level, Level::warn);
}

TEST(Doctor, PacedTcpIsWarnedOf) {
  EXPECT_EQ(after([](Facts&) {}, "TCP pacing").found, "cubic for new connections");
  const Finding paced = after([](Facts& f) { f.congestion_control = "bbr"; }, "TCP pacing");
  EXPECT_EQ(paced.level, Level::warn);
  EXPECT_EQ(paced.remedy, "as root: sysctl net.ipv4.tcp_congestion_control=cubic, then restart the server");
}

TEST(Doctor, ACardWithOneQueueIsWarnedOf) {
  const auto one_queue = [](Facts& f) { f.interfaces[0] = {"eth0", true, false, 1, false, "1"}; };
  const Finding card = after(one_queue, "network card eth0");
  EXPECT_EQ(card.level, Level::warn);
  EXPECT_EQ(card.found,
            "1 receive queue, its interrupts on CPU 1: one core takes every packet from elsewhere (not "
            "loopback's)");
  EXPECT_NE(card.remedy.find("/sys/class/net/eth0/queues/rx-0/rps_cpus"), std::string::npos);
  EXPECT_EQ(after([](Facts& f) { f.interfaces[0] = {"eth0", true, false, 1, true, ""}; }, "network card eth0")
                .level,
            Level::good);
  EXPECT_EQ(
      after([](Facts& f) { f.interfaces[0] = {"eth0", true, false, 0, false, ""}; }, "network card eth0")
          .level,
      Level::unknown);
}

TEST(Doctor, ABusyMachineIsWarnedOfWithItsProcesses) {
  EXPECT_EQ(after([](Facts&) {}, "load").found, "0.50 on 12 cores over the last minute");
  EXPECT_EQ(after([](Facts&) {}, "other processes").found, "0.04 of 12 cores busy");
  const auto busy = [](Facts& f) {
    f.cpus_online = 2;
    f.load_1min = 4.8;
    f.others_cores = 1.413;
    f.busiest = {{"cc1plus", 3, 1.2}, {"python3", 1, 0.21}};
  };
  EXPECT_EQ(after(busy, "load").level, Level::warn);
  EXPECT_EQ(after(busy, "load").found,
            "4.80 on 2 cores over the last minute: other work waits for the same cores");
  EXPECT_EQ(after(busy, "other processes").level, Level::warn);
  EXPECT_EQ(after(busy, "other processes").found, "1.41 of 2 cores busy: cc1plus ×3 1.20, python3 0.21");
  // Right below the limits: half a core's load for each, a tenth of the machine.
  const auto little = [](Facts& f) {
    f.cpus_online = 2;
    f.load_1min = 0.99;
    f.others_cores = 0.199;
  };
  EXPECT_EQ(after(little, "load").level, Level::good);
  EXPECT_EQ(after(little, "other processes").level, Level::good);
}

TEST(Doctor, BusyIsSaidInWordsWhereItMatters) {
  Facts facts = fine();
  EXPECT_EQ(busy_with(facts), std::nullopt);
  EXPECT_EQ(busy_with(Facts{}), std::nullopt);
  facts.others_cores = 6;
  facts.busiest = {{"ninja", 1, 5.9}};
  EXPECT_EQ(busy_with(facts), "other processes 6.00 of 12 cores busy: ninja 5.90");
  facts.load_1min = 7;
  EXPECT_EQ(busy_with(facts),
            "other processes 6.00 of 12 cores busy: ninja 5.90; load 7.00 on 12 cores over the last minute: "
            "other work waits for the same cores");
}

TEST(Doctor, SaysHowLongAStudyTakes) {
  EXPECT_EQ(after([](Facts&) {}, "study time").found,
            "saturn doctor --study FILE says how long a study takes");
  const auto named = [](Facts& f) {
    f.study = "python-web";
    f.study_times = {{"glance", std::chrono::seconds(88)}, {"full", std::chrono::minutes(52)}};
  };
  EXPECT_EQ(after(named, "study time").found, "python-web: glance 88 s, full 52 min");
  EXPECT_EQ(after(named, "study time").level, Level::good);
  const auto busy = [](Facts& f) {
    f.study = "python-web";
    f.study_times = {{"full", std::chrono::minutes(52)}};
    f.others_cores = 6;
  };
  EXPECT_EQ(after(busy, "study time").level, Level::warn);
  EXPECT_EQ(after(busy, "study time").found,
            "python-web: full 52 min; longer while the machine is busy, and of little worth");
}

TEST(Doctor, TimeThatOthersTakeIsWarnedOf) {
  EXPECT_EQ(after([](Facts& f) { f.steal_share = 0.031; }, "stolen CPU time").found,
            "3.10 % since boot: the hypervisor runs others on these cores");
  EXPECT_EQ(after([](Facts& f) { f.run_queue_wait = false; }, "run-queue wait").level, Level::warn);
}

}  // namespace
}  // namespace saturn::doctor
