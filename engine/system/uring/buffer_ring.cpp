#include "system/uring/buffer_ring.hpp"

#include <sys/mman.h>

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

Result<std::unique_ptr<BufferRing>> BufferRing::create(io_uring* ring, std::uint32_t count,
                                                       std::uint32_t bytes) {
  std::unique_ptr<BufferRing> made(new BufferRing);
  made->count_ = count;
  made->bytes_ = bytes;
  made->taken_.assign(count, false);
  made->entries_ = static_cast<io_uring_buf_ring*>(map_pages(count * sizeof(io_uring_buf)));
  made->memory_ = static_cast<char*>(map_pages(std::size_t{count} * bytes));
  if (made->entries_ == nullptr || made->memory_ == nullptr)
    return Error{"io_uring", "no memory for the receive buffers",
                 "free some memory, or use fewer threads (-t)", ErrorKind::setup};
  io_uring_buf_reg registration{};
  registration.ring_addr = reinterpret_cast<std::uint64_t>(made->entries_);
  registration.ring_entries = count;
  registration.bgid = kGroup;
  if (const int error = -io_uring_register_buf_ring(ring, &registration, 0); error != 0)
    return explain_refusal(error, -1, false);
  made->ring_ = ring;
  io_uring_buf_ring_init(made->entries_);
  for (std::uint32_t id = 0; id < count; ++id)
    io_uring_buf_ring_add(made->entries_, made->memory_ + std::size_t{id} * bytes, bytes,
                          static_cast<std::uint16_t>(id), io_uring_buf_ring_mask(count),
                          static_cast<int>(id));
  io_uring_buf_ring_advance(made->entries_, static_cast<int>(count));
  return {std::move(made)};
}

std::span<char> BufferRing::taken(std::uint32_t id, std::size_t bytes) {
  SATURN_ASSERT(id < count_ && !taken_[id] && bytes <= bytes_);
  taken_[id] = true;
  return {memory_ + std::size_t{id} * bytes_, bytes};
}

void BufferRing::give_back(std::uint32_t id) {
  SATURN_ASSERT(id < count_ && taken_[id]);
  taken_[id] = false;
  io_uring_buf_ring_add(entries_, memory_ + std::size_t{id} * bytes_, bytes_, static_cast<std::uint16_t>(id),
                        io_uring_buf_ring_mask(count_), 0);
  io_uring_buf_ring_advance(entries_, 1);
}

BufferRing::~BufferRing() {
  if (ring_ != nullptr) io_uring_unregister_buf_ring(ring_, kGroup);
  if (entries_ != nullptr) munmap(entries_, count_ * sizeof(io_uring_buf));
  if (memory_ != nullptr) munmap(memory_, std::size_t{count_} * bytes_);
}

}  // namespace saturn
