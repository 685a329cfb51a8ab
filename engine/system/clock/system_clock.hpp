// The real clock of a shard, and where it reads its own thread's cost. CLOCK_MONOTONIC for everything that is
// scheduled or measured.
#pragma once
#include <string>

#include "core/transport/transport.hpp"
#include "saturn/time.hpp"

namespace saturn {

Nanos monotonic_now();
Nanos wall_now();  ///< since 1970, as the kernel stamps packets; never for measuring
Nanos process_cpu();
/// "2026-11-23T08:00:00.123456Z"
std::string utc_now();

class SystemClock {
 public:
  Nanos now() const { return monotonic_now(); }
  /// CPU, run-queue wait and context switches of the calling thread.
  CostReading cost() const;
};

}  // namespace saturn
