// The io_uring transport's receives: a multishot recvmsg a connection, or single ones where connections are
// short or bodies are dropped unread; the kernel's arrival stamp beside the bytes; which pool of buffers a
// connection uses.
#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "system/uring/uring_transport.hpp"

namespace saturn {
namespace {

/// On TCP: takes bytes out of the stream without copying them. With MSG_WAITALL it would never complete.
constexpr int kDrop = MSG_TRUNC;
static_assert((kDrop & MSG_WAITALL) == 0);

}  // namespace

/// Where connections carry one answer each, a single receive spares the kernel a try for more, waking up for
/// the end of the stream, and another completion.
void UringTransport::prepare_receive(io_uring_sqe* sqe, const UserData& what) {
  const Socket& from = socket(what.slot);
  if (what.once()) {
    SingleReceive& single = single_of(what);
    single.header = msghdr{};
    single.header.msg_control = single.control;
    single.header.msg_controllen = kControlBytes;
    io_uring_prep_recvmsg(sqe, from.fd, &single.header, 0);
    const bool more_lies_there = discards_ && from.pool == BufferPool::large;
    if (!more_lies_there) sqe->ioprio |= IORING_RECVSEND_POLL_FIRST;
  } else {
    io_uring_prep_recvmsg_multishot(sqe, from.fd, &receive_header_, 0);
  }
  sqe->flags |= IOSQE_BUFFER_SELECT;
  sqe->buf_group = ReceiveBuffers::group(from.pool);
}

void UringTransport::on_receive(const io_uring_cqe& cqe, const UserData& what, std::vector<Completion>& out) {
  const bool more = (cqe.flags & IORING_CQE_F_MORE) != 0;
  const BufferPool pool = what.large() ? BufferPool::large : BufferPool::small;
  std::uint32_t buffer = kNoBuffer;
  std::span<char> whole;
  std::span<const char> data;
  Nanos arrived_at{0};
  if ((cqe.flags & IORING_CQE_F_BUFFER) != 0) {
    buffer = ReceiveBuffers::name(pool, cqe.flags >> IORING_CQE_BUFFER_SHIFT);
    whole = buffers_->taken(buffer, static_cast<std::size_t>(std::max(0, cqe.res)));
    data = payload_of(what, whole, arrived_at);
  }
  if (!current(what)) {
    if (buffer != kNoBuffer) buffers_->give_back(buffer);
    return;
  }
  const std::uint32_t generation = socket(what.slot).generation;
  if (!data.empty()) {
    socket(what.slot).got_piece();
    stamped_ = arrived_at.count() != 0;
    out.push_back({Completion::Kind::received, what.slot, generation, 0, 0, buffer, data, arrived_at});
    if (!more) {
      ++tally_.rearmed;
      deferred_.push_back(what);
    }
    if (discards_ && what.once())
      read_single(what, whole.size());
    else if (whole.size() >= ReceiveBuffers::kSmallBytes)
      reads_much(what, more);
    return;
  }
  if (buffer != kNoBuffer)
    buffers_->give_back(buffer);  // the end of the stream comes in a buffer too, with no payload
  if (cqe.res == -ENOBUFS) {
    if (buffers_->ran_short(pool)) ++tally_.buffers_short;
    deferred_.push_back(what);
    return;
  }
  if (cqe.res == -ECANCELED) {  // by ourselves, to go on in the other pool
    deferred_.push_back(what);
    return;
  }
  if (more) return;
  const int error = cqe.res < 0 ? -cqe.res : 0;
  out.push_back({Completion::Kind::ended, what.slot, generation, error, 0, kNoBuffer, {}, Nanos(0)});
}

/// The bytes of the stream in a buffer, and when the kernel received the last of them.
std::span<const char> UringTransport::payload_of(const UserData& what, std::span<char> whole,
                                                 Nanos& arrived_at) {
  if (what.once()) {
    if (current(what)) arrived_at = arrival_in(single_of(what).header);
    return whole;
  }
  auto* piece = io_uring_recvmsg_validate(whole.data(), static_cast<int>(whole.size()), &receive_header_);
  if (piece == nullptr) return {};
  msghdr message{};
  message.msg_control = io_uring_recvmsg_cmsg_firsthdr(piece, &receive_header_);
  message.msg_controllen = message.msg_control == nullptr ? 0 : piece->controllen;
  arrived_at = arrival_in(message);
  return {static_cast<const char*>(io_uring_recvmsg_payload(piece, &receive_header_)),
          io_uring_recvmsg_payload_length(piece, static_cast<int>(whole.size()), &receive_header_)};
}

/// When the kernel received the last bytes of this piece; 0 where it does not say.
Nanos UringTransport::arrival_in(msghdr& message) const {
  for (cmsghdr* control = CMSG_FIRSTHDR(&message); control != nullptr;
       control = CMSG_NXTHDR(&message, control)) {
    if (control->cmsg_level != SOL_SOCKET || control->cmsg_type != SCM_TIMESTAMPNS) continue;
    timespec stamp{};
    std::memcpy(&stamp, CMSG_DATA(control), sizeof stamp);
    return wall_clock_.to_monotonic(std::chrono::seconds(stamp.tv_sec) + Nanos(stamp.tv_nsec));
  }
  return Nanos(0);
}

/// A connection that filled a small buffer goes on with large ones, and with a wide window. What it has armed
/// ends after what it has read by then, so that no byte is lost or out of order.
void UringTransport::reads_much(const UserData& what, bool armed) {
  Socket& socket = this->socket(what.slot);
  widen(what.slot);
  if (socket.pool == BufferPool::large) return;
  socket.pool = BufferPool::large;
  if (armed) cancels_.push_back(what);
}

/// Where bodies are dropped the next receive is a small one, which leaves most of an answer to be dropped;
/// but a large one after a full buffer.
void UringTransport::read_single(const UserData& what, std::size_t bytes) {
  Socket& socket = this->socket(what.slot);
  socket.discard -= static_cast<std::uint32_t>(std::min<std::size_t>(bytes, socket.discard));
  const bool full = bytes >= (what.large() ? ReceiveBuffers::kLargeBytes : ReceiveBuffers::kSmallBytes);
  socket.pool = full ? BufferPool::large : BufferPool::small;
  if (full) widen(what.slot);
}

/// Takes effect where the next receive is armed: nothing has to be cancelled for it, because receives are
/// single. Where one of the connection before was in the way of that, nothing is dropped.
void UringTransport::discard(SlotId slot, std::uint32_t max_bytes) {
  if (!discards_ || !socket(slot).once) return;
  socket(slot).discard = max_bytes;
  if (max_bytes > 0) widen(slot);
}

void UringTransport::prepare_discard(io_uring_sqe* sqe, const Socket& from) const {
  io_uring_prep_recv(sqe, from.fd, nullptr, from.discard, kDrop);
}

/// The kernel drops what has arrived, up to what was asked for; the rest of that goes on as a new receive.
void UringTransport::on_discard(const io_uring_cqe& cqe, const UserData& what, std::vector<Completion>& out) {
  if (!current(what)) return;
  Socket& socket = this->socket(what.slot);
  if (cqe.res <= 0 && cqe.res != -ECANCELED) {
    out.push_back(
        {Completion::Kind::ended, what.slot, socket.generation, -cqe.res, 0, kNoBuffer, {}, Nanos(0)});
    return;
  }
  const auto bytes = static_cast<std::uint32_t>(std::max(0, cqe.res));
  socket.discard -= std::min(bytes, socket.discard);
  if (socket.discard == 0) socket.pool = BufferPool::large;  // the end of an answer, in one piece
  deferred_.push_back(what);
  if (bytes > 0)
    out.push_back(
        {Completion::Kind::discarded, what.slot, socket.generation, 0, bytes, kNoBuffer, {}, Nanos(0)});
}

}  // namespace saturn
