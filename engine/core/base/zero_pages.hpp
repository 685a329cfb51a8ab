// std::vector over calloc: large zeroed storage whose untouched pages the system never has to provide, so
// that a histogram or a series costs what it holds, not what it could hold. Sized once at construction and
// never shrunk or grown (elements made by resize() would not be zeroed). Tested in
// tests/unit/zero_pages_test.cpp.
#pragma once
#include <cstddef>
#include <cstdlib>
#include <limits>
#include <new>
#include <type_traits>
#include <utility>
#include <vector>

namespace saturn {

template <class T>
struct ZeroPagesAllocator {
  static_assert(std::is_arithmetic_v<T>, "all bits zero must be the value zero");
  using value_type = T;

  ZeroPagesAllocator() = default;
  template <class U>
  ZeroPagesAllocator(const ZeroPagesAllocator<U>&) noexcept {}

  T* allocate(std::size_t n) {
    if (n > std::numeric_limits<std::size_t>::max() / sizeof(T)) throw std::bad_alloc();
    if (void* memory = std::calloc(n, sizeof(T))) return static_cast<T*>(memory);
    throw std::bad_alloc();
  }
  void deallocate(T* memory, std::size_t) noexcept { std::free(memory); }

  /// A default-made element is left alone: calloc zeroed it, and a write would touch its page.
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
