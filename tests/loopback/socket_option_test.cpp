#include "system/uring/socket_option.hpp"

#include <gtest/gtest.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <map>
#include <span>

#include "system/uring/sockets.hpp"

namespace saturn {
namespace {

constexpr int kOn = 1;

/// What the ring says of an option of the socket in this place.
int option_of(Ring& ring, int place, int name) {
  constexpr std::uint64_t kGetOption = 2;  // SOCKET_URING_OP_GETSOCKOPT
  int value = -1;
  io_uring_sqe* sqe = ring.entry();
  prepare_option(sqe, place, {SOL_SOCKET, name, &value, sizeof value});
  sqe->off = kGetOption;
  io_uring_cqe* cqe = nullptr;
  EXPECT_EQ(io_uring_submit_and_wait(ring.get(), 1), 1);
  EXPECT_EQ(io_uring_peek_cqe(ring.get(), &cqe), 0);
  EXPECT_EQ(cqe->res, static_cast<int>(sizeof value));
  io_uring_cqe_seen(ring.get(), cqe);
  return value;
}

class InTable : public ::testing::Test {
 protected:
  InTable() : ring_(std::move(Ring::create(8, 16)).value()), fd_(socket(AF_INET, SOCK_STREAM, 0)) {
    const int both[] = {-1, fd_};
    if (io_uring_register_files(ring_->get(), both, 2) != 0) throw std::runtime_error("no table");
  }
  ~InTable() override { close(fd_); }
  void SetUp() override {
    if (set_option(*ring_, 1, {SOL_SOCKET, SO_KEEPALIVE, &kOn, sizeof kOn}) == EOPNOTSUPP)
      GTEST_SKIP() << "before Linux 6.7 rings cannot set options";
  }

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

TEST_F(InTable, ASocketThatTheRingCannotMakeIsToldAndNothingElseOfIt) {
  constexpr std::uint64_t kFailed = 7, kConnect = 8;
  constexpr int kNoFamily = 255;
  const SocketOption no_delay{IPPROTO_TCP, TCP_NODELAY, &kOn, sizeof kOn};
  queue_linked_socket(*ring_, 0, kNoFamily, std::span(&no_delay, 1), kFailed);
  sockaddr_in nowhere{};
  io_uring_sqe* sqe = ring_->entry();
  io_uring_prep_connect(sqe, 0, reinterpret_cast<const sockaddr*>(&nowhere), sizeof nowhere);
  sqe->flags |= IOSQE_FIXED_FILE;
  io_uring_sqe_set_data64(sqe, kConnect);
  ASSERT_GE(io_uring_submit_and_wait(ring_->get(), 1), 0);
  std::map<std::uint64_t, int> results;
  io_uring_cqe* cqe = nullptr;
  for (; io_uring_peek_cqe(ring_->get(), &cqe) == 0; io_uring_cqe_seen(ring_->get(), cqe))
    results[cqe->user_data] = cqe->res;
  ASSERT_TRUE(results.contains(kFailed));
  EXPECT_EQ(results.at(kFailed), -EAFNOSUPPORT);
  EXPECT_EQ(results.size(), 1U) << "what is linked to it does not complete";
}

TEST_F(InTable, ASocketThatTheRingMakesHasItsOptions) {
  constexpr int kUsual = 1;
  const SocketOption mark{SOL_SOCKET, SO_KEEPALIVE, &kUsual, sizeof kUsual};
  queue_linked_socket(*ring_, 0, AF_INET, std::span(&mark, 1), 7);
  EXPECT_EQ(set_option(*ring_, 0, {SOL_SOCKET, SO_RCVLOWAT, &kUsual, sizeof kUsual}), 0);
  EXPECT_EQ(option_of(*ring_, 0, SO_KEEPALIVE), 1);
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

using WideWindows = InTable;

TEST_F(WideWindows, OfMoreSocketsThanTheRingTakesAtATime) {
  constexpr SlotId kSlots = 20;
  const auto ring = std::move(Ring::create(8, 256)).value();
  auto sockets = std::move(Sockets::create(*ring, kSlots, {.family = AF_INET, .direct = true})).value();
  for (SlotId slot = 0; slot < kSlots; ++slot) ASSERT_EQ(sockets->open(slot, 1), 0);
  const int usual = option_of(*ring, 0, SO_RCVBUF);
  for (SlotId slot = 0; slot < kSlots; ++slot) sockets->widen(slot);
  sockets->close(7);
  sockets->queue_options();
  const auto done = [&] { return io_uring_cq_ready(ring->get()); };
  while (done() < 2 * (kSlots - 1)) ASSERT_GE(io_uring_submit_and_wait(ring->get(), done() + 1), 0);
  for (; done() > 0; io_uring_cq_advance(ring->get(), 1)) {
    io_uring_cqe* cqe = nullptr;
    ASSERT_EQ(io_uring_peek_cqe(ring->get(), &cqe), 0);
    EXPECT_EQ(cqe->res, 0);
    EXPECT_EQ(UserData::unpack(cqe->user_data).op, UserData::Op::none);
  }
  for (const int place : {0, 6, 8, 19}) {
    EXPECT_GT(option_of(*ring, place, SO_RCVBUF), usual);
    EXPECT_EQ(option_of(*ring, place, SO_RCVLOWAT), 1);
  }
}

}  // namespace
}  // namespace saturn
