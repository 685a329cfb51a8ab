// A ring of receive buffers that the kernel picks from. Each buffer taken by a completion is given back
// exactly once (asserted). It starts with a few buffers, so that the same memory is used again and again
// while it is in the caches, and hands the kernel more when those ran short. Owner: the shard's thread.
// Tested by tests/loopback/receive_memory_test.cpp and the contract suite.
#pragma once
#include <liburing.h>

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "saturn/error.hpp"

namespace saturn {

class BufferRing {
 public:
  static constexpr std::uint32_t kMostBuffers = 32768;  ///< of one ring, by the kernel

  struct Shape {
    std::uint16_t group = 0;
    std::uint32_t count = 0;  ///< at most
    std::uint32_t bytes = 0;  ///< of each
    std::uint32_t at_first = 0;
  };
  /// All of the memory is mapped here; pages are touched as they are used.
  static Result<std::unique_ptr<BufferRing>> create(io_uring* ring, const Shape& shape);
  ~BufferRing();
  BufferRing(const BufferRing&) = delete;
  BufferRing& operator=(const BufferRing&) = delete;

  /// The kernel filled this buffer; it is ours until give_back().
  std::span<char> taken(std::uint32_t id, std::size_t bytes);
  void give_back(std::uint32_t id);
  /// So many buffers from now on, as far as there are so many; never fewer.
  void provide(std::uint32_t until);
  void grow() { provide(provided_ * 2); }
  bool whole() const { return provided_ == shape_.count; }  ///< the kernel has them all
  const Shape& shape() const { return shape_; }

 private:
  BufferRing() = default;
  void add(std::uint32_t id, int offset);

  io_uring* ring_ = nullptr;
  io_uring_buf_ring* entries_ = nullptr;
  char* memory_ = nullptr;
  Shape shape_;
  std::uint32_t ring_entries_ = 0, provided_ = 0;
  std::vector<bool> taken_;
};

}  // namespace saturn
