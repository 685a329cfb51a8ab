// Stands between the coordinator and the caller's observer: reads at the edges of each measured phase what
// the target cost and what else the machine did, and passes every callback on. Owner: the coordinator. Tested
// in tests/cli/run_target_test.py.
#pragma once
#include <map>

#include "saturn/run.hpp"
#include "system/host/host_load.hpp"
#include "system/host/target_monitor.hpp"

namespace saturn {

class TargetWatch : public Observer {
 public:
  TargetWatch(Observer& next, TargetMonitor::Find find) : next_(next), monitor_(std::move(find)) {}

  void run_starting(const std::string& address, unsigned shards) override {
    next_.run_starting(address, shards);
  }
  void scenario_opening(std::size_t scenario) override;
  void measuring_starts(std::size_t scenario) override;
  void measuring_ended(std::size_t scenario) override;
  void progress(const Progress& progress) override;

  /// Sets the targets of the result's scenarios and the machine's load, and the notes about them.
  void put_into(RunResult& result) const;

 private:
  struct Machine {
    MachineSnapshot start, end;
    std::optional<double> loadavg;
    std::uint64_t own_rss_max_bytes = 0;
  };

  void note(const std::string& text);
  std::optional<double> target_cpu_s(std::size_t scenario, bool target_here) const;

  Observer& next_;
  TargetMonitor monitor_;
  bool measuring_ = false;
  std::map<std::size_t, TargetReading> readings_;
  std::map<std::size_t, Machine> machine_;
  std::vector<std::string> notes_;
};

}  // namespace saturn
