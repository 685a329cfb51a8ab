// Watches a target while scenarios are measured: CPU of every process between a scenario's edges, memory
// every 100 ms, and what the rest of the machine did meanwhile. An Observer of run(); owner: the thread that
// called it. The arithmetic is pure and tested in tests/unit/study_processes_test.cpp.
#pragma once
#include <functional>
#include <map>
#include <optional>
#include <vector>

#include "saturn/run.hpp"
#include "study/processes.hpp"

namespace saturn::study {

struct MonitorSnapshot {                 ///< one edge of a scenario
  std::vector<ProcessSample> processes;  ///< the master first
  std::optional<Nanos> machine;
  Nanos own{0}, at{0};
};

struct ScenarioWatch {
  TargetCost target;
  double wall_s = 0, target_cpu_cores = 0, generator_cpu_cores = 0;
  std::optional<double> foreign_cpu_cores;  ///< nullopt where the interval is too short for 10 ms ticks
  bool workers_changed = false;             ///< a process ended or began in the middle
};

/// What happened between two edges. Pure.
ScenarioWatch watch_between(const MonitorSnapshot& start, const MonitorSnapshot& end);

class ProcessMonitor : public Observer {
 public:
  /// `on_progress` is called with each progress report (display, stop conditions).
  ProcessMonitor(pid_t root, std::function<void(const Progress&)> on_progress)
      : root_(root), on_progress_(std::move(on_progress)) {}

  void measuring_starts(std::size_t scenario) override;
  void measuring_ended(std::size_t scenario) override;
  void progress(const Progress& progress) override;

  /// Scenarios that were measured to their end, by index.
  const std::map<std::size_t, ScenarioWatch>& watches() const { return watches_; }

 private:
  pid_t root_;
  std::function<void(const Progress&)> on_progress_;
  std::vector<pid_t> tree_;  ///< as of the last edge
  MonitorSnapshot start_;
  std::uint64_t rss_max_bytes_ = 0;
  std::map<std::size_t, ScenarioWatch> watches_;
};

}  // namespace saturn::study
