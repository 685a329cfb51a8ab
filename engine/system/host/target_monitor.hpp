// What the target's processes cost between two edges: CPU of each, memory, and how evenly the workers shared
// the work. The arithmetic is pure. Owner: the coordinator (the thread that called run()). Tested in
// tests/unit/target_monitor_test.cpp.
#pragma once
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "saturn/result.hpp"
#include "system/host/processes.hpp"
#include "system/host/target_finder.hpp"

namespace saturn {

struct TargetReading {
  TargetCost cost;
  bool processes_changed = false;  ///< one ended or began in the middle
  std::vector<std::string> ended;  ///< "813 (gunicorn)": what they used is missing from a sum of processes
};

/// Pure. What began after the start counts from its birth. `listeners`: see FoundTarget.
TargetReading reading_between(const std::vector<ProcessSample>& start, const std::vector<ProcessSample>& end,
                              const std::vector<pid_t>& listeners = {});

/// Sets the target of a scenario's result, with its CPU per response of the same time.
void set_target(ScenarioResult& scenario, TargetCost cost);

class TargetMonitor {
 public:
  using Find = std::function<FoundTarget()>;
  explicit TargetMonitor(Find find) : find_(std::move(find)) {}

  /// Finds the processes: takes milliseconds, so it is done before an edge.
  void look();
  /// The edges: they read the clocks first.
  void start();
  void stop();
  /// Between the edges, about every 100 ms.
  void look_at_memory();
  /// After stop(): what happened between the edges; nullopt where no process is known.
  std::optional<TargetReading> reading();

  const FoundTarget& found() const { return found_; }

 private:
  void remember_memory(const std::vector<ProcessSample>& samples);

  Find find_;
  FoundTarget found_;
  Nanos looked_at_{0};
  std::vector<ProcessSample> start_, end_;
  Nanos started_at_{0}, stopped_at_{0};
  std::optional<Nanos> total_start_, total_end_;  ///< of the control group
  std::map<pid_t, std::uint64_t> rss_bytes_;      ///< the most of each since start()
  std::uint64_t rss_max_bytes_ = 0;               ///< of all together
  unsigned looks_ = 0;
};

}  // namespace saturn
