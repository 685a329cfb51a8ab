#include "system/host/pressure.hpp"

#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <fstream>
#include <iterator>
#include <set>
#include <sstream>

namespace saturn {
namespace {

std::string read_file(const std::string& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

/// "cpu12" → 12; nothing for "cpu", the sum of all, and other words.
std::optional<int> cpu_of(std::string_view label) {
  if (!label.starts_with("cpu") || label.size() == 3) return std::nullopt;
  int cpu = 0;
  const char* const end = label.data() + label.size();
  return std::from_chars(label.data() + 3, end, cpu).ptr == end ? std::optional(cpu) : std::nullopt;
}

/// "/a/b" → "/a/b", "/a", "".
std::vector<std::string> with_ancestors(std::string group) {
  std::vector<std::string> groups;
  while (!group.empty() && group.back() == '/') group.pop_back();
  while (!group.empty()) {
    groups.push_back(group);
    group.resize(group.rfind('/') == std::string::npos ? 0 : group.rfind('/'));
  }
  groups.emplace_back();
  return groups;
}

bool names_cpu(std::string_view controllers) {
  while (!controllers.empty()) {
    const std::size_t comma = std::min(controllers.find(','), controllers.size());
    if (controllers.substr(0, comma) == "cpu") return true;
    controllers.remove_prefix(std::min(comma + 1, controllers.size()));
  }
  return false;
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
    std::int64_t sum = 0, value = 0;
    int read = 0;
    for (; read < 8 && fields >> value; ++read) sum += value;
    if (read == 8) cpus[*cpu] = {tick * sum, tick * value};
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

std::vector<std::string> cpu_stat_files(std::string_view proc_self_cgroup) {
  std::vector<std::string> files;
  std::istringstream lines{std::string(proc_self_cgroup)};
  for (std::string line; std::getline(lines, line);) {
    const std::size_t first = line.find(':');
    const std::size_t second = first == std::string::npos ? first : line.find(':', first + 1);
    if (second == std::string::npos) continue;
    const std::string controllers = line.substr(first + 1, second - first - 1);
    std::vector<std::string> roots;
    if (names_cpu(controllers)) roots = {"/sys/fs/cgroup/" + controllers, "/sys/fs/cgroup/cpu"};
    if (controllers.empty()) roots = {"/sys/fs/cgroup"};
    for (const std::string& root : roots)
      for (const std::string& group : with_ancestors(line.substr(second + 1)))
        files.push_back(root + group + "/cpu.stat");
  }
  std::set<std::string> seen;
  std::erase_if(files, [&](const std::string& file) { return !seen.insert(file).second; });
  return files;
}

Pressure read_pressure() {
  Pressure pressure;
  pressure.cpus = parse_proc_stat(read_file("/proc/stat"), sysconf(_SC_CLK_TCK));
  for (const std::string& file : cpu_stat_files(read_file("/proc/self/cgroup"))) {
    const auto found = parse_throttling(read_file(file));
    // Several groups with a quota: the one that stopped it longest is the limit.
    if (found && (!pressure.throttled || found->seconds > pressure.throttled->seconds))
      pressure.throttled = found;
  }
  return pressure;
}

std::optional<CpuTime> between(const Pressure& start, const Pressure& end, int cpu) {
  const auto a = start.cpus.find(cpu), b = end.cpus.find(cpu);
  if (a == start.cpus.end() || b == end.cpus.end() || b->second.all <= a->second.all) return std::nullopt;
  return CpuTime{b->second.all - a->second.all, std::max(Nanos{0}, b->second.stolen - a->second.stolen)};
}

std::optional<Throttling> throttled_between(const Pressure& start, const Pressure& end) {
  if (!end.throttled) return std::nullopt;
  const Throttling before = start.throttled.value_or(Throttling{});
  return Throttling{end.throttled->periods - std::min(end.throttled->periods, before.periods),
                    std::max(0.0, end.throttled->seconds - before.seconds)};
}

}  // namespace saturn
