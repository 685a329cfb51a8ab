// The target's own time for each answer, over real sockets: what it contains, what it leaves out, and the
// known delays and pauses that latencies are tested with.
#include <gtest/gtest.h>

#include "loopback/serve_start.hpp"

namespace saturn::target {
namespace {

using namespace std::chrono_literals;
using saturn::test::eventually;
using saturn::test::get;
using saturn::test::RawClient;
using saturn::test::start;
using Clock = std::chrono::steady_clock;

Options timed(Nanos delay = Nanos(0)) {
  Options options;
  options.timed = true;
  options.delay = delay;
  return options;
}

double elapsed_us(Clock::time_point since) {
  return std::chrono::duration<double, std::micro>(Clock::now() - since).count();
}

/// The kernel begins to stamp a moment after the first socket asked: until then requests have none.
void wait_for_stamps(Server& server) {
  ASSERT_TRUE(eventually([&] {
    RawClient(server.port()).ask(get("/hello"));
    return server.counters().latency.has_value();
  }));
  ASSERT_TRUE(eventually([&] { return server.counters().closed == server.counters().accepted; }));
  server.reset_counters();
}

TEST(ServeTruth, EveryAnswerHasItsTimeAndItsOwnAreNotAmongThem) {
  Server server = start(timed());
  wait_for_stamps(server);
  RawClient client(server.port());
  for (int i = 0; i < 100; ++i) {
    client.ask(get("/hello"));
    client.ask(get("/_truth"));
  }
  client.ask(get("/_fault/bytes/300000"));
  ASSERT_TRUE(eventually([&] { return server.counters().latency->count == 101; }));
  const Counters counters = server.counters();
  EXPECT_EQ(counters.responses, 101U);
  EXPECT_EQ(counters.unstamped, 0U);
  EXPECT_FALSE(counters.latency->histogram.empty());
}

TEST(ServeTruth, LiesBetweenTheDelayAndWhatTheClientSaw) {
  Server server = start(timed(20ms));
  wait_for_stamps(server);
  RawClient client(server.port());
  const auto began = Clock::now();
  client.ask(get("/hello"));
  const double seen_us = elapsed_us(began);
  ASSERT_TRUE(eventually([&] { return server.counters().latency.has_value(); }));
  const Distribution latency = *server.counters().latency;
  EXPECT_EQ(latency.count, 1U);
  // The pause begins when the server wakes up, after the arrival; its send may return after the answer is
  // here.
  EXPECT_GE(latency.min_us, 20'000);
  EXPECT_LE(latency.min_us, seen_us + 5'000);
}

TEST(ServeTruth, CountsFromTheLastByteOfTheRequest) {
  Server server = start(timed());
  wait_for_stamps(server);
  RawClient client(server.port());
  const std::string request = get("/hello");
  client.say(request.substr(0, 10));
  RawClient(server.port()).ask(get("/_fault/slow/50ms"));
  const auto before_last = Clock::now();
  client.say(request.substr(10));
  EXPECT_FALSE(client.answer().empty());
  const double seen_us = elapsed_us(before_last);
  ASSERT_TRUE(eventually([&] { return server.counters().latency->count == 2; }));
  EXPECT_LE(server.counters().latency->min_us, seen_us + 5'000);
  EXPECT_GE(server.counters().latency->max_us, 50'000);
}

TEST(ServeTruth, WithoutTheFlagThereIsNone) {
  const Server server = start();
  RawClient client(server.port());
  client.ask(get("/hello"));
  EXPECT_FALSE(server.counters().latency);
  EXPECT_EQ(server.counters().unstamped, 0U);
}

TEST(ServeTruth, SlowAnswersAreExactlyTheirShare) {
  Options options = timed(1ms);
  options.slow_delay = 30ms;
  options.slow_per_million = 200'000;
  Server server = start(options);
  wait_for_stamps(server);
  // The reset leaves the place in the order of slow answers as it is: twice five in a row hold two of them.
  RawClient client(server.port());
  int slow = 0;
  for (int i = 0; i < 10; ++i) {
    const auto began = Clock::now();
    client.ask(get("/hello"));
    if (elapsed_us(began) >= 30'000) ++slow;
  }
  EXPECT_GE(slow, 2) << "a busy machine may add to them";
  ASSERT_TRUE(eventually([&] { return server.counters().latency->count == 10; }));
  const Distribution latency = *server.counters().latency;
  EXPECT_GE(latency.min_us, 1'000);
  EXPECT_GE(latency.p90_us, 30'000) << "the ninth of ten";
}

TEST(ServeTruth, StallsEverythingAgainAndAgainUntilItIsStopped) {
  Options options = timed();
  options.threads = 2;
  options.stall = {200ms, 100ms};
  Server server = start(options);
  wait_for_stamps(server);
  std::vector<RawClient> clients;
  for (int i = 0; i < 4; ++i) clients.emplace_back(server.port());
  const auto began = Clock::now();
  while (Clock::now() - began < 600ms)
    for (RawClient& client : clients) ASSERT_FALSE(client.ask(get("/hello")).empty());
  ASSERT_TRUE(eventually([&] { return server.counters().latency->count == server.counters().responses; }));
  EXPECT_GE(server.counters().latency->max_us, 50'000) << "asked in the first half of a pause at the latest";
  const auto asked = Clock::now();
  server.stop();
  EXPECT_LT(Clock::now() - asked, 5s);
}

TEST(ServeTruth, ListensOnSeveralAddresses) {
  Options options = timed();
  options.also = {{"127.0.0.2", 0}};
  const Server server = start(options);
  const std::string port = std::to_string(server.port());
  EXPECT_EQ(server.urls(),
            (std::vector<std::string>{"http://127.0.0.1:" + port, "http://127.0.0.2:" + port}));
  RawClient first(server.port()), second(server.port(), 0x7f000002);
  first.ask(get("/hello"));
  EXPECT_EQ(second.ask(get("/hello")), R"({"message": "Hello, World!"})");
  EXPECT_EQ(server.counters().requests, 2U);
}

}  // namespace
}  // namespace saturn::target
