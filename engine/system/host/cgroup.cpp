#include "system/host/cgroup.hpp"

#include <algorithm>
#include <charconv>
#include <fstream>
#include <set>
#include <sstream>
#include <string>
#include <system_error>

#include "system/host/read_file.hpp"

namespace saturn {
namespace {

namespace fs = std::filesystem;

constexpr const char* kProcesses = "cgroup.procs";

bool is_group(const fs::path& path) {
  std::error_code ignored;
  return fs::exists(path / kProcesses, ignored);
}

void add_processes(const fs::path& folder, std::set<pid_t>& pids) {
  std::ifstream file(folder / kProcesses);
  for (pid_t pid = 0; file >> pid;)
    if (pid > 0) pids.insert(pid);  // 0: of another PID namespace
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

std::optional<double> cpu_quota(const fs::path& group) {
  if (const auto v2 = parse_cpu_max(read_file(group / "cpu.max"))) return v2;
  double quota = 0, period = 0;  // a quota of -1: none
  std::ifstream(group / "cpu.cfs_quota_us") >> quota;
  std::ifstream(group / "cpu.cfs_period_us") >> period;
  return quota > 0 && period > 0 ? std::optional(quota / period) : std::nullopt;
}

}  // namespace

Result<fs::path> find_cgroup(std::string_view name, std::string_view place, const fs::path& mount) {
  const fs::path given(name);
  std::vector<fs::path> candidates;
  // In version 1 the group of the same name stands in each hierarchy; cpuacct's knows the CPU.
  for (const char* hierarchy : {"", "cpuacct", "cpu,cpuacct", "unified"})
    candidates.push_back(mount / hierarchy / given.relative_path());
  if (given.is_absolute()) candidates.insert(candidates.begin(), given);
  candidates.erase(std::remove_if(candidates.begin(), candidates.end(),
                                  [](const fs::path& path) { return !is_group(path); }),
                   candidates.end());
  // In a mixed set-up the same name may be empty in one hierarchy and in use in another.
  for (const fs::path& path : candidates)
    if (!cgroup_processes(path).empty()) return path;
  if (!candidates.empty())
    return Error{std::string(place), "no process is in the control group " + candidates.front().string(),
                 "start the server first; cat /proc/PID/cgroup names the groups of a process",
                 ErrorKind::setup};
  return Error{std::string(place), "there is no control group \"" + std::string(name) + "\"",
               "give its folder below " + mount.string() + "; cat /proc/PID/cgroup names it",
               ErrorKind::setup};
}

std::vector<pid_t> cgroup_processes(const fs::path& group) {
  std::set<pid_t> pids;
  add_processes(group, pids);
  std::error_code error;
  for (fs::recursive_directory_iterator at(group, error), end; !error && at != end; at.increment(error)) {
    std::error_code ignored;
    if (at->is_directory(ignored)) add_processes(at->path(), pids);
  }
  return {pids.begin(), pids.end()};
}

std::optional<Nanos> cgroup_cpu(const fs::path& group) {
  std::int64_t usage_ns = 0;
  if (std::ifstream(group / "cpuacct.usage") >> usage_ns) return Nanos(usage_ns);
  return parse_cpu_stat(read_file(group / "cpu.stat"));
}

std::optional<Nanos> parse_cpu_stat(std::string_view text) {
  constexpr std::string_view kKey = "usage_usec ";
  const auto at = text.find(kKey);
  if (at == std::string_view::npos || (at > 0 && text[at - 1] != '\n')) return std::nullopt;
  std::int64_t usage_us = 0;
  const char* const begin = text.data() + at + kKey.size();
  if (std::from_chars(begin, text.data() + text.size(), usage_us).ec != std::errc{}) return std::nullopt;
  return std::chrono::microseconds(usage_us);
}

std::vector<fs::path> cpu_groups(std::string_view proc_pid_cgroup, const fs::path& mount) {
  std::vector<fs::path> groups;
  std::set<std::string> seen;
  std::istringstream lines{std::string(proc_pid_cgroup)};
  for (std::string line; std::getline(lines, line);) {
    const std::size_t first = line.find(':');
    const std::size_t second = first == std::string::npos ? first : line.find(':', first + 1);
    if (second == std::string::npos) continue;
    const std::string controllers = line.substr(first + 1, second - first - 1);
    std::vector<std::string> roots;
    if (names_cpu(controllers)) roots = {mount.string() + "/" + controllers, mount.string() + "/cpu"};
    if (controllers.empty()) roots = {mount.string()};
    for (const std::string& root : roots)
      for (const std::string& group : with_ancestors(line.substr(second + 1)))
        if (seen.insert(root + group).second) groups.emplace_back(root + group);
  }
  return groups;
}

std::optional<double> smallest_cpu_quota(const std::vector<fs::path>& groups) {
  std::optional<double> smallest;
  for (const fs::path& group : groups)
    if (const auto quota = cpu_quota(group); quota && (!smallest || *quota < *smallest)) smallest = quota;
  return smallest;
}

std::optional<double> parse_cpu_max(std::string_view text) {
  std::istringstream in{std::string(text)};
  double quota = 0, period = 0;
  if (!(in >> quota >> period) || period <= 0) return std::nullopt;
  return quota / period;
}

}  // namespace saturn
