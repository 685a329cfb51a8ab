// Stands between the coordinator and the caller's observer: reads what the target cost at the edges of each
// measured phase and passes every callback on. Owner: the coordinator. Tested in
// tests/cli/run_target_test.py.
#pragma once
#include <map>

#include "saturn/run.hpp"
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

  /// Sets the targets of the result's scenarios, and the notes about them.
  void put_into(RunResult& result) const;

 private:
  void note(const std::string& text);

  Observer& next_;
  TargetMonitor monitor_;
  bool measuring_ = false;
  std::map<std::size_t, TargetReading> readings_;
  std::vector<std::string> notes_;
};

}  // namespace saturn
