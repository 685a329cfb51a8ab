// The sockets that listen, asked of the kernel itself (NETLINK_SOCK_DIAG, with a filter on their state). The
// text tables in /proc/net hold every connection too, and the kernel walks all of its hash table to write
// them: milliseconds, or half a second where tens of thousands are in TIME_WAIT. Blocking, called by the
// coordinator. Tested in tests/loopback/sock_diag_test.cpp.
#pragma once
#include <optional>
#include <vector>

#include "system/host/listeners.hpp"

namespace saturn {

/// nullopt where the kernel does not answer (no inet_diag, a sandbox).
std::optional<std::vector<ListeningSocket>> diagnosed_listeners();

}  // namespace saturn
