#include "system/host/sock_diag.hpp"

#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <array>
#include <cstring>

namespace saturn {
namespace {

constexpr unsigned kListenState = 10;  // the kernel's TCP_LISTEN
constexpr timeval kPatience{1, 0};     // the kernel answers at once, or somebody in between does not

class Diagnosis {
 public:
  Diagnosis() : fd_(::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_SOCK_DIAG)) {
    if (fd_ >= 0) setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &kPatience, sizeof kPatience);
  }
  ~Diagnosis() {
    if (fd_ >= 0) close(fd_);
  }
  Diagnosis(const Diagnosis&) = delete;
  Diagnosis& operator=(const Diagnosis&) = delete;

  /// False where the kernel refuses, or goes silent.
  bool append(std::uint8_t family, std::vector<ListeningSocket>& out) {
    return fd_ >= 0 && ask(family) && read_answers(out);
  }

 private:
  bool ask(std::uint8_t family) const {
    struct {
      nlmsghdr header;
      inet_diag_req_v2 request;
    } message{};
    message.header.nlmsg_len = sizeof message;
    message.header.nlmsg_type = SOCK_DIAG_BY_FAMILY;
    message.header.nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
    message.request.sdiag_family = family;
    message.request.sdiag_protocol = IPPROTO_TCP;
    message.request.idiag_states = 1U << kListenState;
    return send(fd_, &message, sizeof message, 0) == static_cast<ssize_t>(sizeof message);
  }

  bool read_answers(std::vector<ListeningSocket>& out) {
    for (;;) {
      const ssize_t bytes = recv(fd_, buffer_.data(), buffer_.size(), 0);
      if (bytes <= 0) return false;
      const auto size = static_cast<std::size_t>(bytes);
      nlmsghdr header{};
      for (std::size_t at = 0; at + sizeof header <= size; at += NLMSG_ALIGN(header.nlmsg_len)) {
        std::memcpy(&header, &buffer_[at], sizeof header);
        if (header.nlmsg_len < sizeof header || header.nlmsg_len > size - at) return false;
        if (header.nlmsg_type == NLMSG_DONE) return ended_well(header, at);
        if (header.nlmsg_type == NLMSG_ERROR) return false;
        inet_diag_msg socket{};
        if (header.nlmsg_type != SOCK_DIAG_BY_FAMILY || header.nlmsg_len < sizeof header + sizeof socket)
          continue;
        std::memcpy(&socket, &buffer_[at + sizeof header], sizeof socket);
        add(socket, out);
      }
    }
  }

  /// The kernel's answer to the whole dump: 0, or a negative error.
  bool ended_well(const nlmsghdr& header, std::size_t at) const {
    int error = 0;
    if (header.nlmsg_len < sizeof header + sizeof error) return true;
    std::memcpy(&error, &buffer_[at + sizeof header], sizeof error);
    return error >= 0;
  }

  static void add(const inet_diag_msg& socket, std::vector<ListeningSocket>& out) {
    const std::uint16_t port = ntohs(socket.id.idiag_sport);
    Endpoint at{{}, port};
    if (socket.idiag_family == AF_INET) {
      std::array<std::uint8_t, 4> ip{};
      std::memcpy(ip.data(), socket.id.idiag_src, ip.size());
      at = ipv4_endpoint(ip, port);
    } else {
      std::memcpy(at.ip.data(), socket.id.idiag_src, at.ip.size());
    }
    out.push_back({at, socket.idiag_inode});
  }

  int fd_;
  std::array<char, 32768> buffer_{};
};

}  // namespace

std::optional<std::vector<ListeningSocket>> diagnosed_listeners() {
  Diagnosis diagnosis;
  std::vector<ListeningSocket> sockets;
  if (!diagnosis.append(AF_INET, sockets) || !diagnosis.append(AF_INET6, sockets)) return std::nullopt;
  return sockets;
}

}  // namespace saturn
