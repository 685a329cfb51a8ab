// Answers of the reference target, byte for byte.
#include "target/response.hpp"

#include <gtest/gtest.h>

namespace saturn::target {
namespace {

constexpr std::string_view kDate = "Sun, 06 Nov 1994 08:49:37 GMT";
constexpr std::string_view kCommon = "\r\nServer: saturn\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT";

std::string with_common(std::string_view line, std::string_view rest) {
  return std::string(line) + std::string(kCommon) + std::string(rest);
}

struct Asked {
  Method method = Method::get;
  bool http_1_0 = false;
  bool closes = false;
};

template <class Write>
std::string render(Asked asked, Write write) {
  std::string out;
  Request request;
  request.method = asked.method;
  request.http_1_0 = asked.http_1_0;
  Reply reply(out, request, kDate, asked.closes);
  write(reply);
  return out;
}

TEST(TargetResponse, AWholeAnswer) {
  const auto write = [](Reply& reply) { reply.whole(200, "{}"); };
  EXPECT_EQ(
      render({}, write),
      with_common("HTTP/1.1 200 OK", "\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"));
  EXPECT_EQ(
      render({.method = Method::head}, write),
      with_common("HTTP/1.1 200 OK", "\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n"));
}

TEST(TargetResponse, SaysWhatBecomesOfTheConnection) {
  const auto write = [](Reply& reply) { reply.whole(201, ""); };
  constexpr std::string_view head = "\r\nContent-Type: application/json\r\nContent-Length: 0";
  EXPECT_EQ(render({.closes = true}, write),
            with_common("HTTP/1.1 201 Created", std::string(head) + "\r\nConnection: close\r\n\r\n"));
  EXPECT_EQ(render({.http_1_0 = true}, write),
            with_common("HTTP/1.1 201 Created", std::string(head) + "\r\nConnection: keep-alive\r\n\r\n"));
  EXPECT_EQ(render({.http_1_0 = true, .closes = true}, write),
            with_common("HTTP/1.1 201 Created", std::string(head) + "\r\nConnection: close\r\n\r\n"));
}

TEST(TargetResponse, NoContentHasNeitherLengthNorBody) {
  EXPECT_EQ(render({}, [](Reply& reply) { reply.whole(204, "ignored"); }),
            with_common("HTTP/1.1 204 No Content", "\r\n\r\n"));
  EXPECT_EQ(render({}, [](Reply& reply) { reply.whole(304, "ignored"); }),
            with_common("HTTP/1.1 304 Not Modified", "\r\n\r\n"));
}

TEST(TargetResponse, Chunks) {
  const auto write = [](Reply& reply) {
    reply.head(200, kBinary, Reply::Framing::chunked, 0);
    reply.chunks(40, 32);
  };
  constexpr std::string_view head =
      "\r\nContent-Type: application/octet-stream\r\nTransfer-Encoding: chunked\r\n\r\n";
  EXPECT_EQ(render({}, write),
            with_common("HTTP/1.1 200 OK", std::string(head) + "20\r\n" + std::string(32, 'x') +
                                               "\r\n8\r\nxxxxxxxx\r\n0\r\n\r\n"));
  EXPECT_EQ(render({.method = Method::head}, write), with_common("HTTP/1.1 200 OK", head));
}

TEST(TargetResponse, UntilClose) {
  EXPECT_EQ(render({},
                   [](Reply& reply) {
                     reply.closes();
                     reply.head(200, kBinary, Reply::Framing::until_close, 0);
                     reply.body_filler(3);
                   }),
            with_common("HTTP/1.1 200 OK",
                        "\r\nContent-Type: application/octet-stream\r\nConnection: close\r\n\r\nxxx"));
}

TEST(TargetResponse, DetailsAreEscapedAndHeadersAdded) {
  EXPECT_EQ(render({},
                   [](Reply& reply) {
                     reply.add_header("Allow: GET");
                     reply.detail(405, "a \"b\"");
                   }),
            with_common("HTTP/1.1 405 Method Not Allowed",
                        "\r\nContent-Type: application/json\r\nContent-Length: 21\r\nAllow: GET\r\n\r\n"
                        "{\"detail\": \"a \\\"b\\\"\"}"));
}

TEST(TargetResponse, Dates) {
  EXPECT_EQ(http_date(784111777), kDate);
  EXPECT_EQ(http_date(0), "Thu, 01 Jan 1970 00:00:00 GMT");
  EXPECT_EQ(http_date(951827696), "Tue, 29 Feb 2000 12:34:56 GMT");
  EXPECT_EQ(http_date(4102444799), "Thu, 31 Dec 2099 23:59:59 GMT");
}

std::string json_text(std::string_view text) {
  std::string out;
  append_json_text(out, text);
  return out;
}

TEST(TargetResponse, JsonTexts) {
  EXPECT_EQ(json_text(""), R"("")");
  EXPECT_EQ(json_text("a\"b\\c/ü火"), R"("a\"b\\c/ü火")");
  EXPECT_EQ(json_text(std::string_view("\0\n\x1f\x7f", 4)), "\"\\u0000\\u000a\\u001f\x7f\"");
}

TEST(TargetResponse, Items) {
  std::string out;
  append_item(out, 7, "pen", std::nullopt, 2);
  EXPECT_EQ(out, R"({"id": 7, "name": "pen", "description": null, "price": 2})");
  out.clear();
  append_item(out, INT64_MAX, "", "blue", 0.1);
  EXPECT_EQ(out, R"({"id": 9223372036854775807, "name": "", "description": "blue", "price": 0.1})");
  out.clear();
  append_item(out, 1, "x", "", -1.7976931348623157e308);
  EXPECT_EQ(out, R"({"id": 1, "name": "x", "description": "", "price": -1.7976931348623157e+308})");
}

}  // namespace
}  // namespace saturn::target
