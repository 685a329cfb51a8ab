#include "system/uring/send_check.hpp"

#include <linux/errqueue.h>
#include <linux/net_tstamp.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <ctime>
#include <optional>

namespace saturn {
namespace {

constexpr unsigned kStamps = SOF_TIMESTAMPING_TX_SOFTWARE | SOF_TIMESTAMPING_SOFTWARE;
constexpr unsigned kNamed = kStamps | SOF_TIMESTAMPING_OPT_ID | SOF_TIMESTAMPING_OPT_TSONLY;
/// OPT_RX_FILTER (Linux 6.12): received bytes carry no second stamp beside that of SO_TIMESTAMPNS, for which
/// their control buffers have no room. Without it the kernel cuts the second one off.
constexpr unsigned kOnlySends = 1U << 17;
/// OPT_ID_TCP (Linux 6.2): bytes are counted from those not sent yet; before, from those not acknowledged,
/// which is the same where every request was answered.
constexpr unsigned kFromHere = 1U << 16;

bool set(int fd, unsigned what) {
  return setsockopt(fd, SOL_SOCKET, SO_TIMESTAMPING, &what, sizeof what) == 0;
}

struct Stamp {
  std::uint32_t last_byte = 0;
  Nanos at{0};  ///< by the wall clock
};

std::optional<Stamp> stamp_in(msghdr& message) {
  timespec at{};
  sock_extended_err about{};
  for (cmsghdr* c = CMSG_FIRSTHDR(&message); c != nullptr; c = CMSG_NXTHDR(&message, c)) {
    if (c->cmsg_level == SOL_SOCKET && c->cmsg_type == SCM_TIMESTAMPING)
      std::memcpy(&at, CMSG_DATA(c), sizeof at);  // the first of three is software's
    if ((c->cmsg_level == IPPROTO_IP && c->cmsg_type == IP_RECVERR) ||
        (c->cmsg_level == IPPROTO_IPV6 && c->cmsg_type == IPV6_RECVERR))
      std::memcpy(&about, CMSG_DATA(c), sizeof about);
  }
  if (about.ee_origin != SO_EE_ORIGIN_TIMESTAMPING || about.ee_info != SCM_TSTAMP_SND || at.tv_sec == 0)
    return std::nullopt;
  return Stamp{about.ee_data, std::chrono::seconds(at.tv_sec) + Nanos(at.tv_nsec)};
}

}  // namespace

bool SendCheck::granted(int family) {
  const int fd = ::socket(family, SOCK_STREAM | SOCK_CLOEXEC, IPPROTO_TCP);
  const bool taken = set(fd, kStamps);  // names need a connection
  if (fd >= 0) ::close(fd);
  return taken;
}

void SendCheck::ask(SlotId slot, int fd, std::size_t bytes, std::uint32_t k) {
  since_asked_ = 0;  // also where it is not: what is asked for next has any place in its batch
  const auto same = [&](const Send& send) { return send.slot == slot; };
  if (now_ < next_at_ || given_up_ == kMostGivenUp || waiting_.size() == kMostWaiting ||
      std::any_of(waiting_.begin(), waiting_.end(), same))
    return;
  if (!set(fd, kNamed | kFromHere | kOnlySends) && !set(fd, kNamed | kFromHere) && !set(fd, kNamed)) return;
  next_at_ = now_ + kLeastGap;
  waiting_.push_back({.slot = slot, .fd = fd, .last_byte = static_cast<std::uint32_t>(bytes) - 1, .k = k});
  ++unsent_;
}

void SendCheck::submitted(const Submitted& batch) {
  const SendTimes times(batch);
  now_ = batch.after;
  for (; unsent_ > 0; --unsent_) {
    Send& send = waiting_[waiting_.size() - unsent_];
    send.handed_over = batch.before;
    if (!times.inexact(send.k)) send.left_at = times.at(send.k);
  }
}

void SendCheck::closed(SlotId slot) {
  for (Send& send : waiting_)
    if (send.slot == slot) send.fd = -1;
}

void SendCheck::read(const ClockOffset& wall_clock) {
  std::erase_if(waiting_, [&](Send& send) {
    if (send.fd < 0) return true;
    const bool found = read(send, wall_clock);
    if (!found && ++send.tries < kTries) return false;
    given_up_ = found ? 0 : given_up_ + 1;
    set(send.fd, 0);
    return true;
  });
}

/// True where its stamp was there. One from before it is of a send that was given up.
bool SendCheck::read(const Send& send, const ClockOffset& wall_clock) {
  constexpr Nanos kSlack = std::chrono::milliseconds(1);
  for (;;) {
    alignas(cmsghdr) char control[256];
    msghdr message{};
    message.msg_control = control;
    message.msg_controllen = sizeof control;
    if (recvmsg(send.fd, &message, MSG_ERRQUEUE | MSG_DONTWAIT) < 0) return false;
    const auto stamp = stamp_in(message);
    if (!stamp || stamp->last_byte != send.last_byte) continue;
    const Nanos at = wall_clock.to_monotonic(stamp->at);
    if (at + kSlack < send.handed_over) continue;
    if (send.left_at && errors_ != nullptr) errors_->record((at - *send.left_at).count());
    return true;
  }
}

}  // namespace saturn
