// Connections within this machine are not paced, whatever the host's congestion control is; others keep it.
#include "system/net/pacing.hpp"

#include <gtest/gtest.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <string>

#include "listening.hpp"
#include "system/clock/system_clock.hpp"
#include "system/uring/uring_transport.hpp"
#include "target/listener.hpp"

namespace saturn {
namespace {

std::string control_of(int fd) {
  std::array<char, 16> name{};
  socklen_t size = name.size();
  if (getsockopt(fd, IPPROTO_TCP, TCP_CONGESTION, name.data(), &size) != 0) return "";
  return {name.data()};
}

/// Of this process's socket that is connected to `to`.
std::string control_of_connection_to(const SocketAddress& to) {
  constexpr int kMostFds = 1024;
  for (int fd = 3; fd < kMostFds; ++fd) {
    SocketAddress peer;
    peer.length = sizeof peer.storage;
    if (getpeername(fd, reinterpret_cast<sockaddr*>(&peer.storage), &peer.length) == 0 &&
        to_text(peer) == to_text(to))
      return control_of(fd);
  }
  return "no such connection";
}

std::string control_used_by_transport(bool unpaced) {
  const Listening server("127.0.0.1");
  UringOptions options;
  options.unpaced = unpaced;
  auto transport = UringTransport::create(server.address(), 1, options);
  if (!transport) throw std::runtime_error(to_text(transport.errors().front()));
  std::vector<Completion> seen;
  seen.reserve(8);
  (*transport)->connect(0, 1);
  for (const Nanos until = monotonic_now() + std::chrono::seconds(10);
       seen.empty() && monotonic_now() < until;)
    (*transport)->wait(until, seen);
  return control_of_connection_to(server.address());
}

TEST(Pacing, OnlyBbrPaces) {
  EXPECT_TRUE(paces("bbr"));
  EXPECT_TRUE(paces("bbr2"));
  EXPECT_FALSE(paces("cubic"));
  EXPECT_FALSE(paces("reno"));
  EXPECT_FALSE(paces(""));
}

TEST(Pacing, TheHostsChoiceIsWhatNewSocketsHave) {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  EXPECT_EQ(control_of(fd), congestion_control());
  EXPECT_TRUE(unpace(fd));
  EXPECT_EQ(control_of(fd), kUnpaced);
  close(fd);
}

TEST(Pacing, TheTransportsSocketsAreUnpacedWhereThatIsAskedFor) {
  EXPECT_EQ(control_used_by_transport(true), kUnpaced);
  EXPECT_EQ(control_used_by_transport(false), congestion_control());
}

TEST(Pacing, TheReferenceTargetIsUnpacedOnLoopbackOnly) {
  const auto loopback = target::listen_on("127.0.0.1", 0), loopback6 = target::listen_on("::1", 0),
             every = target::listen_on("0.0.0.0", 0);
  ASSERT_TRUE(loopback && loopback6 && every);
  EXPECT_EQ(control_of(loopback->socket.get()), kUnpaced);
  EXPECT_EQ(control_of(loopback6->socket.get()), kUnpaced);
  EXPECT_EQ(control_of(every->socket.get()), congestion_control());
}

}  // namespace
}  // namespace saturn
