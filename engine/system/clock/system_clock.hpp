// The real clock of a shard, and where it reads its own thread's cost. CLOCK_MONOTONIC for everything that is
// scheduled or measured. Tested in tests/unit/system_clock_test.cpp (parsing) and by every loopback run.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "core/transport/transport.hpp"
#include "saturn/time.hpp"

namespace saturn {

Nanos monotonic_now();
Nanos wall_now();  ///< since 1970, as the kernel stamps packets; never for measuring
Nanos process_cpu();
/// "2026-11-23T08:00:00.123456Z"
std::string utc_now();

/// How long a running thread has waited for a core, of its /proc/PID/schedstat. nullopt where the kernel
/// keeps no such account: there it says that the thread never got a core.
std::optional<Nanos> parse_run_queue_wait(std::string_view schedstat);

class SystemClock {
 public:
  Nanos now() const { return monotonic_now(); }
  /// CPU, run-queue wait and context switches of the calling thread.
  CostReading cost() const;
};

}  // namespace saturn
