#include "study/process_monitor.hpp"

#include <algorithm>

#include "system/clock/system_clock.hpp"

namespace saturn::study {
namespace {

constexpr Nanos kShortestForTicks =
    std::chrono::milliseconds(200);  ///< ten ticks a core: an error of about 10 %

const ProcessSample* find(const std::vector<ProcessSample>& samples, pid_t pid) {
  const auto found =
      std::find_if(samples.begin(), samples.end(), [&](const auto& s) { return s.pid == pid; });
  return found == samples.end() ? nullptr : &*found;
}

/// The master (first process) only supervises; with one worker there is nothing to share.
std::optional<double> busiest_share(const std::vector<TargetProcess>& processes) {
  if (processes.size() < 3) return std::nullopt;
  double sum = 0, busiest = 0;
  for (auto worker = processes.begin() + 1; worker != processes.end(); ++worker) {
    sum += worker->cpu_s;
    busiest = std::max(busiest, worker->cpu_s);
  }
  if (sum <= 0) return std::nullopt;
  return busiest / sum;
}

}  // namespace

ScenarioWatch watch_between(const MonitorSnapshot& start, const MonitorSnapshot& end) {
  ScenarioWatch watch;
  watch.wall_s = to_seconds(end.at - start.at);
  Nanos cpu{0};
  for (const auto& process : end.processes) {
    const ProcessSample* before = find(start.processes, process.pid);
    const Nanos used = process.cpu - (before != nullptr ? before->cpu : Nanos(0));
    watch.workers_changed |= before == nullptr;
    watch.target.processes.push_back({process.pid, process.name, to_seconds(used)});
    cpu += used;
  }
  for (const auto& process : start.processes)
    watch.workers_changed |= find(end.processes, process.pid) == nullptr;
  watch.target.source = "process tree of the launched command";
  watch.target.cpu_s = to_seconds(cpu);
  watch.target.busiest_worker_share = busiest_share(watch.target.processes);
  if (watch.wall_s <= 0) return watch;
  const Nanos own = end.own - start.own;
  watch.target_cpu_cores = to_seconds(cpu) / watch.wall_s;
  watch.generator_cpu_cores = to_seconds(own) / watch.wall_s;
  if (start.machine && end.machine && end.at - start.at >= kShortestForTicks) {
    const Nanos foreign = *end.machine - *start.machine - cpu - own;
    watch.foreign_cpu_cores = std::max(0.0, to_seconds(foreign) / watch.wall_s);
  }
  return watch;
}

void ProcessMonitor::measuring_starts(std::size_t /*scenario*/) {
  tree_ = process_tree(root_);
  rss_max_bytes_ = resident_bytes(tree_);
  start_ = {sample_processes(tree_), machine_busy(), process_cpu(), monotonic_now()};
}

/// The clocks are read first: looking for new processes takes longer and is not part of the scenario.
void ProcessMonitor::measuring_ended(std::size_t scenario) {
  MonitorSnapshot end{sample_processes(tree_), machine_busy(), process_cpu(), monotonic_now()};
  for (const pid_t pid : process_tree(root_))
    if (std::find(tree_.begin(), tree_.end(), pid) == tree_.end())
      for (auto& born : sample_processes({pid})) end.processes.push_back(std::move(born));
  ScenarioWatch watch = watch_between(start_, end);
  watch.target.rss_max_bytes = std::max(rss_max_bytes_, resident_bytes(tree_));
  watches_[scenario] = watch;
}

void ProcessMonitor::progress(const Progress& progress) {
  rss_max_bytes_ = std::max(rss_max_bytes_, resident_bytes(tree_));
  on_progress_(progress);
}

}  // namespace saturn::study
