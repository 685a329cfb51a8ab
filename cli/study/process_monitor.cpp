#include "study/process_monitor.hpp"

namespace saturn::study {

ScenarioWatch watch_between(const MachineSnapshot& start, const MachineSnapshot& end, TargetReading target) {
  ScenarioWatch watch;
  watch.wall_s = to_seconds(end.at - start.at);
  watch.workers_changed = target.processes_changed;
  watch.target = std::move(target.cost);
  if (watch.wall_s <= 0) return watch;
  watch.target_cpu_cores = watch.target.cpu_s / watch.wall_s;
  watch.generator_cpu_cores = to_seconds(end.own - start.own) / watch.wall_s;
  watch.foreign_cpu_cores = other_cores(start, end, watch.target.cpu_s);
  return watch;
}

void ProcessMonitor::scenario_opening(std::size_t /*scenario*/) {
  target_.look();
}

void ProcessMonitor::measuring_starts(std::size_t /*scenario*/) {
  target_.start();
  start_ = machine_snapshot();
}

/// The clocks are read first: looking for new processes takes longer and is not part of the scenario.
void ProcessMonitor::measuring_ended(std::size_t scenario) {
  target_.stop();
  const MachineSnapshot end = machine_snapshot();
  auto reading = target_.reading();
  if (!reading) reading.emplace().cost.source = target_.found().source;
  watches_[scenario] = watch_between(start_, end, std::move(*reading));
}

void ProcessMonitor::progress(const Progress& progress) {
  target_.look_at_memory();
  on_progress_(progress);
}

}  // namespace saturn::study
