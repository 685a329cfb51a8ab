// Counts every operator new of the test program, so that a test can say that a path allocates nothing;
// refuses large ones, so that a test can run out of memory.
#pragma once
#include <cstddef>
#include <cstdint>

namespace saturn::test {

/// Allocations since the program began, all threads.
std::uint64_t allocations();
/// The calling thread's own.
std::uint64_t thread_allocations();

/// While it lives, whoever asks for more bytes at once gets std::bad_alloc, on every thread.
class NoneAbove {
 public:
  explicit NoneAbove(std::size_t bytes);
  ~NoneAbove();
  NoneAbove(const NoneAbove&) = delete;
  NoneAbove& operator=(const NoneAbove&) = delete;
};

}  // namespace saturn::test
