#include "study/processes.hpp"

#include <dirent.h>
#include <unistd.h>

#include <charconv>
#include <ctime>
#include <fstream>
#include <map>
#include <sstream>

namespace saturn::study {
namespace {

Nanos to_nanos(const timespec& time) {
  return std::chrono::seconds(time.tv_sec) + Nanos(time.tv_nsec);
}

/// Parent of every process. The name in field 2 may hold blanks and brackets, so fields are counted from its
/// last bracket.
std::map<pid_t, pid_t> all_parents() {
  std::map<pid_t, pid_t> parents;
  DIR* proc = opendir("/proc");
  if (proc == nullptr) return parents;
  while (const dirent* entry = readdir(proc)) {
    const std::string_view name(entry->d_name);
    pid_t pid = 0;
    if (std::from_chars(name.data(), name.data() + name.size(), pid).ptr != name.data() + name.size())
      continue;
    std::ifstream stat("/proc/" + std::string(name) + "/stat");
    std::string text;
    std::getline(stat, text);
    const auto bracket = text.rfind(')');
    if (bracket == std::string::npos) continue;
    std::istringstream fields(text.substr(bracket + 1));
    char state = 0;
    pid_t parent = 0;
    if (fields >> state >> parent) parents[pid] = parent;
  }
  closedir(proc);
  return parents;
}

std::optional<Nanos> cpu_of(pid_t pid) {
  clockid_t clock{};
  timespec time{};
  if (clock_getcpuclockid(pid, &clock) != 0 || clock_gettime(clock, &time) != 0) return std::nullopt;
  return to_nanos(time);
}

}  // namespace

std::vector<pid_t> process_tree(pid_t root) {
  const auto parents = all_parents();
  std::vector<pid_t> tree;
  if (!parents.contains(root)) return tree;
  tree.push_back(root);
  for (std::size_t i = 0; i < tree.size(); ++i)
    for (const auto& [pid, parent] : parents)
      if (parent == tree[i]) tree.push_back(pid);
  return tree;
}

std::vector<ProcessSample> sample_processes(const std::vector<pid_t>& pids) {
  std::vector<ProcessSample> samples;
  for (const pid_t pid : pids) {
    const auto cpu = cpu_of(pid);
    if (!cpu) continue;
    std::ifstream comm("/proc/" + std::to_string(pid) + "/comm");
    std::string name;
    std::getline(comm, name);
    samples.push_back({pid, name, *cpu});
  }
  return samples;
}

std::uint64_t resident_bytes(const std::vector<pid_t>& pids) {
  const auto page_bytes = static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
  std::uint64_t bytes = 0;
  for (const pid_t pid : pids) {
    std::ifstream statm("/proc/" + std::to_string(pid) + "/statm");
    std::uint64_t total_pages = 0, resident_pages = 0;
    if (statm >> total_pages >> resident_pages) bytes += resident_pages * page_bytes;
  }
  return bytes;
}

std::optional<Nanos> machine_busy() {
  std::ifstream stat("/proc/stat");
  std::string label;
  std::int64_t user = 0, nice = 0, system = 0, idle = 0, iowait = 0, irq = 0, softirq = 0;
  if (!(stat >> label >> user >> nice >> system >> idle >> iowait >> irq >> softirq)) return std::nullopt;
  const std::int64_t tick_ns = 1'000'000'000 / sysconf(_SC_CLK_TCK);
  return Nanos((user + nice + system + irq + softirq) * tick_ns);
}

}  // namespace saturn::study
