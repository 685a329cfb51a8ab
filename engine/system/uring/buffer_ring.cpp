#include "system/uring/buffer_ring.hpp"

#include <sys/mman.h>

#include <algorithm>
#include <bit>
#include <cerrno>

#include "core/base/assert.hpp"
#include "system/uring/ring.hpp"

namespace saturn {
namespace {

void* map_pages(std::size_t bytes) {
  void* at = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_ANONYMOUS | MAP_PRIVATE, -1, 0);
  return at == MAP_FAILED ? nullptr : at;
}

}  // namespace

Result<std::unique_ptr<BufferRing>> BufferRing::create(io_uring* ring, const Shape& shape) {
  SATURN_ASSERT(shape.count > 0 && shape.count <= kMostBuffers && shape.bytes > 0);
  std::unique_ptr<BufferRing> made(new BufferRing);
  made->shape_ = shape;
  made->ring_entries_ = std::bit_ceil(shape.count);
  made->taken_.assign(shape.count, false);
  made->entries_ =
      static_cast<io_uring_buf_ring*>(map_pages(std::size_t{made->ring_entries_} * sizeof(io_uring_buf)));
  made->memory_ = static_cast<char*>(map_pages(std::size_t{shape.count} * shape.bytes));
  if (made->entries_ == nullptr || made->memory_ == nullptr)
    return Error{"--recv-memory", "no memory for the receive buffers",
                 "give less with --recv-memory, use fewer threads (-t), or free some memory",
                 ErrorKind::setup};
  io_uring_buf_reg registration{};
  registration.ring_addr = reinterpret_cast<std::uint64_t>(made->entries_);
  registration.ring_entries = made->ring_entries_;
  registration.bgid = shape.group;
  if (const int error = -io_uring_register_buf_ring(ring, &registration, 0); error != 0)
    return explain_refusal(error, -1, false);
  made->ring_ = ring;
  io_uring_buf_ring_init(made->entries_);
  made->provide(shape.at_first);
  return {std::move(made)};
}

void BufferRing::add(std::uint32_t id, int offset) {
  io_uring_buf_ring_add(entries_, memory_ + std::size_t{id} * shape_.bytes, shape_.bytes,
                        static_cast<std::uint16_t>(id), io_uring_buf_ring_mask(ring_entries_), offset);
}

void BufferRing::provide(std::uint32_t until) {
  until = std::min(until, shape_.count);
  int added = 0;
  for (; provided_ < until; ++provided_, ++added) add(provided_, added);
  io_uring_buf_ring_advance(entries_, added);
}

std::span<char> BufferRing::taken(std::uint32_t id, std::size_t bytes) {
  SATURN_ASSERT(id < provided_ && !taken_[id] && bytes <= shape_.bytes);
  taken_[id] = true;
  return {memory_ + std::size_t{id} * shape_.bytes, bytes};
}

void BufferRing::give_back(std::uint32_t id) {
  SATURN_ASSERT(id < provided_ && taken_[id]);
  taken_[id] = false;
  add(id, 0);
  io_uring_buf_ring_advance(entries_, 1);
}

BufferRing::~BufferRing() {
  if (ring_ != nullptr) io_uring_unregister_buf_ring(ring_, shape_.group);
  if (entries_ != nullptr) munmap(entries_, std::size_t{ring_entries_} * sizeof(io_uring_buf));
  if (memory_ != nullptr) munmap(memory_, std::size_t{shape_.count} * shape_.bytes);
}

}  // namespace saturn
