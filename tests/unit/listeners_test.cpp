#include "system/host/listeners.hpp"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

namespace saturn {
namespace {

using Inodes = std::vector<std::uint64_t>;

// Recorded; the connection in the third line and the one in TIME_WAIT are no listeners.
constexpr const char* kTcp =
    "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n"
    "   0: 00000000:07E8 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 1081 1 "
    "000000001f08aa84 100 0 0 10 0\n"
    "   1: 0100007F:83A1 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 1508423 1 "
    "0000000047b82b66 100 0 0 10 0\n"
    "   2: 0100007F:83A1 0100007F:D402 01 00000000:000000F1 00:00000000 00000000     0        0 1511799 3 "
    "00000000b8e6a621 20 4 1 18 -1\n"
    "   3: 0100007F:83A1 0100007F:DB2E 06 00000000:00000000 03:000008D4 00000000     0        0 0 3 "
    "00000000a3f566aa\n"
    "   4: 0100007F:83A1 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 1508424 1 "
    "0000000047b82b67 100 0 0 10 0\n";
constexpr const char* kTcp6 =
    "  sl  local_address                         remote_address                        st\n"
    "   0: 00000000000000000000000000000000:1F90 00000000000000000000000000000000:0000 0A "
    "00000000:00000000 00:00000000 00000000     0        0 2001 1 0000 100 0 0 10 0\n"
    "   1: 00000000000000000000000001000000:1F91 00000000000000000000000000000000:0000 0A "
    "00000000:00000000 00:00000000 00000000     0        0 2002 1 0000 100 0 0 10 0\n"
    "   2: 0000000000000000FFFF00000100007F:1F92 00000000000000000000000000000000:0000 0A "
    "00000000:00000000 00:00000000 00000000     0        0 2003 1 0000 100 0 0 10 0\n";

Endpoint v4(std::uint16_t port) {
  return ipv4_endpoint({127, 0, 0, 1}, port);
}
Endpoint v6(std::uint16_t port) {
  Endpoint endpoint{{}, port};
  endpoint.ip.back() = 1;
  return endpoint;
}

TEST(Listening, TheTableOfIPv4HoldsListenersAndOthers) {
  const auto sockets = parse_listening(kTcp);
  ASSERT_EQ(sockets.size(), 3U);
  EXPECT_EQ(sockets[0].at, ipv4_endpoint({0, 0, 0, 0}, 2024));
  EXPECT_EQ(sockets[1].at, v4(33697));
  EXPECT_EQ(sockets[1].inode, 1508423U);
}

TEST(Listening, SeveralSocketsMayShareAPort) {
  EXPECT_EQ(answering(parse_listening(kTcp), v4(33697)), (Inodes{1508423, 1508424}));
}

TEST(Listening, ASocketOnEveryAddressAnswersWhereNoneIsOnTheAddressItself) {
  auto sockets = parse_listening(kTcp);
  EXPECT_EQ(answering(sockets, v4(2024)), Inodes{1081});
  sockets.push_back({v4(2024), 7});
  EXPECT_EQ(answering(sockets, v4(2024)), Inodes{7});
  EXPECT_EQ(answering(sockets, v4(2025)), Inodes{});
  EXPECT_EQ(answering(sockets, v6(2024)), Inodes{});
}

TEST(Listening, ASocketOfIPv6AnswersForIPv4WhereItIsOnEveryAddress) {
  const auto sockets = parse_listening(kTcp6);
  ASSERT_EQ(sockets.size(), 3U);
  EXPECT_EQ(answering(sockets, v4(8080)), Inodes{2001});
  EXPECT_EQ(answering(sockets, v6(8080)), Inodes{2001});
  EXPECT_EQ(answering(sockets, v6(8081)), Inodes{2002});
  EXPECT_EQ(answering(sockets, v4(8081)), Inodes{});
  EXPECT_EQ(answering(sockets, v4(8082)), Inodes{2003});
}

TEST(Listening, GarbageIsPassedOver) {
  for (const char* text : {"", "\n\n", "0: 0100007F 0 0A", "0: XY00007F:1F90 x 0A a b c d e 5",
                           "0: 0100007F:1F90 x 0A a b c d e inode", "0: 0100:1F90 x 0A a b c d e 5"})
    EXPECT_TRUE(parse_listening(text).empty()) << text;
}

TEST(Listening, ASocketOfThisProcessIsFoundWithItsHolder) {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_storage address{};
  auto* at = reinterpret_cast<sockaddr_in*>(&address);
  at->sin_family = AF_INET;
  at->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t length = sizeof(sockaddr_in);
  ASSERT_EQ(bind(fd, reinterpret_cast<sockaddr*>(&address), length), 0);
  ASSERT_EQ(getsockname(fd, reinterpret_cast<sockaddr*>(&address), &length), 0);
  const auto endpoint = endpoint_of(address);
  ASSERT_TRUE(endpoint);
  EXPECT_TRUE(is_of_this_host(*endpoint));
  EXPECT_EQ(listening_inodes(*endpoint), Inodes{});
  ASSERT_EQ(listen(fd, 1), 0);
  const auto inodes = listening_inodes(*endpoint);
  ASSERT_EQ(inodes.size(), 1U);
  EXPECT_EQ(holders_of(inodes, {getpid(), getppid()}), std::vector<pid_t>{getpid()});
  EXPECT_EQ(holders_of({}, {getpid()}), std::vector<pid_t>{});
  close(fd);
}

TEST(Listening, KnowsWhichAddressesAreOfThisHost) {
  EXPECT_TRUE(is_of_this_host(ipv4_endpoint({127, 5, 6, 7}, 80)));
  EXPECT_TRUE(is_of_this_host(v6(80)));
  EXPECT_FALSE(is_of_this_host(ipv4_endpoint({192, 0, 2, 1}, 80)));  // for documentation (RFC 5737)
}

}  // namespace
}  // namespace saturn
