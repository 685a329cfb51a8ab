// Reads processes and machine from /proc and the CPU clocks: a target's tree (master and workers), their CPU
// time to the nanosecond (ticks of 10 ms are too coarse for short scenarios) and memory. Read-only, no state.
// Tested in tests/unit/study_processes_test.cpp.
#pragma once
#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "saturn/time.hpp"

namespace saturn::study {

struct ProcessSample {
  pid_t pid = 0;
  std::string name;
  Nanos cpu{0};
};

/// The process and all its descendants, the root first. Those that vanish meanwhile are left out.
std::vector<pid_t> process_tree(pid_t root);
/// CPU time and name of each process that still lives, in the same order.
std::vector<ProcessSample> sample_processes(const std::vector<pid_t>& pids);
std::uint64_t resident_bytes(const std::vector<pid_t>& pids);

/// Time all CPUs of the machine were busy since boot (user, nice, system, interrupts), 10 ms resolution;
/// nullopt if unreadable.
std::optional<Nanos> machine_busy();

}  // namespace saturn::study
