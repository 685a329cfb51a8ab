#include <gtest/gtest.h>

#include <numeric>

#include "core/base/prng.hpp"
#include "core/plan/parse.hpp"
#include "core/plan/program.hpp"

namespace saturn {
namespace {

Plan plan_of(Step step) {
  Plan plan;
  plan.base_url = "http://127.0.0.1:8000";
  plan.scenarios.resize(1);
  plan.scenarios[0].duration = std::chrono::seconds(1);
  plan.scenarios[0].flow.push_back(std::move(step));
  return plan;
}

Program good(const Plan& plan) {
  auto program = compile(plan, 42);
  EXPECT_TRUE(program) << to_text(program.errors()[0]);
  return program ? *program : Program{};
}

const StepProgram& only_step(const Program& program) {
  return program.scenarios.at(0).steps.at(0);
}

std::string request_of(const Plan& plan, const Coordinates& at = {.seq = 1}) {
  const auto program = good(plan);
  const auto& request = only_step(program).request;
  std::string out(request.max_bytes(), '#');
  out.resize(request.render(at, out));
  return out;
}

TEST(Compile, GetHasHostAndUserAgent) {
  EXPECT_EQ(request_of(plan_of({.path = "/hello"})),
            "GET /hello HTTP/1.1\r\nHost: 127.0.0.1:8000\r\nUser-Agent: saturn/0.1.0\r\n\r\n");
}

TEST(Compile, EscapedBracesAreSentAsBraces) {
  EXPECT_EQ(request_of(plan_of({.method = "PUT",
                                .path = "/\\{{a}}/{{seq}}",
                                .headers = {{"X", "\\{{b}}"}},
                                .body_kind = BodyKind::text,
                                .body = "\\{{ c }}"})),
            "PUT /{{a}}/1 HTTP/1.1\r\nHost: 127.0.0.1:8000\r\nUser-Agent: saturn/0.1.0\r\nX: {{b}}\r\n"
            "Content-Length: 7\r\n\r\n{{ c }}");
  const auto json = request_of(
      plan_of({.method = "PUT", .body_kind = BodyKind::json, .body = R"({"a":"\\{{ c }}","n":"{{seq}}"})"}));
  EXPECT_NE(json.find("\r\n\r\n{\"a\":\"{{ c }}\",\"n\":1}"), std::string::npos) << json;
  EXPECT_EQ(good(plan_of({.path = "/\\{{a}}"})).scenarios[0].steps[0].name, "GET /{{a}}");
}

TEST(Compile, OriginComesFromTheBaseUrl) {
  auto plan = plan_of({});
  plan.base_url = "[::1]:81";
  plan.gap = std::chrono::seconds(3);
  const auto program = good(plan);
  EXPECT_EQ(program.origin.host, "::1");
  EXPECT_EQ(program.origin.port, 81);
  EXPECT_EQ(program.origin.host_header, "[::1]:81");
  EXPECT_EQ(program.gap, std::chrono::seconds(3));
  EXPECT_EQ(program.scenarios[0].url, "http://[::1]:81/");
}

TEST(Compile, AScheduleHasItsLimitsWrittenOut) {
  auto plan = plan_of({});
  Scenario& scenario = plan.scenarios[0];
  scenario.executor = Executor::constant_arrival_rate;
  scenario.rate = Rate{300, std::chrono::seconds(1)};
  scenario.vus = 20;
  auto program = good(plan).scenarios[0];
  EXPECT_EQ(program.rate, scenario.rate);
  EXPECT_EQ(program.vus, 10'000U);
  EXPECT_EQ(program.vus_at_start, 20U);
  EXPECT_EQ(program.backlog, 3000U);  // 10 s
  scenario.max_in_flight = 20;
  scenario.backlog = 0;
  program = good(plan).scenarios[0];
  EXPECT_EQ(program.vus, 20U);
  EXPECT_EQ(program.backlog, 0U);
  scenario.backlog.reset();
  scenario.rate = Rate{1, std::chrono::hours(1)};
  EXPECT_EQ(good(plan).scenarios[0].backlog, 1U);
  scenario.rate = Rate{10, std::chrono::microseconds(1)};
  EXPECT_EQ(good(plan).scenarios[0].backlog, 10'000'000U);
}

TEST(Compile, PathOfTheBaseUrlGoesBeforeEveryPath) {
  auto plan = plan_of({.path = "/items/?a=1"});
  plan.base_url = "http://h/api/";
  EXPECT_EQ(request_of(plan).substr(0, 30), "GET /api/items/?a=1 HTTP/1.1\r\n");
  EXPECT_EQ(good(plan).scenarios[0].url, "http://h/api/items/?a=1");
}

TEST(Compile, JsonBodyGetsTypeAndLength) {
  EXPECT_EQ(request_of(plan_of({.method = "POST", .body_kind = BodyKind::json, .body = R"({"a":1})"})),
            "POST / HTTP/1.1\r\nHost: 127.0.0.1:8000\r\nUser-Agent: saturn/0.1.0\r\n"
            "Content-Type: application/json\r\nContent-Length: 7\r\n\r\n{\"a\":1}");
}

TEST(Compile, TextBodyHasNoTypeOfItsOwn) {
  EXPECT_EQ(request_of(plan_of({.method = "PUT", .body_kind = BodyKind::text, .body = "x"})),
            "PUT / HTTP/1.1\r\nHost: 127.0.0.1:8000\r\nUser-Agent: saturn/0.1.0\r\n"
            "Content-Length: 1\r\n\r\nx");
}

TEST(Compile, PostWithoutABodySaysSo) {
  for (const auto* method : {"POST", "PUT", "PATCH"})
    EXPECT_TRUE(request_of(plan_of({.method = method})).ends_with("Content-Length: 0\r\n\r\n")) << method;
  for (const auto* method : {"GET", "DELETE", "HEAD"})
    EXPECT_EQ(request_of(plan_of({.method = method})).find("Content-Length"), std::string::npos) << method;
}

TEST(Compile, WhatTheUserGivesIsNotAddedAgain) {
  auto plan = plan_of({.method = "POST",
                       .headers = {{"host", "other"},
                                   {"USER-AGENT", "me"},
                                   {"content-type", "application/x"},
                                   {"connection", "keep-alive"},
                                   {"authorization", "Bearer t"}},
                       .body_kind = BodyKind::json,
                       .body = "1"});
  plan.base_url = "http://u:p@h";
  plan.scenarios[0].requests_per_connection = 1;
  EXPECT_EQ(request_of(plan),
            "POST / HTTP/1.1\r\nhost: other\r\nUSER-AGENT: me\r\ncontent-type: application/x\r\n"
            "connection: keep-alive\r\nauthorization: Bearer t\r\nContent-Length: 1\r\n\r\n1");
}

TEST(Compile, UserInfoBecomesBasicAuthorization) {
  auto plan = plan_of({});
  plan.base_url = "http://ann:p%40ss@h";
  EXPECT_NE(request_of(plan).find("\r\nAuthorization: Basic YW5uOnBAc3M=\r\n"), std::string::npos);
  EXPECT_EQ(good(plan).scenarios[0].url, "http://***@h/");
  plan.base_url = "http://ann@h";  // "ann:"
  EXPECT_NE(request_of(plan).find("\r\nAuthorization: Basic YW5uOg==\r\n"), std::string::npos);
}

TEST(Compile, OneRequestAConnectionAsksTheServerToClose) {
  auto plan = plan_of({});
  plan.scenarios[0].requests_per_connection = 1;
  EXPECT_NE(request_of(plan).find("\r\nConnection: close\r\n"), std::string::npos);
  plan.scenarios[0].requests_per_connection = 2;
  EXPECT_EQ(request_of(plan).find("Connection"), std::string::npos);
}

TEST(Compile, TemplatesInPathHeaderAndBody) {
  const auto plan = plan_of({.method = "PUT",
                             .path = "/items/{{ seq }}",
                             .headers = {{"X-Vu", "vu {{vu}}!"}},
                             .body_kind = BodyKind::text,
                             .body = "{{iteration}}/{{seq(100)}}"});
  EXPECT_EQ(request_of(plan, {.seq = 5, .vu = 7, .iteration = 9}),
            "PUT /items/5 HTTP/1.1\r\nHost: 127.0.0.1:8000\r\nUser-Agent: saturn/0.1.0\r\nX-Vu: vu 7!\r\n"
            "Content-Length: 5\r\n\r\n9/104");
}

TEST(Compile, JsonStringThatIsOneTemplateBecomesANumber) {
  const auto plan = plan_of(
      {.method = "POST",
       .body_kind = BodyKind::json,
       .body =
           R"({"id":"{{seq}}","n":["{{vu}}","{{ iteration }}"],"t":"no {{seq}}","q":"\"{{seq}}\"","{{seq}}":"{{seq}}x"})"});
  const auto program = good(plan);
  std::string body(only_step(program).request.max_body_bytes(), '#');
  body.resize(only_step(program).request.render_body({.seq = 3, .vu = 1, .iteration = 2}, body));
  EXPECT_EQ(body, R"({"id":3,"n":[1,2],"t":"no 3","q":"\"3\"","3":"3x"})");
}

TEST(Compile, DrawsDifferInARequestAndBetweenSteps) {
  auto plan = plan_of({.path = "/{{random_int(1, 1000000)}}/{{random_int(1, 1000000)}}"});
  plan.scenarios[0].flow.push_back({.path = "/{{random_int(1, 1000000)}}"});
  const auto program = good(plan);
  const Coordinates at{.seed = 7, .scenario = 0, .seq = 11};
  const auto number = [&](std::uint64_t index) {
    return std::to_string(in_range(draw(7, 0, 11, index), 1, 1000000));
  };
  const auto path = [&](std::size_t step) {
    const auto& request = program.scenarios[0].steps[step].request;
    std::string out(request.max_bytes(), '#');
    out.resize(request.render(at, out));
    return out.substr(4, out.find(" HTTP") - 4);
  };
  EXPECT_EQ(path(0), "/" + number(0) + "/" + number(1));
  EXPECT_EQ(path(1), "/" + number(RequestTemplate::kMaxValues));
  EXPECT_NE(number(0), number(1));
}

TEST(Compile, SeedOfThePlanBeforeTheDefault) {
  auto plan = plan_of({});
  EXPECT_EQ(good(plan).seed, 42u);
  plan.seed = 7;
  EXPECT_EQ(good(plan).seed, 7u);
}

TEST(Compile, WithoutExpectEvery2xxAnd3xxIsAccepted) {
  const auto program = good(plan_of({}));
  const auto& step = only_step(program);
  EXPECT_EQ(step.accepted.count(), 200u);
  EXPECT_TRUE(step.accepted[200] && step.accepted[399]);
  EXPECT_FALSE(step.custom_expect);
  EXPECT_TRUE(step.check_names.empty());
  EXPECT_EQ(step.body_limit, 0u);
}

TEST(Compile, ExpectedStatusesAndTheirCheckName) {
  const auto named = [](std::vector<int> statuses) {
    const auto program = good(plan_of({.expect = {.statuses = std::move(statuses)}}));
    return only_step(program).check_names.at(0);
  };
  EXPECT_EQ(named({200}), "status is 200");
  EXPECT_EQ(named({200, 204}), "status is 200 or 204");
  EXPECT_EQ(named({200, 201, 204}), "status is 200, 201 or 204");
  std::vector<int> success(100);
  std::iota(success.begin(), success.end(), 200);
  EXPECT_EQ(named(success), "status is 2xx");
  const auto program = good(plan_of({.expect = {.statuses = {200, 204}}}));
  EXPECT_EQ(only_step(program).accepted.count(), 2u);
  EXPECT_TRUE(only_step(program).accepted[204]);
  EXPECT_TRUE(only_step(program).custom_expect);
}

TEST(Compile, BodyLimitFollowsTheRequestsBody) {
  Step step{.method = "POST",
            .body_kind = BodyKind::json,
            .body = "\"" + std::string(98, 'x') + "\"",
            .expect = {.statuses = {200}, .json_equals_request = true}};
  const auto program = good(plan_of(step));
  EXPECT_EQ(only_step(program).body_limit, 4096u + 16 * 100);
  EXPECT_EQ(only_step(program).check_names,
            (std::vector<std::string>{"status is 200", "json equals request"}));
  step.body = "\"" + std::string(100'000, 'x') + "\"";
  step.expect.statuses.clear();
  const auto large = good(plan_of(step));
  EXPECT_EQ(only_step(large).body_limit, 1024u * 1024);
  EXPECT_EQ(only_step(large).check_names, std::vector<std::string>{"json equals request"});
}

TEST(Compile, MethodsThatMayBeSentAgain) {
  for (const auto* method : {"GET", "HEAD", "PUT", "DELETE", "OPTIONS", "TRACE"})
    EXPECT_TRUE(only_step(good(plan_of({.method = method}))).idempotent) << method;
  for (const auto* method : {"POST", "PATCH", "get", "PURGE"})
    EXPECT_FALSE(only_step(good(plan_of({.method = method}))).idempotent) << method;
  EXPECT_TRUE(only_step(good(plan_of({.method = "HEAD"}))).head_method);
  EXPECT_FALSE(only_step(good(plan_of({}))).head_method);
}

TEST(Compile, IterationsByExecutor) {
  auto plan = plan_of({});
  EXPECT_FALSE(good(plan).scenarios[0].total_iterations);
  plan.scenarios[0].iterations = 100;
  EXPECT_EQ(good(plan).scenarios[0].total_iterations, 100u);
  plan.scenarios[0].executor = Executor::shared_iterations;
  EXPECT_EQ(good(plan).scenarios[0].total_iterations, 100u);
  EXPECT_FALSE(good(plan).scenarios[0].iterations_per_vu);
  plan.scenarios[0].executor = Executor::per_vu_iterations;
  EXPECT_EQ(good(plan).scenarios[0].total_iterations, 5000u);
  EXPECT_EQ(good(plan).scenarios[0].iterations_per_vu, 100u);
}

TEST(Compile, StepsAreNamedByMethodAndPath) {
  EXPECT_EQ(only_step(good(plan_of({.path = "/items/{{seq}}"}))).name, "GET /items/{{seq}}");
  EXPECT_EQ(only_step(good(plan_of({.name = "one"}))).name, "one");
}

TEST(Compile, EveryErrorAtOnce) {
  auto plan = plan_of({.path = "/{{nope}}"});
  plan.base_url = "https://h";
  plan.scenarios[0].vus = 0;
  const auto program = compile(plan, 1);
  ASSERT_FALSE(program);
  std::vector<std::string> places;
  for (const auto& error : program.errors()) places.push_back(error.place);
  EXPECT_EQ(places, (std::vector<std::string>{"/base_url", "/scenarios/0/vus", "/scenarios/0/flow/0/get"}));
}

}  // namespace
}  // namespace saturn
