// How long each answer took, as a connection notes it: from which stamp to which, and for which answers.
#include "target/connection.hpp"

#include <gtest/gtest.h>

namespace saturn::target {
namespace {

constexpr std::string_view kHello = "GET /hello HTTP/1.1\r\nHost: a\r\n\r\n";
constexpr std::string_view kTruth = "GET /_truth HTTP/1.1\r\nHost: a\r\n\r\n";

std::string get(const std::string& path) {
  return "GET " + path + " HTTP/1.1\r\n\r\n";
}

class TargetConnectionTimes : public testing::Test {
 protected:
  TargetConnectionTimes() { connection.begin(); }

  std::unique_ptr<Store> store = Store::open("").value();
  Truth truth{1, true};
  Service service{*store, truth, Nanos(0)};
  Connection connection{service, truth.of_thread(0), truth.times_of_thread(0)};
};

TEST_F(TargetConnectionTimes, NotesTheTimeFromTheLastByteToTheSendOfTheLastByte) {
  connection.on_bytes(kHello.substr(0, 10), Nanos(1000));
  connection.on_bytes(kHello.substr(10), Nanos(5000));
  connection.on_sent(1, Nanos(6000));
  EXPECT_FALSE(truth.read().latency) << "not all of it is sent";
  connection.on_sent(connection.to_send().size(), Nanos(8000));
  const auto latency = truth.read().latency;
  ASSERT_TRUE(latency);
  EXPECT_EQ(latency->count, 1U);
  EXPECT_EQ(latency->max_us, 3.0);
}

TEST_F(TargetConnectionTimes, NotesPipelinedAnswersOneByOneAndNeverItsOwnTruth) {
  connection.on_bytes(std::string(kHello) + std::string(kTruth) + std::string(kHello), Nanos(1000));
  const std::size_t all = connection.to_send().size();
  const std::size_t first = connection.to_send().find("HTTP/1.1", 1);
  connection.on_sent(first, Nanos(3000));
  EXPECT_EQ(truth.read().latency->count, 1U);
  connection.on_sent(all - first, Nanos(5000));
  const auto latency = truth.read().latency;
  EXPECT_EQ(latency->count, 2U);
  EXPECT_EQ(latency->min_us, 2.0);
  EXPECT_EQ(latency->max_us, 4.0);
}

TEST_F(TargetConnectionTimes, AnAnswerThatWasHeldCountsFromItsOwnRequest) {
  connection.on_bytes(get("/_fault/slow/1ms") + get("/hello"), Nanos(1000));
  EXPECT_EQ(connection.state(), Connection::State::held);
  connection.on_release();
  connection.on_sent(connection.to_send().size(), Nanos(2'000'000));
  const auto latency = truth.read().latency;
  EXPECT_EQ(latency->count, 2U) << "the one behind it waited as long";
  EXPECT_EQ(latency->min_us, 1999.0);
  EXPECT_EQ(truth.read().unstamped, 0U);
}

TEST_F(TargetConnectionTimes, OfALargeBodyTheLastByteCounts) {
  connection.on_bytes(get("/_fault/bytes/10000") + get("/hello"), Nanos(1000));
  connection.on_sent(connection.to_send().size(), Nanos(2000));
  connection.on_sent(9999, Nanos(3000));
  EXPECT_FALSE(truth.read().latency);
  connection.on_sent(1, Nanos(4000));
  EXPECT_EQ(truth.read().latency->count, 1U);
  EXPECT_EQ(truth.read().latency->max_us, 3.0);
  connection.on_sent(connection.to_send().size(), Nanos(6000));
  EXPECT_EQ(truth.read().latency->count, 2U);
  EXPECT_EQ(truth.read().latency->max_us, 5.0);
}

TEST_F(TargetConnectionTimes, WithoutStampsThereAreNoTimes) {
  connection.on_bytes(kHello);
  connection.on_sent(connection.to_send().size(), Nanos(2000));
  EXPECT_EQ(truth.read().unstamped, 1U);
  EXPECT_FALSE(truth.read().latency);
}

TEST_F(TargetConnectionTimes, WhatIsAskedAgainIsTimedAsBefore) {
  connection.on_bytes(std::string(kHello) + std::string(kHello), Nanos(1000));
  connection.on_bytes(kHello, Nanos(4000));
  connection.on_sent(connection.to_send().size(), Nanos(5000));
  const auto latency = truth.read().latency;
  EXPECT_EQ(latency->count, 3U);
  EXPECT_EQ(latency->min_us, 1.0);
  EXPECT_EQ(latency->max_us, 4.0);
}

}  // namespace
}  // namespace saturn::target
