// At most so many answers are worked on at a time, over all threads of the target; others wait in the order
// in which they came. A queue in virtual time: who comes is told when its work will end, so nobody has to be
// woken for another and the rate is exact (8 at a time of 20 ms each: 400/s), however late a thread looks.
// Any thread. Tested in tests/unit/target_gate_test.cpp and tests/loopback/serve_gate_test.cpp.
#pragma once
#include <algorithm>
#include <functional>
#include <mutex>
#include <queue>
#include <vector>

#include "saturn/time.hpp"

namespace saturn::target {

class Gate {
 public:
  explicit Gate(std::size_t places) : free_at_(std::greater<>(), std::vector<Nanos>(places, Nanos(0))) {}

  /// When work that comes `now` and takes `lasts` is done.
  Nanos admit(Nanos now, Nanos lasts) {
    const std::lock_guard lock(mutex_);
    const Nanos done_at = std::max(now, free_at_.top()) + lasts;
    free_at_.pop();
    free_at_.push(done_at);
    return done_at;
  }

 private:
  std::mutex mutex_;
  std::priority_queue<Nanos, std::vector<Nanos>, std::greater<>> free_at_;  ///< of each place
};

}  // namespace saturn::target
