// Whether somebody used the other threads of the shards' physical cores while a trial ran: from the idle time
// of these CPUs, which no thread of saturn is pinned to. Owner: the coordinator. Tested in
// tests/unit/sibling_watch_test.cpp.
#pragma once
#include <algorithm>
#include <utility>
#include <vector>

#include "system/host/pressure.hpp"

namespace saturn {

class SiblingWatch {
 public:
  /// Of the time between the two looks; a tick of the kernel's is a twentieth of a trial.
  static constexpr double kBusyShare = 0.25;

  explicit SiblingWatch(std::vector<int> cpus = {}, Pressure (*read)() = read_pressure)
      : cpus_(std::move(cpus)), read_(read) {}

  void start() {
    if (!cpus_.empty()) start_ = read_();
  }
  /// Since the start; what nobody tells is taken for idle.
  bool busy() const {
    if (cpus_.empty()) return false;
    const Pressure now = read_();
    return std::any_of(cpus_.begin(), cpus_.end(), [&](int cpu) {
      const auto time = between(start_, now, cpu);
      return time && to_seconds(time->all - time->idle) > kBusyShare * to_seconds(time->all);
    });
  }

 private:
  std::vector<int> cpus_;
  Pressure (*read_)();
  Pressure start_;
};

}  // namespace saturn
