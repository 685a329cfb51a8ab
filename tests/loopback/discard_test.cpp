// Bytes dropped in the kernel, seen from the other end: exactly those that were asked for, whatever comes
// after them; with sockets as descriptors and in the ring's table.
#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "listening.hpp"
#include "system/clock/system_clock.hpp"
#include "system/uring/uring_transport.hpp"

namespace saturn {
namespace {

using Kind = Completion::Kind;

constexpr std::size_t kFirst = ReceiveBuffers::kSmallBytes, kAll = 10'000;

class Discards : public ::testing::TestWithParam<bool> {
 protected:
  Discards() : server_("127.0.0.1") {
    for (std::size_t i = 0; i < kAll; ++i) answer_ += static_cast<char>('0' + (i * 7 + i / 64) % 43);
    UringOptions options;
    options.direct_descriptors = GetParam();
    options.discards = true;
    auto made = UringTransport::create(server_.address(), 4, options);
    if (!made) throw std::runtime_error(to_text(made.errors().front()));
    transport_ = std::move(made).value();
    seen_.reserve(64);
    connect(1);
  }
  void connect(std::uint32_t generation) {
    transport_->connect(0, generation);
    EXPECT_EQ(next().error, 0);
    transport_->arm_receive(0);
    client_.reset(new Listening::Client(server_.next_client()));
  }
  /// The next completion; of what was received, piece_ keeps the bytes.
  Completion next() {
    const Nanos deadline = monotonic_now() + std::chrono::seconds(10);
    while (monotonic_now() < deadline) {
      while (transport_->submit().count > 0) {
      }
      seen_.clear();
      transport_->wait(monotonic_now() + std::chrono::milliseconds(100), seen_);
      if (seen_.empty()) continue;
      EXPECT_EQ(seen_.size(), 1U);
      const Completion& completion = seen_.front();
      piece_.assign(completion.data.data(), completion.data.size());
      if (completion.buffer != kNoBuffer) transport_->release(completion.buffer);
      return completion;
    }
    throw std::runtime_error("nothing came");
  }
  void expect_received(const std::string& bytes) {
    const Completion got = next();
    ASSERT_EQ(got.kind, Kind::received);
    EXPECT_TRUE(piece_ == bytes) << piece_.size();
    EXPECT_GT(got.arrived_at, Nanos(0));
  }
  void expect_dropped(std::uint32_t bytes) {
    const Completion got = next();
    ASSERT_EQ(got.kind, Kind::discarded);
    EXPECT_EQ(got.bytes, bytes);
  }
  void expect_ended(int error) {
    const Completion got = next();
    ASSERT_EQ(got.kind, Kind::ended);
    EXPECT_EQ(got.error, error);
  }
  /// The answer's first piece is read, and so many of the bytes behind it are not wanted.
  void answer_and_drop(std::uint32_t bytes) {
    client_->send(answer_);
    expect_received(answer_.substr(0, kFirst));
    transport_->discard(0, bytes);
  }

  Listening server_;
  std::string answer_, piece_;
  std::unique_ptr<UringTransport> transport_;
  std::unique_ptr<Listening::Client> client_;
  std::vector<Completion> seen_;
};

TEST_P(Discards, WhatComesBehindThemIsReceivedWithItsStamp) {
  for (int round = 0; round < 3; ++round) {
    answer_and_drop(5000);
    expect_dropped(5000);
    expect_received(answer_.substr(kFirst + 5000));
  }
}

TEST_P(Discards, TheyAreDroppedAsTheyCome) {
  answer_and_drop(30'000);
  expect_dropped(kAll - kFirst);
  client_->send(answer_);
  expect_dropped(kAll);
  client_->send(answer_ + answer_);
  expect_dropped(30'000 - (kAll - kFirst) - kAll);
  expect_received((answer_ + answer_).substr(30'000 - (kAll - kFirst) - kAll));
}

TEST_P(Discards, TheEndOfTheStreamAmongThemIsOne) {
  answer_and_drop(1'000'000);
  client_.reset();
  expect_dropped(kAll - kFirst);
  expect_ended(0);
}

TEST_P(Discards, AResetAmongThemIsOne) {
  const std::string unread = "never read by the server";
  transport_->send(0, unread);
  ASSERT_EQ(next().kind, Kind::sent);
  answer_and_drop(1'000'000);
  expect_dropped(kAll - kFirst);
  client_.reset();  // with bytes unread: a reset
  expect_ended(TransportErrors::kReset);
}

TEST_P(Discards, ClosingAmongThemLeavesNothingToTheNextConnection) {
  answer_and_drop(1'000'000);
  expect_dropped(kAll - kFirst);
  transport_->wait(monotonic_now(), seen_);  // the next one is armed
  transport_->close(0);
  connect(2);
  EXPECT_TRUE(seen_.front().kind == Kind::connected && seen_.front().generation == 2);
  client_->send("short");
  expect_received("short");
  answer_and_drop(5000);
  expect_dropped(5000);
  expect_received(answer_.substr(kFirst + 5000));
}

TEST_P(Discards, AConnectionAfterOneThatWasClosedWhileItWaitedDropsToo) {
  seen_.clear();
  transport_->wait(monotonic_now(), seen_);  // the receive is armed
  transport_->close(0);
  seen_.clear();
  transport_->wait(monotonic_now() + std::chrono::milliseconds(100), seen_);  // what it had armed ends here
  EXPECT_TRUE(seen_.empty());
  connect(2);
  answer_and_drop(5000);
  expect_dropped(5000);
  expect_received(answer_.substr(kFirst + 5000));
}

TEST_P(Discards, OneThatFollowsAtOnceToo) {
  for (std::uint32_t generation = 2; generation < 6; ++generation) {
    seen_.clear();
    transport_->wait(monotonic_now(), seen_);  // the receive is armed
    transport_->close(0);
    connect(generation);
    answer_and_drop(5000);
    expect_dropped(5000);
    expect_received(answer_.substr(kFirst + 5000));
  }
}

INSTANTIATE_TEST_SUITE_P(Sockets, Discards, ::testing::Bool(),
                         [](const auto& tested) { return tested.param ? "direct" : "descriptors"; });

}  // namespace
}  // namespace saturn
