// How fast the core is on this machine without any network: whole turns of a shard over the Null transport,
// timed on the calling thread. Tested in tests/loopback/core_ceiling_test.cpp.
#pragma once
#include <atomic>
#include <cstdint>

#include "saturn/time.hpp"

namespace saturn {

/// Requests a second of one shard with so many connections, the median of rounds over about `length`; 0 where
/// `stop` came before the first was done.
double core_requests_per_second(std::uint32_t connections, Nanos length, const std::atomic<bool>& stop);

}  // namespace saturn
