#include "study/process_monitor.hpp"

#include <algorithm>

#include "system/clock/system_clock.hpp"

namespace saturn::study {
namespace {

constexpr Nanos kShortestForTicks =
    std::chrono::milliseconds(200);  ///< ten ticks a core: an error of about 10 %

}  // namespace

ScenarioWatch watch_between(const MachineSnapshot& start, const MachineSnapshot& end, TargetReading target) {
  ScenarioWatch watch;
  watch.wall_s = to_seconds(end.at - start.at);
  watch.workers_changed = target.processes_changed;
  watch.target = std::move(target.cost);
  if (watch.wall_s <= 0) return watch;
  const double own_s = to_seconds(end.own - start.own);
  watch.target_cpu_cores = watch.target.cpu_s / watch.wall_s;
  watch.generator_cpu_cores = own_s / watch.wall_s;
  if (start.busy && end.busy && end.at - start.at >= kShortestForTicks) {
    const double foreign_s = to_seconds(*end.busy - *start.busy) - watch.target.cpu_s - own_s;
    watch.foreign_cpu_cores = std::max(0.0, foreign_s / watch.wall_s);
  }
  return watch;
}

void ProcessMonitor::scenario_opening(std::size_t /*scenario*/) {
  target_.look();
}

void ProcessMonitor::measuring_starts(std::size_t /*scenario*/) {
  target_.start();
  start_ = {machine_busy(), process_cpu(), monotonic_now()};
}

/// The clocks are read first: looking for new processes takes longer and is not part of the scenario.
void ProcessMonitor::measuring_ended(std::size_t scenario) {
  target_.stop();
  const MachineSnapshot end{machine_busy(), process_cpu(), monotonic_now()};
  auto reading = target_.reading();
  if (!reading) reading.emplace().cost.source = target_.found().source;
  watches_[scenario] = watch_between(start_, end, std::move(*reading));
}

void ProcessMonitor::progress(const Progress& progress) {
  target_.look_at_memory();
  on_progress_(progress);
}

}  // namespace saturn::study
