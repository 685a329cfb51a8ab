#include <gtest/gtest.h>

#include <string>

#include "unit/response_feeding.hpp"

namespace saturn {
namespace {

TEST(ResponseParserRefusals, ACloseInTheMiddleIsNeverAWholeResponse) {
  const Case cases[] = {
      {.name = "nothing", .response = "", .outcome = Outcome::need_more, .closes = true},
      {.name = "half a status line",
       .response = "HTTP/1.1 20",
       .outcome = Outcome::need_more,
       .closes = true},
      {.name = "half a head",
       .response = "HTTP/1.1 200 OK\r\nContent-Le",
       .outcome = Outcome::need_more,
       .closes = true},
      {.name = "short body",
       .response = ok("Content-Length: 5\r\n", "hell"),
       .outcome = Outcome::need_more,
       .closes = true},
      {.name = "no body",
       .response = ok("Content-Length: 5\r\n"),
       .outcome = Outcome::need_more,
       .closes = true},
      {.name = "no last chunk",
       .response = ok(kChunked, "5\r\nhello\r\n"),
       .outcome = Outcome::need_more,
       .closes = true},
      {.name = "no end of trailers",
       .response = ok(kChunked, "0\r\nX: 1\r\n"),
       .outcome = Outcome::need_more,
       .closes = true},
  };
  for (const Case& c : cases) expect_same_at_every_split(c);
}

TEST(ResponseParserRefusals, RefusesWhatIsNotHttp) {
  const Case cases[] = {
      {.name = "garbage", .response = "SSH-2.0-OpenSSH_9.2\r\n"},
      {.name = "garbage with H", .response = "Hello there\r\n"},
      {.name = "a request", .response = "GET / HTTP/1.1\r\n\r\n"},
      {.name = "empty line first", .response = "\r\n" + ok("Content-Length: 0\r\n")},
      {.name = "empty line after 100",
       .response = "HTTP/1.1 100 Continue\r\n\r\n\r\n" + ok("Content-Length: 0\r\n")},
      {.name = "version 2.0", .response = "HTTP/2.0 200 OK\r\nContent-Length: 0\r\n\r\n"},
      {.name = "version 0.9", .response = "HTTP/0.9 200 OK\r\nContent-Length: 0\r\n\r\n"},
      {.name = "version 1.2", .response = "HTTP/1.2 200 OK\r\nContent-Length: 0\r\n\r\n"},
      {.name = "two-digit status", .response = "HTTP/1.1 20 OK\r\nContent-Length: 0\r\n\r\n"},
      {.name = "four-digit status", .response = "HTTP/1.1 2000 OK\r\nContent-Length: 0\r\n\r\n"},
      {.name = "status below 100", .response = "HTTP/1.1 099 OK\r\nContent-Length: 0\r\n\r\n"},
      {.name = "bare line feeds", .response = "HTTP/1.1 200 OK\nContent-Length: 0\n\n"},
      {.name = "space before colon", .response = ok("Content-Length : 0\r\n")},
      {.name = "control character", .response = ok("X: a\001b\r\n")},
      {.name = "length not a number", .response = ok("Content-Length: 5x\r\n", "hello")},
      {.name = "signed length", .response = ok("Content-Length: +5\r\n", "hello")},
      {.name = "empty length", .response = ok("Content-Length: \r\n")},
      {.name = "length over 64 bits", .response = ok("Content-Length: 18446744073709551616\r\n")},
      {.name = "two lengths", .response = ok("Content-Length: 5\r\nContent-Length: 6\r\n", "hello")},
      {.name = "list of lengths", .response = ok("Content-Length: 5, 5\r\n", "hello")},
      {.name = "length, then chunked", .response = ok("Content-Length: 5\r\n" + kChunked, "0\r\n\r\n")},
      {.name = "chunked, then length", .response = ok(kChunked + "Content-Length: 5\r\n", "0\r\n\r\n")},
      {.name = "chunk size not hex", .response = ok(kChunked, "g\r\n")},
      {.name = "negative chunk size", .response = ok(kChunked, "-5\r\nhello\r\n")},
      {.name = "chunk size over 64 bits", .response = ok(kChunked, "FFFFFFFFFFFFFFFFF\r\n")},
      {.name = "chunk longer than said", .response = ok(kChunked, "3\r\nhello\r\n0\r\n\r\n")},
  };
  for (Case c : cases) {
    c.outcome = Outcome::malformed;
    expect_same_at_every_split(c);
  }
}

TEST(ResponseParserRefusals, BoundsTheHead) {
  const auto head_of = [](std::size_t size) {
    const std::string around = ok("Content-Length: 3\r\nX: \r\n");
    return ok("Content-Length: 3\r\nX: " + std::string(size - around.size(), 'x') + "\r\n");
  };
  ASSERT_EQ(head_of(kMaxHead).size(), kMaxHead);
  const std::string interim = "HTTP/1.1 100 Continue\r\n\r\n";
  std::string interims;
  while (interims.size() <= kMaxHead) interims += interim;
  const Case cases[] = {
      {.name = "at the limit", .response = head_of(kMaxHead) + "abc", .body = "abc", .rest = kNext},
      {.name = "one above", .response = head_of(kMaxHead + 1) + "abc", .outcome = Outcome::head_too_large},
      {.name = "never ends",
       .response = "HTTP/1.1 200 OK\r\nX: " + std::string(1000, 'x'),
       .outcome = Outcome::head_too_large},
      {.name = "interim heads count",
       .response = interim + head_of(kMaxHead - 10),
       .outcome = Outcome::head_too_large},
      {.name = "endless interims", .response = interims, .outcome = Outcome::head_too_large},
      {.name = "a long body is no head",
       .response = ok("Content-Length: 1000\r\n", std::string(1000, 'b')),
       .body = std::string(1000, 'b'),
       .rest = kNext},
  };
  for (const Case& c : cases) expect_same_at_every_split(c);
}

}  // namespace
}  // namespace saturn
