#include "core/base/zero_pages.hpp"

#include <sys/mman.h>

#include <cstdlib>

namespace saturn {
namespace {

/// Below, a mapping of its own costs more than writing the zeros.
constexpr std::size_t kLeastMapped = std::size_t{64} << 10;

}  // namespace

void* zero_pages(std::size_t bytes) {
  if (bytes < kLeastMapped) {
    if (void* memory = std::calloc(1, bytes == 0 ? 1 : bytes)) return memory;
    throw std::bad_alloc();
  }
  void* memory = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_ANONYMOUS | MAP_PRIVATE, -1, 0);
  if (memory == MAP_FAILED) throw std::bad_alloc();
  return memory;
}

void give_pages_back(void* memory, std::size_t bytes) noexcept {
  if (bytes < kLeastMapped)
    std::free(memory);
  else
    munmap(memory, bytes);
}

}  // namespace saturn
