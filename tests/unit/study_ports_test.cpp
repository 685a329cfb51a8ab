#include "study/ports.hpp"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

namespace saturn::study {
namespace {

/// Somebody who listens on a loopback port.
class Stranger {
 public:
  explicit Stranger(in_addr_t address = INADDR_LOOPBACK)
      : fd_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in at{};
    at.sin_family = AF_INET;
    at.sin_addr.s_addr = htonl(address);
    socklen_t length = sizeof at;
    EXPECT_EQ(bind(fd_, reinterpret_cast<sockaddr*>(&at), length), 0);
    EXPECT_EQ(listen(fd_, 1), 0);
    EXPECT_EQ(getsockname(fd_, reinterpret_cast<sockaddr*>(&at), &length), 0);
    port_ = ntohs(at.sin_port);
  }
  ~Stranger() { close(fd_); }
  Stranger(const Stranger&) = delete;
  Stranger& operator=(const Stranger&) = delete;
  std::uint16_t port() const { return port_; }

 private:
  int fd_;
  std::uint16_t port_ = 0;
};

TEST(Ports, APickedPortCanBeBound) {
  const auto port = pick_free_port();
  ASSERT_TRUE(port);
  EXPECT_EQ(refuse_taken_port(*port), std::nullopt);
  EXPECT_EQ(listener_of(*port, {getpid()}), Listener::none);
}

TEST(Ports, APortWithAListenerIsRefused) {
  const Stranger stranger;
  const auto refused = refuse_taken_port(stranger.port());
  ASSERT_TRUE(refused);
  EXPECT_EQ(refused->place, "127.0.0.1:" + std::to_string(stranger.port()));
  EXPECT_EQ(refused->message, "the target's port cannot be bound: Address already in use");
  EXPECT_EQ(refused->kind, ErrorKind::unreachable);
}

TEST(Ports, TheListenerIsFoundByProcess) {
  const Stranger stranger;
  EXPECT_EQ(listener_of(stranger.port(), {getpid()}), Listener::ours);
  EXPECT_EQ(listener_of(stranger.port(), {getppid()}), Listener::stranger);
  EXPECT_EQ(listener_of(stranger.port(), {}), Listener::stranger);
}

TEST(Ports, AListenerOnAnotherLoopbackAddressIsSomebodyElses) {
  const Stranger elsewhere(INADDR_LOOPBACK + 1);
  EXPECT_EQ(listener_of(elsewhere.port(), {getpid()}), Listener::none);
}

}  // namespace
}  // namespace saturn::study
