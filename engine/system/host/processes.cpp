#include "system/host/processes.hpp"

#include <dirent.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <ctime>
#include <fstream>
#include <memory>
#include <set>

namespace saturn {
namespace {

constexpr std::size_t kFieldsAfterName = 22;  ///< state (field 3) to rss (field 24) of proc(5)
constexpr int kMostCpus = 1 << 20;

template <class T>
bool read_number(std::string_view text, T& out) {
  return std::from_chars(text.data(), text.data() + text.size(), out).ptr == text.data() + text.size() &&
         !text.empty();
}

Nanos to_nanos(const timespec& time) {
  return std::chrono::seconds(time.tv_sec) + Nanos(time.tv_nsec);
}

std::optional<Nanos> cpu_of(pid_t pid) {
  clockid_t clock{};
  timespec time{};
  if (clock_getcpuclockid(pid, &clock) != 0 || clock_gettime(clock, &time) != 0) return std::nullopt;
  return to_nanos(time);
}

std::uint64_t page_bytes() {
  return static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
}

/// Every number that is a name in the folder.
std::vector<pid_t> numbers_in(const std::string& folder) {
  std::vector<pid_t> numbers;
  const std::unique_ptr<DIR, int (*)(DIR*)> open(opendir(folder.c_str()), closedir);
  while (const dirent* entry = open ? readdir(open.get()) : nullptr)
    if (pid_t number = 0; read_number(std::string_view(entry->d_name), number)) numbers.push_back(number);
  return numbers;
}

}  // namespace

/// The name in field 2 may hold blanks and brackets, so fields are counted from its last bracket.
std::optional<ProcessStat> parse_process_stat(std::string_view text) {
  const auto open = text.find('('), close = text.rfind(')');
  if (open == std::string_view::npos || close == std::string_view::npos || close < open || open < 2)
    return std::nullopt;
  ProcessStat stat;
  if (!read_number(text.substr(0, open - 1), stat.pid)) return std::nullopt;
  stat.name = text.substr(open + 1, close - open - 1);
  std::array<std::string_view, kFieldsAfterName> fields;
  std::string_view rest = text.substr(close + 1);
  for (auto& field : fields) {
    rest.remove_prefix(std::min(rest.find_first_not_of(" \n"), rest.size()));
    field = rest.substr(0, rest.find_first_of(" \n"));
    rest.remove_prefix(field.size());
  }
  if (!read_number(fields[1], stat.parent) || !read_number(fields[2], stat.group) ||
      !read_number(fields[19], stat.started_ticks) || !read_number(fields[21], stat.resident_pages))
    return std::nullopt;
  return stat;
}

std::optional<ProcessStat> process_stat(pid_t pid) {
  std::ifstream file("/proc/" + std::to_string(pid) + "/stat");
  std::string text;
  // A name may hold a line feed: the line ends where the file does.
  std::getline(file, text, '\0');
  return parse_process_stat(text);
}

std::vector<ProcessStat> all_processes() {
  std::vector<ProcessStat> all;
  for (const pid_t pid : numbers_in("/proc"))
    if (auto stat = process_stat(pid)) all.push_back(std::move(*stat));
  return all;
}

std::vector<pid_t> descendants(const std::vector<ProcessStat>& all, const std::vector<pid_t>& roots) {
  std::vector<pid_t> tree;
  std::set<pid_t> seen;
  for (const pid_t root : roots)
    if (std::any_of(all.begin(), all.end(), [&](const auto& p) { return p.pid == root; }) &&
        seen.insert(root).second)
      tree.push_back(root);
  for (std::size_t i = 0; i < tree.size(); ++i) {
    const pid_t parent = tree[i];
    for (const auto& process : all)
      if (process.parent == parent && seen.insert(process.pid).second) tree.push_back(process.pid);
  }
  return tree;
}

std::vector<pid_t> process_tree(pid_t root) {
  return descendants(all_processes(), {root});
}

std::vector<ProcessSample> sample_processes(const std::vector<pid_t>& pids) {
  std::vector<ProcessSample> samples;
  samples.reserve(pids.size());
  for (const pid_t pid : pids)
    if (const auto cpu = cpu_of(pid)) samples.push_back({pid, "", *cpu});
  for (ProcessSample& sample : samples) {
    auto stat = process_stat(sample.pid);
    if (!stat) continue;  // gone just now: its CPU counts all the same
    sample.name = std::move(stat->name);
    sample.parent = stat->parent;
    sample.rss_bytes = stat->resident_pages * page_bytes();
    sample.started_ticks = stat->started_ticks;
  }
  return samples;
}

std::uint64_t resident_bytes(pid_t pid) {
  const auto stat = process_stat(pid);
  return stat ? stat->resident_pages * page_bytes() : 0;
}

std::optional<std::vector<int>> affinity_of(pid_t thread, AskAffinity ask) {
  // The kernel refuses a mask with fewer bits than it has CPUs.
  for (int most = CPU_SETSIZE; most <= kMostCpus; most *= 2) {
    const std::unique_ptr<cpu_set_t, void (*)(cpu_set_t*)> set(CPU_ALLOC(static_cast<std::size_t>(most)),
                                                               [](cpu_set_t* one) { CPU_FREE(one); });
    const std::size_t bytes = CPU_ALLOC_SIZE(static_cast<std::size_t>(most));
    CPU_ZERO_S(bytes, set.get());
    if (ask(thread, bytes, set.get()) != 0) {
      if (errno == EINVAL) continue;
      return std::nullopt;
    }
    std::vector<int> cpus;
    for (int cpu = 0; cpu < most; ++cpu)
      if (CPU_ISSET_S(static_cast<std::size_t>(cpu), bytes, set.get())) cpus.push_back(cpu);
    return cpus;
  }
  return std::nullopt;
}

std::optional<std::vector<int>> cpus_of(const std::vector<pid_t>& pids) {
  std::set<int> cpus;
  for (const pid_t pid : pids) {
    const auto threads = numbers_in("/proc/" + std::to_string(pid) + "/task");
    if (threads.empty()) return std::nullopt;
    for (const pid_t thread : threads) {
      const auto allowed = affinity_of(thread);
      if (!allowed && errno != ESRCH) return std::nullopt;
      if (allowed) cpus.insert(allowed->begin(), allowed->end());
    }
  }
  if (cpus.empty()) return std::nullopt;
  return std::vector<int>(cpus.begin(), cpus.end());
}

std::optional<Nanos> machine_busy() {
  std::ifstream stat("/proc/stat");
  std::string label;
  std::int64_t user = 0, nice = 0, system = 0, idle = 0, iowait = 0, irq = 0, softirq = 0;
  if (!(stat >> label >> user >> nice >> system >> idle >> iowait >> irq >> softirq)) return std::nullopt;
  const std::int64_t tick_ns = 1'000'000'000 / sysconf(_SC_CLK_TCK);
  return Nanos((user + nice + system + irq + softirq) * tick_ns);
}

}  // namespace saturn
