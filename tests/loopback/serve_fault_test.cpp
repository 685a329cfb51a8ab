// The target's faults as a client sees them on the wire.
#include <gtest/gtest.h>

#include "loopback/serve_start.hpp"

namespace saturn::target {
namespace {

using saturn::test::get;
using saturn::test::RawClient;
using End = RawClient::End;

class ServeFault : public testing::Test {
 protected:
  struct Seen {
    std::string bytes;
    End end{};
  };
  Seen ask_until_end(const std::string& request) {
    RawClient client(server.port());
    Seen seen;
    EXPECT_TRUE(client.say(request));
    seen.bytes = client.rest(seen.end);
    return seen;
  }
  static std::string body_of(const Seen& seen) { return seen.bytes.substr(seen.bytes.find("\r\n\r\n") + 4); }

  Server server = saturn::test::start();
};

TEST_F(ServeFault, Reset) {
  const Seen seen = ask_until_end(get("/_fault/reset"));
  EXPECT_EQ(seen.bytes, "");
  EXPECT_EQ(seen.end, End::reset);
  EXPECT_EQ(server.counters().requests, 1U);
  EXPECT_EQ(server.counters().responses, 0U);
  EXPECT_EQ(server.counters().closed, 1U);
}

TEST_F(ServeFault, EarlyClose) {
  const Seen seen = ask_until_end(get("/_fault/early"));
  EXPECT_EQ(seen.bytes, "");
  EXPECT_EQ(seen.end, End::closed);
  EXPECT_EQ(server.counters().closed, 1U);
}

TEST_F(ServeFault, HalfABody) {
  const Seen seen = ask_until_end(get("/_fault/half"));
  EXPECT_EQ(seen.end, End::closed);
  EXPECT_EQ(body_of(seen), std::string(50, 'x'));
  EXPECT_EQ(server.counters().responses, 0U);
  EXPECT_EQ(server.counters().bytes_sent, seen.bytes.size());
}

TEST_F(ServeFault, Garbage) {
  const Seen seen = ask_until_end(get("/_fault/garbage"));
  EXPECT_EQ(seen.end, End::closed);
  EXPECT_EQ(seen.bytes, "\x01\x02 this is no HTTP \xff\xfe\r\n\r\n");
}

TEST_F(ServeFault, CloseDelimited) {
  const Seen seen = ask_until_end(get("/_fault/close-delimited/100000"));
  EXPECT_EQ(seen.end, End::closed);
  EXPECT_EQ(body_of(seen), std::string(100000, 'x'));
  EXPECT_EQ(server.counters().responses, 1U);
}

TEST_F(ServeFault, AnnouncedClose) {
  const Seen seen = ask_until_end(get("/_fault/close"));
  EXPECT_EQ(seen.end, End::closed);
  EXPECT_NE(seen.bytes.find("\r\nConnection: close\r\n"), std::string::npos);
}

TEST_F(ServeFault, DropsAfterTheNthAnswer) {
  RawClient client(server.port());
  for (int i = 0; i < 3; ++i) EXPECT_EQ(client.ask(get("/_fault/drop-after/3")), "{}");
  End end{};
  EXPECT_EQ(client.rest(end), "");
  EXPECT_EQ(end, End::closed);
  EXPECT_EQ(server.counters().responses, 3U);
}

TEST_F(ServeFault, SilenceLastsUntilTheClientCloses) {
  RawClient client(server.port());
  client.say(get("/_fault/silence"));
  client.end_sending();
  End end{};
  EXPECT_EQ(client.rest(end), "");
  EXPECT_EQ(end, End::closed);
  EXPECT_EQ(server.counters().requests, 1U);
  EXPECT_EQ(server.counters().responses, 0U);
  EXPECT_EQ(server.counters().closed, 1U);
}

TEST_F(ServeFault, SilenceNoticesAClientThatLeavesWithMuchUnsaid) {
  {
    RawClient client(server.port());
    client.say(get("/_fault/silence"));
    ASSERT_TRUE(client.say(std::string(8U << 20, 'x')));
  }
  EXPECT_TRUE(saturn::test::eventually([&] { return server.counters().closed == 1; }));
}

TEST_F(ServeFault, AnEndlessHead) {
  RawClient client(server.port());
  client.say(get("/_fault/endless-head"));
  client.end_sending();
  End end{};
  const std::string bytes = client.rest(end);
  EXPECT_GE(bytes.size(), std::size_t{1} << 20);
  EXPECT_EQ(bytes.find("\r\n\r\n"), std::string::npos);
}

TEST_F(ServeFault, BytesNobodyAskedFor) {
  RawClient client(server.port());
  EXPECT_EQ(client.ask(get("/_fault/extra")), "{}");
  EXPECT_TRUE(client.ask(get("/hello")).ends_with("World!\"}"));
  EXPECT_EQ(server.counters().responses, 2U);
}

TEST_F(ServeFault, SlowOnlyForWhoAskedForIt) {
  RawClient slow(server.port()), quick(server.port());
  const auto began = std::chrono::steady_clock::now();
  slow.say(get("/_fault/slow/300ms"));
  EXPECT_FALSE(quick.ask(get("/hello")).empty());
  EXPECT_EQ(server.counters().responses, 1U) << "the slow one is still held";
  EXPECT_FALSE(slow.answer().empty());
  EXPECT_GE(std::chrono::steady_clock::now() - began, std::chrono::milliseconds(300));
}

TEST_F(ServeFault, WhatIsNoHttpGetsItsAnswerThoughMoreIsComing) {
  RawClient client(server.port());
  client.say("nonsense\r\n\r\n");
  EXPECT_TRUE(client.say(std::string(1U << 20, 'x')));
  client.end_sending();
  End end{};
  const std::string bytes = client.rest(end);
  EXPECT_EQ(end, End::closed);
  EXPECT_TRUE(bytes.starts_with("HTTP/1.1 400 Bad Request\r\n")) << bytes;
  EXPECT_EQ(server.counters().responses_by_status, (std::map<int, std::uint64_t>{{400, 1}}));
}

TEST_F(ServeFault, ATooLargeBodyIsRefusedBeforeItComes) {
  RawClient client(server.port());
  client.say("POST /echo HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 99999999999\r\n\r\n");
  client.end_sending();
  End end{};
  EXPECT_TRUE(client.rest(end).starts_with("HTTP/1.1 413 Content Too Large\r\n"));
  EXPECT_EQ(end, End::closed);
}

}  // namespace
}  // namespace saturn::target
