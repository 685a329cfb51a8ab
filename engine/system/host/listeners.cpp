#include "system/host/listeners.hpp"

#include <arpa/inet.h>
#include <dirent.h>
#include <fcntl.h>
#include <ifaddrs.h>
#include <netinet/in.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cstring>
#include <fstream>
#include <memory>
#include <string>

#include "system/host/sock_diag.hpp"

namespace saturn {
namespace {

constexpr std::array<std::uint8_t, 12> kMapped{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};
constexpr std::string_view kListen = "0A";
constexpr std::size_t kLocal = 1, kState = 3, kInode = 9, kFields = 10;  // columns of the tables

bool is_mapped(const Endpoint& endpoint) {
  return std::equal(kMapped.begin(), kMapped.end(), endpoint.ip.begin());
}

/// The kernel prints an address as 32-bit words of the machine's own byte order.
bool read_address(std::string_view hex, Endpoint& out) {
  if (hex.size() != 8 && hex.size() != 32) return false;
  std::array<std::uint8_t, 16> bytes{};
  for (std::size_t word = 0; word < hex.size() / 8; ++word) {
    std::uint32_t value = 0;
    const char* const begin = hex.data() + word * 8;
    if (std::from_chars(begin, begin + 8, value, 16).ptr != begin + 8) return false;
    std::memcpy(bytes.data() + word * 4, &value, sizeof value);
  }
  const std::uint16_t port = out.port;
  out =
      hex.size() == 8 ? ipv4_endpoint({bytes[0], bytes[1], bytes[2], bytes[3]}, port) : Endpoint{bytes, port};
  return true;
}

std::optional<ListeningSocket> listening_line(std::string_view line) {
  std::array<std::string_view, kFields> fields;
  for (auto& field : fields) {
    line.remove_prefix(std::min(line.find_first_not_of(' '), line.size()));
    field = line.substr(0, line.find(' '));
    line.remove_prefix(field.size());
  }
  const std::string_view local = fields[kLocal];
  const auto colon = local.find(':');
  if (fields[kState] != kListen || colon == std::string_view::npos) return std::nullopt;
  ListeningSocket socket;
  std::from_chars(local.data() + colon + 1, local.data() + local.size(), socket.at.port, 16);
  const std::string_view inode = fields[kInode];
  if (!read_address(local.substr(0, colon), socket.at) ||
      std::from_chars(inode.data(), inode.data() + inode.size(), socket.inode).ec != std::errc{})
    return std::nullopt;
  return socket;
}

/// "socket:[1511799]"
std::uint64_t inode_of(std::string_view link) {
  constexpr std::string_view kSocket = "socket:[";
  std::uint64_t inode = 0;
  if (!link.starts_with(kSocket)) return 0;
  std::from_chars(link.data() + kSocket.size(), link.data() + link.size(), inode);
  return inode;
}

bool holds_any(pid_t pid, const std::vector<std::uint64_t>& inodes) {
  const std::unique_ptr<DIR, int (*)(DIR*)> folder(opendir(("/proc/" + std::to_string(pid) + "/fd").c_str()),
                                                   closedir);
  if (!folder) return false;
  while (const dirent* entry = readdir(folder.get())) {
    char link[64];
    const ssize_t length = readlinkat(dirfd(folder.get()), entry->d_name, link, sizeof link);
    if (length <= 0) continue;
    const std::uint64_t inode = inode_of({link, static_cast<std::size_t>(length)});
    if (inode != 0 && std::find(inodes.begin(), inodes.end(), inode) != inodes.end()) return true;
  }
  return false;
}

}  // namespace

Endpoint ipv4_endpoint(std::array<std::uint8_t, 4> ip, std::uint16_t port) {
  Endpoint endpoint{{}, port};
  std::copy(kMapped.begin(), kMapped.end(), endpoint.ip.begin());
  std::copy(ip.begin(), ip.end(), endpoint.ip.begin() + kMapped.size());
  return endpoint;
}

std::optional<Endpoint> endpoint_of(const sockaddr_storage& address) {
  if (address.ss_family == AF_INET) {
    const auto* v4 = reinterpret_cast<const sockaddr_in*>(&address);
    std::array<std::uint8_t, 4> ip{};
    std::memcpy(ip.data(), &v4->sin_addr, ip.size());
    return ipv4_endpoint(ip, ntohs(v4->sin_port));
  }
  if (address.ss_family != AF_INET6) return std::nullopt;
  const auto* v6 = reinterpret_cast<const sockaddr_in6*>(&address);
  Endpoint endpoint{{}, ntohs(v6->sin6_port)};
  std::memcpy(endpoint.ip.data(), &v6->sin6_addr, endpoint.ip.size());
  return endpoint;
}

bool is_of_this_host(const Endpoint& endpoint) {
  constexpr std::uint8_t kLoopbackNet = 127;
  Endpoint loopback6{{}, endpoint.port};
  loopback6.ip.back() = 1;
  if (endpoint == loopback6 || (is_mapped(endpoint) && endpoint.ip[kMapped.size()] == kLoopbackNet))
    return true;
  ifaddrs* list = nullptr;
  if (getifaddrs(&list) != 0) return false;
  const std::unique_ptr<ifaddrs, void (*)(ifaddrs*)> owner(list, freeifaddrs);
  for (const ifaddrs* one = list; one != nullptr; one = one->ifa_next) {
    if (one->ifa_addr == nullptr) continue;
    sockaddr_storage address{};
    const bool v4 = one->ifa_addr->sa_family == AF_INET, v6 = one->ifa_addr->sa_family == AF_INET6;
    if (!v4 && !v6) continue;
    std::memcpy(&address, one->ifa_addr, v4 ? sizeof(sockaddr_in) : sizeof(sockaddr_in6));
    if (const auto ours = endpoint_of(address); ours && ours->ip == endpoint.ip) return true;
  }
  return false;
}

std::vector<ListeningSocket> parse_listening(std::string_view table) {
  std::vector<ListeningSocket> sockets;
  while (!table.empty()) {
    const auto end = std::min(table.find('\n'), table.size());
    if (const auto socket = listening_line(table.substr(0, end))) sockets.push_back(*socket);
    table.remove_prefix(std::min(end + 1, table.size()));
  }
  return sockets;
}

std::vector<std::uint64_t> answering(const std::vector<ListeningSocket>& sockets, const Endpoint& endpoint) {
  const Endpoint every6{{}, endpoint.port}, every4 = ipv4_endpoint({0, 0, 0, 0}, endpoint.port);
  std::vector<std::uint64_t> exact, wild;
  for (const ListeningSocket& socket : sockets) {
    if (socket.at == endpoint)
      exact.push_back(socket.inode);
    else if (socket.at == every6 || (is_mapped(endpoint) && socket.at == every4))
      wild.push_back(socket.inode);
  }
  return exact.empty() ? wild : exact;
}

/// From the kernel's text tables, where it does not tell in another way.
std::vector<ListeningSocket> listed_listeners() {
  std::vector<ListeningSocket> sockets;
  for (const char* table : {"/proc/net/tcp", "/proc/net/tcp6"}) {
    std::ifstream file(table);
    std::string line;
    std::getline(file, line);  // the names of the columns
    // The kernel lists those that listen first. The rest may be tens of thousands in TIME_WAIT, half a
    // second's work.
    while (std::getline(file, line)) {
      const auto socket = listening_line(line);
      if (!socket) break;
      sockets.push_back(*socket);
    }
  }
  return sockets;
}

std::vector<std::uint64_t> listening_inodes(const Endpoint& endpoint) {
  const auto diagnosed = diagnosed_listeners();
  return answering(diagnosed ? *diagnosed : listed_listeners(), endpoint);
}

std::vector<pid_t> holders_of(const std::vector<std::uint64_t>& inodes, const std::vector<pid_t>& pids) {
  std::vector<pid_t> holders;
  if (inodes.empty()) return holders;
  for (const pid_t pid : pids)
    if (holds_any(pid, inodes)) holders.push_back(pid);
  return holders;
}

}  // namespace saturn
