// Storage that a process shares with those that it forks: made before the fork, at the same place in all of
// them. For what one thread writes and others read, so elements are atomics, or hold a SharedMutex. Tested in
// tests/unit/target_truth_test.cpp and, over a fork, tests/loopback/serve_processes_test.py.
#pragma once
#include <pthread.h>
#include <sys/mman.h>

#include <cstddef>
#include <new>
#include <type_traits>
#include <utility>

namespace saturn::target {

template <class T>
class SharedArray {
  static_assert(std::is_trivially_destructible_v<T>, "nobody knows who is the last to leave");

 public:
  explicit SharedArray(std::size_t count) : count_(count) {
    if (count == 0) return;
    void* const memory =
        mmap(nullptr, count * sizeof(T), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) throw std::bad_alloc();
    first_ = static_cast<T*>(memory);
    for (std::size_t i = 0; i < count; ++i) ::new (static_cast<void*>(first_ + i)) T();
  }
  SharedArray(SharedArray&& other) noexcept
      : first_(std::exchange(other.first_, nullptr)), count_(std::exchange(other.count_, 0)) {}
  SharedArray& operator=(SharedArray&&) = delete;
  ~SharedArray() {
    if (first_ != nullptr) munmap(first_, count_ * sizeof(T));
  }

  T& operator[](std::size_t index) { return first_[index]; }
  const T& operator[](std::size_t index) const { return first_[index]; }
  std::size_t size() const { return count_; }
  const T* begin() const { return first_; }
  const T* end() const { return first_ + count_; }

 private:
  T* first_ = nullptr;
  std::size_t count_ = 0;
};

/// Locks among processes too; for std::lock_guard.
class SharedMutex {
 public:
  SharedMutex() {
    pthread_mutexattr_t kind;
    pthread_mutexattr_init(&kind);
    pthread_mutexattr_setpshared(&kind, PTHREAD_PROCESS_SHARED);
    pthread_mutex_init(&mutex_, &kind);
    pthread_mutexattr_destroy(&kind);
  }
  void lock() { pthread_mutex_lock(&mutex_); }
  void unlock() { pthread_mutex_unlock(&mutex_); }

 private:
  pthread_mutex_t mutex_;
};

}  // namespace saturn::target
