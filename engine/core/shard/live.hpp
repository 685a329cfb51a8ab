// What a running shard shows to others, and what they tell it: a few atomics at the edges of phases and every
// 100 ms, none a request. Writers: the shard (Live, Gate's counters, Gate::wait) and the coordinator (the
// rest of Gate).
// Tested through the simulation and the run.
#pragma once
#include <atomic>
#include <cstdint>
#include <functional>

#include "saturn/run.hpp"
#include "saturn/time.hpp"

namespace saturn {

/// A snapshot that its one writer publishes at most every 100 ms. Fields may be a snapshot apart from each
/// other.
struct Live {
  std::atomic<std::uint64_t> started{0}, completed{0}, not_ok{0}, failed{0}, connections{0};
  std::atomic<std::uint64_t> dropped{0}, backlog{0}, iterations{0};
  std::atomic<std::uint64_t> recent_p99_ns{0};  ///< of about the last second; 0: nothing was measured in it
  std::atomic<Phase> phase{Phase::opening};
};

/// Where the shards of one scenario meet: all connections are up → the coordinator names one start for all →
/// all are done. `told` is called by each shard when it comes to one of these edges, and when it has
/// measured.
struct Gate {
  static constexpr std::int64_t kNotYet = 0, kAbandoned = -1;  ///< abandoned: a shard broke, nobody starts
  std::atomic<std::uint32_t> ready{0}, done{0};
  std::atomic<std::int64_t> start_at{kNotYet};  ///< monotonic ns
  /// How they wait while they measure, where a trial decides: one shard's word holds for all.
  static constexpr std::uint8_t kNoWait = 0;
  std::atomic<std::uint8_t> wait{kNoWait};  ///< kNoWait, or 1 + WaitMode
  std::atomic<bool> sibling_busy{false};    ///< the coordinator saw somebody else on a shard's physical core
  std::function<void()> told;               ///< from the shards' threads; may be empty

  void tell() const {
    if (told) told();
  }
  /// Agrees on `mode`, unless another was agreed on already; returns which holds.
  WaitMode agree_on(WaitMode mode) {
    std::uint8_t agreed = kNoWait;
    const auto mine = static_cast<std::uint8_t>(1 + static_cast<unsigned>(mode));
    return wait.compare_exchange_strong(agreed, mine) ? mode : static_cast<WaitMode>(agreed - 1);
  }
};

}  // namespace saturn
