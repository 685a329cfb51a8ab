// What else this machine does while something is measured: CPU of all that is neither this process nor the
// target, and the load average. Read by the coordinator at the edges of a measured phase. The arithmetic is
// pure and tested in tests/unit/host_load_test.cpp.
#pragma once
#include <optional>
#include <string_view>

#include "saturn/result.hpp"
#include "saturn/time.hpp"

namespace saturn {

struct MachineSnapshot {  ///< one edge
  std::optional<Nanos> busy;
  Nanos own{0}, at{0};
};
MachineSnapshot machine_snapshot();

/// CPU, in cores, that others used between two edges. nullopt where a reading is missing, or the time is too
/// short for the kernel's ticks of 10 ms.
std::optional<double> other_cores(const MachineSnapshot& start, const MachineSnapshot& end,
                                  double target_cpu_s);

/// The first number of /proc/loadavg.
std::optional<double> parse_loadavg(std::string_view text);
std::optional<double> load_average();

/// `target_cpu_s`: nullopt where the target is on this machine and what it used is not known.
HostLoad host_load_between(const MachineSnapshot& start, const MachineSnapshot& end,
                           std::optional<double> target_cpu_s, unsigned cpus, std::optional<double> loadavg);

}  // namespace saturn
