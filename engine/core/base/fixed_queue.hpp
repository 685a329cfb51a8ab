// First in, first out, in memory taken once: a ring of a fixed capacity, for what may wait. Pages that
// nothing was written to cost nothing. Owner: one shard. Tested in tests/unit/fixed_queue_test.cpp.
#pragma once
#include <cstddef>
#include <memory>
#include <type_traits>

#include "core/base/assert.hpp"

namespace saturn {

template <class T>
class FixedQueue {
 public:
  static_assert(std::is_trivially_copyable_v<T> && std::is_trivially_default_constructible_v<T>);

  explicit FixedQueue(std::size_t capacity)
      : items_(std::make_unique_for_overwrite<T[]>(capacity)), capacity_(capacity) {}

  bool empty() const { return size_ == 0; }
  bool full() const { return size_ == capacity_; }
  std::size_t size() const { return size_; }

  void push(T item) {
    SATURN_ASSERT(!full());
    items_[place(size_++)] = item;
  }
  T pop() {
    SATURN_ASSERT(!empty());
    const T item = items_[head_];
    head_ = place(1);
    --size_;
    return item;
  }
  void clear() { head_ = size_ = 0; }

 private:
  std::size_t place(std::size_t offset) const {
    const std::size_t at = head_ + offset;
    return at < capacity_ ? at : at - capacity_;
  }

  std::unique_ptr<T[]> items_;
  std::size_t capacity_, head_ = 0, size_ = 0;
};

}  // namespace saturn
