// Whether a shard may stay awake before a request is due. It is worth it only where there is a schedule, and
// must never take a core from the target, from another shard or out of a quota: that would be measured as the
// target's slowness. That there are as many cores as threads does not keep them apart: the kernel may put the
// target where a shard looks. Pure; tested in tests/unit/wait_choice_test.cpp and tests/cli/run_rate_test.py.
#pragma once
#include <optional>

#include "saturn/run.hpp"

namespace saturn {

struct WaitFacts {
  bool scheduled = false;         ///< requests are due at times of their own
  bool target_here = false;       ///< the target is on this machine, perhaps in the same quota
  bool target_may_share = false;  ///< it may run on a core of a shard, or nobody knows where it may
  unsigned allowed_cores = 1, shards = 1;
  std::optional<double> cpu_quota{};  ///< in cores
};

inline WaitMode choose_wait(std::optional<WaitMode> asked, const WaitFacts& facts) {
  if (asked) return *asked;
  if (!facts.scheduled) return WaitMode::sleep;
  if (facts.target_may_share || facts.allowed_cores < facts.shards) return WaitMode::sleep;
  const unsigned busy = facts.shards + (facts.target_here ? 1 : 0);
  if (facts.cpu_quota && *facts.cpu_quota < busy) return WaitMode::sleep;
  return WaitMode::hybrid;
}

}  // namespace saturn
