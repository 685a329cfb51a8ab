// A shard's receive memory: two pools that the kernel picks from, fixed at the start and bounded. A
// connection begins with small buffers; one that fills them (large bodies, long pipelines) goes on with large
// ones, which hold a whole read each. Of those the kernel has few at first: it goes through all it has in
// turn, and what it copies into had better be in the core's cache still; what finds none waits in its socket
// for the next turn. With 16 of them answers of 100 KiB cost a tenth less CPU than with 192, answers of 1 MiB
// a third more (bench/peers/run --work bodies and --recv-memory): so all follow where over a third of the
// receives find none. Owner: the shard's thread. Tested in tests/loopback/receive_memory_test.cpp.
#pragma once
#include <cstdint>
#include <memory>
#include <span>

#include "system/uring/buffer_ring.hpp"

namespace saturn {

enum class BufferPool : std::uint8_t { small, large };

class ReceiveBuffers {
 public:
  static constexpr std::uint32_t kSmallBytes = 4096, kLargeBytes = 65536;
  static constexpr std::uint64_t kDefaultBytes = std::uint64_t{16} << 20,
                                 kLeastBytes = std::uint64_t{256} << 10;

  /// How many buffers of each pool `bytes` (at least kLeastBytes) pay for.
  struct Counts {
    std::uint32_t small = 0, large = 0;
  };
  static Counts counts_for(std::uint64_t bytes);

  static Result<std::unique_ptr<ReceiveBuffers>> create(io_uring* ring, std::uint64_t bytes);

  static constexpr std::uint16_t group(BufferPool pool) { return static_cast<std::uint16_t>(pool); }
  /// How a completion names a buffer of both pools.
  static constexpr std::uint32_t name(BufferPool pool, std::uint32_t id) {
    return static_cast<std::uint32_t>(pool) << 16 | id;
  }
  std::span<char> taken(std::uint32_t name, std::size_t bytes) {
    large_pieces_ += name >> 16;
    return of(name).taken(name & 0xffff, bytes);
  }
  void give_back(std::uint32_t name) { of(name).give_back(name & 0xffff); }
  /// There was more to read than a small buffer holds.
  static bool outgrown(BufferPool pool, std::size_t bytes) {
    return pool == BufferPool::small && bytes == kSmallBytes;
  }

  /// A receive found no buffer. False: the kernel will get more of them; true: it has them all.
  bool ran_short(BufferPool pool);
  /// Once a turn: more buffers for a pool that runs short.
  void refill();

 private:
  ReceiveBuffers() = default;
  BufferRing& of(std::uint32_t name) { return *((name >> 16) == 0 ? small_ : large_); }

  std::unique_ptr<BufferRing> small_, large_;
  bool small_short_ = false;
  std::uint32_t large_pieces_ = 0, large_short_ = 0;  ///< since the last look at their ratio
};

}  // namespace saturn
