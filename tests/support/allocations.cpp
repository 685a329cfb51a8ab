#include "support/allocations.hpp"

#include <atomic>
#include <cstddef>
#include <cstdlib>
#include <new>

namespace {
std::atomic<std::uint64_t> count{0};
std::atomic<std::size_t> largest{SIZE_MAX};
thread_local std::uint64_t of_this_thread = 0;

void* counted(std::size_t size, std::size_t alignment) {
  count.fetch_add(1, std::memory_order_relaxed);
  ++of_this_thread;
  if (size > largest.load(std::memory_order_relaxed)) throw std::bad_alloc();
  void* at = alignment > alignof(std::max_align_t)
                 ? std::aligned_alloc(alignment, (size + alignment - 1) / alignment * alignment)
                 : std::malloc(size == 0 ? 1 : size);
  if (at == nullptr) throw std::bad_alloc();
  return at;
}
}  // namespace

// Replacing the global operators for the whole program is the point. The array forms call these.
void* operator new(std::size_t size) {
  return counted(size, 1);
}
void* operator new(std::size_t size, std::align_val_t alignment) {
  return counted(size, static_cast<std::size_t>(alignment));
}
void* operator new(std::size_t size, const std::nothrow_t&) noexcept {  // simdjson's way
  try {
    return counted(size, 1);
  } catch (const std::bad_alloc&) {
    return nullptr;
  }
}
void operator delete(void* at, const std::nothrow_t&) noexcept {
  std::free(at);
}
void operator delete(void* at) noexcept {
  std::free(at);
}
void operator delete(void* at, std::size_t) noexcept {
  std::free(at);
}
void operator delete(void* at, std::align_val_t) noexcept {
  std::free(at);
}
void operator delete(void* at, std::size_t, std::align_val_t) noexcept {
  std::free(at);
}

namespace saturn::test {

std::uint64_t allocations() {
  return count.load(std::memory_order_relaxed);
}

std::uint64_t thread_allocations() {
  return of_this_thread;
}

NoneAbove::NoneAbove(std::size_t bytes) {
  largest.store(bytes);
}

NoneAbove::~NoneAbove() {
  largest.store(SIZE_MAX);
}

}  // namespace saturn::test
