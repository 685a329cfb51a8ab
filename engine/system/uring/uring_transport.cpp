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
  auto buffers = ReceiveBuffers::create(made->ring_->get(), options.receive_bytes);
  if (!buffers) return buffers.errors();
  made->buffers_ = std::move(buffers).value();
  auto sockets =
      Sockets::create(*made->ring_, slots,
                      {address.storage.ss_family, options.kernel_stamps, options.direct_descriptors,
                       options.linked_sockets, options.unpaced, options.sources, options.discards});
  if (!sockets) return sockets.errors();
  made->sockets_ = std::move(sockets).value();
  made->address_ = address;
  made->discards_ = options.discards;
  if (options.check_send_times && !options.direct_descriptors)
    made->send_check_ = std::make_unique<SendCheck>();
  made->keep_time();
  made->receive_header_.msg_controllen = kControlBytes;
  made->singles_ = std::make_unique_for_overwrite<SingleReceive[]>(slots * 2);
  made->sends_.reserve(slots + 1);
  made->deferred_.reserve(slots * 2 + 1);
  made->cancels_.reserve(slots * 3 + 1);
  made->local_.reserve(slots * 2 + 1);
  return {std::move(made)};
}

void UringTransport::connect(SlotId slot, std::uint32_t generation) {
  if (const int error = sockets_->open(slot, generation); error != 0) {
    local_.push_back({Completion::Kind::connected, slot, generation, error, 0, kNoBuffer, {}, Nanos(0)});
    return;
  }
  deferred_.push_back({UserData::Op::connect, generation, slot});
}

void UringTransport::arm_receive(SlotId slot) {
  deferred_.push_back({UserData::Op::receive, socket(slot).generation, slot});
}

void UringTransport::close(SlotId slot) {
  Socket& socket = this->socket(slot);
  if (!socket.open()) return;
  if (sockets_->direct())
    for (const auto op :
         {UserData::Op::connect, UserData::Op::send, UserData::Op::receive, UserData::Op::receive_large,
          UserData::Op::receive_once, UserData::Op::receive_once_large, UserData::Op::discard})
      if (socket.has(op)) cancels_.push_back({op, socket.generation, slot});
  if (send_check_) send_check_->closed(slot);
  sockets_->close(slot);
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
      batch.skipped |= std::uint64_t{1} << batch.count;
      local_.push_back(
          {Completion::Kind::sent, send.slot, send.generation, ECANCELED, 0, kNoBuffer, {}, Nanos(0)});
      continue;
    }
    io_uring_sqe* sqe = ring_->entry();
    io_uring_prep_send(sqe, socket(send.slot).fd, send.bytes.data(), send.bytes.size(),
                       MSG_WAITALL | MSG_NOSIGNAL);
    begin(sqe, what);
    if (send_check_) send_check_->prepare(send.slot, socket(send.slot).fd, send.bytes.size(), batch.count);
  }
  const unsigned ready = io_uring_cq_ready(ring_->get());
  batch.before = monotonic_now();
  ring_->submit_only();
  batch.after = monotonic_now();
  batch.late = late_sends(first, batch.count, ready);
  send_cost_.judge(batch);
  ++tally_.batches;
  if (send_check_) send_check_->submitted(batch);
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

void UringTransport::begin(io_uring_sqe* sqe, const UserData& what) {
  sockets_->mark(sqe);
  io_uring_sqe_set_data64(sqe, what.pack());
  socket(what.slot).begins(what.op);
  if (what.once()) socket(what.slot).singles_taken |= Socket::single_bit(what.generation);
}

void UringTransport::queue_deferred() {
  buffers_->refill();
  sockets_->queue_options();
  for (const UserData& what : cancels_) {
    io_uring_sqe* sqe = ring_->entry();
    io_uring_prep_cancel64(sqe, what.pack(), 0);
    io_uring_sqe_set_data64(sqe, UserData{}.pack());
  }
  cancels_.clear();
  for (UserData what : deferred_) {
    if (!current(what)) continue;
    const Socket& to = socket(what.slot);
    if (what.op == UserData::Op::connect) sockets_->queue_socket(what);
    io_uring_sqe* sqe = ring_->entry();
    if (what.op == UserData::Op::connect) {
      io_uring_prep_connect(sqe, to.fd, reinterpret_cast<const sockaddr*>(&address_.storage),
                            address_.length);
    } else if (to.discard > 0) {
      what.op = UserData::Op::discard;
      prepare_discard(sqe, to);
    } else {
      what.op = UserData::receive_op(to.pool == BufferPool::large, to.once && (discards_ || to.pieces < 2));
      prepare_receive(sqe, what);
    }
    begin(sqe, what);
  }
  deferred_.clear();
}

void UringTransport::reap(std::vector<Completion>& out) {
  sockets_->close_late();
  io_uring* ring = ring_->get();
  unsigned head = 0, taken = 0;
  io_uring_cqe* cqe = nullptr;
  io_uring_for_each_cqe(ring, head, cqe) {
    if (out.size() == out.capacity()) break;
    ++taken;
    const UserData what = UserData::unpack(cqe->user_data);
    const bool is_current = current(what);
    if (what.once())
      socket(what.slot).singles_taken &= static_cast<std::uint8_t>(~Socket::single_bit(what.generation));
    const std::uint32_t generation = is_current ? socket(what.slot).generation : what.generation - 1;
    if (is_current && (cqe->flags & IORING_CQE_F_MORE) == 0) socket(what.slot).ended(what.op);
    switch (what.op) {
      case UserData::Op::connect:
      case UserData::Op::make:  // no socket, and so no connect
        if (is_current)
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
      case UserData::Op::receive_large:
      case UserData::Op::receive_once:
      case UserData::Op::receive_once_large:
        on_receive(*cqe, what, out);
        break;
      case UserData::Op::discard:
        on_discard(*cqe, what, out);
        break;
      case UserData::Op::none:
        break;
    }
  }
  io_uring_cq_advance(ring, taken);
}

}  // namespace saturn
