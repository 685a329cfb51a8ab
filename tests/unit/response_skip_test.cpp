// What a parser knows of the body bytes to come, and that leaving some of them out changes nothing else: at
// every split, by way of llhttp and past a known head.
#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "unit/response_feeding.hpp"

namespace saturn {
namespace {

constexpr std::size_t kBody = 40;
const std::string kAnswer = ok("Content-Length: 40\r\n", std::string(kBody, 'x'));
const std::string kClosing = ok("Connection: close\r\nContent-Length: 40\r\n", std::string(kBody, 'x'));

std::uint64_t left_after(const std::string& bytes, bool head_method = false,
                         ResponseParser::BodySink* sink = nullptr) {
  ResponseParser parser(kMaxHead);
  parser.start(head_method, sink);
  parser.feed(bytes);
  return parser.body_left();
}

void skip_at_every_split(const std::string& answer, bool keep_alive, HeadCache* cache) {
  const std::string_view all = answer;
  const std::size_t head = all.size() - kBody;
  for (std::size_t split = 1; split < all.size(); ++split) {
    ResponseParser parser(kMaxHead);
    parser.start(false, nullptr, cache);
    ASSERT_EQ(parser.feed(all.substr(0, split)).outcome, Outcome::need_more);
    ASSERT_EQ(parser.body_left(), split < head ? 0 : all.size() - split) << split;
    for (std::size_t skipped = 0; split >= head && skipped < all.size() - split; ++skipped) {
      ResponseParser other = parser;
      if (skipped > 0) other.skip(skipped);
      ASSERT_EQ(other.body_left(), all.size() - split - skipped);
      std::string_view rest = all.substr(split + skipped);
      if (rest.size() > 1) {
        ASSERT_EQ(other.feed(rest.substr(0, 1)).outcome, Outcome::need_more);
        if (rest.size() > 2) other.skip(1);
        rest.remove_prefix(rest.size() > 2 ? 2 : 1);
      }
      const auto step = other.feed(std::string(rest) + kNext);
      ASSERT_EQ(step.outcome, Outcome::complete) << split << " " << skipped;
      ASSERT_EQ(step.consumed, rest.size());
      ASSERT_EQ(other.head().status, 200);
      ASSERT_EQ(other.head().keep_alive, keep_alive);
      ASSERT_EQ(other.body_left(), 0U);
    }
  }
}

TEST(ResponseSkip, LeavesTheEventsAsTheyAreByWayOfLlhttp) {
  skip_at_every_split(kAnswer, true, nullptr);
  skip_at_every_split(kClosing, false, nullptr);
}

TEST(ResponseSkip, LeavesTheEventsAsTheyArePastAKnownHead) {
  HeadCache cache;
  ResponseParser parser(kMaxHead);
  parser.start(false, nullptr, &cache);
  ASSERT_EQ(parser.feed(kAnswer).outcome, Outcome::complete);
  ASSERT_NE(cache.match(kAnswer), nullptr);
  skip_at_every_split(kAnswer, true, &cache);
}

TEST(ResponseSkip, NothingIsKnownToBeLeftWhereLengthsAreNotGivenOrBytesAreLookedAt) {
  EXPECT_EQ(left_after(ok("Content-Length: 40\r\n", "xx")), 38U);
  EXPECT_EQ(left_after("HTTP/1.1 103 Early Hints\r\n\r\n" + ok("Content-Length: 40\r\n")), 40U);
  EXPECT_EQ(left_after("HTTP/1.1 103 Early Hints\r\n\r\n"), 0U);
  EXPECT_EQ(left_after(ok(kChunked, "40\r\nxx")), 0U);
  EXPECT_EQ(left_after(ok("", "xx")), 0U) << "until the connection closes";
  EXPECT_EQ(left_after(ok("Content-Length: 40\r\n"), true), 0U) << "answers HEAD";
  EXPECT_EQ(left_after("HTTP/1.1 204 No Content\r\nContent-Length: 40\r\n\r\n"), 0U);
  EXPECT_EQ(left_after("HTTP/1.1 304 Not Modified\r\nContent-Length: 40\r\n\r\n"), 0U);
  EXPECT_EQ(left_after(kAnswer), 0U) << "complete";
  EXPECT_EQ(left_after("HTTP/1.1 200 OK\r\nContent-Length: 40\r\n\r"), 0U);
  EXPECT_EQ(left_after(ok("Content-Length: 4x\r\n")), 0U) << "malformed";
  std::array<char, 64> storage{};
  ResponseParser::BodySink sink{storage.data(), storage.size(), 0};
  EXPECT_EQ(left_after(ok("Content-Length: 40\r\n", "xx"), false, &sink), 0U);
}

TEST(ResponseSkipDeathTest, NeverSkipsTheEndOfABody) {
  ResponseParser parser(kMaxHead);
  parser.start(false, nullptr);
  parser.feed(ok("Content-Length: 40\r\n", "xx"));
  EXPECT_DEATH(parser.skip(38), "");
}

}  // namespace
}  // namespace saturn
