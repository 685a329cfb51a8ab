#include "system/doctor/load.hpp"

#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <thread>

#include "system/clock/system_clock.hpp"

namespace saturn::doctor {
namespace {

constexpr double kWorthNaming = 0.05;  ///< cores

std::vector<ProcessSample> sample_all() {
  std::vector<pid_t> pids;
  for (const auto& process : all_processes()) pids.push_back(process.pid);
  return sample_processes(pids);
}

Nanos cpu_of(const std::vector<ProcessSample>& samples, pid_t pid) {
  for (const auto& sample : samples)
    if (sample.pid == pid) return sample.cpu;
  return Nanos(0);
}

}  // namespace

std::optional<double> load_average(const std::filesystem::path& file) {
  std::ifstream in(file);
  double value = 0;
  if (!(in >> value)) return std::nullopt;
  return value;
}

std::vector<BusyProcess> busiest_of(const std::vector<ProcessSample>& before,
                                    const std::vector<ProcessSample>& after, Nanos wall, pid_t own) {
  std::map<pid_t, const ProcessSample*> earlier;
  for (const auto& sample : before) earlier[sample.pid] = &sample;
  std::map<std::string, BusyProcess> by_name;
  for (const auto& sample : after) {
    const auto known = earlier.find(sample.pid);
    if (sample.pid == own || wall <= Nanos(0)) continue;
    const bool same = known != earlier.end() && known->second->started_ticks == sample.started_ticks;
    const double cores = to_seconds(sample.cpu - (same ? known->second->cpu : Nanos(0))) / to_seconds(wall);
    if (cores < kWorthNaming / 10) continue;  // idle ones are not counted
    BusyProcess& busy = by_name[sample.name];
    busy.name = sample.name;
    ++busy.count;
    busy.cores += cores;
  }
  std::vector<BusyProcess> busiest;
  for (auto& [name, busy] : by_name)
    if (busy.cores >= kWorthNaming) busiest.push_back(std::move(busy));
  std::sort(busiest.begin(), busiest.end(),
            [](const BusyProcess& a, const BusyProcess& b) { return a.cores > b.cores; });
  return busiest;
}

void look_at_load(Facts& facts, Nanos look) {
  facts.load_1min = load_average("/proc/loadavg");
  const auto before = sample_all();
  const auto busy_before = machine_busy();
  const Nanos began = monotonic_now();
  std::this_thread::sleep_for(look);
  const auto busy_after = machine_busy();
  const Nanos wall = monotonic_now() - began;
  const auto after = sample_all();
  facts.busiest = busiest_of(before, after, wall, getpid());
  if (!busy_before || !busy_after) return;
  const Nanos own = cpu_of(after, getpid()) - cpu_of(before, getpid());
  facts.others_cores = std::max(0.0, to_seconds(*busy_after - *busy_before - own) / to_seconds(wall));
}

}  // namespace saturn::doctor
