#include "system/net/resolve.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>

#include "system/clock/system_clock.hpp"
#include "system/host/listeners.hpp"
#include "system/net/source.hpp"

namespace saturn {
namespace {

std::string place_of(const Origin& origin) {
  const bool v6 = origin.host.find(':') != std::string::npos;
  return v6 ? fmt::format("[{}]:{}", origin.host, origin.port)
            : fmt::format("{}:{}", origin.host, origin.port);
}

/// 0 when it accepted, otherwise an errno.
int try_connect(const SocketAddress& address, Nanos timeout, const std::atomic<bool>& stop,
                const SocketAddress* source) {
  const int fd = socket(address.storage.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, IPPROTO_TCP);
  if (fd < 0) return errno;
  int error = source != nullptr ? bind_source(fd, *source) : 0;
  if (error == 0)
    error = connect(fd, reinterpret_cast<const sockaddr*>(&address.storage), address.length) == 0 ? 0 : errno;
  const Nanos deadline = monotonic_now() + timeout;
  while (error == EINPROGRESS) {
    pollfd ready{fd, POLLOUT, 0};
    if (poll(&ready, 1, 50) > 0) {
      socklen_t size = sizeof error;
      getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size);
    } else if (stop.load(std::memory_order_relaxed)) {
      error = ECANCELED;
    } else if (monotonic_now() >= deadline) {
      error = ETIMEDOUT;
    }
  }
  close(fd);
  return error;
}

std::string remedy_for(int error) {
  if (error == ECONNREFUSED) return "nothing listens there: start the server, or check the port";
  if (error == ETIMEDOUT)
    return "no answer: check the address and firewalls, or allow more with --connect-timeout";
  return "check the address and the network";
}

}  // namespace

std::string to_text(const SocketAddress& address) {
  char host[INET6_ADDRSTRLEN] = "?";
  if (address.storage.ss_family == AF_INET6) {
    const auto* v6 = reinterpret_cast<const sockaddr_in6*>(&address.storage);
    inet_ntop(AF_INET6, &v6->sin6_addr, host, sizeof host);
    return fmt::format("[{}]:{}", host, ntohs(v6->sin6_port));
  }
  const auto* v4 = reinterpret_cast<const sockaddr_in*>(&address.storage);
  inet_ntop(AF_INET, &v4->sin_addr, host, sizeof host);
  return fmt::format("{}:{}", host, ntohs(v4->sin_port));
}

bool is_local(const SocketAddress& address) {
  const auto endpoint = endpoint_of(address.storage);
  if (!endpoint) return false;
  const Endpoint every6{{}, endpoint->port}, every4 = ipv4_endpoint({0, 0, 0, 0}, endpoint->port);
  return *endpoint == every6 || *endpoint == every4 || is_of_this_host(*endpoint);
}

Result<std::vector<SocketAddress>> resolve(const Origin& origin) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_NUMERICSERV;
  addrinfo* list = nullptr;
  const int error = getaddrinfo(origin.host.c_str(), std::to_string(origin.port).c_str(), &hints, &list);
  if (error != 0)
    return Error{origin.host, fmt::format("the name cannot be resolved: {}", gai_strerror(error)),
                 "check the spelling, /etc/hosts and DNS", ErrorKind::unreachable};
  const std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> owner(list, freeaddrinfo);
  std::vector<SocketAddress> found;
  for (const addrinfo* entry = list; entry != nullptr; entry = entry->ai_next) {
    SocketAddress address;
    std::memcpy(&address.storage, entry->ai_addr, entry->ai_addrlen);
    address.length = entry->ai_addrlen;
    const std::string text = to_text(address);
    if (std::none_of(found.begin(), found.end(),
                     [&](const SocketAddress& seen) { return to_text(seen) == text; }))
      found.push_back(address);
  }
  return found;
}

Result<SocketAddress> first_that_accepts(const Origin& origin, const std::vector<SocketAddress>& addresses,
                                         Nanos timeout, const std::atomic<bool>& stop,
                                         const SocketAddress* source) {
  std::string reasons;
  int last = 0;
  for (const SocketAddress& address : addresses) {
    last = try_connect(address, timeout, stop, source);
    if (last == 0) return address;
    const bool named_already = addresses.size() == 1 && to_text(address) == place_of(origin);
    reasons += reasons.empty() ? "" : "; ";
    reasons += named_already ? "" : to_text(address) + ": ";
    reasons += std::strerror(last);
  }
  return Error{place_of(origin), fmt::format("no connection: {}", reasons), remedy_for(last),
               ErrorKind::unreachable};
}

Result<SocketAddress> first_that_accepts(const Origin& origin, Nanos timeout, const std::atomic<bool>& stop) {
  auto addresses = resolve(origin);
  if (!addresses) return addresses.errors();
  return first_that_accepts(origin, *addresses, timeout, stop);
}

}  // namespace saturn
