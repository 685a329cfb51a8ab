// What the reference target answers to each request, and what it does with the connection behind it.
#include "target/service.hpp"

#include <gtest/gtest.h>

namespace saturn::target {
namespace {

class TargetService : public testing::Test {
 protected:
  struct Got {
    Answer answer;
    std::string head, body;
  };

  TargetService() { service.set_time(784111777); }

  Got ask(Method method, const std::string& target, const std::string& body = "", std::uint64_t nth = 1) {
    Request request;
    request.method = method;
    request.target = target;
    request.body = body;
    return ask(request, nth);
  }
  Got ask(const Request& request, std::uint64_t nth = 1) {
    std::string out;
    Got got;
    got.answer = service.answer(route(request.target), request, nth, out);
    const std::size_t end = out.find("\r\n\r\n");
    got.head = out.substr(0, end);
    if (end != std::string::npos) got.body = out.substr(end + 4);
    if (got.answer.status != 0) {
      EXPECT_TRUE(got.head.starts_with("HTTP/1.1 " + std::to_string(got.answer.status)) ||
                  got.head.starts_with("HTTP/1.1 103"))
          << got.head;
    }
    return got;
  }
  static void expect(const Got& got, int status, std::string_view body) {
    EXPECT_EQ(got.answer.status, status);
    EXPECT_EQ(got.body, body);
    EXPECT_EQ(got.answer.after, After::keep);
    EXPECT_EQ(got.answer.delay, Nanos(0));
  }

  std::unique_ptr<Store> store = Store::open("").value();
  Truth truth{1};
  Service service{*store, truth, Nanos(0)};
};

TEST_F(TargetService, Hello) {
  const Got got = ask(Method::get, "/hello");
  expect(got, 200, R"({"message": "Hello, World!"})");
  EXPECT_EQ(got.head,
            "HTTP/1.1 200 OK\r\nServer: saturn\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\n"
            "Content-Type: application/json\r\nContent-Length: 28");
  expect(ask(Method::head, "/hello"), 200, "");
}

TEST_F(TargetService, EchoGivesTheBytesBack) {
  expect(ask(Method::post, "/echo", R"( {"b": 1.0,  "a": "ü\u0041"} )"), 200,
         R"( {"b": 1.0,  "a": "ü\u0041"} )");
  expect(ask(Method::post, "/echo", "{\"open\": "), 400, R"({"detail": "the body is not valid JSON"})");
  expect(ask(Method::post, "/echo", ""), 400, R"({"detail": "the body is not valid JSON"})");
}

TEST_F(TargetService, TheLifeOfAnItem) {
  expect(ask(Method::get, "/items/"), 200, "[]");
  expect(ask(Method::post, "/items/", R"({"name": "pen", "description": "blue", "price": 1.5})"), 201,
         R"({"id": 1, "name": "pen", "description": "blue", "price": 1.5})");
  expect(ask(Method::put, "/items/1", R"({"name": "ink", "price": 2})"), 200,
         R"({"id": 1, "name": "ink", "description": null, "price": 2})");
  expect(ask(Method::get, "/items/1"), 200, R"({"id": 1, "name": "ink", "description": null, "price": 2})");
  expect(ask(Method::get, "/items/"), 200, R"([{"id": 1, "name": "ink", "description": null, "price": 2}])");
  expect(ask(Method::del, "/items/1"), 204, "");
  for (const Method method : {Method::get, Method::del})
    expect(ask(method, "/items/1"), 404, R"({"detail": "Item not found"})");
  expect(ask(Method::put, "/items/1", R"({"name": "ink", "price": 2})"), 404,
         R"({"detail": "Item not found"})");
}

TEST_F(TargetService, ABadItemLeavesNoTrace) {
  expect(ask(Method::post, "/items/", R"({"name": "pen"})"), 422,
         R"({"detail": "price is missing or not a number"})");
  expect(ask(Method::put, "/items/1", "{"), 422, R"({"detail": "the body is not valid JSON"})");
  expect(ask(Method::get, "/items/"), 200, "[]");
}

TEST_F(TargetService, WhatIsNotThereAndWhatIsNotAllowed) {
  expect(ask(Method::get, "/nothing"), 404, R"({"detail": "Not Found"})");
  const Got got = ask(Method::put, "/items/");
  expect(got, 405, R"({"detail": "Method Not Allowed"})");
  EXPECT_NE(got.head.find("\r\nAllow: GET, HEAD, POST"), std::string::npos);
}

TEST_F(TargetService, TheConnectionEndsWhereTheRequestSaysSo) {
  Request request;
  request.method = Method::get;
  request.target = "/hello";
  request.keep_alive = false;
  const Got got = ask(request);
  EXPECT_EQ(got.answer.after, After::close);
  EXPECT_TRUE(got.head.ends_with("\r\nConnection: close"));
}

TEST_F(TargetService, DelaysEveryAnswerButTheTruth) {
  Service delayed(*store, truth, Nanos(5'000'000));
  std::string out;
  Request request;
  const auto delay_of = [&](Method method, const char* target) {
    request.method = method;
    request.target = target;
    return delayed.answer(route(target), request, 1, out).delay.count();
  };
  EXPECT_EQ(delay_of(Method::get, "/hello"), 5'000'000);
  EXPECT_EQ(delay_of(Method::get, "/nothing"), 5'000'000);
  EXPECT_EQ(delay_of(Method::get, "/_fault/slow/2ms"), 7'000'000);
  EXPECT_EQ(delay_of(Method::get, "/_truth"), 0);
  EXPECT_EQ(delay_of(Method::post, "/_truth/reset"), 0);
}

TEST_F(TargetService, CountsTheSlowAnswersOut) {
  Service mixed(*store, truth, Delays(Nanos(1), Nanos(20), 250'000));
  std::string out, delays;
  Request request;
  for (int i = 0; i < 8; ++i) {
    delays += std::to_string(mixed.answer(route("/hello"), request, 1, out).delay.count()) + ' ';
    mixed.answer(route("/_truth"), request, 1, out);  // takes no turn
  }
  EXPECT_EQ(delays, "1 1 1 20 1 1 1 20 ");
  Delays thirds(Nanos(0), Nanos(1), 333'333);
  std::int64_t slow = 0;
  for (int i = 0; i < 1'000'000; ++i) slow += thirds.next().count();
  EXPECT_EQ(slow, 333'333);
}

TEST_F(TargetService, TellsAndResetsTheTruth) {
  truth.of_thread(0).add(ThreadTruth::response_cell(200), 3);
  expect(ask(Method::get, "/_truth"), 200, to_json(truth.read()));
  EXPECT_EQ(truth.read().responses, 3U);
  expect(ask(Method::post, "/_truth/reset"), 200, "{}");
  EXPECT_EQ(truth.read().responses, 0U);
}

TEST_F(TargetService, BodiesOfKnownSize) {
  expect(ask(Method::get, "/_fault/bytes/5"), 200, "xxxxx");
  expect(ask(Method::get, "/_fault/bytes/0"), 200, "");
  expect(ask(Method::post, "/_fault/chunked/3"), 200, "3\r\nxxx\r\n0\r\n\r\n");
  expect(ask(Method::get, "/_fault/chunked/4100"), 200,
         "1000\r\n" + std::string(4096, 'x') + "\r\n4\r\nxxxx\r\n0\r\n\r\n");
  const Got got = ask(Method::get, "/_fault/close-delimited/4");
  EXPECT_EQ(got.body, "xxxx");
  const Got large = ask(Method::get, "/_fault/bytes/8192");
  EXPECT_EQ(large.body, "");
  EXPECT_EQ(large.answer.filler, 8192U);
  EXPECT_EQ(ask(Method::head, "/_fault/bytes/8192").answer.filler, 0U);
  EXPECT_EQ(got.answer.after, After::close);
  EXPECT_EQ(got.head.find("Content-Length"), std::string::npos);
}

TEST_F(TargetService, KnownStatusesAndTimes) {
  expect(ask(Method::get, "/_fault/status/503"), 503, "{}");
  expect(ask(Method::get, "/_fault/status/204"), 204, "");
  EXPECT_EQ(ask(Method::get, "/_fault/slow/250ms").answer.delay, Nanos(250'000'000));
}

TEST_F(TargetService, AnnouncedAndUnannouncedCloses) {
  const Got announced = ask(Method::get, "/_fault/close");
  EXPECT_EQ(announced.answer.after, After::close);
  EXPECT_TRUE(announced.head.ends_with("\r\nConnection: close"));
  EXPECT_EQ(ask(Method::get, "/_fault/drop-after/2", "", 1).answer.after, After::keep);
  const Got dropped = ask(Method::get, "/_fault/drop-after/2", "", 2);
  EXPECT_EQ(dropped.answer.after, After::close);
  EXPECT_EQ(dropped.head.find("Connection:"), std::string::npos);
  EXPECT_EQ(dropped.answer.status, 200);
}

TEST_F(TargetService, MoreThanOneAnswerAsksFor) {
  const Got early = ask(Method::get, "/_fault/informational");
  EXPECT_TRUE(early.head.starts_with("HTTP/1.1 103 Early Hints\r\n"));
  EXPECT_TRUE(early.body.starts_with("HTTP/1.1 200 OK\r\n"));
  EXPECT_TRUE(early.body.ends_with("\r\n\r\n{}"));
  expect(ask(Method::get, "/_fault/extra"), 200, "{}bytes nobody asked for");
}

TEST_F(TargetService, AnswersThatAreNone) {
  const Got half = ask(Method::get, "/_fault/half");
  EXPECT_EQ(half.answer.status, 0);
  EXPECT_EQ(half.answer.after, After::close);
  EXPECT_NE(half.head.find("Content-Length: 100"), std::string::npos);
  EXPECT_EQ(half.body.size(), 50U);

  const Got endless = ask(Method::get, "/_fault/endless-head");
  EXPECT_EQ(endless.answer.status, 0);
  EXPECT_EQ(endless.answer.after, After::hang);
  EXPECT_GE(endless.head.size(), std::size_t{1} << 20);
  EXPECT_EQ(endless.body, "");

  const struct {
    const char* target;
    After after;
    std::string_view head;
  } rest[] = {{"/_fault/garbage", After::close, "\x01\x02 this is no HTTP \xff\xfe"},
              {"/_fault/reset", After::reset, ""},
              {"/_fault/early", After::close, ""},
              {"/_fault/silence", After::hang, ""}};
  for (const auto& fault : rest) {
    const Got got = ask(Method::post, fault.target);
    EXPECT_EQ(got.answer.status, 0) << fault.target;
    EXPECT_EQ(got.answer.after, fault.after) << fault.target;
    EXPECT_EQ(got.head, fault.head);
  }
}

TEST_F(TargetService, RefusesWhatIsNoRequest) {
  const auto refuse = [&](RequestParser::Outcome outcome) {
    std::string out;
    const Answer answer = service.refuse(outcome, out);
    EXPECT_EQ(answer.after, After::close);
    return std::to_string(answer.status) + out.substr(out.find("\r\n\r\n") + 4);
  };
  EXPECT_EQ(refuse(RequestParser::Outcome::malformed), R"(400{"detail": "this is not HTTP/1.1"})");
  EXPECT_EQ(refuse(RequestParser::Outcome::head_too_large),
            R"(431{"detail": "the request's head is too large"})");
  EXPECT_EQ(refuse(RequestParser::Outcome::body_too_large),
            R"(413{"detail": "the request's body is too large"})");
}

}  // namespace
}  // namespace saturn::target
