#include "system/uring/socket_option.hpp"

#include <gtest/gtest.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>

namespace saturn {
namespace {

constexpr int kOn = 1;

class InTable : public ::testing::Test {
 protected:
  InTable() : ring_(std::move(Ring::create(8, 16)).value()), fd_(socket(AF_INET, SOCK_STREAM, 0)) {
    const int both[] = {-1, fd_};
    if (io_uring_register_files(ring_->get(), both, 2) != 0) throw std::runtime_error("no table");
  }
  ~InTable() override { close(fd_); }

  std::unique_ptr<Ring> ring_;
  int fd_;
};

TEST_F(InTable, AnOptionIsSetOnTheSocketInItsPlace) {
  ASSERT_EQ(set_option(*ring_, 1, {IPPROTO_TCP, TCP_NODELAY, &kOn, sizeof kOn}), 0);
  int value = 0;
  socklen_t size = sizeof value;
  ASSERT_EQ(getsockopt(fd_, IPPROTO_TCP, TCP_NODELAY, &value, &size), 0);
  EXPECT_EQ(value, 1);
}

/// As Sockets::widen() does it.
TEST_F(InTable, ALowWaterMarkMakesRoomThatStaysWhenItIsPutBack) {
  const auto option = [&](int name) {
    int value = 0;
    socklen_t size = sizeof value;
    getsockopt(fd_, SOL_SOCKET, name, &value, &size);
    return value;
  };
  constexpr int kWide = 512 << 10, kOne = 1;
  ASSERT_LT(option(SO_RCVBUF), kWide);
  ASSERT_EQ(set_option(*ring_, 1, {SOL_SOCKET, SO_RCVLOWAT, &kWide, sizeof kWide}), 0);
  ASSERT_EQ(set_option(*ring_, 1, {SOL_SOCKET, SO_RCVLOWAT, &kOne, sizeof kOne}), 0);
  EXPECT_GE(option(SO_RCVBUF), kWide);
  EXPECT_EQ(option(SO_RCVLOWAT), 1);
}

TEST_F(InTable, AnEmptyPlaceAndAnUnknownOptionAreErrors) {
  EXPECT_EQ(set_option(*ring_, 0, {IPPROTO_TCP, TCP_NODELAY, &kOn, sizeof kOn}), EBADF);
  EXPECT_EQ(set_option(*ring_, 1, {IPPROTO_TCP, 9999, &kOn, sizeof kOn}), ENOPROTOOPT);
}

}  // namespace
}  // namespace saturn
