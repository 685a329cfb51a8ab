// The local addresses that connections are bound to in turn (--source-ip): a pair of addresses has some
// 28,000 ports, so that more connections to one destination need more sources. Blocking, called once by the
// coordinator. Tested in tests/loopback/source_test.cpp.
#pragma once
#include <string>
#include <vector>

#include "system/net/resolve.hpp"

namespace saturn {

/// Addresses of this host and of one family, in the order given; every one that is not, with its reason.
Result<std::vector<SocketAddress>> source_addresses(const std::vector<std::string>& literals);

/// The origin's first address that accepts a connection from these sources (none: from any).
Result<SocketAddress> reach(const Origin& origin, const std::vector<SocketAddress>& sources, Nanos timeout,
                            const std::atomic<bool>& stop);

/// Those of the target's addresses that the sources can reach by their family; an error where none is left.
/// Without sources: all.
Result<std::vector<SocketAddress>> of_the_family(const std::vector<SocketAddress>& targets,
                                                 const std::vector<SocketAddress>& sources);

/// Binds a socket that is about to connect: the port is chosen with the destination known, so that each
/// (source, destination) pair has the whole range of ports. 0, or an errno.
int bind_source(int fd, const SocketAddress& source);

}  // namespace saturn
