// The two ways through the parser are one: whatever a cache knows, at whatever byte the pieces are cut, the
// events are those of llhttp alone.
#include <gtest/gtest.h>

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "unit/response_feeding.hpp"

namespace saturn {
namespace {

const std::string kDateLine = "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n";
const std::string kLater = "Date: Mon, 23 Nov 2026 23:59:59 GMT\r\n";
const std::string kFive = "Content-Length: 5\r\n";

struct Event {
  Outcome outcome;
  std::size_t consumed;
  int status;
  bool keep_alive, started;
  std::size_t body_bytes;
  std::string body;

  bool operator==(const Event&) const = default;
  friend std::ostream& operator<<(std::ostream& out, const Event& event) {
    return out << "outcome " << static_cast<int>(event.outcome) << " consumed " << event.consumed
               << " status " << event.status << " body " << event.body_bytes << " '" << event.body << "'\n";
  }
};

/// Reads answers from the pieces as a session does, until they end or one is refused.
std::vector<Event> events(const std::vector<std::string_view>& pieces, HeadCache* cache, bool keep_body) {
  std::array<char, 16> storage{};
  ResponseParser::BodySink sink{storage.data(), storage.size(), 0};
  ResponseParser parser(kMaxHead);
  std::vector<Event> seen;
  bool begun = false;
  const auto note = [&](Outcome outcome, std::size_t consumed) {
    seen.push_back({outcome, consumed, parser.head().status, parser.head().keep_alive, parser.started(),
                    keep_body ? sink.size : 0,
                    std::string(storage.data(), std::min(sink.size, storage.size()))});
  };
  for (std::string_view piece : pieces) {
    while (!piece.empty()) {
      if (!begun) {
        sink.size = 0;
        parser.start(false, keep_body ? &sink : nullptr, cache);
      }
      const auto [outcome, consumed] = parser.feed(piece);
      note(outcome, consumed);
      piece.remove_prefix(consumed);
      begun = outcome == Outcome::need_more;
      if (outcome == Outcome::malformed || outcome == Outcome::head_too_large) return seen;
    }
  }
  if (begun) note(parser.end_of_stream(), 0);
  return seen;
}

void expect_one_log(const std::string& stream, const HeadCache& known, const std::string& what) {
  SCOPED_TRACE(what);
  const auto check = [&](const std::vector<std::string_view>& pieces) {
    for (const bool keep_body : {false, true}) {
      HeadCache cache = known;
      ASSERT_EQ(events(pieces, &cache, keep_body), events(pieces, nullptr, keep_body));
    }
  };
  const std::string_view all = stream;
  check({all});
  for (std::size_t first = 1; first < all.size(); ++first) {
    check({all.substr(0, first), all.substr(first)});
    for (std::size_t second = first + 1; second < all.size(); second += 7)  // and three pieces
      check({all.substr(0, first), all.substr(first, second - first), all.substr(second)});
    if (::testing::Test::HasFatalFailure()) FAIL() << "first cut at " << first;
  }
  std::vector<std::string_view> bytes;
  for (std::size_t i = 0; i < all.size(); ++i) bytes.push_back(all.substr(i, 1));
  check(bytes);
}

HeadCache knowing(const std::string& response) {
  HeadCache cache;
  events({response}, &cache, false);
  return cache;
}

TEST(ResponseFastPath, PipelinedStreamsHaveTheSameEventsAtEverySplit) {
  const std::string one = ok(kDateLine + kFive, "hello"), later = ok(kLater + kFive, "world");
  const std::string chunked = ok(kChunked, "1\r\nc\r\n0\r\n\r\n");
  const std::string streams[] = {
      one + later + one + later,
      one + ok(kDateLine + "Content-Length: 0\r\n") + later,
      one + chunked + later + "HTTP/1.1 204 No Content\r\n\r\n" + one,
      "HTTP/1.1 100 Continue\r\n\r\n" + one + "HTTP/1.1 103 Early Hints\r\n\r\n" + later,
      one + ok(kDateLine + kFive + "Connection: close\r\n", "hello") + later,
      ok(kFive, "HTTP/") + ok(kFive, "1.1 2") + ok(kFive, "00 OK") + one,  // a body that looks like a head
      one + later.substr(0, later.size() - 2),
      one + later + "HTT",
      one + ok("X: until the end\r\n", "hello"),
      one + ok("Content-Length: 40\r\n" + kDateLine, std::string(40, 'b')) + later,
  };
  for (const std::string& stream : streams) {
    expect_one_log(stream, HeadCache{}, "nothing known: " + stream);
    expect_one_log(stream, knowing(one), "known with a Date: " + stream);
    expect_one_log(stream, knowing(ok(kFive, "hello")), "known without: " + stream);
  }
}

TEST(ResponseFastPath, WhatOnlyLooksLikeTheKnownHeadIsJudgedByLlhttp) {
  const std::string head = ok(kDateLine + kFive);
  const std::string start = head.substr(0, head.size() - 2);
  const std::string streams[] = {
      start + "Content-Length: 6\r\n\r\nhello",
      start + kChunked + "\r\n0\r\n\r\n",
      start + "Connection: close\r\n\r\nhello",
      start + "X: " + std::string(kMaxHead, 'x') + "\r\n\r\nhello",
      start + "\nhello",
      ok("Date: Sun, 06 Nov 1994 08:49:3\r\n X\r\n" + kFive, "hello"),
      ok("Date: Sun, 06 Nov 1994 08:49:37\r\nGMT:\r\n" + kFive, "hello"),
      ok(std::string("Date: Sun, 06 Nov 1994 08:49:\0", 30) + "7 GMT\r\n" + kFive, "hello"),
      "HTTP/1.1 101 Switching Protocols\r\n" + kDateLine + kFive + "\r\nhello",
      "HTTP/1.1 304 Not Modified\r\n" + kDateLine + kFive + "\r\n" + head + "hello",
      "HTTP/1.0 200 OK\r\n" + kDateLine + kFive + "\r\nhello",
      "\r\n" + head + "hello",
      head + "hello\r\n" + head + "hello",  // a byte too many between two answers
      "garbage" + head + "hello",
  };
  for (const std::string& stream : streams) expect_one_log(stream, knowing(head + "hello"), stream);
}

TEST(ResponseFastPath, AnyByteOfAKnownHeadMayChange) {
  const std::string known = ok(kDateLine + kFive, "hello");
  for (std::size_t i = 0; i < known.size(); ++i)
    for (const char byte : {'\r', '\n', '\0', ' ', ':', '0', '9', 'c'}) {
      std::string stream = known + known;
      stream[known.size() + i] = byte;
      HeadCache cache = knowing(known);
      ASSERT_EQ(events({stream}, &cache, true), events({stream}, nullptr, true))
          << "byte " << i << ": " << stream;
    }
}

TEST(ResponseFastPath, LearnsFinalLengthFramedHeadsOnly) {
  struct Learned {
    std::string response;
    bool learned = false;
  };
  const Learned cases[] = {
      {ok(kFive, "hello"), true},
      {ok("Content-Length: 0\r\n"), true},
      {"HTTP/1.1 503 Busy\r\n" + kFive + "\r\nhello", true},
      {"HTTP/1.0 200 OK\r\nConnection: keep-alive\r\n" + kFive + "\r\nhello", true},
      {ok(kFive, "hel"), true},  // the head is whole, the body is not yet
      {ok(kChunked, "1\r\nc\r\n0\r\n\r\n")},
      {ok(kFive + "Connection: close\r\n", "hello")},
      {"HTTP/1.0 200 OK\r\n" + kFive + "\r\nhello"},
      {"HTTP/1.1 204 No Content\r\n\r\n"},
      {"HTTP/1.1 204 No Content\r\n" + kFive + "\r\n"},
      {"HTTP/1.1 304 Not Modified\r\n" + kFive + "\r\n"},
      {"HTTP/1.1 600 Odd\r\n" + kFive + "\r\nhello"},
      {"HTTP/1.1 100 Continue\r\n\r\n" + ok(kFive, "hello")},
      {ok("X: y\r\n", "hello")},
      {ok(kFive).substr(0, 30)},
      {ok(kFive + kChunked, "0\r\n\r\n")},
  };
  for (const Learned& c : cases)
    EXPECT_EQ(knowing(c.response).match(c.response) != nullptr, c.learned) << c.response;
}

TEST(ResponseFastPath, AHeadInTwoPiecesIsNotLearned) {
  const std::string response = ok(kFive, "hello");
  const std::size_t head = response.size() - 5;
  for (std::size_t cut = 1; cut < response.size(); ++cut) {
    HeadCache cache;
    events({response.substr(0, cut), response.substr(cut)}, &cache, false);
    EXPECT_EQ(cache.match(response) != nullptr, cut >= head) << cut;
  }
}

TEST(ResponseFastPath, AnswersToHeadNeitherLearnNorMatch) {
  const std::string response = ok(kFive, "hello");
  HeadCache cache;
  ResponseParser parser;
  parser.start(true, nullptr, &cache);
  EXPECT_EQ(parser.feed(response).consumed, response.size() - 5);
  EXPECT_EQ(cache.match(response), nullptr);
  cache = knowing(response);
  parser.start(true, nullptr, &cache);
  EXPECT_EQ(parser.feed(response).consumed, response.size() - 5);
}

/// That the short way is taken at all: a cache that was told something else says something else.
TEST(ResponseFastPath, AKnownHeadIsNotParsedAgain) {
  const std::string response = ok(kFive, "hello");
  HeadCache cache;
  cache.learn(std::string_view(response).substr(0, response.size() - 5), 299, 3);
  ResponseParser parser;
  parser.start(false, nullptr, &cache);
  const auto step = parser.feed(response);
  EXPECT_EQ(step.outcome, Outcome::complete);
  EXPECT_EQ(step.consumed, response.size() - 2);
  EXPECT_EQ(parser.head().status, 299);
}

TEST(ResponseFastPath, TheHeadLimitHoldsForAKnownHead) {
  const std::string response = ok("X: " + std::string(300, 'x') + "\r\n" + kFive, "hello");
  HeadCache cache;
  ResponseParser wide;
  wide.start(false, nullptr, &cache);
  ASSERT_EQ(wide.feed(response).outcome, Outcome::complete);
  ASSERT_NE(cache.match(response), nullptr);
  ResponseParser narrow(kMaxHead);
  narrow.start(false, nullptr, &cache);
  EXPECT_EQ(narrow.feed(response).outcome, Outcome::head_too_large);
}

TEST(ResponseFastPath, AHugeLengthIsCountedToItsEnd) {
  const std::string response = ok("Content-Length: 18446744073709551615\r\n", "hello");
  expect_one_log(response, knowing(response), "the longest body");
}

}  // namespace
}  // namespace saturn
