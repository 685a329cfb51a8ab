#include "system/uring/receive_buffers.hpp"

#include <algorithm>
#include <utility>

#include "core/base/assert.hpp"

namespace saturn {
namespace {

constexpr std::uint32_t kMostSmall = 1024;
// What a closed loop of a few dozen connections has in hand at a time; more follow as they are needed.
constexpr std::uint32_t kSmallAtFirst = 64, kLargeAtFirst = 16;
constexpr std::uint32_t kLook = 8192;  ///< receives into large buffers between looks at how many found none

}  // namespace

ReceiveBuffers::Counts ReceiveBuffers::counts_for(std::uint64_t bytes) {
  SATURN_ASSERT(bytes >= kLeastBytes);
  const auto small = static_cast<std::uint32_t>(std::min<std::uint64_t>(bytes / 4 / kSmallBytes, kMostSmall));
  const std::uint64_t left = (bytes - std::uint64_t{small} * kSmallBytes) / kLargeBytes;
  return {small, static_cast<std::uint32_t>(std::min<std::uint64_t>(left, BufferRing::kMostBuffers))};
}

Result<std::unique_ptr<ReceiveBuffers>> ReceiveBuffers::create(io_uring* ring, std::uint64_t bytes) {
  const Counts counts = counts_for(bytes);
  std::unique_ptr<ReceiveBuffers> made(new ReceiveBuffers);
  auto small = BufferRing::create(ring, {group(BufferPool::small), counts.small, kSmallBytes, kSmallAtFirst});
  if (!small) return small.errors();
  auto large = BufferRing::create(ring, {group(BufferPool::large), counts.large, kLargeBytes, kLargeAtFirst});
  if (!large) return large.errors();
  made->small_ = std::move(small).value();
  made->large_ = std::move(large).value();
  return {std::move(made)};
}

bool ReceiveBuffers::ran_short(BufferPool pool) {
  if (pool == BufferPool::small)
    small_short_ = true;
  else
    ++large_short_;
  return of(name(pool, 0)).whole();
}

void ReceiveBuffers::refill() {
  if (std::exchange(small_short_, false)) small_->grow();
  if (large_pieces_ + large_short_ < kLook) return;
  if (large_short_ > large_pieces_ / 2) large_->provide(large_->shape().count);
  large_pieces_ = large_short_ = 0;
}

}  // namespace saturn
