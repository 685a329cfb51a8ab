// The kernel's own list of listening sockets against its text tables.
#include "system/host/sock_diag.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "listening.hpp"

namespace saturn {
namespace {

bool holds(const std::vector<ListeningSocket>& list, const Endpoint& at, std::uint64_t inode) {
  return std::any_of(list.begin(), list.end(),
                     [&](const ListeningSocket& one) { return one.at == at && one.inode == inode; });
}

TEST(SockDiag, FindsTheListenersThatTheTablesShow) {
  for (const char* host : {"127.0.0.1", "::1"}) {
    const Listening server(host);
    const auto client = [&] {  // a connection is no listener, and must not be in the list
      const int fd = socket(server.address().storage.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
      EXPECT_EQ(
          connect(fd, reinterpret_cast<const sockaddr*>(&server.address().storage), server.address().length),
          0);
      return Listening::Client(fd, "");
    }();
    const Endpoint at = *endpoint_of(server.address().storage);
    const auto inodes = answering(listed_listeners(), at);
    ASSERT_EQ(inodes.size(), 1U) << host;
    const auto diagnosed = diagnosed_listeners();
    if (!diagnosed) GTEST_SKIP() << "the kernel has no inet_diag, the tables are used";
    EXPECT_TRUE(holds(*diagnosed, at, inodes[0])) << host;
    EXPECT_EQ(std::count_if(diagnosed->begin(), diagnosed->end(),
                            [&](const ListeningSocket& one) { return one.at.port == at.port; }),
              1)
        << host;
    EXPECT_EQ(listening_inodes(at), inodes) << host;
  }
}

}  // namespace
}  // namespace saturn
