// Names to addresses, and which of them accepts: tried in order before the run, so that the run has one
// address and says which. Blocking, called once by the coordinator. Tested in
// tests/loopback/resolve_test.cpp.
#pragma once
#include <sys/socket.h>

#include <atomic>
#include <string>
#include <vector>

#include "core/plan/program.hpp"
#include "saturn/error.hpp"
#include "saturn/time.hpp"

namespace saturn {

struct SocketAddress {
  sockaddr_storage storage{};
  socklen_t length = 0;
};

std::string to_text(const SocketAddress& address);  ///< "127.0.0.1:8000", "[::1]:8000"
Result<std::vector<SocketAddress>> resolve(const Origin& origin);
/// The address is one of this machine's own.
bool is_local(const SocketAddress& address);
/// The first address that accepts a connection (from `source`, where there is one); otherwise every address
/// with its reason.
Result<SocketAddress> first_that_accepts(const Origin& origin, const std::vector<SocketAddress>& addresses,
                                         Nanos timeout, const std::atomic<bool>& stop,
                                         const SocketAddress* source = nullptr);
/// The same of the addresses that the origin's name has.
Result<SocketAddress> first_that_accepts(const Origin& origin, Nanos timeout, const std::atomic<bool>& stop);

}  // namespace saturn
