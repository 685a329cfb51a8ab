// WHEN, for the executors whose VUs ask for work as soon as they are free: constant-vus, shared-iterations,
// per-vu-iterations. They differ only in what runs out: nothing, a pool shared by the shard's VUs, or each
// VU's own count. Owner: one shard. Sequence numbers follow CONTRACT: with a fixed total the share's own
// block, otherwise iteration × VUs + vu + 1.
#pragma once
#include <cstdint>
#include <optional>
#include <vector>

#include "core/plan/program.hpp"

namespace saturn {

class ClosedLoop {
 public:
  struct Iteration {
    std::uint64_t seq = 0;        ///< 1-based
    std::uint64_t iteration = 0;  ///< 0-based, of this VU, warm-up included
  };

  ClosedLoop(const ScenarioProgram& scenario, const ScenarioShare& share)
      : vus_(scenario.vus),
        first_vu_(share.first_vu),
        total_(scenario.total_iterations),
        pool_(share.iterations.value_or(UINT64_MAX)),
        next_seq_(share.first_seq),
        per_vu_(scenario.iterations_per_vu.value_or(UINT64_MAX)),
        done_(share.vus, 0),
        measured_(share.vus, 0) {}

  /// The next iteration of the shard's VU `vu`, or nothing when its work has run out. Warm-up takes nothing
  /// from the pool.
  std::optional<Iteration> take(std::uint32_t vu, bool warmup) {
    if (!warmup) {
      if (pool_ == 0 || measured_[vu] >= per_vu_) return std::nullopt;
      ++measured_[vu];
      if (total_) --pool_;
    }
    const std::uint64_t iteration = done_[vu]++;
    const std::uint64_t by_vu = iteration * vus_ + first_vu_ + vu + 1;
    if (!total_) return Iteration{by_vu, iteration};
    return Iteration{warmup ? *total_ + by_vu : next_seq_++, iteration};
  }

  /// Nothing is left for any VU.
  bool exhausted() const { return pool_ == 0; }

 private:
  std::uint64_t vus_, first_vu_;
  std::optional<std::uint64_t> total_;
  std::uint64_t pool_, next_seq_, per_vu_;
  std::vector<std::uint64_t> done_, measured_;
};

}  // namespace saturn
