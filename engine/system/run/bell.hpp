// Wakes the coordinator when a shard has come to the edge of a phase, so that it needs no looks in between:
// where it shares a core with a shard, each look would take that core for a moment. Any thread rings, one
// waits. Tested in tests/unit/bell_test.cpp.
#pragma once
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <utility>

#include "saturn/time.hpp"

namespace saturn {

class Bell {
 public:
  void ring() {
    {
      const std::lock_guard lock(mutex_);
      rung_ = true;
    }
    rings_.notify_one();
  }
  /// Returns when it was rung since the last wait ended, or after `longest`; whether it was.
  bool wait_for(Nanos longest) {
    std::unique_lock lock(mutex_);
    rings_.wait_for(lock, longest, [&] { return rung_; });
    return std::exchange(rung_, false);
  }

 private:
  std::mutex mutex_;
  std::condition_variable rings_;
  bool rung_ = false;
};

}  // namespace saturn
