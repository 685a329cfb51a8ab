// A ring of receive buffers that the kernel picks from. Each buffer taken by a completion is given back
// exactly once (asserted). Owner: the shard's thread.
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
  static constexpr std::uint16_t kGroup = 0;

  /// `count` is a power of two. Pages are touched as they are used.
  static Result<std::unique_ptr<BufferRing>> create(io_uring* ring, std::uint32_t count, std::uint32_t bytes);
  ~BufferRing();
  BufferRing(const BufferRing&) = delete;
  BufferRing& operator=(const BufferRing&) = delete;

  /// The kernel filled this buffer; it is ours until give_back().
  std::span<char> taken(std::uint32_t id, std::size_t bytes);
  void give_back(std::uint32_t id);
  std::uint32_t bytes() const { return bytes_; }

 private:
  BufferRing() = default;
  io_uring* ring_ = nullptr;
  io_uring_buf_ring* entries_ = nullptr;
  char* memory_ = nullptr;
  std::uint32_t count_ = 0, bytes_ = 0;
  std::vector<bool> taken_;
};

}  // namespace saturn
