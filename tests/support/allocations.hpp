// Counts every operator new of the test program, so that a test can say that a path allocates nothing.
#pragma once
#include <cstdint>

namespace saturn::test {

/// Allocations since the program began, all threads.
std::uint64_t allocations();
/// The calling thread's own.
std::uint64_t thread_allocations();

}  // namespace saturn::test
