#include "system/doctor/collect.hpp"

#include <sys/resource.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <set>
#include <sstream>
#include <system_error>

#include "system/doctor/load.hpp"
#include "system/host/host.hpp"
#include "system/host/processes.hpp"

namespace saturn::doctor {
namespace {

namespace fs = std::filesystem;

std::string first_line(const fs::path& path) {
  std::ifstream file(path);
  std::string line;
  std::getline(file, line);
  return line;
}

template <class T>
std::optional<T> read_number(const fs::path& path) {
  std::ifstream file(path);
  T value{};
  if (!(file >> value)) return std::nullopt;
  return value;
}

std::vector<fs::path> entries_of(const fs::path& folder) {
  std::vector<fs::path> entries;
  std::error_code error;
  for (fs::directory_iterator at(folder, error), end; !error && at != end; at.increment(error))
    entries.push_back(at->path());
  std::sort(entries.begin(), entries.end());
  return entries;
}

bool is_there(const fs::path& path) {
  std::error_code ignored;
  return fs::exists(path, ignored);
}

/// "Seccomp:\t2" of /proc/self/status.
std::optional<int> seccomp_mode(const fs::path& status) {
  std::ifstream file(status);
  for (std::string line; std::getline(file, line);)
    if (int mode = 0; line.starts_with("Seccomp:") && std::istringstream(line.substr(8)) >> mode) return mode;
  return std::nullopt;
}

std::optional<PortRange> port_range(const fs::path& path) {
  std::ifstream file(path);
  PortRange range;
  if (!(file >> range.first >> range.last) || range.last < range.first) return std::nullopt;
  return range;
}

/// The line "cpu" of /proc/stat: steal is the eighth number, and older kernels have fewer.
std::optional<double> steal_share(const fs::path& path) {
  std::ifstream file(path);
  std::string label;
  double sum = 0, value = 0;
  file >> label;
  for (int field = 0; field < 8; ++field) {
    if (!(file >> value)) return std::nullopt;
    sum += value;
  }
  return sum > 0 ? std::optional(value / sum) : std::nullopt;
}

/// Time on the CPU, time waiting for it, slices: all 0 where the kernel does not count them.
std::optional<bool> run_queue_wait(const fs::path& path) {
  std::ifstream file(path);
  std::uint64_t on_cpu = 0, waiting = 0, slices = 0;
  if (!(file >> on_cpu >> waiting >> slices)) return false;
  return slices > 0;
}

std::vector<std::string> governors(const fs::path& cpus) {
  std::set<std::string> names;
  for (const fs::path& cpu : entries_of(cpus))
    if (auto name = first_line(cpu / "cpufreq/scaling_governor"); !name.empty()) names.insert(name);
  return {names.begin(), names.end()};
}

/// Where the interrupts of a card's message-signalled vectors go; for virtio they belong to its parent.
std::string irq_cpus(const fs::path& device, const fs::path& irqs) {
  std::set<std::string> lists;
  for (const char* folder : {"msi_irqs", "../msi_irqs"})
    for (const fs::path& irq : entries_of(device / folder))
      if (auto list = first_line(irqs / irq.filename() / "smp_affinity_list"); !list.empty())
        lists.insert(list);
  std::string text;
  for (const auto& list : lists) text += (text.empty() ? "" : ",") + list;
  return text;
}

Interface interface_of(const fs::path& folder, const fs::path& irqs) {
  Interface found;
  found.name = folder.filename().string();
  found.card = is_there(folder / "device");
  const auto link = read_number<int>(folder / "iflink"), index = read_number<int>(folder / "ifindex");
  found.elsewhere = !found.card && link && index && *link != *index;
  for (const fs::path& queue : entries_of(folder / "queues")) {
    if (!queue.filename().string().starts_with("rx-")) continue;
    ++found.receive_queues;
    found.steered |= first_line(queue / "rps_cpus").find_first_not_of("0,") != std::string::npos;
  }
  if (found.card) found.irq_cpus = irq_cpus(folder / "device", irqs);
  return found;
}

std::optional<std::uint64_t> limit_of(rlim_t value) {
  return value == RLIM_INFINITY ? kUnlimited : static_cast<std::uint64_t>(value);
}

void read_limits(Facts& facts) {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
    facts.files_soft = limit_of(limit.rlim_cur);
    facts.files_hard = limit_of(limit.rlim_max);
  }
  if (getrlimit(RLIMIT_MEMLOCK, &limit) == 0) facts.locked_bytes = limit_of(limit.rlim_cur);
}

}  // namespace

void read_files(Facts& facts, const fs::path& root) {
  const fs::path proc = root / "proc", sys = root / "sys", net = proc / "sys/net";
  facts.io_uring_disabled = read_number<int>(proc / "sys/kernel/io_uring_disabled");
  facts.seccomp = seccomp_mode(proc / "self/status");
  facts.clock_source = first_line(sys / "devices/system/clocksource/clocksource0/current_clocksource");
  facts.governors = governors(sys / "devices/system/cpu");
  facts.ports = port_range(net / "ipv4/ip_local_port_range");
  facts.reuse_time_wait = read_number<int>(net / "ipv4/tcp_tw_reuse");
  facts.accept_queue = read_number<unsigned>(net / "core/somaxconn");
  facts.congestion_control = first_line(net / "ipv4/tcp_congestion_control");
  facts.run_queue_wait = run_queue_wait(proc / "self/schedstat");
  facts.steal_share = steal_share(proc / "stat");
  for (const fs::path& folder : entries_of(sys / "class/net"))
    if (folder.filename() != "lo") facts.interfaces.push_back(interface_of(folder, proc / "irq"));
}

void collect(Facts& facts) {
  const HostFacts host = host_facts();
  facts.kernel = host.kernel;
  facts.container = host.container;
  facts.cpus_online = host.cpus_online;
  facts.cpus_allowed = host.cpus_allowed;
  facts.physical_cores = host.physical_cores;
  facts.threads_per_core = host.threads_per_core;
  facts.cpu_quota = host.cpu_quota;
  read_limits(facts);
  read_files(facts);
  const auto all = all_processes();
  facts.dockerd = std::any_of(all.begin(), all.end(), [](const auto& p) { return p.name == "dockerd"; });
  look_at_load(facts);
  try_out(facts);
}

}  // namespace saturn::doctor
