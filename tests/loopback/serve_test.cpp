// The reference target over real sockets: counts, threads, pieces, pipelining and large bodies.
#include "target/server.hpp"

#include <gtest/gtest.h>

#include <cstdio>

#include "loopback/serve_start.hpp"

namespace saturn::target {
namespace {

using saturn::test::eventually;
using saturn::test::get;
using saturn::test::RawClient;
using saturn::test::start;
using saturn::test::with_body;

TEST(Serve, CountsEveryRequestByteAndConnection) {
  for (const int threads : {1, 3}) {
    Options options;
    options.threads = threads;
    const Server server = start(options);
    constexpr std::size_t connections = 7, requests = 20;
    std::uint64_t sent = 0, received = 0;
    for (std::size_t c = 0; c < connections; ++c) {
      RawClient client(server.port());
      for (std::size_t i = 0; i < requests; ++i) {
        const std::string request = i % 2 == 0 ? get("/hello") : get("/nothing");
        sent += request.size();
        client.say(request);
        received += client.answer().size();
      }
    }
    ASSERT_TRUE(eventually([&] { return server.counters().closed == connections; }));
    const Counters counters = server.counters();
    EXPECT_EQ(counters.requests, connections * requests);
    EXPECT_EQ(counters.requests_by,
              (std::map<std::string, std::uint64_t>{{"GET /hello", 70}, {"GET (unknown)", 70}}));
    EXPECT_EQ(counters.responses_by_status, (std::map<int, std::uint64_t>{{200, 70}, {404, 70}}));
    EXPECT_EQ(counters.bytes_received, sent);
    EXPECT_EQ(counters.bytes_sent, received);
    EXPECT_EQ(counters.accepted, connections);
    EXPECT_EQ(counters.open, 0U);
    EXPECT_EQ(counters.turned_away, 0U);
  }
}

TEST(Serve, SpreadsConnectionsEvenlyOverItsThreads) {
  Options options;
  options.threads = 4;
  const Server server = start(options);
  std::vector<RawClient> clients;
  for (int i = 0; i < 22; ++i) {
    clients.emplace_back(server.port());
    clients.back().ask(get("/hello"));
  }
  EXPECT_EQ(server.counters().open_by_thread, (std::vector<std::uint64_t>{6, 6, 5, 5}));
}

TEST(Serve, AnswersPipelinedRequestsInOrder) {
  const Server server = start();
  RawClient client(server.port());
  std::string batch;
  for (int status = 200; status < 600; ++status) batch += get("/_fault/status/" + std::to_string(status));
  ASSERT_TRUE(client.say(batch));
  for (int status = 200; status < 600; ++status)
    ASSERT_EQ(client.answer().substr(0, 12), "HTTP/1.1 " + std::to_string(status));
  EXPECT_EQ(server.counters().responses, 400U);
}

TEST(Serve, TakesARequestByteByByte) {
  const Server server = start();
  RawClient client(server.port());
  const std::string request = with_body("POST", "/echo", R"({"a": [1, 2]})");
  for (const char& byte : request) ASSERT_TRUE(client.say({&byte, 1}));
  EXPECT_TRUE(client.answer().ends_with(R"({"a": [1, 2]})"));
  EXPECT_EQ(server.counters().bytes_received, request.size());
}

TEST(Serve, EchoesWhatIsLargerThanAnyBuffer) {
  const Server server = start();
  RawClient client(server.port());
  const std::string body = '"' + std::string(8U << 20, 'a') + '"';
  ASSERT_TRUE(client.say(with_body("POST", "/echo", body)));
  const std::string answer = client.answer();
  EXPECT_TRUE(answer.ends_with(body));
  EXPECT_EQ(server.counters().bytes_sent, answer.size());
}

TEST(Serve, AnswersAClientThatReadsLate) {
  const Server server = start();
  RawClient client(server.port());
  std::string batch;
  for (int i = 0; i < 20; ++i) batch += get("/_fault/bytes/1000000");
  ASSERT_TRUE(client.say(batch + get("/hello")));
  client.end_sending();
  std::uint64_t received = 0;
  for (int i = 0; i < 20; ++i) received += client.answer().size();
  const std::string last = client.answer();
  EXPECT_TRUE(last.ends_with("World!\"}"));
  EXPECT_EQ(server.counters().bytes_sent, received + last.size());
}

TEST(Serve, ReadsChunkedBodies) {
  const Server server = start();
  RawClient client(server.port());
  EXPECT_EQ(client.ask("POST /items/ HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n"
                       "c\r\n{\"name\": \"a\"\r\nd\r\n, \"price\": 1}\r\n0\r\n\r\n"),
            R"({"id": 1, "name": "a", "description": null, "price": 1})");
}

TEST(Serve, AllThreadsHaveTheSameItems) {
  const std::string file = testing::TempDir() + "saturn_serve_items.db";
  for (const bool in_memory : {true, false}) {
    std::remove(file.c_str());
    Options options;
    options.threads = 2;
    options.seed_items = 10;
    if (!in_memory) options.db_file = file;
    const Server server = start(options);
    RawClient first(server.port()), second(server.port());
    const std::string record = R"({"id": 11, "name": "pen", "description": null, "price": 1.5})";
    EXPECT_EQ(first.ask(with_body("POST", "/items/", R"({"name": "pen", "price": 1.5})")), record);
    EXPECT_EQ(second.ask(get("/items/11")), record);
    second.say(with_body("DELETE", "/items/11", ""));
    EXPECT_TRUE(second.answer().starts_with("HTTP/1.1 204 No Content\r\n"));
    EXPECT_EQ(first.ask(get("/items/11")), R"({"detail": "Item not found"})");
    EXPECT_EQ(server.counters().open_by_thread, (std::vector<std::uint64_t>{1, 1}));
  }
  std::remove(file.c_str());
}

TEST(Serve, TellsTheTruthOverHttpWithoutCountingIt) {
  const Server server = start();
  RawClient client(server.port());
  client.ask(get("/hello"));
  RawClient observer(server.port());
  const std::string told = observer.ask(get("/_truth"));
  EXPECT_NE(told.find(R"("requests": {"total": 1, "by": {"GET /hello": 1}})"), std::string::npos) << told;
  EXPECT_NE(told.find(R"("connections": {"accepted": 1, "open": 1)"), std::string::npos) << told;
  EXPECT_EQ(observer.ask(with_body("POST", "/_truth/reset", "")), "{}");
  EXPECT_EQ(server.counters().requests, 0U);
  EXPECT_EQ(server.counters().accepted, 0U);
  EXPECT_EQ(server.counters().open, 1U);
}

}  // namespace
}  // namespace saturn::target
