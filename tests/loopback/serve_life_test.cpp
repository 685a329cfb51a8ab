// The target over time: delays, idle connections, clients that leave, the start, the stop and the limits.
#include <gtest/gtest.h>
#include <sys/resource.h>

#include "loopback/serve_start.hpp"

namespace saturn::target {
namespace {

using namespace std::chrono_literals;
using saturn::test::eventually;
using saturn::test::get;
using saturn::test::RawClient;
using saturn::test::start;
using Clock = std::chrono::steady_clock;

TEST(ServeLife, TheDelayPassesBeforeEachAnswer) {
  Options options;
  options.delay = 20ms;
  const Server server = start(options);
  RawClient client(server.port());
  const auto began = Clock::now();
  client.say(get("/hello") + get("/hello") + get("/hello"));
  for (int i = 1; i <= 3; ++i) {
    EXPECT_FALSE(client.answer().empty());
    EXPECT_GE(Clock::now() - began, i * 20ms);
  }
}

TEST(ServeLife, ConnectionsWaitForTheirDelaysAtTheSameTime) {
  Options options;
  options.delay = 200ms;
  const Server server = start(options);
  std::vector<RawClient> clients;
  for (int i = 0; i < 20; ++i) clients.emplace_back(server.port());
  const auto began = Clock::now();
  for (RawClient& client : clients) client.say(get("/hello"));
  for (RawClient& client : clients) EXPECT_FALSE(client.answer().empty());
  EXPECT_LT(Clock::now() - began, 20 * 200ms / 2);
}

TEST(ServeLife, ClosesWhatServedAndThenWasIdle) {
  Options options;
  options.idle_timeout = 30ms;
  const Server server = start(options);
  RawClient fresh(server.port()), used(server.port());
  const auto asked_at = Clock::now();
  used.ask(get("/hello"));
  RawClient::End end{};
  EXPECT_EQ(used.rest(end), "");
  EXPECT_EQ(end, RawClient::End::closed);
  EXPECT_GE(Clock::now() - asked_at, 30ms);
  EXPECT_EQ(server.counters().closed_idle, 1U);
  EXPECT_EQ(fresh.ask(get("/hello")), R"({"message": "Hello, World!"})") << "never used: not closed";
}

TEST(ServeLife, ARequestUnderWayIsNotIdle) {
  Options options;
  options.idle_timeout = 20ms;
  const Server server = start(options);
  RawClient client(server.port());
  EXPECT_EQ(client.ask(get("/_fault/slow/100ms")), "{}");
}

TEST(ServeLife, NoticesAClientThatLeavesWhileItWaits) {
  const Server server = start();
  {
    RawClient client(server.port());
    client.say(get("/_fault/slow/20ms"));
  }
  EXPECT_TRUE(eventually([&] { return server.counters().closed == 1; }));
  EXPECT_EQ(server.counters().open, 0U);
}

TEST(ServeLife, StopClosesConnectionsAndKeepsTheCounts) {
  Options options;
  options.threads = 2;
  Server server = start(options);
  RawClient first(server.port()), second(server.port());
  first.ask(get("/hello"));
  second.ask(get("/hello"));
  server.stop();
  server.stop();
  RawClient::End end{};
  EXPECT_EQ(first.rest(end), "");
  EXPECT_EQ(end, RawClient::End::closed);
  EXPECT_EQ(server.counters().requests, 2U);
  EXPECT_EQ(server.counters().closed, 2U);
  EXPECT_EQ(server.counters().open, 0U);
  EXPECT_FALSE(RawClient(server.port()).connected());
}

TEST(ServeLife, ListensOnIpv6) {
  Options options;
  options.host = "::1";
  const auto server = Server::start(options);
  if (!server) GTEST_SKIP() << "no IPv6 here: " << to_text(server.errors().front());
  EXPECT_EQ(server->url(), "http://[::1]:" + std::to_string(server->port()));
}

TEST(ServeLife, SaysWhyItCannotListen) {
  const Server first = start();
  Options options;
  options.port = first.port();
  const auto second = Server::start(options);
  ASSERT_FALSE(second);
  EXPECT_EQ(to_text(second.errors().front()),
            "--listen: cannot listen on 127.0.0.1:" + std::to_string(first.port()) +
                ": Address already in use (another program listens there: stop it, or take a free port with "
                "--listen 127.0.0.1:0)");
  options.port = 0;
  options.host = "192.0.2.1";
  EXPECT_FALSE(Server::start(options)) << "no address of ours";
  options.host = "127.0.0.1";
  options.threads = 0;
  EXPECT_FALSE(Server::start(options));
}

TEST(ServeLife, TurnsClientsAwayWhenThereIsNoDescriptorLeft) {
  const Server server = start();
  rlimit before{};
  getrlimit(RLIMIT_NOFILE, &before);
  rlimit low = before;
  low.rlim_cur = 100;
  setrlimit(RLIMIT_NOFILE, &low);
  std::vector<int> fillers;
  for (int fd = ::dup(0); fd >= 0; fd = ::dup(0)) fillers.push_back(fd);
  ::close(fillers.back());  // the client's; the server's side finds none
  fillers.pop_back();
  RawClient client(server.port());
  RawClient::End end{};
  client.rest(end);
  for (const int fd : fillers) ::close(fd);
  setrlimit(RLIMIT_NOFILE, &before);
  EXPECT_NE(end, RawClient::End::timed_out);
  EXPECT_EQ(server.counters().turned_away, 1U);
  EXPECT_EQ(server.counters().accepted, 0U);
  EXPECT_FALSE(RawClient(server.port()).ask(get("/hello")).empty()) << "and serves again";
}

}  // namespace
}  // namespace saturn::target
