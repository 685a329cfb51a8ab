// What the io_uring transport does with its sockets, seen from the other end: closing, single receives of
// short connections, stamps of every piece; with sockets as descriptors and in the ring's table.
#include "system/uring/sockets.hpp"

#include <gtest/gtest.h>

#include <string>
#include <utility>

#include "listening.hpp"
#include "saturn/run.hpp"
#include "system/clock/system_clock.hpp"
#include "system/uring/uring_transport.hpp"
#include "target/server.hpp"

namespace saturn {
namespace {

using Kind = Completion::Kind;

class SocketsOf : public ::testing::TestWithParam<bool> {
 protected:
  SocketsOf() : server_("127.0.0.1") {
    UringOptions options;
    options.direct_descriptors = GetParam();
    auto made = UringTransport::create(server_.address(), 4, options);
    if (!made) throw std::runtime_error(to_text(made.errors().front()));
    transport_ = std::move(made).value();
    seen_.reserve(64);
  }
  /// The next completion of this kind; others are forgotten.
  Completion next(Kind kind) {
    const Nanos deadline = monotonic_now() + std::chrono::seconds(10);
    while (monotonic_now() < deadline) {
      seen_.clear();
      transport_->wait(monotonic_now() + std::chrono::milliseconds(100), seen_);
      for (const Completion& completion : seen_) {
        if (completion.buffer != kNoBuffer) {
          piece_.assign(completion.data.data(), completion.data.size());
          transport_->release(completion.buffer);
        }
        if (completion.kind == kind) return completion;
      }
    }
    throw std::runtime_error("it did not come");
  }
  Listening::Client connect(std::uint32_t generation) {
    transport_->connect(0, generation);
    if (next(Kind::connected).error != 0) throw std::runtime_error("no connection");
    transport_->arm_receive(0);
    transport_->wait(monotonic_now(), seen_);
    return server_.next_client();
  }
  void expect_piece(const Listening::Client& client, std::uint32_t generation, const std::string& bytes) {
    const Nanos before = monotonic_now();
    client.send(bytes);
    const Completion got = next(Kind::received);
    EXPECT_EQ(got.generation, generation);
    EXPECT_EQ(piece_, bytes);
    EXPECT_GE(got.arrived_at, before - std::chrono::milliseconds(1));
    EXPECT_LE(got.arrived_at, monotonic_now() + std::chrono::milliseconds(1));
  }

  Listening server_;
  std::unique_ptr<UringTransport> transport_;
  std::vector<Completion> seen_;
  std::string piece_;
};

TEST_P(SocketsOf, ClosingReachesThePeerWithTheNextWait) {
  const auto client = connect(1);
  transport_->close(0);
  transport_->wait(monotonic_now(), seen_);
  EXPECT_TRUE(client.ended_by_client());
}

TEST_P(SocketsOf, ConnectionsOfOneAnswerEachReceiveItWithItsStamp) {
  for (std::uint32_t generation = 1; generation <= 5; ++generation) {
    const auto client = connect(generation);
    expect_piece(client, generation, "answer " + std::to_string(generation));
    transport_->close(0);
    transport_->wait(monotonic_now(), seen_);
    EXPECT_TRUE(client.ended_by_client());
  }
}

TEST_P(SocketsOf, AfterAShortConnectionALongOneLosesNothing) {
  {
    const auto client = connect(1);
    expect_piece(client, 1, "short");
    transport_->close(0);
  }
  {
    const auto client = connect(2);
    for (const char* piece : {"one", "two", "three", "four"}) expect_piece(client, 2, piece);
    expect_piece(client, 2, std::string(4000, 'x'));
  }
  EXPECT_EQ(next(Kind::ended).error, 0);
}

TEST_P(SocketsOf, TheEndOfAShortConnectionWithoutAnswerIsSeen) {
  {
    const auto client = connect(1);
    expect_piece(client, 1, "short");
    transport_->close(0);
  }
  connect(2);  // and gone again
  const Completion end = next(Kind::ended);
  EXPECT_EQ(end.generation, 2U);
  EXPECT_EQ(end.error, 0);
}

INSTANTIATE_TEST_SUITE_P(Descriptors, SocketsOf, ::testing::Bool(),
                         [](const auto& tested) { return tested.param ? "direct" : "plain"; });

TEST(SocketOptions, AreGrantedWhereSocketsTakeThem) {
  const auto granted = [](int family, bool stamps, bool unpaced) {
    const auto options = Sockets::granted({.family = family, .kernel_stamps = stamps, .unpaced = unpaced});
    return std::pair(options.kernel_stamps, options.unpaced);
  };
  EXPECT_EQ(granted(AF_INET, true, true), std::pair(true, true));
  EXPECT_EQ(granted(AF_INET6, true, false), std::pair(true, false));
  EXPECT_EQ(granted(AF_INET, false, true), std::pair(false, true));
  EXPECT_EQ(granted(AF_UNIX, true, true), std::pair(false, false));  // no TCP there
}

/// More than are opened at a time, so that they come in several waves.
TEST(Opening, EachConnectionsTimeIsItsOwn) {
  auto started = target::Server::start({});
  ASSERT_TRUE(started);
  Plan plan;
  plan.base_url = started->url();
  plan.scenarios.emplace_back();
  plan.scenarios[0].vus = 1000;
  plan.scenarios[0].iterations = 1000;
  plan.scenarios[0].flow.emplace_back();
  plan.scenarios[0].flow[0].name = "x";
  plan.scenarios[0].flow[0].path = "/hello";
  const auto result = run(plan, {});
  ASSERT_TRUE(result);
  const ScenarioResult& scenario = result->scenarios[0];
  EXPECT_EQ(scenario.connections.established, 1000U);
  ASSERT_TRUE(scenario.connect);
  EXPECT_EQ(scenario.connect->count, 1000U);
  EXPECT_GT(scenario.connect->min_us, 0.0);
  EXPECT_GE(scenario.connections.setup_s * 1e6, scenario.connect->max_us);
}

}  // namespace
}  // namespace saturn
