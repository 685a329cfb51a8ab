// Request parser: bytes in, requests out; every case is re-fed at every split point and must give the same.
#include "core/http/request_parser.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

namespace saturn {
namespace {

using Outcome = RequestParser::Outcome;

/// What came out, as text: "POST /echo body keep" a request, then the outcome that ended the feeding.
std::string log_of(RequestParser& parser, const std::vector<std::string_view>& pieces) {
  static constexpr std::string_view names[] = {"need_more", "complete", "malformed", "head_too_large",
                                               "body_too_large"};
  std::string log;
  Outcome last = Outcome::need_more;
  for (std::string_view piece : pieces) {
    while (!piece.empty()) {
      const auto step = parser.feed(piece);
      last = step.outcome;
      if (step.outcome == Outcome::complete) {
        const Request& request = parser.request();
        log += std::string(to_name(request.method)) + ' ' + request.target + " [" + request.body + "] " +
               (request.keep_alive ? "keep" : "close") + (request.http_1_0 ? " 1.0" : "") + "; ";
      }
      piece.remove_prefix(step.consumed);
    }
  }
  return log + std::string(names[static_cast<std::size_t>(last)]);
}

std::string parse(std::string_view bytes, RequestParser::Limits limits = {}) {
  RequestParser whole(limits);
  const std::string expected = log_of(whole, {bytes});
  for (std::size_t split = 1; split < bytes.size(); ++split) {
    RequestParser parser(limits);
    EXPECT_EQ(log_of(parser, {bytes.substr(0, split), bytes.substr(split)}), expected) << "split " << split;
  }
  RequestParser bytewise(limits);
  std::vector<std::string_view> bytes_apart;
  for (std::size_t i = 0; i < bytes.size(); ++i) bytes_apart.push_back(bytes.substr(i, 1));
  EXPECT_EQ(log_of(bytewise, bytes_apart), expected);
  return expected;
}

TEST(RequestParser, ReadsTheMethodAndTheTarget) {
  EXPECT_EQ(parse("GET /hello?x=1 HTTP/1.1\r\nHost: a\r\n\r\n"), "GET /hello?x=1 [] keep; complete");
  EXPECT_EQ(parse("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n"), "HEAD / [] keep; complete");
  EXPECT_EQ(parse("PUT /items/1 HTTP/1.1\r\nContent-Length: 2\r\n\r\n{}"),
            "PUT /items/1 [{}] keep; complete");
  EXPECT_EQ(parse("DELETE /items/1 HTTP/1.1\r\n\r\n"), "DELETE /items/1 [] keep; complete");
  EXPECT_EQ(parse("PATCH / HTTP/1.1\r\n\r\n"), "PATCH / [] keep; complete");
  EXPECT_EQ(parse("OPTIONS * HTTP/1.1\r\n\r\n"), "OPTIONS * [] keep; complete");
  EXPECT_EQ(parse("TRACE / HTTP/1.1\r\n\r\n"), "OTHER / [] keep; complete");
}

TEST(RequestParser, ReadsBodiesByLengthAndInChunks) {
  EXPECT_EQ(parse("POST /echo HTTP/1.1\r\nContent-Length: 7\r\n\r\n{\"a\":1}"),
            "POST /echo [{\"a\":1}] keep; complete");
  EXPECT_EQ(parse("POST /echo HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n"
                  "3;x=y\r\nabc\r\n4\r\ndefg\r\n0\r\nTrailer: t\r\n\r\n"),
            "POST /echo [abcdefg] keep; complete");
  EXPECT_EQ(parse("POST /echo HTTP/1.1\r\nContent-Length: 0\r\n\r\n"), "POST /echo [] keep; complete");
}

TEST(RequestParser, StopsBehindEachPipelinedRequest) {
  EXPECT_EQ(
      parse("GET /1 HTTP/1.1\r\n\r\nPOST /2 HTTP/1.1\r\nContent-Length: 2\r\n\r\nokGET /3 HTTP/1.1\r\n\r\n"),
      "GET /1 [] keep; POST /2 [ok] keep; GET /3 [] keep; complete");
  RequestParser parser;
  const std::string_view first = "GET /1 HTTP/1.1\r\n\r\n";
  const std::string both = std::string(first) + "GET /2 HT";
  EXPECT_EQ(parser.feed(both).consumed, first.size());
}

TEST(RequestParser, SaysWhetherTheConnectionStays) {
  EXPECT_EQ(parse("GET / HTTP/1.1\r\nConnection: close\r\n\r\n"), "GET / [] close; complete");
  EXPECT_EQ(parse("GET / HTTP/1.0\r\n\r\n"), "GET / [] close 1.0; complete");
  EXPECT_EQ(parse("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"), "GET / [] keep 1.0; complete");
}

TEST(RequestParser, AnUpgradeIsNotTaken) {
  EXPECT_EQ(parse("GET / HTTP/1.1\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\nGET /2 HTTP/1.1\r\n\r\n"),
            "GET / [] keep; GET /2 [] keep; complete");
}

TEST(RequestParser, RefusesWhatIsNoRequest) {
  EXPECT_EQ(parse("\x16\x03\x01 hello\r\n\r\n"), "malformed");
  EXPECT_EQ(parse("GET / HTTP/1.1\r\nBad Header\r\n\r\n"), "malformed");
  EXPECT_EQ(parse("POST / HTTP/1.1\r\nContent-Length: x\r\n\r\n"), "malformed");
  EXPECT_EQ(parse("POST / HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n"), "malformed");
  EXPECT_EQ(parse("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"), "malformed");
  EXPECT_EQ(parse("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"), "malformed");
}

TEST(RequestParser, StaysBrokenUntilRestarted) {
  RequestParser parser;
  EXPECT_EQ(parser.feed(std::string_view("nonsense\r\n\r\n")).outcome, Outcome::malformed);
  const std::string_view good = "GET / HTTP/1.1\r\n\r\n";
  EXPECT_EQ(parser.feed(good).outcome, Outcome::malformed);
  parser.restart();
  EXPECT_EQ(parser.feed(good).outcome, Outcome::complete);
}

TEST(RequestParser, LimitsTheHead) {
  // 1 byte of target, 1 + 10 of the header, 4 of its framing.
  const std::string_view request = "GET / HTTP/1.1\r\na: 0123456789\r\n\r\n";
  EXPECT_EQ(parse(request, {.head_bytes = 16}), "GET / [] keep; complete");
  EXPECT_EQ(parse(request, {.head_bytes = 15}), "head_too_large");
}

TEST(RequestParser, LimitsTheBody) {
  const std::string_view sized = "POST / HTTP/1.1\r\nContent-Length: 5\r\n\r\n12345";
  EXPECT_EQ(parse(sized, {.body_bytes = 5}), "POST / [12345] keep; complete");
  EXPECT_EQ(parse(sized, {.body_bytes = 4}), "body_too_large");
  EXPECT_EQ(parse("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n",
                  {.body_bytes = 4}),
            "body_too_large");
}

TEST(RequestParser, AsksForTheBodyOnceWhereTheClientWaitsForIt) {
  const std::string_view head = "POST / HTTP/1.1\r\nexpect: 100-Continue\r\nContent-Length: 2\r\n\r\n";
  for (std::size_t split = 1; split < head.size(); ++split) {
    RequestParser parser;
    parser.feed(head.substr(0, split));
    EXPECT_FALSE(parser.take_continue());
    EXPECT_EQ(parser.feed(head.substr(split)).outcome, Outcome::need_more);
    EXPECT_TRUE(parser.take_continue());
    EXPECT_FALSE(parser.take_continue());
    EXPECT_EQ(parser.feed(std::string_view("ok")).outcome, Outcome::complete);
  }
}

TEST(RequestParser, AsksForNoBodyThatCameOrIsNotThere) {
  for (const std::string_view request :
       {"POST / HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\no",
        "POST / HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 0\r\n\r\n",
        "POST / HTTP/1.0\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n",
        "POST / HTTP/1.1\r\nExpect: 100-continuex\r\nContent-Length: 2\r\n\r\n",
        "POST / HTTP/1.1\r\nExpected: 100-continue\r\nContent-Length: 2\r\n\r\n"}) {
    RequestParser parser;
    parser.feed(request);
    EXPECT_FALSE(parser.take_continue()) << request;
  }
}

TEST(RequestParser, KnowsWhetherARequestIsUnderWay) {
  RequestParser parser;
  EXPECT_FALSE(parser.started());
  parser.feed(std::string_view("GET / HT"));
  EXPECT_TRUE(parser.started());
  parser.feed(std::string_view("TP/1.1\r\n\r\n"));
  EXPECT_FALSE(parser.started());
}

}  // namespace
}  // namespace saturn
