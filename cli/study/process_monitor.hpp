// Watches a target while scenarios are measured: what its processes cost between a scenario's edges (the
// engine's monitor), and what the rest of the machine did meanwhile. An Observer of run(); owner: the thread
// that called it. The arithmetic is pure and tested in tests/unit/study_process_monitor_test.cpp.
#pragma once
#include <functional>
#include <map>
#include <optional>

#include "saturn/run.hpp"
#include "system/host/host_load.hpp"
#include "system/host/target_monitor.hpp"

namespace saturn::study {

struct ScenarioWatch {
  TargetCost target;
  double wall_s = 0, target_cpu_cores = 0, generator_cpu_cores = 0;
  std::optional<double> foreign_cpu_cores;  ///< nullopt where the interval is too short for 10 ms ticks
  bool workers_changed = false;             ///< a process ended or began in the middle
};

/// What happened between two edges. Pure.
ScenarioWatch watch_between(const MachineSnapshot& start, const MachineSnapshot& end, TargetReading target);

class ProcessMonitor : public Observer {
 public:
  /// `on_progress` is called with each progress report (display, stop conditions).
  ProcessMonitor(pid_t root, std::function<void(const Progress&)> on_progress)
      : target_([root] {
          return FoundTarget{"process tree of the launched command", process_tree(root)};
        }),
        on_progress_(std::move(on_progress)) {}

  void scenario_opening(std::size_t scenario) override;
  void measuring_starts(std::size_t scenario) override;
  void measuring_ended(std::size_t scenario) override;
  void progress(const Progress& progress) override;

  /// Scenarios that were measured to their end, by index.
  const std::map<std::size_t, ScenarioWatch>& watches() const { return watches_; }

 private:
  TargetMonitor target_;
  std::function<void(const Progress&)> on_progress_;
  MachineSnapshot start_;
  std::map<std::size_t, ScenarioWatch> watches_;
};

}  // namespace saturn::study
