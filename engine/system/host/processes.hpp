// Reads processes and machine from /proc and the CPU clocks: who is whose child, CPU time to the nanosecond
// (ticks of 10 ms are too coarse for short scenarios) and memory. Read-only, no state. Tested in
// tests/unit/processes_test.cpp.
#pragma once
#include <sched.h>
#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "saturn/time.hpp"

namespace saturn {

struct ProcessStat {  ///< what we need of /proc/PID/stat
  pid_t pid = 0, parent = 0, group = 0;
  std::uint64_t started_ticks = 0;  ///< since boot: tells two processes of the same number apart
  std::uint64_t resident_pages = 0;
  std::string name{};  ///< at most 15 bytes (the kernel's comm)
};

/// One line of /proc/PID/stat; nullopt where it is something else.
std::optional<ProcessStat> parse_process_stat(std::string_view text);
/// nullopt where there is no such process or it may not be seen.
std::optional<ProcessStat> process_stat(pid_t pid);
std::vector<ProcessStat> all_processes();

/// The roots that are in `all` and their descendants, each once, parents before children.
std::vector<pid_t> descendants(const std::vector<ProcessStat>& all, const std::vector<pid_t>& roots);
/// The process and all its descendants, the root first. Those that vanish meanwhile are left out.
std::vector<pid_t> process_tree(pid_t root);

struct ProcessSample {
  pid_t pid = 0;
  std::string name{};
  Nanos cpu{0};
  pid_t parent = 0;
  std::uint64_t rss_bytes = 0, started_ticks = 0;
};

/// CPU time, name and memory of each process that still lives, in the same order. The clocks are read before
/// the rest, so that they lie close together.
std::vector<ProcessSample> sample_processes(const std::vector<pid_t>& pids);
/// Memory of one process; 0 where it is gone.
std::uint64_t resident_bytes(pid_t pid);

/// CPUs that a thread may run on (0: the calling one), however many the machine has; nullopt where there is
/// no such thread.
using AskAffinity = int (*)(pid_t, std::size_t, cpu_set_t*);
std::optional<std::vector<int>> affinity_of(pid_t thread, AskAffinity ask = sched_getaffinity);
/// CPUs that one of their threads may run on, in order; nullopt where one of them cannot be looked into, or
/// there is none.
std::optional<std::vector<int>> cpus_of(const std::vector<pid_t>& pids);

/// Time all CPUs of the machine were busy since boot (user, nice, system, interrupts), 10 ms resolution;
/// nullopt if unreadable.
std::optional<Nanos> machine_busy();

}  // namespace saturn
