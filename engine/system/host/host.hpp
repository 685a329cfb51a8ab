// Facts about this machine that every result carries, and the few things a run asks of it: cores,
// descriptors. Read once by the coordinator. Tested in tests/unit/host_test.cpp and by every
// loopback run.
#pragma once
#include <cstdint>
#include <vector>

#include "saturn/result.hpp"

namespace saturn {

HostFacts host_facts();
/// CPUs this process may run on (sched_getaffinity, not the number online).
std::vector<int> allowed_cpus();
/// False where the CPU is not ours to use.
bool pin_this_thread(int cpu);
/// Raises RLIMIT_NOFILE to its hard limit; returns how many descriptors may be open now.
std::uint64_t raise_descriptor_limit();
/// Lets the kernel's table of this process's descriptors grow to so many at once. To be called while there is
/// one thread: growing it step by step later makes each step wait for all cores (some 10 ms).
void make_room_for_descriptors(std::uint64_t count);
/// Descriptors open now.
std::uint64_t open_descriptors();
std::uint64_t max_rss_bytes();

}  // namespace saturn
