#include "system/uring/uring_transport.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include "core/base/assert.hpp"
#include "system/clock/system_clock.hpp"

namespace saturn {

Result<std::unique_ptr<UringTransport>> UringTransport::create(const SocketAddress& address,
                                                               std::size_t slots,
                                                               const UringOptions& options) {
  std::unique_ptr<UringTransport> made(new UringTransport);
  auto ring = Ring::create(kSqEntries, kCqEntries);
  if (!ring) return ring.errors();
  made->ring_ = std::move(ring).value();
  auto buffers = BufferRing::create(made->ring_->get(), kBuffers, kBufferBytes);
  if (!buffers) return buffers.errors();
  made->buffers_ = std::move(buffers).value();
  made->address_ = address;
  made->options_ = options;
  made->keep_time();
  made->receive_header_.msg_controllen = kControlBytes;
  made->sockets_.resize(slots);
  made->sends_.reserve(slots + 1);
  made->deferred_.reserve(slots * 2 + 1);
  made->local_.reserve(slots * 2 + 1);
  return {std::move(made)};
}

UringTransport::~UringTransport() {
  for (const Socket& socket : sockets_)
    if (socket.fd >= 0) ::close(socket.fd);
}

void UringTransport::connect(SlotId slot, std::uint32_t generation) {
  Socket& socket = sockets_[slot];
  SATURN_ASSERT(socket.fd < 0);
  socket.generation = generation;
  socket.fd = ::socket(address_.storage.ss_family, SOCK_STREAM | SOCK_CLOEXEC, IPPROTO_TCP);
  if (socket.fd < 0) {
    local_.push_back({Completion::Kind::connected, slot, generation, errno, 0, kNoBuffer, {}, Nanos(0)});
    return;
  }
  const int on = 1;
  setsockopt(socket.fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  if (options_.kernel_stamps)  // refused (a filter): answers have no stamps then, and the result says so
    setsockopt(socket.fd, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof on);
  deferred_.push_back({{UserData::Op::connect, generation, slot}});
}

void UringTransport::arm_receive(SlotId slot) {
  deferred_.push_back({{UserData::Op::receive, sockets_[slot].generation, slot}});
}

void UringTransport::close(SlotId slot) {
  Socket& socket = sockets_[slot];
  if (socket.fd < 0) return;
  // Operations in the ring hold the socket open; shutting it down completes them.
  shutdown(socket.fd, SHUT_RDWR);
  ::close(socket.fd);
  socket.fd = -1;
}

io_uring_sqe* UringTransport::next_sqe() {
  io_uring_sqe* sqe = io_uring_get_sqe(ring_->get());
  if (sqe == nullptr) {
    io_uring_submit(ring_->get());
    sqe = io_uring_get_sqe(ring_->get());
    SATURN_ASSERT(sqe != nullptr);
  }
  return sqe;
}

Submitted UringTransport::submit() {
  Submitted batch;
  const std::size_t left = sends_.size() - sends_head_;
  if (left == 0) {
    sends_.clear();
    sends_head_ = 0;
    return batch;
  }
  const std::size_t first = sends_head_;
  const std::size_t end = sends_head_ + std::min<std::size_t>(left, kSendsPerBatch);
  for (; sends_head_ < end; ++sends_head_, ++batch.count) {
    const PendingSend& send = sends_[sends_head_];
    const UserData what{UserData::Op::send, send.generation, send.slot};
    if (!current(what)) {  // closed since it was queued
      local_.push_back(
          {Completion::Kind::sent, send.slot, send.generation, ECANCELED, 0, kNoBuffer, {}, Nanos(0)});
      continue;
    }
    io_uring_sqe* sqe = next_sqe();
    io_uring_prep_send(sqe, sockets_[send.slot].fd, send.bytes.data(), send.bytes.size(),
                       MSG_WAITALL | MSG_NOSIGNAL);
    io_uring_sqe_set_data64(sqe, what.pack());
  }
  const unsigned ready = io_uring_cq_ready(ring_->get());
  batch.before = monotonic_now();
  ring_->submit_only();
  batch.after = monotonic_now();
  batch.late = late_sends(first, batch.count, ready);
  ++tally_.batches;
  return batch;
}

/// Sends that the kernel finished inline left their completions, in order and before anything else, behind
/// the `ready_before` that were in the ring already.
std::uint64_t UringTransport::late_sends(std::size_t first, std::uint32_t count,
                                         unsigned ready_before) const {
  const io_uring* ring = ring_->get();
  const unsigned ready = io_uring_cq_ready(ring);
  if (ready - ready_before == count) return 0;
  std::uint64_t late = 0;
  unsigned next = *ring->cq.khead + ready_before;
  const unsigned end = *ring->cq.khead + ready;
  for (std::uint32_t k = 0; k < count; ++k) {
    const PendingSend& send = sends_[first + k];
    const std::uint64_t expected = UserData{UserData::Op::send, send.generation, send.slot}.pack();
    if (next != end && ring->cq.cqes[next & ring->cq.ring_mask].user_data == expected)
      ++next;
    else
      late |= std::uint64_t{1} << k;
  }
  return late;
}

void UringTransport::keep_time() {
  std::array<ClockOffset::Sample, 5> samples;
  for (ClockOffset::Sample& sample : samples) sample = {monotonic_now(), wall_now(), monotonic_now()};
  if (wall_clock_.update(samples)) ++tally_.clock_steps;
}

/// When the kernel received the last bytes of this piece; 0 where it does not say.
Nanos UringTransport::arrival_in(io_uring_recvmsg_out& message) {
  for (cmsghdr* control = io_uring_recvmsg_cmsg_firsthdr(&message, &receive_header_); control != nullptr;
       control = io_uring_recvmsg_cmsg_nexthdr(&message, &receive_header_, control)) {
    if (control->cmsg_level != SOL_SOCKET || control->cmsg_type != SCM_TIMESTAMPNS) continue;
    timespec stamp{};
    std::memcpy(&stamp, CMSG_DATA(control), sizeof stamp);
    return wall_clock_.to_monotonic(std::chrono::seconds(stamp.tv_sec) + Nanos(stamp.tv_nsec));
  }
  return Nanos(0);
}

void UringTransport::queue_deferred() {
  for (const Deferred& operation : deferred_) {
    const UserData& what = operation.what;
    if (!current(what)) continue;
    io_uring_sqe* sqe = next_sqe();
    const int fd = sockets_[what.slot].fd;
    if (what.op == UserData::Op::connect) {
      io_uring_prep_connect(sqe, fd, reinterpret_cast<const sockaddr*>(&address_.storage), address_.length);
    } else {
      io_uring_prep_recvmsg_multishot(sqe, fd, &receive_header_, 0);
      sqe->flags |= IOSQE_BUFFER_SELECT;
      sqe->buf_group = BufferRing::kGroup;
    }
    io_uring_sqe_set_data64(sqe, what.pack());
  }
  deferred_.clear();
}

void UringTransport::wait(Nanos until, std::vector<Completion>& out) {
  queue_deferred();
  io_uring* ring = ring_->get();
  const std::size_t local = std::min(local_.size(), out.capacity() - out.size());
  out.insert(out.end(), local_.begin(), local_.begin() + static_cast<std::ptrdiff_t>(local));
  local_.erase(local_.begin(), local_.begin() + static_cast<std::ptrdiff_t>(local));
  const Nanos left = until == Nanos::max() ? until : until - monotonic_now();
  if (local > 0 || left.count() <= 0) {
    io_uring_submit_and_get_events(ring);
  } else if (until == Nanos::max()) {
    io_uring_submit_and_wait(ring, 1);
  } else {
    __kernel_timespec ts{left.count() / 1'000'000'000, left.count() % 1'000'000'000};
    io_uring_cqe* cqe = nullptr;
    io_uring_submit_and_wait_timeout(ring, &cqe, 1, &ts, nullptr);
  }
  ++tally_.waits;
  reap(out);
}

void UringTransport::reap(std::vector<Completion>& out) {
  io_uring* ring = ring_->get();
  unsigned head = 0, taken = 0;
  io_uring_cqe* cqe = nullptr;
  io_uring_for_each_cqe(ring, head, cqe) {
    if (out.size() == out.capacity()) break;
    ++taken;
    const UserData what = UserData::unpack(cqe->user_data);
    const std::uint32_t generation = current(what) ? sockets_[what.slot].generation : what.generation - 1;
    switch (what.op) {
      case UserData::Op::connect:
        if (current(what))
          out.push_back(
              {Completion::Kind::connected, what.slot, generation, -cqe->res, 0, kNoBuffer, {}, Nanos(0)});
        break;
      case UserData::Op::send:
        out.push_back({Completion::Kind::sent,
                       what.slot,
                       generation,
                       std::max(0, -cqe->res),
                       static_cast<std::uint32_t>(std::max(0, cqe->res)),
                       kNoBuffer,
                       {},
                       Nanos(0)});
        break;
      case UserData::Op::receive:
        on_receive(*cqe, what, out);
        break;
      case UserData::Op::none:
        break;
    }
  }
  io_uring_cq_advance(ring, taken);
}

void UringTransport::on_receive(const io_uring_cqe& cqe, const UserData& what, std::vector<Completion>& out) {
  const bool more = (cqe.flags & IORING_CQE_F_MORE) != 0;
  const std::uint32_t generation = sockets_[what.slot].generation;
  std::uint32_t buffer = kNoBuffer;
  std::span<const char> data;
  Nanos arrived_at{0};
  if ((cqe.flags & IORING_CQE_F_BUFFER) != 0) {
    buffer = cqe.flags >> IORING_CQE_BUFFER_SHIFT;
    const std::span<char> whole = buffers_->taken(buffer, static_cast<std::size_t>(std::max(0, cqe.res)));
    if (auto* header =
            io_uring_recvmsg_validate(whole.data(), static_cast<int>(whole.size()), &receive_header_);
        header != nullptr) {
      data = {static_cast<const char*>(io_uring_recvmsg_payload(header, &receive_header_)),
              io_uring_recvmsg_payload_length(header, static_cast<int>(whole.size()), &receive_header_)};
      arrived_at = arrival_in(*header);
    }
  }
  if (!current(what)) {
    if (buffer != kNoBuffer) buffers_->give_back(buffer);
    return;
  }
  if (!data.empty()) {
    out.push_back({Completion::Kind::received, what.slot, generation, 0, 0, buffer, data, arrived_at});
    if (!more) {
      ++tally_.rearmed;
      deferred_.push_back({what});
    }
    return;
  }
  if (buffer != kNoBuffer)
    buffers_->give_back(buffer);  // the end of the stream comes in a buffer too, with no payload
  if (cqe.res == -ENOBUFS) {
    ++tally_.buffers_short;
    deferred_.push_back({what});
    return;
  }
  if (more) return;
  const int error = cqe.res < 0 ? -cqe.res : 0;
  out.push_back({Completion::Kind::ended, what.slot, generation, error, 0, kNoBuffer, {}, Nanos(0)});
}

}  // namespace saturn
