#include "system/host/pressure.hpp"

#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <sstream>

#include "system/host/cgroup.hpp"
#include "system/host/read_file.hpp"

namespace saturn {
namespace {

/// "cpu12" → 12; nothing for "cpu", the sum of all, and other words.
std::optional<int> cpu_of(std::string_view label) {
  if (!label.starts_with("cpu") || label.size() == 3) return std::nullopt;
  int cpu = 0;
  const char* const end = label.data() + label.size();
  return std::from_chars(label.data() + 3, end, cpu).ptr == end ? std::optional(cpu) : std::nullopt;
}

}  // namespace

std::map<int, CpuTime> parse_proc_stat(std::string_view text, long ticks_per_s) {
  std::map<int, CpuTime> cpus;
  const auto tick = Nanos(1'000'000'000 / std::max(1L, ticks_per_s));
  std::istringstream lines{std::string(text)};
  for (std::string line; std::getline(lines, line);) {
    std::istringstream fields(line);
    std::string label;
    fields >> label;
    const auto cpu = cpu_of(label);
    if (!cpu) continue;
    // user nice system idle iowait irq softirq steal; guest time behind them is part of user.
    std::int64_t sum = 0, idle = 0, value = 0;
    int read = 0;
    for (; read < 8 && fields >> value; ++read) {
      sum += value;
      if (read == 3 || read == 4) idle += value;
    }
    if (read == 8) cpus[*cpu] = {tick * sum, tick * value, tick * idle};
  }
  return cpus;
}

std::optional<Throttling> parse_throttling(std::string_view text) {
  std::istringstream in{std::string(text)};
  std::uint64_t periods = 0, value = 0;
  Throttling throttled;
  for (std::string key; in >> key >> value;) {
    if (key == "nr_periods") periods = value;
    if (key == "nr_throttled") throttled.periods = value;
    if (key == "throttled_time") throttled.seconds = static_cast<double>(value) / 1e9;
    if (key == "throttled_usec") throttled.seconds = static_cast<double>(value) / 1e6;
  }
  return periods > 0 ? std::optional(throttled) : std::nullopt;
}

Pressure read_pressure() {
  Pressure pressure;
  pressure.cpus = parse_proc_stat(read_file("/proc/stat"), sysconf(_SC_CLK_TCK));
  for (const auto& group : cpu_groups(read_file("/proc/self/cgroup")))
    if (const auto found = parse_throttling(read_file(group / "cpu.stat")))
      pressure.throttled[group.string()] = *found;
  return pressure;
}

std::optional<CpuTime> between(const Pressure& start, const Pressure& end, int cpu) {
  const auto a = start.cpus.find(cpu), b = end.cpus.find(cpu);
  if (a == start.cpus.end() || b == end.cpus.end() || b->second.all <= a->second.all) return std::nullopt;
  return CpuTime{b->second.all - a->second.all, std::max(Nanos{0}, b->second.stolen - a->second.stolen),
                 std::max(Nanos{0}, b->second.idle - a->second.idle)};
}

std::optional<Throttling> throttled_between(const Pressure& start, const Pressure& end) {
  // Several groups with a quota: the one that stopped it longest in this time is the limit, whatever each
  // did before.
  std::optional<Throttling> most;
  for (const auto& [group, after] : end.throttled) {
    const auto found = start.throttled.find(group);
    const Throttling before = found == start.throttled.end() ? Throttling{} : found->second;
    const Throttling throttled{after.periods - std::min(after.periods, before.periods),
                               std::max(0.0, after.seconds - before.seconds)};
    if (!most || throttled.seconds > most->seconds) most = throttled;
  }
  return most;
}

}  // namespace saturn
