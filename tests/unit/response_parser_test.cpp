#include <gtest/gtest.h>

#include <array>
#include <string>
#include <string_view>

#include "unit/response_feeding.hpp"

namespace saturn {
namespace {

TEST(ResponseParser, FramesWholeResponses) {
  const Case cases[] = {
    {.name = "content length",
     .response = ok("Content-Length: 5\r\n", "hello"),
     .body = "hello",
     .rest = kNext},
    {.name = "length zero", .response = ok("Content-Length: 0\r\n"), .rest = kNext},
    {.name = "no reason phrase", .response = "HTTP/1.1 404\r\ncontent-length:0\r\n\r\n", .status = 404},
#if LLHTTP_VERSION_MAJOR < 9  // from then on refused
    {.name = "folded header", .response = ok("X: a\r\n b\r\nContent-Length: 0\r\n")},
#endif
    {.name = "chunked",
     .response = ok(kChunked, "5\r\nhello\r\n6;x=y\r\n world\r\n0\r\n\r\n"),
     .body = "hello world",
     .rest = kNext},
    {.name = "chunked, empty", .response = ok(kChunked, "0\r\n\r\n"), .rest = kNext},
    {.name = "chunked, trailers",
     .response = ok(kChunked, "1\r\nA\r\n0\r\nX: 1\r\nY: 2\r\n\r\n"),
     .body = "A",
     .rest = kNext},
    {.name = "chunked after gzip",
     .response = ok("Transfer-Encoding: gzip, chunked\r\n", "1\r\nA\r\n0\r\n\r\n"),
     .body = "A",
     .rest = kNext},
    {.name = "204", .response = "HTTP/1.1 204 No Content\r\n\r\n", .status = 204, .rest = kNext},
    {.name = "204 with a length",
     .response = "HTTP/1.1 204 No Content\r\nContent-Length: 9\r\n\r\n",
     .status = 204,
     .rest = kNext},
    {.name = "304 with a length",
     .response = "HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\n",
     .status = 304,
     .rest = kNext},
    {.name = "304 chunked",
     .response = "HTTP/1.1 304 Not Modified\r\n" + kChunked + "\r\n",
     .status = 304,
     .rest = kNext},
    {.name = "HEAD with a length",
     .response = ok("Content-Length: 5\r\n"),
     .rest = kNext,
     .head_method = true},
    {.name = "HEAD chunked", .response = ok(kChunked), .rest = kNext, .head_method = true},
    {.name = "HEAD without framing", .response = ok(""), .rest = kNext, .head_method = true},
    {.name = "upgrade offered",
     .response = ok("Connection: upgrade\r\nUpgrade: h2c\r\nContent-Length: 1\r\n", "A"),
     .body = "A",
     .rest = kNext},
  };
  for (const Case& c : cases) expect_same_at_every_split(c);
}

TEST(ResponseParser, SkipsInterimResponses) {
  const std::string final = ok("Content-Length: 2\r\n", "ok");
  const std::string hints = "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n";
  const Case cases[] = {
      {.name = "100", .response = "HTTP/1.1 100 Continue\r\n\r\n" + final, .body = "ok", .rest = kNext},
      {.name = "102, 103, 103",
       .response = "HTTP/1.1 102 Processing\r\n\r\n" + hints + hints + final,
       .body = "ok",
       .rest = kNext},
      {.name = "100 with a length",
       .response = "HTTP/1.1 100 Continue\r\nContent-Length: 7\r\n\r\n" + final,
       .body = "ok",
       .rest = kNext},
      {.name = "100 with close",
       .response = "HTTP/1.1 100 Continue\r\nConnection: close\r\n\r\n" + final,
       .body = "ok",
       .rest = kNext},
      {.name = "100 alone",
       .response = "HTTP/1.1 100 Continue\r\n\r\n",
       .outcome = Outcome::need_more,
       .closes = true},
      {.name = "101",
       .response = "HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n",
       .outcome = Outcome::malformed},
  };
  for (const Case& c : cases) expect_same_at_every_split(c);
}

TEST(ResponseParser, KnowsWhetherTheConnectionLives) {
  const std::string zero = "Content-Length: 0\r\n";
  const std::string old = "HTTP/1.0 200 OK\r\n";
  const Case cases[] = {
      {.name = "close", .response = ok("Connection: close\r\n" + zero), .keep_alive = false, .rest = kNext},
      {.name = "close with body",
       .response = ok("Connection: Close\r\nContent-Length: 1\r\n", "A"),
       .keep_alive = false,
       .body = "A",
       .rest = kNext},
      {.name = "close, chunked",
       .response = ok("Connection: close\r\n" + kChunked, "0\r\n\r\n"),
       .keep_alive = false,
       .rest = kNext},
      {.name = "close, 204",
       .response = "HTTP/1.1 204 No\r\nConnection: close\r\n\r\n",
       .status = 204,
       .keep_alive = false,
       .rest = kNext},
      {.name = "close among others",
       .response = ok("Connection: foo, close\r\n" + zero),
       .keep_alive = false,
       .rest = kNext},
      {.name = "1.1 keep-alive", .response = ok("Connection: keep-alive\r\n" + zero), .rest = kNext},
      {.name = "1.0", .response = old + zero + "\r\n", .keep_alive = false, .rest = kNext},
      {.name = "1.0 keep-alive",
       .response = old + "Connection: keep-alive\r\n" + zero + "\r\n",
       .rest = kNext},
      {.name = "1.0 both",
       .response = old + "Connection: keep-alive, close\r\n" + zero + "\r\n",
       .keep_alive = false,
       .rest = kNext},
      {.name = "1.0 chunked",
       .response = old + "Connection: keep-alive\r\n" + kChunked + "\r\n0\r\n\r\n",
       .keep_alive = false,
       .rest = kNext},
  };
  for (const Case& c : cases) expect_same_at_every_split(c);
}

TEST(ResponseParser, ReadsUntilCloseWhereNothingElseFrames) {
  const Case cases[] = {
      {.name = "body",
       .response = ok("X: y\r\n", "hello\r\nworld"),
       .keep_alive = false,
       .body = "hello\r\nworld",
       .closes = true},
      {.name = "empty body", .response = ok(""), .keep_alive = false, .closes = true},
      {.name = "1.0 keep-alive",
       .response = "HTTP/1.0 200 OK\r\nConnection: keep-alive\r\n\r\nA",
       .keep_alive = false,
       .body = "A",
       .closes = true},
      {.name = "coding without chunked",
       .response = ok("Transfer-Encoding: gzip\r\n", "A"),
       .keep_alive = false,
       .body = "A",
       .closes = true},
      {.name = "not closed yet", .response = ok("", "A"), .outcome = Outcome::need_more},
  };
  for (const Case& c : cases) expect_same_at_every_split(c);
}

TEST(ResponseParser, ReadsPipelinedResponsesFromOneBuffer) {
  const std::string one = ok("Content-Length: 2\r\n", "ab");
  const std::string two = ok(kChunked, "1\r\nc\r\n0\r\n\r\n");
  const std::string three = "HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n";
  const std::string input = one + two + three + "HT";
  std::string_view left = input;
  ResponseParser parser;
  for (const std::string& response : {one, two, three}) {
    parser.start(false, nullptr);
    EXPECT_FALSE(parser.started());
    const auto step = parser.feed(left);
    ASSERT_EQ(step.outcome, Outcome::complete);
    EXPECT_EQ(step.consumed, response.size());
    left.remove_prefix(step.consumed);
  }
  EXPECT_EQ(parser.head().status, 204);
  EXPECT_FALSE(parser.head().keep_alive);
  parser.start(false, nullptr);
  EXPECT_EQ(parser.feed(left).outcome, Outcome::need_more);
  EXPECT_TRUE(parser.started());
}

TEST(ResponseParser, KeepsTheBodyUpToTheSinksCapacityAndCountsAll) {
  std::array<char, 8> storage;
  storage.fill('.');
  ResponseParser::BodySink sink{storage.data(), 5, 0};
  ResponseParser parser;
  parser.start(false, &sink);
  EXPECT_EQ(parser.feed(ok(kChunked, "4\r\nabcd\r\n4\r\nefgh\r\n2\r\nij\r\n0\r\n\r\n")).outcome,
            Outcome::complete);
  EXPECT_EQ(std::string(storage.data(), storage.size()), "abcde...");
  EXPECT_EQ(sink.size, 10U);
}

TEST(ResponseParser, EachResponseHasTheWholeHeadLimit) {
  ResponseParser parser(kMaxHead);
  for (int i = 0; i < 50; ++i) {
    parser.start(false, nullptr);
    ASSERT_EQ(parser.feed(ok("Content-Length: 0\r\n").substr(0, 20)).outcome, Outcome::need_more) << i;
    ASSERT_EQ(parser.feed(ok("Content-Length: 0\r\n").substr(20)).outcome, Outcome::complete) << i;
  }
}

TEST(ResponseParser, AnErrorStaysUntilTheNextStart) {
  ResponseParser parser;
  parser.start(false, nullptr);
  EXPECT_EQ(parser.feed(std::string_view("garbage")).outcome, Outcome::malformed);
  EXPECT_EQ(parser.feed(ok("Content-Length: 0\r\n")).outcome, Outcome::malformed);
  EXPECT_EQ(parser.end_of_stream(), Outcome::malformed);
  parser.start(false, nullptr);
  EXPECT_EQ(parser.feed(ok("Content-Length: 0\r\n")).outcome, Outcome::complete);
}

}  // namespace
}  // namespace saturn
