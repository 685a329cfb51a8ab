#include "study/ports.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string>

#include "system/host/listeners.hpp"

namespace saturn::study {
namespace {

sockaddr_in loopback(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

/// Binds and listens once; the number of the port, or minus the errno. SO_REUSEADDR as servers set it:
/// connections in TIME_WAIT don't count, listeners do.
int try_listen(std::uint16_t port) {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return -errno;
  const int on = 1;
  setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  sockaddr_in address = loopback(port);
  socklen_t length = sizeof address;
  int result = 0;
  if (bind(fd, reinterpret_cast<sockaddr*>(&address), length) != 0 || listen(fd, 1) != 0 ||
      getsockname(fd, reinterpret_cast<sockaddr*>(&address), &length) != 0)
    result = -errno;
  else
    result = ntohs(address.sin_port);
  close(fd);
  return result;
}

}  // namespace

Result<std::uint16_t> pick_free_port() {
  const int port = try_listen(0);
  if (port > 0) return static_cast<std::uint16_t>(port);
  return Error{"127.0.0.1", std::string("no free port: ") + std::strerror(-port), "", ErrorKind::setup};
}

std::optional<Error> refuse_taken_port(std::uint16_t port) {
  const int result = try_listen(port);
  if (result > 0) return std::nullopt;
  return Error{"127.0.0.1:" + std::to_string(port),
               std::string("the target's port cannot be bound: ") + std::strerror(-result),
               "another process would answer for the target; find it with: ss -ltnp", ErrorKind::unreachable};
}

Listener listener_of(std::uint16_t port, const std::vector<pid_t>& processes) {
  const auto sockets = listening_inodes(ipv4_endpoint({127, 0, 0, 1}, port));
  if (sockets.empty()) return Listener::none;
  return holders_of(sockets, processes).empty() ? Listener::stranger : Listener::ours;
}

}  // namespace saturn::study
