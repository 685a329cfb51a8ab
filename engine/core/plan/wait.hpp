// How the shards of a scenario wait, and why so: a value that the program carries, a shard's tally brings
// back and the result puts into words. The rules that make one are in core/load/wait_choice. Tested in
// tests/unit/wait_choice_test.cpp.
#pragma once
#include <cstdint>

#include "saturn/run.hpp"
#include "saturn/time.hpp"

namespace saturn {

enum class WaitWhy : std::uint8_t {
  asked,           ///< by a flag
  closed_loop,     ///< no request has a time of its own
  target_unknown,  ///< it is on this machine, and nobody knows where it may run
  target_shares,   ///< it may run on a CPU of a shard
  target_sibling,  ///< it may run on the sibling of one
  few_cores,       ///< fewer than shards
  quota,           ///< of CPU time
  counted,         ///< a fixed number of requests without a warm-up: none is sent for a trial
  few_answers,     ///< expected or seen while it could be decided
  trial,           ///< to be decided in the warm-up, or in the trial that takes its place
  sibling_busy,    ///< somebody else used the sibling of a shard's CPU meanwhile
  undecided,       ///< no shard said so in time
  worth_it,        ///< a sleeper is late by much of a service time
  not_worth_it,
};

struct WaitChoice {
  WaitMode mode = WaitMode::sleep;
  WaitWhy why = WaitWhy::closed_loop;
  Nanos lag_p50{0}, service_p50{0};  ///< worth_it, not_worth_it: of the sleeping warm-up
  bool in_trial = false;             ///< the warm-up is one that nobody asked for
};

}  // namespace saturn
