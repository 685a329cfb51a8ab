// One connection of the target without its socket: order, holding back, closing and exact counts.
#include "target/connection.hpp"

#include <gtest/gtest.h>

#include "support/allocations.hpp"

namespace saturn::target {
namespace {

constexpr std::string_view kHello = "GET /hello HTTP/1.1\r\nHost: a\r\n\r\n";
constexpr std::string_view kTruth = "GET /_truth HTTP/1.1\r\nHost: a\r\n\r\n";
using State = Connection::State;

std::string get(const std::string& path) {
  return "GET " + path + " HTTP/1.1\r\n\r\n";
}

std::size_t count(std::string_view text, std::string_view part) {
  std::size_t found = 0;
  for (auto at = text.find(part); at != std::string_view::npos; at = text.find(part, at + part.size()))
    ++found;
  return found;
}

class TargetConnection : public testing::Test {
 protected:
  TargetConnection() { accept(); }

  void accept() {
    truth.of_thread(0).add(ThreadTruth::accepted);
    connection.begin();
  }
  void say(std::string_view bytes) { connection.on_bytes(bytes); }
  /// Takes what is ready to be sent.
  std::string sent() {
    const std::string bytes(connection.to_send());
    connection.on_sent(bytes.size());
    return bytes;
  }

  std::unique_ptr<Store> store = Store::open("").value();
  Truth truth{1};
  Service service{*store, truth, Nanos(0)};
  Connection connection{service, truth.of_thread(0)};
};

TEST_F(TargetConnection, AnswersAndStaysOpen) {
  say(kHello);
  const std::string answer = sent();
  EXPECT_TRUE(answer.ends_with(R"({"message": "Hello, World!"})"));
  EXPECT_EQ(connection.state(), State::open);
  EXPECT_EQ(connection.to_send(), "");
  const Counters counters = truth.read();
  EXPECT_EQ(counters.requests_by, (std::map<std::string, std::uint64_t>{{"GET /hello", 1}}));
  EXPECT_EQ(counters.responses_by_status, (std::map<int, std::uint64_t>{{200, 1}}));
  EXPECT_EQ(counters.bytes_received, kHello.size());
  EXPECT_EQ(counters.bytes_sent, answer.size());
}

TEST_F(TargetConnection, AWarmConnectionAllocatesNothing) {
  const std::string echo = "POST /echo HTTP/1.1\r\nContent-Length: 10\r\n\r\n{\"a\": [1]}";
  const auto serve_some = [&] {
    for (int i = 0; i < 100; ++i) {
      say(kHello);
      say(echo);
      connection.on_sent(connection.to_send().size());
    }
  };
  serve_some();
  const std::uint64_t before = test::allocations();
  serve_some();
  EXPECT_EQ(test::allocations(), before);
  EXPECT_EQ(truth.read().responses_by_status, (std::map<int, std::uint64_t>{{200, 400}}));
}

TEST_F(TargetConnection, ARequestMayComeInPieces) {
  for (std::size_t split = 1; split < kHello.size(); ++split) {
    say(kHello.substr(0, split));
    EXPECT_EQ(sent(), "");
    say(kHello.substr(split));
    EXPECT_EQ(count(sent(), "200 OK"), 1U) << split;
  }
  EXPECT_EQ(truth.read().requests, kHello.size() - 1);
  EXPECT_EQ(truth.read().bytes_received, (kHello.size() - 1) * kHello.size());
}

TEST_F(TargetConnection, PipelinedRequestsAreOneBatchInOrder) {
  say(get("/_fault/status/201") + get("/_fault/status/202") + get("/_fault/status/203"));
  const std::string answers = sent();
  const auto first = answers.find("HTTP/1.1 201"), second = answers.find("HTTP/1.1 202"),
             third = answers.find("HTTP/1.1 203");
  EXPECT_LT(first, second);
  EXPECT_LT(second, third);
  EXPECT_NE(third, std::string::npos);
  EXPECT_EQ(truth.read().responses, 3U);
}

TEST_F(TargetConnection, NothingIsAnsweredBehindAClose) {
  say(get("/_fault/close") + get("/hello"));
  EXPECT_EQ(count(sent(), "HTTP/1.1"), 1U);
  EXPECT_EQ(connection.state(), State::closing);
  EXPECT_FALSE(connection.drains());
  EXPECT_EQ(truth.read().requests, 1U);
}

TEST_F(TargetConnection, AHeldAnswerHoldsBackWhatFollows) {
  say(get("/hello") + get("/_fault/slow/2ms") + get("/_fault/status/203"));
  EXPECT_EQ(connection.state(), State::held);
  EXPECT_EQ(connection.take_hold(), Nanos(2'000'000));
  EXPECT_EQ(connection.take_hold(), std::nullopt);
  EXPECT_EQ(count(sent(), "HTTP/1.1"), 1U) << "hello goes out at once";
  EXPECT_FALSE(connection.wants_bytes());
  EXPECT_EQ(truth.read().requests, 2U);
  EXPECT_EQ(truth.read().responses, 1U);
  connection.on_release();
  EXPECT_EQ(connection.state(), State::open);
  const std::string rest = sent();
  EXPECT_LT(rest.find("HTTP/1.1 200"), rest.find("HTTP/1.1 203"));
  EXPECT_EQ(truth.read().responses, 3U);
  EXPECT_TRUE(connection.wants_bytes());
}

TEST_F(TargetConnection, ANewHoldFollowsARelease) {
  say(get("/_fault/slow/2ms") + get("/_fault/slow/3ms"));
  EXPECT_EQ(connection.take_hold(), Nanos(2'000'000));
  connection.on_release();
  EXPECT_EQ(connection.state(), State::held);
  EXPECT_EQ(connection.take_hold(), Nanos(3'000'000));
  EXPECT_EQ(count(connection.to_send(), "HTTP/1.1"), 1U);
  connection.on_release();
  EXPECT_EQ(count(connection.to_send(), "HTTP/1.1"), 2U);
}

TEST_F(TargetConnection, AClientThatDoesNotReadIsNotListenedTo) {
  say(get("/_fault/bytes/1048576") + get("/hello"));
  EXPECT_FALSE(connection.wants_bytes());
  EXPECT_EQ(truth.read().requests, 1U);
  sent();
  connection.on_sent(connection.filler_to_send() - 1000);
  EXPECT_EQ(truth.read().requests, 2U) << "room again";
  EXPECT_TRUE(connection.wants_bytes());
  connection.on_sent(1000);
  EXPECT_TRUE(sent().ends_with(R"({"message": "Hello, World!"})"));
}

TEST_F(TargetConnection, LargeBodiesGoOutBetweenTheTextsAndAreCounted) {
  say(get("/_fault/bytes/10000") + get("/hello") + get("/_fault/bytes/20000") + get("/_fault/bytes/9000"));
  std::uint64_t all = 0;
  for (const std::uint64_t size : {10'000U, 20'000U, 9'000U}) {
    EXPECT_EQ(connection.filler_to_send(), 0U) << "its head goes first";
    const std::string text = sent();
    EXPECT_TRUE(text.ends_with("Content-Length: " + std::to_string(size) + "\r\n\r\n")) << text;
    EXPECT_TRUE(connection.filler_follows());
    EXPECT_EQ(connection.filler_to_send(), size);
    connection.on_sent(size - 1);
    EXPECT_EQ(connection.filler_to_send(), 1U);
    EXPECT_FALSE(connection.is_idle());
    connection.on_sent(1);
    all += text.size() + size;
  }
  EXPECT_EQ(connection.unsent(), 0U);
  EXPECT_TRUE(connection.is_idle());
  EXPECT_EQ(truth.read().responses, 4U);
  EXPECT_EQ(truth.read().bytes_sent, all);
}

TEST_F(TargetConnection, OfALargeBodyThatWasNotSentOnlyTheRestIsTakenBack) {
  say(get("/_fault/bytes/10000"));
  const std::size_t head = sent().size();
  connection.on_sent(4000);
  connection.on_closed();
  EXPECT_EQ(truth.read().bytes_sent, head + 4000);
}

TEST_F(TargetConnection, AsksForABodyThatWaits) {
  say("POST /echo HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
  EXPECT_EQ(sent(), "HTTP/1.1 100 Continue\r\n\r\n");
  EXPECT_EQ(truth.read().responses, 0U);
  say("{}");
  EXPECT_TRUE(sent().ends_with("\r\n\r\n{}"));
  EXPECT_EQ(truth.read().responses, 1U);
}

TEST_F(TargetConnection, WhatIsNoHttpIsRefusedAndDrained) {
  say("nonsense\r\n\r\n");
  EXPECT_TRUE(sent().starts_with("HTTP/1.1 400"));
  EXPECT_EQ(connection.state(), State::closing);
  EXPECT_TRUE(connection.drains());
  EXPECT_EQ(truth.read().requests_by, (std::map<std::string, std::uint64_t>{{"malformed", 1}}));
}

TEST_F(TargetConnection, AResetSendsNothingOfItsOwn) {
  say(get("/_fault/reset"));
  EXPECT_EQ(connection.state(), State::resetting);
  EXPECT_EQ(connection.to_send(), "");
  EXPECT_EQ(truth.read().responses, 0U);
}

TEST_F(TargetConnection, SilenceHangs) {
  say(get("/_fault/silence"));
  EXPECT_EQ(connection.state(), State::hanging);
  say(kHello);
  EXPECT_EQ(connection.to_send(), "");
  EXPECT_EQ(truth.read().requests, 1U) << "what comes is dropped";
  EXPECT_TRUE(connection.wants_bytes());
  connection.on_end_of_stream();
  EXPECT_EQ(connection.state(), State::closing);
}

TEST_F(TargetConnection, TheEndOfTheStreamCloses) {
  say(kHello.substr(0, 5));
  connection.on_end_of_stream();
  EXPECT_EQ(connection.state(), State::closing);
  connection.on_closed();
  EXPECT_EQ(truth.read().closed, 1U);
  EXPECT_EQ(truth.read().open, 0U);
}

TEST_F(TargetConnection, AnObserverIsNotCounted) {
  say(kTruth);
  EXPECT_NE(sent().find(R"("connections": {"accepted": 0, "open": 0)"), std::string::npos);
  connection.on_closed();
  Counters nothing;
  nothing.open_by_thread = {0};
  EXPECT_EQ(to_json(truth.read()), to_json(nothing));
}

TEST_F(TargetConnection, AnObserverThatAsksForMoreIsCounted) {
  say(kTruth);
  say(kHello);
  EXPECT_EQ(truth.read().accepted, 1U);
  EXPECT_EQ(truth.read().bytes_received, kHello.size());
  EXPECT_EQ(truth.read().requests, 1U);
}

TEST_F(TargetConnection, TheTruthIsNotCountedAmongOthers) {
  say(kHello);
  const std::size_t answer_bytes = sent().size();
  say(kTruth);
  sent();
  EXPECT_EQ(truth.read().accepted, 1U);
  EXPECT_EQ(truth.read().bytes_received, kHello.size());
  EXPECT_EQ(truth.read().bytes_sent, answer_bytes);
  EXPECT_EQ(truth.read().requests, 1U);
}

TEST_F(TargetConnection, WhatWasNeverSentIsNotCountedAsSent) {
  say(kHello);
  connection.on_sent(10);
  connection.on_closed();
  EXPECT_EQ(truth.read().bytes_sent, 10U);
}

TEST_F(TargetConnection, WhatIsAskedAgainIsAnsweredAndCountedAsBefore) {
  service.set_time(784111777);
  std::string asked;
  for (int i = 0; i < 5; ++i) asked += kHello;
  asked += "GET /hello HTTP/1.1\r\nHost: b\r\n\r\n" + get("/nothing") + std::string(kHello);
  asked += "GET /hello HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
  std::string first_output;
  for (std::size_t split = 0; split <= asked.size(); ++split) {
    truth.reset();
    accept();
    std::string output;
    for (const std::string_view part :
         {std::string_view(asked).substr(0, split), std::string_view(asked).substr(split)}) {
      if (!part.empty()) say(part);
      output += sent();
    }
    EXPECT_EQ(connection.state(), State::closing) << split;
    const Counters counters = truth.read();
    EXPECT_EQ(counters.requests_by,
              (std::map<std::string, std::uint64_t>{{"GET /hello", 8}, {"GET (unknown)", 1}}));
    EXPECT_EQ(counters.responses_by_status, (std::map<int, std::uint64_t>{{200, 8}, {404, 1}}));
    EXPECT_EQ(counters.bytes_sent, output.size());
    EXPECT_EQ(counters.bytes_received, asked.size());
    if (split == 0) first_output = output;
    EXPECT_EQ(output, first_output) << split;
    connection.on_closed();
  }
  EXPECT_EQ(count(first_output, "World!"), 8U);
}

TEST_F(TargetConnection, WhatIsAskedAgainCarriesTheDateOfNow) {
  service.set_time(784111777);
  say(kHello);
  EXPECT_EQ(count(sent(), "08:49:37"), 1U);
  say(kHello);
  EXPECT_EQ(count(sent(), "08:49:37"), 1U);
  service.set_time(784111778);
  say(kHello);
  EXPECT_EQ(count(sent(), "08:49:38"), 1U);
}

TEST_F(TargetConnection, AskingAgainBehindTheTruthIsCountedFromThere) {
  say(kHello);
  sent();
  connection.on_closed();
  truth.reset();
  accept();
  say(std::string(kTruth) + std::string(kHello) + std::string(kHello));
  sent();
  const Counters counters = truth.read();
  EXPECT_EQ(counters.accepted, 1U);
  EXPECT_EQ(counters.requests, 2U);
  EXPECT_EQ(counters.bytes_received, 2 * kHello.size());
}

TEST_F(TargetConnection, IsIdleOnlyBetweenRequests) {
  EXPECT_FALSE(connection.is_idle()) << "never used";
  say(kHello);
  EXPECT_FALSE(connection.is_idle()) << "not sent";
  sent();
  EXPECT_TRUE(connection.is_idle());
  say(kHello.substr(0, 3));
  EXPECT_FALSE(connection.is_idle()) << "half a request";
}

TEST_F(TargetConnection, ANewConnectionTakesThePlaceWithoutARest) {
  say(get("/_fault/bytes/100") + get("/_fault/slow/2ms") + "GET /he");
  connection.on_closed();
  accept();
  EXPECT_EQ(connection.state(), State::open);
  EXPECT_EQ(connection.to_send(), "");
  EXPECT_EQ(connection.take_hold(), std::nullopt);
  say(kHello);
  EXPECT_EQ(count(sent(), "HTTP/1.1"), 1U);
}

}  // namespace
}  // namespace saturn::target
