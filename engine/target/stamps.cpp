#include "target/stamps.hpp"

#include <sys/socket.h>
#include <sys/uio.h>

#include <cstring>
#include <ctime>

#include "target/answer_times.hpp"

namespace saturn::target {
namespace {

Nanos to_nanos(const timespec& t) {
  return std::chrono::seconds(t.tv_sec) + Nanos(t.tv_nsec);
}

Nanos read(clockid_t clock) {
  timespec t{};
  clock_gettime(clock, &t);
  return to_nanos(t);
}

}  // namespace

bool ask_for_stamps(int socket) {
  const int on = 1;
  return setsockopt(socket, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof on) == 0;
}

ssize_t receive_stamped(int socket, std::span<char> into, Nanos& arrived_at) {
  alignas(cmsghdr) char control[64];
  iovec place{into.data(), into.size()};
  msghdr message{};
  message.msg_iov = &place;
  message.msg_iovlen = 1;
  message.msg_control = control;
  message.msg_controllen = sizeof control;
  arrived_at = kNoStamp;
  const ssize_t count = ::recvmsg(socket, &message, 0);
  if (count <= 0) return count;
  for (cmsghdr* part = CMSG_FIRSTHDR(&message); part != nullptr; part = CMSG_NXTHDR(&message, part)) {
    if (part->cmsg_level != SOL_SOCKET || part->cmsg_type != SCM_TIMESTAMPNS) continue;
    timespec stamp{};
    std::memcpy(&stamp, CMSG_DATA(part), sizeof stamp);
    arrived_at = to_nanos(stamp);
  }
  return count;
}

Nanos wall_now() {
  return read(CLOCK_REALTIME);
}
Nanos monotonic_now() {
  return read(CLOCK_MONOTONIC);
}

}  // namespace saturn::target
