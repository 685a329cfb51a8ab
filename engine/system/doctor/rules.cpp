#include "system/doctor/rules.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cstdlib>

#include "core/result/text_format.hpp"
#include "system/doctor/load_rules.hpp"
#include "system/net/pacing.hpp"

namespace saturn::doctor {
namespace {

constexpr const char* kNewerKernel = "run on Linux 6.1 or newer";
constexpr std::uint64_t kManyFiles = 10'240, kFewFiles = 256, kOwnFiles = 64, kEnoughLocked = 8U << 20U;
constexpr unsigned kEnoughPorts = 16'384, kEnoughQueue = 1024;
constexpr double kCheapReadNs = 200, kMuchSteal = 0.005;

bool contains(const std::vector<std::string>& list, std::string_view word) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

Finding unknown(std::string name, const std::string& why) {
  return {std::move(name), Level::unknown, "unknown: " + why, ""};
}

Finding kernel(const Facts& facts) {
  const std::string name = "kernel";
  char* end = nullptr;
  const long major = std::strtol(facts.kernel.c_str(), &end, 10);
  const long minor = *end == '.' ? std::strtol(end + 1, nullptr, 10) : -1;
  if (major <= 0 || minor < 0) return unknown(name, "\"" + facts.kernel + "\" has no number");
  if (major > 6 || (major == 6 && minor >= 1)) return {name, Level::good, facts.kernel, ""};
  return {name, Level::warn, facts.kernel + ": older than 6.1, which saturn is made for", kNewerKernel};
}

Finding ring(const Facts& facts) {
  const std::string name = "io_uring";
  if (facts.ring.refusal) return {name, Level::bad, facts.ring.refusal->message, facts.ring.refusal->remedy};
  const std::string flags = fmt::format("rings with {}", fmt::join(facts.ring.setup_flags, ", "));
  if (facts.io_uring_disabled.value_or(0) == 1)
    return {name, Level::warn, flags + "; only for privileged processes (kernel.io_uring_disabled = 1)",
            "as root: sysctl kernel.io_uring_disabled=0"};
  if (!contains(facts.ring.setup_flags, "DEFER_TASKRUN"))
    return {name, Level::warn, flags + "; without DEFER_TASKRUN each answer costs more", kNewerKernel};
  return {name, Level::good, flags, ""};
}

Finding operations(const Facts& facts) {
  const std::string name = "io_uring operations";
  const RingProbe& ring = facts.ring;
  if (ring.refusal) return unknown(name, "there is no ring");
  std::vector<std::string> lacking;
  if (!ring.buffer_ring) lacking.emplace_back("provided buffers");
  if (ring.multishot_receive == false) lacking.emplace_back("multishot receive");
  bool needed = !lacking.empty();
  for (const auto& operation : ring.missing.value_or(std::vector<std::string>{})) {
    lacking.push_back(operation);
    needed |= operation == "recvmsg" || operation == "send" || operation == "connect";
  }
  if (!lacking.empty())
    return {name, needed ? Level::bad : Level::warn,
            fmt::format("this kernel lacks {}", fmt::join(lacking, ", ")), kNewerKernel};
  if (!ring.missing || !ring.multishot_receive) return unknown(name, "not all could be tried");
  return {name, Level::good, "all that saturn uses, tried: multishot receive into provided buffers", ""};
}

Finding stamps(const Facts& facts) {
  const std::string name = "receive stamps";
  if (!facts.stamps_tried) return unknown(name, "no connection on 127.0.0.1 could be made to try them");
  if (!facts.stamp_delay || facts.ring.receive_stamps == false)
    return {name, Level::warn,
            "SO_TIMESTAMPNS delivers nothing: latencies end when saturn looks, its own delay included",
            "run on a Linux kernel of its own, without a sandbox between"};
  return {name, Level::good,
          fmt::format("the kernel stamps arrivals on loopback; user space saw one {} later",
                      text::duration(to_seconds(*facts.stamp_delay))),
          ""};
}

Finding seccomp(const Facts& facts) {
  const std::string name = "seccomp";
  if (!facts.seccomp) return unknown(name, "/proc/self/status does not tell");
  if (*facts.seccomp == 0) return {name, Level::good, "no filter", ""};
  if (facts.ring.refusal && facts.io_uring_disabled.value_or(0) == 0)
    return {name, Level::bad, "a filter is active and io_uring is refused",
            "docker run --security-opt seccomp=tools/docker/seccomp.json … (the profile is in saturn's "
            "repository)"};
  return {name, Level::good,
          facts.ring.refusal ? "a filter is active" : "a filter is active and lets io_uring through", ""};
}

Finding container(const Facts& facts) {
  const std::string name = "container";
  if (facts.container.empty()) return {name, Level::good, "none seen", ""};
  const bool own_network = std::any_of(facts.interfaces.begin(), facts.interfaces.end(),
                                       [](const Interface& i) { return i.elsewhere; });
  if (!own_network) return {name, Level::good, facts.container + ", on the host's network", ""};
  return {name, Level::warn,
          facts.container + ", with a network of its own: its bridge is part of every latency",
          "start the container with --network host"};
}

Finding files(const Facts& facts) {
  const std::string name = "open files";
  if (!facts.files_hard) return unknown(name, "the limit cannot be read");
  if (*facts.files_hard == kUnlimited) return {name, Level::good, "unlimited", ""};
  const std::uint64_t hard = *facts.files_hard;
  const std::string found = fmt::format("{} now, at most {}, which saturn takes: about {} connections",
                                        text::count(facts.files_soft.value_or(hard)), text::count(hard),
                                        text::count(hard - std::min(hard, kOwnFiles)));
  if (hard >= kManyFiles) return {name, Level::good, found, ""};
  return {name, hard < kFewFiles ? Level::bad : Level::warn, found,
          "as root: ulimit -Hn 1048576; systemd: LimitNOFILE=1048576; docker: --ulimit "
          "nofile=1048576:1048576"};
}

Finding locked(const Facts& facts) {
  const std::string name = "locked memory";
  if (!facts.locked_bytes) return unknown(name, "the limit cannot be read");
  if (*facts.locked_bytes == kUnlimited) return {name, Level::good, "unlimited", ""};
  const std::string found = text::bytes(static_cast<double>(*facts.locked_bytes));
  if (*facts.locked_bytes >= kEnoughLocked) return {name, Level::good, found, ""};
  return {name, Level::warn, found + ": rings of unprivileged processes may not fit",
          "as root: ulimit -l 8192 or more; docker: --ulimit memlock=-1 or --cap-add IPC_LOCK"};
}

Finding cores(const Facts& facts) {
  const std::string name = "cores";
  const unsigned allowed = facts.cpus_allowed;
  if (allowed == 0) return unknown(name, "the affinity mask cannot be read");
  std::string found = allowed == facts.cpus_online
                          ? fmt::format("{}", allowed)
                          : fmt::format("{} of {} allowed", allowed, facts.cpus_online);
  if (facts.physical_cores && facts.threads_per_core)
    found += fmt::format("; {} physical {}, {} {} each", *facts.physical_cores,
                         *facts.physical_cores == 1 ? "core" : "cores", *facts.threads_per_core,
                         *facts.threads_per_core == 1 ? "thread" : "threads");
  if (allowed > 1) return {name, Level::good, found, ""};
  return {name, Level::warn, found + ": a server on this machine and saturn take it from each other",
          "use a machine with two cores or more, or load a server on another host"};
}

Finding quota(const Facts& facts) {
  const std::string name = "CPU quota";
  if (!facts.cpu_quota) return {name, Level::good, "none", ""};
  const std::string found = fmt::format("{:.4g} CPUs", *facts.cpu_quota);
  if (facts.cpus_allowed > 0 && *facts.cpu_quota >= facts.cpus_allowed)
    return {name, Level::good, found + ": no less than the allowed cores", ""};
  return {name, Level::warn,
          found +
              ": at the quota the kernel stops all threads for the rest of a period, which looks like "
              "the server's latency",
          "give cores instead of a share: docker --cpuset-cpus, systemd AllowedCPUs="};
}

/// Read without a system call.
bool is_cheap(std::string_view source) {
  constexpr std::array<std::string_view, 4> kCheap{"tsc", "kvm-clock", "hyperv_clocksource_tsc_page",
                                                   "arch_sys_counter"};
  return std::find(kCheap.begin(), kCheap.end(), source) != kCheap.end();
}

Finding clock(const Facts& facts) {
  const std::string name = "clock source";
  if (facts.clock_source.empty() && !facts.clock_read_ns) return unknown(name, "/sys does not tell");
  std::string found = facts.clock_source.empty() ? "unknown" : facts.clock_source;
  if (facts.clock_read_ns) found += fmt::format(", a reading takes {:.0f} ns", *facts.clock_read_ns);
  const bool cheap =
      facts.clock_read_ns ? *facts.clock_read_ns <= kCheapReadNs : is_cheap(facts.clock_source);
  if (cheap) return {name, Level::good, found, ""};
  if (is_cheap(facts.clock_source))
    return {name, Level::warn, found + ": slow for this source, something emulates or traces it",
            "run without a sandbox or tracer between"};
  return {name, Level::warn, found + ": every reading is a system call",
          "as root: echo tsc > /sys/devices/system/clocksource/clocksource0/current_clocksource, where "
          "available_clocksource beside it has tsc"};
}

Finding governor(const Facts& facts) {
  const std::string name = "CPU governor";
  if (facts.governors.empty())
    return unknown(name, "no frequency scaling to be seen, as in most virtual machines");
  const std::string found = fmt::format("{}", fmt::join(facts.governors, ", "));
  if (facts.governors == std::vector<std::string>{"performance"}) return {name, Level::good, found, ""};
  return {name, Level::warn, found + ": cores that idle between answers slow down and make them late",
          "as root: cpupower frequency-set -g performance"};
}

Finding steal(const Facts& facts) {
  const std::string name = "stolen CPU time";
  if (!facts.steal_share) return unknown(name, "/proc/stat has no such column");
  const std::string found = fmt::format("{:.2f} % since boot", *facts.steal_share * 100);
  if (*facts.steal_share < kMuchSteal) return {name, Level::good, found, ""};
  return {name, Level::warn, found + ": the hypervisor runs others on these cores",
          "use a machine with cores of its own, and repeat runs to see the spread"};
}

Finding run_queue(const Facts& facts) {
  const std::string name = "run-queue wait";
  if (!facts.run_queue_wait) return unknown(name, "/proc/self/schedstat was not looked at");
  if (*facts.run_queue_wait) return {name, Level::good, "the kernel counts it (schedstat)", ""};
  return {name, Level::warn, "not counted here: how long saturn's threads waited for a core stays unknown",
          "use a kernel with CONFIG_SCHED_INFO, or one that shows /proc/PID/schedstat"};
}

Finding ports(const Facts& facts) {
  const std::string name = "local ports";
  if (!facts.ports) return unknown(name, "net.ipv4.ip_local_port_range cannot be read");
  const unsigned count = facts.ports->last - facts.ports->first + 1;
  const int reuse = facts.reuse_time_wait.value_or(-1);
  const char* again = reuse == 0   ? "; a closed one rests for a minute"
                      : reuse == 1 ? "; closed ones are used again at once"
                      : reuse == 2 ? "; closed ones are used again at once on loopback"
                                   : "";
  const std::string found = fmt::format("{} to {}: {} connections to one address and port{}",
                                        facts.ports->first, facts.ports->last, text::count(count), again);
  if (count < kEnoughPorts)
    return {name, Level::warn, found, "as root: sysctl net.ipv4.ip_local_port_range=\"1024 65535\""};
  if (reuse == 0)
    return {name, Level::warn, found + ", so a connection per request runs out of them",
            "as root: sysctl net.ipv4.tcp_tw_reuse=1"};
  return {name, Level::good, found, ""};
}

Finding accept_queue(const Facts& facts) {
  const std::string name = "accept queue";
  if (!facts.accept_queue) return unknown(name, "net.core.somaxconn cannot be read");
  const std::string found = fmt::format("a server here may leave {} connections waiting (somaxconn)",
                                        text::count(*facts.accept_queue));
  if (*facts.accept_queue >= kEnoughQueue) return {name, Level::good, found, ""};
  return {name, Level::warn, found + "; more at once are answered a second late",
          "as root: sysctl net.core.somaxconn=4096, then restart the server"};
}

Finding pacing(const Facts& facts) {
  const std::string name = "TCP pacing";
  if (facts.congestion_control.empty())
    return unknown(name, "net.ipv4.tcp_congestion_control cannot be read");
  const std::string found = facts.congestion_control + " for new connections";
  if (!paces(facts.congestion_control)) return {name, Level::good, found, ""};
  return {name, Level::warn,
          found +
              ": a server on this machine waits for timers between the segments of large answers (saturn's "
              "own connections within the machine do not)",
          "as root: sysctl net.ipv4.tcp_congestion_control=cubic, then restart the server"};
}

Finding tracking(const Facts& facts) {
  const std::string name = "connection tracking";
  const std::string docker = facts.dockerd ? "; dockerd is running" : "";
  if (!facts.tracked) return unknown(name, "no connections on 127.0.0.1 could be made to try it");
  if (!*facts.tracked) return {name, Level::good, "not on loopback" + docker, ""};
  return {name, Level::warn,
          "packet filter rules follow every connection, loopback too, new ones cost most" + docker,
          "remove the rules (Docker leaves its own behind), or compare only runs made with the same rules"};
}

Finding card(const Interface& one, unsigned cpus) {
  const std::string name = "network card " + one.name;
  const std::string irqs = one.irq_cpus.empty() ? std::string() : ", its interrupts on CPU " + one.irq_cpus;
  if (one.receive_queues == 0) return unknown(name, "its receive queues cannot be seen");
  const std::string found =
      fmt::format("{} receive {}{}{}", one.receive_queues, one.receive_queues == 1 ? "queue" : "queues", irqs,
                  one.steered ? ", spread by RPS" : "");
  if (one.receive_queues > 1 || one.steered || cpus < 2) return {name, Level::good, found, ""};
  return {name, Level::warn, found + ": one core takes every packet from elsewhere (not loopback's)",
          fmt::format("as root, with a mask of cores: echo f > /sys/class/net/{}/queues/rx-0/rps_cpus",
                      one.name)};
}

}  // namespace

std::string_view to_name(Level level) {
  constexpr std::array<std::string_view, 4> kNames{"good", "unknown", "warn", "bad"};
  return kNames[static_cast<std::size_t>(level)];
}

std::vector<Finding> examine(const Facts& facts) {
  std::vector<Finding> findings;
  for (const auto rule :
       {kernel,   ring,  operations, stamps, seccomp,      container, files,    locked, cores,  quota, clock,
        governor, steal, run_queue,  ports,  accept_queue, pacing,    tracking, load,   others, study})
    findings.push_back(rule(facts));
  for (const Interface& one : facts.interfaces)
    if (one.card) findings.push_back(card(one, facts.cpus_online));
  return findings;
}

Level worst(const std::vector<Finding>& findings) {
  Level level = Level::good;
  for (const Finding& finding : findings) level = std::max(level, finding.level);
  return level;
}

}  // namespace saturn::doctor
