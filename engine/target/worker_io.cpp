// The worker's part that moves bytes between sockets and connections.
#include <sys/epoll.h>
#include <sys/sendfile.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>

#include "target/gate.hpp"
#include "target/stamps.hpp"
#include "target/worker.hpp"

namespace saturn::target {
namespace {

/// How long a client may go on sending what is not wanted any more.
constexpr Nanos kLinger = std::chrono::seconds(1);

}  // namespace

void Worker::add(Fd socket) {
  if (free_.empty()) {
    free_.push_back(static_cast<std::uint32_t>(slots_.size()));
    slots_.emplace_back(service_, truth_, times_);
  }
  const std::uint32_t index = free_.back();
  free_.pop_back();
  Slot& slot = slots_[index];
  slot.socket = std::move(socket);
  slot.readable = slot.peer_closed = slot.lingering = false;
  slot.last_active_at = now_;
  slot.connection.begin();
  epoll_event event{};
  event.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET;  // once for good: never modified
  event.data.u64 = index;
  if (epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, slot.socket.get(), &event) != 0) return close(index);
  if (idle_timeout_ > Nanos(0)) start_timer(index, Kind::idle, now_ + idle_timeout_);
}

void Worker::on_event(std::uint32_t index, std::uint32_t events) {
  Slot& slot = slots_[index];
  if ((events & (EPOLLERR | EPOLLHUP)) != 0) return close(index);
  if ((events & (EPOLLIN | EPOLLRDHUP)) != 0) slot.readable = true;
  if ((events & EPOLLRDHUP) != 0) slot.peer_closed = true;
  if (slot.lingering) return discard(index);
  pump(index);
}

/// Sends what is ready and takes what came, step by step, until the socket or the connection has to wait.
void Worker::pump(std::uint32_t index) {
  Slot& slot = slots_[index];
  Connection& connection = slot.connection;
  for (;;) {
    if (const auto hold = connection.take_hold())
      start_timer(index, Kind::release, gate_ == nullptr ? now_ + *hold : gate_->admit(now_, *hold));
    if (connection.state() == Connection::State::resetting) return finish(index);
    if (connection.unsent() != 0) {
      if (!send(index)) return;
      continue;
    }
    if (connection.state() == Connection::State::closing) return finish(index);
    if (!slot.readable || !connection.wants_bytes() || !receive(index)) return;
  }
}

/// False when the socket takes no more for now, or is gone.
bool Worker::send(std::uint32_t index) {
  Slot& slot = slots_[index];
  const std::string_view text = slot.connection.to_send();
  slot.last_active_at = now_;
  ssize_t sent = 0;
  if (text.empty()) {
    off_t from = 0;
    const std::size_t size = std::min<std::uint64_t>(slot.connection.filler_to_send(), kFillerBytes);
    sent = ::sendfile(slot.socket.get(), filler_.get(), &from, size);
  } else {
    const int more = slot.connection.filler_follows() ? MSG_MORE : 0;
    sent = ::send(slot.socket.get(), text.data(), text.size(), MSG_NOSIGNAL | more);
  }
  if (sent < 0) {
    if (errno != EAGAIN) close(index);
    return false;
  }
  slot.connection.on_sent(static_cast<std::size_t>(sent), times_ == nullptr ? kNoStamp : wall_now());
  return true;
}

/// False when there was nothing, or the connection is gone.
bool Worker::receive(std::uint32_t index) {
  Slot& slot = slots_[index];
  Nanos arrived_at = kNoStamp;
  const ssize_t count = times_ == nullptr ? ::recv(slot.socket.get(), buffer_.data(), buffer_.size(), 0)
                                          : receive_stamped(slot.socket.get(), buffer_, arrived_at);
  if (count < 0) {
    slot.readable = false;
    if (errno != EAGAIN) close(index);
    return false;
  }
  if (count == 0) {
    slot.connection.on_end_of_stream();
    return true;
  }
  // A short read has emptied the socket: the next bytes raise the next event. A FIN that came before does
  // not.
  const auto size = static_cast<std::size_t>(count);
  if (size < buffer_.size() && !slot.peer_closed) slot.readable = false;
  slot.last_active_at = now_;
  slot.connection.on_bytes(std::span(buffer_).first(size), arrived_at);
  return true;
}

/// All is sent, or must not be: close as the connection asks.
void Worker::finish(std::uint32_t index) {
  Slot& slot = slots_[index];
  if (slot.connection.state() == Connection::State::resetting) {
    const linger at_once{1, 0};
    setsockopt(slot.socket.get(), SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    return close(index);
  }
  if (!slot.connection.drains()) return close(index);
  ::shutdown(slot.socket.get(), SHUT_WR);
  slot.lingering = true;
  start_timer(index, Kind::linger, now_ + kLinger);
  discard(index);
}

void Worker::discard(std::uint32_t index) {
  for (;;) {
    const ssize_t count = ::recv(slots_[index].socket.get(), buffer_.data(), buffer_.size(), 0);
    if (count < 0 && errno == EAGAIN) return;
    if (count <= 0) return close(index);
  }
}

void Worker::close(std::uint32_t index) {
  Slot& slot = slots_[index];
  slot.connection.on_closed();  // counted before the client can see it
  slot.socket.close();
  ++slot.generation;
  free_.push_back(index);
}

}  // namespace saturn::target
