// The trials of `saturn doctor`: what no file says is tried on 127.0.0.1, once and briefly. Tested in
// tests/loopback/doctor_facts_test.cpp.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstring>
#include <ctime>
#include <fstream>
#include <thread>

#include "system/clock/system_clock.hpp"
#include "system/doctor/collect.hpp"

namespace saturn::doctor {
namespace {

constexpr int kTrackedTrials = 16;
constexpr int kLimitMs = 1000;  ///< loopback answers at once; this only bounds a failure
constexpr int kClockReadings = 1000;
constexpr int kStampTrials = 50;
constexpr auto kStampPause = std::chrono::milliseconds(4);

Nanos to_nanos(const timespec& time) {
  return std::chrono::seconds(time.tv_sec) + Nanos(time.tv_nsec);
}

/// A TCP connection of this process with itself; both ends -1 where that is not possible.
class Connection {
 public:
  Connection() {
    const int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof address;
    auto* const at = reinterpret_cast<sockaddr*>(&address);
    if (listener >= 0 && bind(listener, at, length) == 0 && listen(listener, 1) == 0 &&
        getsockname(listener, at, &length) == 0)
      join(listener, at, length);
    if (listener >= 0) close(listener);
  }
  ~Connection() {
    for (const int fd : {sender_, receiver_})
      if (fd >= 0) close(fd);
  }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  bool open() const { return receiver_ >= 0; }
  int sender() const { return sender_; }
  int receiver() const { return receiver_; }

 private:
  void join(int listener, const sockaddr* at, socklen_t length) {
    sender_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (sender_ < 0 || connect(sender_, at, length) != 0) return;
    pollfd ready{listener, POLLIN, 0};
    if (poll(&ready, 1, kLimitMs) == 1) receiver_ = accept4(listener, nullptr, nullptr, SOCK_CLOEXEC);
  }

  int sender_ = -1, receiver_ = -1;
};

/// One byte through the connection, received as a plain program would.
std::optional<Nanos> stamp_delay(const Connection& connection) {
  pollfd ready{connection.receiver(), POLLIN, 0};
  if (send(connection.sender(), "x", 1, MSG_NOSIGNAL) != 1 || poll(&ready, 1, kLimitMs) != 1)
    return std::nullopt;
  char byte = 0;
  alignas(cmsghdr) char control[128];
  iovec part{&byte, 1};
  msghdr message{};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  message.msg_control = control;
  message.msg_controllen = sizeof control;
  if (recvmsg(connection.receiver(), &message, 0) != 1) return std::nullopt;
  timespec now{}, stamp{};
  clock_gettime(CLOCK_REALTIME, &now);
  for (cmsghdr* at = CMSG_FIRSTHDR(&message); at != nullptr; at = CMSG_NXTHDR(&message, at)) {
    if (at->cmsg_level != SOL_SOCKET || at->cmsg_type != SO_TIMESTAMPNS) continue;
    std::memcpy(&stamp, CMSG_DATA(at), sizeof stamp);
    return to_nanos(now) - to_nanos(stamp);
  }
  return std::nullopt;
}

/// The kernel begins to stamp a moment after the first socket of the whole machine asked for it: a worker of
/// its own switches that on.
std::optional<Nanos> stamp_delay_in_time(const Connection& connection) {
  for (int trial = 0; trial < kStampTrials; ++trial) {
    if (const auto delay = stamp_delay(connection)) return delay;
    std::this_thread::sleep_for(kStampPause);
  }
  return std::nullopt;
}

std::optional<int> tracked_connections() {
  std::ifstream file("/proc/sys/net/netfilter/nf_conntrack_count");
  int count = 0;
  if (!(file >> count)) return std::nullopt;
  return count;
}

/// A tracked connection stays counted for a while after its end.
std::optional<bool> loopback_is_tracked() {
  const auto before = tracked_connections();
  if (!before) return false;  // the module is not there
  for (int i = 0; i < kTrackedTrials; ++i)
    if (const Connection connection; !connection.open()) return std::nullopt;
  const auto after = tracked_connections();
  return after && *after - *before >= kTrackedTrials / 2;
}

double clock_read_ns() {
  const Nanos began = monotonic_now();
  for (int i = 1; i < kClockReadings; ++i) static_cast<void>(monotonic_now());
  return static_cast<double>((monotonic_now() - began).count()) / kClockReadings;
}

}  // namespace

void try_out(Facts& facts) {
  const Connection connection;
  if (connection.open()) {
    const int on = 1;
    setsockopt(connection.receiver(), SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof on);
    facts.stamps_tried = true;
    facts.stamp_delay = stamp_delay_in_time(connection);
  }
  facts.ring = probe_ring(connection.receiver(), connection.sender());
  facts.tracked = loopback_is_tracked();
  facts.clock_read_ns = clock_read_ns();
}

}  // namespace saturn::doctor
