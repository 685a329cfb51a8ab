// What the machine kept from us: time that the hypervisor took from each CPU, and stops by a CPU quota. Read
// by the coordinator at the edges of a measured phase, never by a shard. What cannot be read is unknown, not
// zero. The parsers are pure and tested on recorded files in tests/unit/pressure_test.cpp.
#pragma once
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "saturn/result.hpp"
#include "saturn/time.hpp"

namespace saturn {

struct CpuTime {
  Nanos all{0}, stolen{0};  ///< since the machine started
  Nanos idle{0};            ///< of `all`: nothing ran, waiting for a disk included
};

/// By CPU, from /proc/stat with its ticks a second.
std::map<int, CpuTime> parse_proc_stat(std::string_view text, long ticks_per_s);

/// cpu.stat of a cgroup of version 1 (throttled_time in ns) or 2 (throttled_usec). nullopt: it has no quota,
/// as no period of one ever began.
std::optional<Throttling> parse_throttling(std::string_view text);

struct Pressure {
  std::map<int, CpuTime> cpus;
  std::map<std::string, Throttling> throttled;  ///< by control group: its own and those around it
};
Pressure read_pressure();

/// Share of the CPU's time that was stolen between two readings is `stolen` by `all`; nullopt where either
/// reading lacks the CPU, or less than one tick passed.
std::optional<CpuTime> between(const Pressure& start, const Pressure& end, int cpu);
std::optional<Throttling> throttled_between(const Pressure& start, const Pressure& end);

}  // namespace saturn
