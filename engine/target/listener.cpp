#include "target/listener.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <memory>

namespace saturn::target {
namespace {

constexpr const char* kPlace = "--listen";
constexpr rlim_t kMostAtOnce = 65'536;  ///< descriptors that there is room for from the start

Error cannot_listen(const std::string& host, std::uint16_t port, int code) {
  const char* remedy = "give an address of this machine, such as 127.0.0.1:8000";
  if (code == EADDRINUSE)
    remedy = "another program listens there: stop it, or take a free port with --listen 127.0.0.1:0";
  if (code == EACCES) remedy = "ports below 1024 are for root: take a higher one";
  return {kPlace, fmt::format("cannot listen on {}:{}: {}", host, port, std::strerror(code)), remedy,
          ErrorKind::setup};
}

std::uint16_t bound_port(int socket) {
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  if (getsockname(socket, reinterpret_cast<sockaddr*>(&address), &size) != 0) return 0;
  if (address.ss_family == AF_INET6) return ntohs(reinterpret_cast<const sockaddr_in6*>(&address)->sin6_port);
  return ntohs(reinterpret_cast<const sockaddr_in*>(&address)->sin_port);
}

/// Where the host paces TCP (bbr), large answers within this machine would wait for timers between their
/// segments: the server's own times are to be the server's. Accepted sockets inherit the choice.
bool is_loopback(const sockaddr& address) {
  if (address.sa_family == AF_INET6) {
    const in6_addr& ip = reinterpret_cast<const sockaddr_in6&>(address).sin6_addr;
    return IN6_IS_ADDR_LOOPBACK(&ip);
  }
  constexpr in_addr_t kLoopbackNet = 127;
  return ntohl(reinterpret_cast<const sockaddr_in&>(address).sin_addr.s_addr) >> 24U == kLoopbackNet;
}

}  // namespace

Fd& Fd::operator=(Fd&& other) noexcept {
  if (this != &other) {
    close();
    fd_ = std::exchange(other.fd_, -1);
  }
  return *this;
}

void Fd::close() {
  if (fd_ >= 0) ::close(fd_);
  fd_ = -1;
}

Result<HostAndPort> parse_listen(std::string_view text) {
  const Error wrong{kPlace, fmt::format("'{}' is not HOST:PORT", text),
                    "such as 127.0.0.1:8000, [::1]:8000, or port 0 for a free one", ErrorKind::usage};
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) return wrong;
  std::string_view host = text.substr(0, colon);
  const std::string_view port_text = text.substr(colon + 1);
  if (host.starts_with('[') && host.ends_with(']')) {
    host = host.substr(1, host.size() - 2);
  } else if (host.find(':') != std::string_view::npos) {
    return wrong;
  }
  std::uint16_t port = 0;
  const auto [end, failure] = std::from_chars(port_text.data(), port_text.data() + port_text.size(), port);
  if (host.empty() || failure != std::errc{} || end != port_text.data() + port_text.size()) return wrong;
  return HostAndPort{std::string(host), port};
}

Result<Listener> listen_on(const std::string& host, std::uint16_t port, bool shared) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV;
  addrinfo* found = nullptr;
  const int code = getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &found);
  if (code != 0)
    return Error{kPlace, fmt::format("unknown address '{}': {}", host, gai_strerror(code)),
                 "give an address of this machine, such as 127.0.0.1:8000", ErrorKind::setup};
  const std::unique_ptr<addrinfo, void (*)(addrinfo*)> owner(found, freeaddrinfo);

  Listener listener;
  listener.socket = Fd(::socket(found->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  const int fd = listener.socket.get();
  if (fd < 0) return cannot_listen(host, port, errno);
  const int on = 1;
  setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (shared) setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &on, sizeof on);
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);  // accepted sockets inherit it
  if (is_loopback(*found->ai_addr)) setsockopt(fd, IPPROTO_TCP, TCP_CONGESTION, "reno", 4);
  if (::bind(fd, found->ai_addr, found->ai_addrlen) != 0 || ::listen(fd, SOMAXCONN) != 0)
    return cannot_listen(host, port, errno);
  listener.port = bound_port(fd);
  const std::string shown = host.find(':') == std::string::npos ? host : '[' + host + ']';
  listener.url = fmt::format("http://{}:{}", shown, listener.port);
  return listener;
}

Result<std::vector<std::vector<Listener>>> listen_on_all(const Options& options, std::size_t processes) {
  std::vector<HostAndPort> places{{options.host, options.port}};
  places.insert(places.end(), options.also.begin(), options.also.end());
  std::vector<std::vector<Listener>> sets(processes);
  for (HostAndPort& place : places) {
    if (place.port == 0 && !sets[0].empty()) place.port = sets[0][0].port;
    auto alone = listen_on(place.host, place.port);
    if (!alone) return alone.errors();
    if (processes == 1) {
      sets[0].push_back(std::move(*alone));
      continue;
    }
    const std::uint16_t port = alone->port;
    alone->socket.close();  // it was there to find a port, and strangers that would share it
    for (auto& set : sets) {
      auto one_of_many = listen_on(place.host, port, true);
      if (!one_of_many) return one_of_many.errors();
      set.push_back(std::move(*one_of_many));
    }
  }
  return sets;
}

void prepare_descriptors() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
  const Fd any(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const Fd far(
      fcntl(any.get(), F_DUPFD_CLOEXEC, static_cast<int>(std::min(limit.rlim_max, kMostAtOnce) - 1)));
}

}  // namespace saturn::target
