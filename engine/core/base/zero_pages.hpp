// std::vector over pages that the system provides when they are first touched, so that a histogram or a
// series costs what it holds, not what it could hold. Large blocks come from the system itself: an allocator
// that hands out used memory would have to write zeros all over it first. Sized once at construction and
// never shrunk or grown (elements made by resize() would not be zeroed). Tested in
// tests/unit/zero_pages_test.cpp.
#pragma once
#include <cstddef>
#include <limits>
#include <new>
#include <type_traits>
#include <utility>
#include <vector>

namespace saturn {

void* zero_pages(std::size_t bytes);  ///< throws std::bad_alloc; give_pages_back() with the same size
void give_pages_back(void* memory, std::size_t bytes) noexcept;

template <class T>
struct ZeroPagesAllocator {
  static_assert(std::is_arithmetic_v<T>, "all bits zero must be the value zero");
  using value_type = T;

  ZeroPagesAllocator() = default;
  template <class U>
  ZeroPagesAllocator(const ZeroPagesAllocator<U>&) noexcept {}

  T* allocate(std::size_t n) {
    if (n > std::numeric_limits<std::size_t>::max() / sizeof(T)) throw std::bad_alloc();
    return static_cast<T*>(zero_pages(n * sizeof(T)));
  }
  void deallocate(T* memory, std::size_t n) noexcept { give_pages_back(memory, n * sizeof(T)); }

  /// A default-made element is left alone: it is zero, and a write would touch its page.
  template <class U>
  void construct(U*) noexcept {}
  template <class U, class Argument>
  void construct(U* place, Argument&& argument) {
    ::new (static_cast<void*>(place)) U(std::forward<Argument>(argument));
  }

  friend bool operator==(const ZeroPagesAllocator&, const ZeroPagesAllocator&) { return true; }
};

template <class T>
using ZeroPages = std::vector<T, ZeroPagesAllocator<T>>;

}  // namespace saturn
