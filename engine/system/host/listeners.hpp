// Who listens on an address of this machine: sockets from sock_diag.hpp or else /proc/net/tcp{,6}
// (proc_net(5)), the processes that hold them from /proc/PID/fd. A process of another user cannot be looked
// into and is left out. Read-only, no state. Tested in tests/unit/listeners_test.cpp.
#pragma once
#include <sys/socket.h>
#include <sys/types.h>

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace saturn {

struct Endpoint {
  std::array<std::uint8_t, 16> ip{};  ///< as IPv6; an IPv4 address is mapped: ::ffff:127.0.0.1
  std::uint16_t port = 0;
  bool operator==(const Endpoint&) const = default;
};

/// nullopt where it is no internet address.
std::optional<Endpoint> endpoint_of(const sockaddr_storage& address);
Endpoint ipv4_endpoint(std::array<std::uint8_t, 4> ip, std::uint16_t port);
/// Loopback, or an address that one of our interfaces has.
bool is_of_this_host(const Endpoint& endpoint);

struct ListeningSocket {
  Endpoint at;
  std::uint64_t inode = 0;
};

/// The sockets in state LISTEN of a table like /proc/net/tcp or tcp6; other lines are passed over.
std::vector<ListeningSocket> parse_listening(std::string_view table);
/// Those that answer for `endpoint`: bound to its address, or where there is none to every address.
std::vector<std::uint64_t> answering(const std::vector<ListeningSocket>& sockets, const Endpoint& endpoint);

/// All that listen now, by the tables of this host.
std::vector<ListeningSocket> listed_listeners();
/// Inodes of the sockets that accept connections to `endpoint` now (several with SO_REUSEPORT).
std::vector<std::uint64_t> listening_inodes(const Endpoint& endpoint);
/// Those of `pids` that hold one of the sockets.
std::vector<pid_t> holders_of(const std::vector<std::uint64_t>& inodes, const std::vector<pid_t>& pids);

}  // namespace saturn
