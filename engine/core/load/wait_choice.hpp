// Whether a shard may stay awake before a request is due. It is worth it only where there is a schedule and a
// sleeper is late by more than a tenth of the target's service time, and must never take a core, or half of
// one, from the target, from another shard or out of a quota: that would be measured as the target's
// slowness. That there are as many cores as threads does not keep them apart: the kernel may put the target
// where a shard looks. Pure; tested in tests/unit/wait_choice_test.cpp and tests/cli/run_rate_test.py.
#pragma once
#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>

#include "core/plan/wait.hpp"

namespace saturn {

struct WaitFacts {
  bool scheduled = false;              ///< requests are due at times of their own
  bool target_here = false;            ///< the target is on this machine, perhaps in the same quota
  bool target_unknown = false;         ///< there, and nobody knows where it may run
  bool target_may_share = false;       ///< it may run on a CPU of a shard
  bool target_may_share_core = false;  ///< … or on the sibling of one
  unsigned allowed_cores = 1, shards = 1;
  std::optional<double> cpu_quota{};  ///< in cores
  Nanos warmup{0};                    ///< zero: there is none
  bool counted = false;               ///< a fixed number of requests is to be sent
  double rate_per_s = 0;              ///< of all shards
};

/// What a run without a warm-up sends before its measured time, at its rate, to see what waiting costs.
inline constexpr Nanos kWaitTrial = std::chrono::milliseconds(200);
/// Answers of one shard: with fewer a median says little.
inline constexpr std::uint64_t kEnoughForWait = 5;
/// A sleeper's median lag by the median service time: beyond, what is measured is the sleeper too.
inline constexpr double kLagWorthBeingAwake = 0.1;

/// Before anything is sent. `trial`: decide_wait() says the rest, the shards sleep until then.
WaitChoice choose_wait(std::optional<WaitMode> asked, const WaitFacts& facts);

struct WaitSamples {
  std::uint64_t answers = 0;
  Nanos lag_p50{0}, service_p50{0};
  bool sibling_busy = false;
};
/// After a sleeping warm-up, or trial: the choice for the measured time.
WaitChoice decide_wait(const WaitChoice& before, const WaitSamples& seen);

/// How long before the measured time: so that every shard knows when it begins.
inline Nanos decision_lead(Nanos warmup) {
  return std::min<Nanos>(std::chrono::milliseconds(10), warmup / 10);
}

/// `wait_reason` of the result.
std::string to_words(const WaitChoice& choice);

}  // namespace saturn
