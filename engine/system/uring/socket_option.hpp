// Options of sockets that have no descriptor, only a place in the ring's table: set by an entry of the ring
// (Linux 6.7; liburing 2.3 has no name for it yet). Tested in tests/loopback/socket_option_test.cpp.
#pragma once
#include <cstdint>
#include <span>

#include "system/uring/ring.hpp"

namespace saturn {

struct SocketOption {
  int level = 0, name = 0;
  const void* value = nullptr;  ///< has to live until the entry has run
  std::uint32_t size = 0;
};

/// Completes with 0 or a negative errno; its user data is for the caller to set.
void prepare_option(io_uring_sqe* sqe, int place, const SocketOption& option);

/// Entries that make a socket in the table's place and set its options, linked to the entry that the caller
/// puts behind them (a connect), for which there is room then. They complete only where they fail: the socket
/// with `failed`, and then what is linked to it not at all; an option that is refused changes nothing.
void queue_linked_socket(Ring& ring, int place, int family, std::span<const SocketOption> options,
                         std::uint64_t failed);

/// Sets it and waits for that. 0, or an errno: EBADF where the table's place is empty, another one where this
/// kernel cannot do it. The ring has to be without anything else.
int set_option(Ring& ring, int place, const SocketOption& option);

}  // namespace saturn
