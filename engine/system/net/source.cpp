#include "system/net/source.hpp"

#include <fmt/format.h>
#include <netdb.h>
#include <netinet/in.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>
#include <optional>

namespace saturn {
namespace {

constexpr const char* kPlace = "--source-ip";

const char* family_name(const SocketAddress& address) {
  return address.storage.ss_family == AF_INET6 ? "IPv6" : "IPv4";
}

std::optional<SocketAddress> parse_literal(const std::string& text) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_NUMERICHOST;
  addrinfo* found = nullptr;
  if (text.empty() || getaddrinfo(text.c_str(), nullptr, &hints, &found) != 0) return std::nullopt;
  const std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> owner(found, freeaddrinfo);
  SocketAddress address;
  std::memcpy(&address.storage, found->ai_addr, found->ai_addrlen);
  address.length = found->ai_addrlen;
  return address;
}

/// 0 when this host has the address, otherwise an errno.
int try_bind(const SocketAddress& address) {
  const int fd = socket(address.storage.ss_family, SOCK_STREAM | SOCK_CLOEXEC, IPPROTO_TCP);
  if (fd < 0) return errno;
  const int error = bind_source(fd, address);
  close(fd);
  return error;
}

Error not_usable(const std::string& text, int error) {
  const bool foreign = error == EADDRNOTAVAIL;
  return {kPlace,
          foreign ? fmt::format("{} is not an address of this host", text)
                  : fmt::format("{} cannot be used: {}", text, std::strerror(error)),
          foreign ? "`ip addr` lists them; as root: ip addr add ADDRESS/PREFIX dev DEVICE"
                  : "take another address",
          ErrorKind::setup};
}

}  // namespace

Result<std::vector<SocketAddress>> source_addresses(const std::vector<std::string>& literals) {
  std::vector<SocketAddress> sources;
  Errors errors;
  for (const std::string& text : literals) {
    const auto address = parse_literal(text);
    if (!address) {
      errors.push_back({kPlace, fmt::format("\"{}\" is not an IP address", text),
                        "write addresses of this host, such as 127.0.0.2,127.0.0.3", ErrorKind::usage});
      continue;
    }
    if (const int error = try_bind(*address); error != 0) {
      errors.push_back(not_usable(text, error));
      continue;
    }
    if (!sources.empty() && sources.front().storage.ss_family != address->storage.ss_family)
      errors.push_back({kPlace,
                        fmt::format("{} is {}, the one before is {}", text, family_name(*address),
                                    family_name(sources.front())),
                        "give addresses of one family", ErrorKind::usage});
    const bool again = std::any_of(sources.begin(), sources.end(), [&](const SocketAddress& seen) {
      return to_text(seen) == to_text(*address);
    });
    if (again)
      errors.push_back({kPlace, fmt::format("{} is given twice", text), "keep one", ErrorKind::usage});
    sources.push_back(*address);
  }
  if (!errors.empty()) return errors;
  return sources;
}

Result<std::vector<SocketAddress>> of_the_family(const std::vector<SocketAddress>& targets,
                                                 const std::vector<SocketAddress>& sources) {
  if (sources.empty()) return targets;
  std::vector<SocketAddress> same;
  for (const SocketAddress& target : targets)
    if (target.storage.ss_family == sources.front().storage.ss_family) same.push_back(target);
  if (!same.empty() || targets.empty()) return same;
  return Error{kPlace,
               fmt::format("the source addresses are {}, the target {} is {}", family_name(sources.front()),
                           to_text(targets.front()), family_name(targets.front())),
               fmt::format("give {} addresses of this host", family_name(targets.front())), ErrorKind::usage};
}

Result<SocketAddress> reach(const Origin& origin, const std::vector<SocketAddress>& sources, Nanos timeout,
                            const std::atomic<bool>& stop) {
  const auto addresses = resolve(origin);
  if (!addresses) return addresses.errors();
  const auto same = of_the_family(*addresses, sources);
  if (!same) return same.errors();
  return first_that_accepts(origin, *same, timeout, stop, sources.empty() ? nullptr : &sources.front());
}

int bind_source(int fd, const SocketAddress& source) {
  const int on = 1;
  // Where the kernel has no such option, bind() takes a port at once: fewer connections, none of them wrong.
  setsockopt(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on);
  return bind(fd, reinterpret_cast<const sockaddr*>(&source.storage), source.length) == 0 ? 0 : errno;
}

}  // namespace saturn
