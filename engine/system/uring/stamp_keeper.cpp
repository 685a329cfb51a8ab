#include "system/uring/stamp_keeper.hpp"

#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstring>

#include "system/clock/system_clock.hpp"

namespace saturn {
namespace {

constexpr Nanos kPatience = std::chrono::milliseconds(100);

/// Connected to itself, so that nobody else's datagrams get in.
bool connect_to_itself(int fd) {
  sockaddr_in self{};
  self.sin_family = AF_INET;
  self.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof self;
  return bind(fd, reinterpret_cast<const sockaddr*>(&self), size) == 0 &&
         getsockname(fd, reinterpret_cast<sockaddr*>(&self), &size) == 0 &&
         connect(fd, reinterpret_cast<const sockaddr*>(&self), size) == 0;
}

/// True when the datagram was stamped as it arrived, that is before send() was over. Without the switch the
/// kernel makes up a stamp when it is read.
bool stamped_on_arrival(int fd) {
  char byte = 0;
  alignas(cmsghdr) char control[64];
  iovec place{&byte, 1};
  msghdr message{};
  message.msg_iov = &place;
  message.msg_iovlen = 1;
  message.msg_control = control;
  message.msg_controllen = sizeof control;
  if (send(fd, &byte, 1, MSG_DONTWAIT) != 1) return false;
  const Nanos sent_at = wall_now();
  pollfd readable{fd, POLLIN, 0};
  if (poll(&readable, 1, 1) != 1 || recvmsg(fd, &message, MSG_DONTWAIT) != 1) return false;
  const cmsghdr* stamp = CMSG_FIRSTHDR(&message);
  if (stamp == nullptr || stamp->cmsg_type != SCM_TIMESTAMPNS) return false;
  timespec at{};
  std::memcpy(&at, CMSG_DATA(stamp), sizeof at);
  return std::chrono::seconds(at.tv_sec) + Nanos(at.tv_nsec) <= sent_at;
}

}  // namespace

void StampKeeper::start() {
  fd_ = ::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  const int on = 1;
  if (fd_ < 0 || setsockopt(fd_, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof on) != 0 || !connect_to_itself(fd_))
    return;
  for (const Nanos until = monotonic_now() + kPatience; monotonic_now() < until;)
    if (stamped_on_arrival(fd_)) return;
}

StampKeeper::~StampKeeper() {
  if (fd_ >= 0) close(fd_);
}

}  // namespace saturn
