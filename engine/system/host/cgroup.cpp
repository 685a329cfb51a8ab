#include "system/host/cgroup.hpp"

#include <algorithm>
#include <charconv>
#include <fstream>
#include <iterator>
#include <set>
#include <string>
#include <system_error>

namespace saturn {
namespace {

namespace fs = std::filesystem;

constexpr const char* kProcesses = "cgroup.procs";

std::string read_file(const fs::path& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

bool is_group(const fs::path& path) {
  std::error_code ignored;
  return fs::exists(path / kProcesses, ignored);
}

void add_processes(const fs::path& folder, std::set<pid_t>& pids) {
  std::ifstream file(folder / kProcesses);
  for (pid_t pid = 0; file >> pid;)
    if (pid > 0) pids.insert(pid);  // 0: of another PID namespace
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

}  // namespace saturn
