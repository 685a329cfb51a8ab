#include <gtest/gtest.h>

#include "core/plan/limits.hpp"
#include "core/plan/parse.hpp"

namespace saturn {
namespace {

using namespace std::chrono_literals;

Plan plan_of(Step step) {
  Plan plan;
  plan.base_url = "http://h";
  plan.scenarios.resize(1);
  plan.scenarios[0].duration = Nanos(1s);
  plan.scenarios[0].flow.push_back(std::move(step));
  return plan;
}

std::vector<std::string> places(const Plan& plan) {
  std::vector<std::string> found;
  for (const auto& error : validate(plan)) {
    found.push_back(error.place);
    EXPECT_NE(error.message, "") << error.place;
  }
  return found;
}

using Places = std::vector<std::string>;

/// The errors of a plan that one change made wrong.
template <class Change>
Places changed(Change change) {
  Plan plan = plan_of({});
  change(plan);
  return places(plan);
}
template <class Change>
Places scenario(Change change) {
  return changed([&](Plan& plan) { change(plan.scenarios[0]); });
}
Places step(Step one) {
  return places(plan_of(std::move(one)));
}

TEST(PlanValidate, AGoodPlanHasNoErrors) {
  EXPECT_EQ(places(plan_of({})), Places{});
}

TEST(PlanValidate, Top) {
  EXPECT_EQ(changed([](Plan& p) { p.base_url = ""; }), Places{"/base_url"});
  EXPECT_EQ(changed([](Plan& p) { p.base_url = "https://h"; }), Places{"/base_url"});
  EXPECT_EQ(changed([](Plan& p) { p.base_url = "http://h/?a"; }), Places{"/base_url"});
  EXPECT_EQ(changed([](Plan& p) { p.base_url = "http://h/{{seq}}"; }), Places{"/base_url"});
  EXPECT_EQ(changed([](Plan& p) { p.gap = Nanos(-1); }), Places{"/gap"});
  EXPECT_EQ(changed([](Plan& p) { p.gap = limits::kTime + 1ns; }), Places{"/gap"});
  EXPECT_EQ(changed([](Plan& p) { p.scenarios.clear(); }), Places{"/scenarios"});
  EXPECT_EQ(changed([](Plan& p) { p.scenarios.resize(limits::kScenarios + 1); }), Places{"/scenarios"});
}

TEST(PlanValidate, NamesAreUnique) {
  EXPECT_EQ(changed([](Plan& p) { p.scenarios.push_back(p.scenarios[0]); }), Places{"/scenarios/1/name"});
  EXPECT_EQ(scenario([](Scenario& s) { s.name = ""; }), Places{"/scenarios/0/name"});
  EXPECT_EQ(scenario([](Scenario& s) { s.name = std::string(limits::kNameBytes + 1, 'x'); }),
            Places{"/scenarios/0/name"});
  EXPECT_EQ(scenario([](Scenario& s) { s.name = "a\x1b[31m"; }), Places{"/scenarios/0/name"});
}

Places schedule(void (*change)(Scenario&)) {
  return scenario([&](Scenario& s) {
    s.executor = Executor::constant_arrival_rate;
    s.rate = Rate{1000, 1s};
    change(s);
  });
}

TEST(PlanValidate, ARate) {
  EXPECT_EQ(schedule([](Scenario&) {}), Places{});
  EXPECT_EQ(schedule([](Scenario& s) { s.rate.reset(); }), Places{"/scenarios/0/rate"});
  EXPECT_EQ(schedule([](Scenario& s) { s.rate = Rate{0, 1s}; }), Places{"/scenarios/0/rate"});
  EXPECT_EQ(schedule([](Scenario& s) { s.rate = Rate{1, Nanos(0)}; }), Places{"/scenarios/0/rate"});
  EXPECT_EQ(schedule([](Scenario& s) {
              s.rate = Rate{1, limits::kTime + 1ns};
            }),
            Places{"/scenarios/0/rate"});
  EXPECT_EQ(schedule([](Scenario& s) { s.rate = Rate{10, 1us}; }), Places{});
  EXPECT_EQ(schedule([](Scenario& s) { s.rate = Rate{10'000'001, 1s}; }), Places{"/scenarios/0/rate"});
  EXPECT_EQ(schedule([](Scenario& s) { s.duration.reset(); }), Places{"/scenarios/0/duration"});
  EXPECT_EQ(schedule([](Scenario& s) {
              s.duration.reset();
              s.iterations = 5;
            }),
            Places{});
  EXPECT_EQ(schedule([](Scenario& s) { s.iterations = 0; }), Places{"/scenarios/0/iterations"});
  EXPECT_EQ(schedule([](Scenario& s) { s.vus = 0; }), Places{"/scenarios/0/vus"});
  EXPECT_EQ(schedule([](Scenario& s) { s.max_in_flight = s.vus; }), Places{});
  EXPECT_EQ(schedule([](Scenario& s) { s.max_in_flight = s.vus - 1; }), Places{"/scenarios/0/max_in_flight"});
  EXPECT_EQ(schedule([](Scenario& s) { s.max_in_flight = 0; }), Places{"/scenarios/0/max_in_flight"});
  EXPECT_EQ(schedule([](Scenario& s) { s.vus = limits::kInFlight + 1; }),
            Places{"/scenarios/0/max_in_flight"});
  EXPECT_EQ(schedule([](Scenario& s) { s.backlog = 0; }), Places{});
  EXPECT_EQ(schedule([](Scenario& s) { s.backlog = limits::kBacklog + 1; }), Places{"/scenarios/0/backlog"});
  EXPECT_EQ(schedule([](Scenario& s) { s.pipeline = 2; }), Places{"/scenarios/0/pipeline"});
}

TEST(PlanValidate, OnlyAScheduleHasARate) {
  EXPECT_EQ(scenario([](Scenario& s) { s.rate = Rate{1, 1s}; }), Places{"/scenarios/0/rate"});
  EXPECT_EQ(scenario([](Scenario& s) { s.max_in_flight = 100; }), Places{"/scenarios/0/max_in_flight"});
  EXPECT_EQ(scenario([](Scenario& s) { s.backlog = 100; }), Places{"/scenarios/0/backlog"});
}

TEST(PlanValidate, LoadOfEachExecutor) {
  EXPECT_EQ(scenario([](Scenario& s) { s.vus = 0; }), Places{"/scenarios/0/vus"});
  EXPECT_EQ(scenario([](Scenario& s) { s.vus = limits::kVus + 1; }), Places{"/scenarios/0/vus"});
  EXPECT_EQ(scenario([](Scenario& s) { s.vus = limits::kVus; }), Places{});
  EXPECT_EQ(scenario([](Scenario& s) { s.duration.reset(); }), Places{"/scenarios/0/duration"});
  EXPECT_EQ(scenario([](Scenario& s) {
              s.duration.reset();
              s.iterations = 1;
            }),
            Places{});
  EXPECT_EQ(scenario([](Scenario& s) { s.iterations = 0; }), Places{"/scenarios/0/iterations"});
  EXPECT_EQ(scenario([](Scenario& s) { s.iterations = limits::kIterations + 1; }),
            Places{"/scenarios/0/iterations"});
  for (const auto executor : {Executor::shared_iterations, Executor::per_vu_iterations})
    EXPECT_EQ(scenario([&](Scenario& s) { s.executor = executor; }), Places{"/scenarios/0/iterations"});
  EXPECT_EQ(scenario([](Scenario& s) {
              s.executor = Executor::per_vu_iterations;
              s.iterations = limits::kIterations / s.vus + 1;  // over all VUs too many
            }),
            Places{"/scenarios/0/iterations"});
  EXPECT_EQ(scenario([](Scenario& s) { s.executor = Executor::ramping_vus; }),
            Places{"/scenarios/0/executor"});
}

TEST(PlanValidate, Times) {
  EXPECT_EQ(scenario([](Scenario& s) { s.duration = 0s; }), Places{"/scenarios/0/duration"});
  EXPECT_EQ(scenario([](Scenario& s) { s.duration = limits::kTime + 1ns; }), Places{"/scenarios/0/duration"});
  EXPECT_EQ(scenario([](Scenario& s) { s.warmup = -1ns; }), Places{"/scenarios/0/warmup"});
  EXPECT_EQ(scenario([](Scenario& s) { s.graceful_stop = -1ns; }), Places{"/scenarios/0/graceful_stop"});
  EXPECT_EQ(scenario([](Scenario& s) { s.timeout = 0s; }), Places{"/scenarios/0/timeout"});
  EXPECT_EQ(scenario([](Scenario& s) { s.connect_timeout = 0s; }), Places{"/scenarios/0/connect_timeout"});
  EXPECT_EQ(scenario([](Scenario& s) { s.warmup = s.graceful_stop = 0s; }), Places{});
}

TEST(PlanValidate, Connections) {
  EXPECT_EQ(scenario([](Scenario& s) { s.pipeline = 0; }), Places{"/scenarios/0/pipeline"});
  EXPECT_EQ(scenario([](Scenario& s) { s.pipeline = limits::kPipeline + 1; }),
            Places{"/scenarios/0/pipeline"});
  EXPECT_EQ(scenario([](Scenario& s) { s.pipeline = limits::kPipeline; }), Places{});
  EXPECT_EQ(scenario([](Scenario& s) {
              s.pipeline = 2;
              s.flow.resize(2);
            }),
            Places{"/scenarios/0/pipeline"});
  EXPECT_EQ(scenario([](Scenario& s) {
              s.pipeline = 3;
              s.requests_per_connection = 2;
            }),
            Places{"/scenarios/0/pipeline"});
  EXPECT_EQ(scenario([](Scenario& s) { s.requests_per_connection = 0; }),
            Places{"/scenarios/0/requests_per_connection"});
  EXPECT_EQ(scenario([](Scenario& s) { s.max_head_bytes = 10; }), Places{"/scenarios/0/max_head"});
  EXPECT_EQ(scenario([](Scenario& s) { s.max_head_bytes = UINT32_MAX; }), Places{"/scenarios/0/max_head"});
}

TEST(PlanValidate, Flow) {
  EXPECT_EQ(scenario([](Scenario& s) { s.flow.clear(); }), Places{"/scenarios/0/flow"});
  EXPECT_EQ(scenario([](Scenario& s) { s.flow.resize(limits::kSteps + 1); }), Places{"/scenarios/0/flow"});
}

TEST(PlanValidate, RequestLine) {
  const std::string at = "/scenarios/0/flow/0/";
  EXPECT_EQ(step({.path = "items"}), Places{at + "get"});
  EXPECT_EQ(step({.method = "DELETE", .path = ""}), Places{at + "delete"});
  EXPECT_EQ(step({.path = "http://other/"}), Places{at + "get"});
  EXPECT_EQ(step({.path = "/a b"}), Places{at + "get"});
  EXPECT_EQ(step({.path = "/a\r\nX: y"}), Places{at + "get"});
  EXPECT_EQ(step({.path = "/{{seq\r\nX: y}}"}), Places{at + "get"});
  EXPECT_EQ(step({.path = "/{{id}}"}), Places{at + "get"});
  EXPECT_EQ(step({.path = "/\\{{id}}"}), Places{});
  EXPECT_EQ(step({.path = "/\\{{ id }}"}), Places{at + "get"}) << "a space is sent nowhere";
  EXPECT_EQ(step({.path = "/\\{{id\r\nX: y}}"}), Places{at + "get"});
  EXPECT_EQ(step({.path = "/{{random_int(1, 5)}}"}), Places{});
  EXPECT_EQ(step({.method = "PURGE", .path = "x"}), Places{at + "path"});
  EXPECT_EQ(step({.method = "A B"}), Places{at + "method"});
  EXPECT_EQ(step({.method = "G\r\n"}), Places{at + "method"});
  EXPECT_EQ(step({.method = ""}), Places{at + "method"});
  EXPECT_EQ(step({.method = "CONNECT"}), Places{at + "method"});
  EXPECT_EQ(step({.method = std::string(limits::kMethodBytes + 1, 'X')}), Places{at + "method"});
  EXPECT_EQ(step({.name = "a\n"}), Places{at + "name"});
  EXPECT_EQ(step({.name = std::string(limits::kNameBytes + 1, 'x')}), Places{at + "name"});
}

TEST(PlanValidate, HeadersCannotInjectOthers) {
  const std::string at = "/scenarios/0/flow/0/headers/";
  EXPECT_EQ(step({.headers = {{"X", "a\r\nY: b"}}}), Places{at + "X"});
  EXPECT_EQ(step({.headers = {{"X", "a\nb"}}}), Places{at + "X"});
  EXPECT_EQ(step({.headers = {{"X", std::string(1, '\0')}}}), Places{at + "X"});
  EXPECT_EQ(step({.headers = {{"X: 1\r\nY", "b"}}}), Places{at + "X: 1\r\nY"});
  EXPECT_EQ(step({.headers = {{"", "b"}}}), Places{at});
  EXPECT_EQ(step({.headers = {{"a/b", "c"}}}), Places{at + "a~1b"});
  EXPECT_EQ(step({.headers = {{"X", "tab\tand \xc3\xa9"}}}), Places{});
}

TEST(PlanValidate, HeadersThatFollowFromTheRequest) {
  const std::string at = "/scenarios/0/flow/0/headers/";
  EXPECT_EQ(step({.headers = {{"content-length", "3"}}}), Places{at + "content-length"});
  EXPECT_EQ(step({.headers = {{"Transfer-Encoding", "chunked"}}}), Places{at + "Transfer-Encoding"});
  EXPECT_EQ(step({.headers = {{"Host", "a"}}}), Places{});
  EXPECT_EQ(step({.headers = {{"Host", "a"}, {"host", "b"}}}), Places{at + "host"});
  EXPECT_EQ(step({.headers = {{"X", "{{id}}"}}}), Places{at + "X"});
  EXPECT_EQ(step({.headers = std::vector<Header>(limits::kHeaders + 1, Header{"X", "y"})}),
            Places{"/scenarios/0/flow/0/headers"});
  EXPECT_EQ(step({.headers = {{"X", std::string(limits::kHeadBytes, 'x')}}}),
            Places{"/scenarios/0/flow/0/headers"});
}

TEST(PlanValidate, Bodies) {
  const std::string at = "/scenarios/0/flow/0/";
  const auto json = [&](std::string body) {
    return step({.method = "POST", .body_kind = BodyKind::json, .body = std::move(body)});
  };
  EXPECT_EQ(json("{\"a\":}"), Places{at + "json"});
  EXPECT_EQ(json(R"({"a":1,"a":2})"), Places{at + "json/a"});
  EXPECT_EQ(json(R"({"a":"{{nope}}"})"), Places{at + "json"});
  EXPECT_EQ(json(R"({"a":"{{seq}}"})"), Places{});
  EXPECT_EQ(step({.method = "POST", .body_kind = BodyKind::text, .body = "{{nope}}"}), Places{at + "body"});
  EXPECT_EQ(step({.body_kind = BodyKind::text, .body = std::string(limits::kBodyBytes + 1, 'x')}),
            Places{at + "body"});
  EXPECT_EQ(step({.body_kind = BodyKind::text, .body = std::string(limits::kBodyBytes, 'x')}), Places{});
}

TEST(PlanValidate, TemplatesOfOneRequestAreCountedTogether) {
  const auto repeated = [](std::size_t n) {
    std::string text;
    for (std::size_t i = 0; i < n; ++i) text += "{{vu}}";
    return text;
  };
  Step one{.path = "/" + repeated(32), .body_kind = BodyKind::text, .body = repeated(31)};
  one.headers = {{"X", "{{seq}}"}};
  EXPECT_EQ(step(one), Places{});
  one.headers = {{"X", "{{seq}}{{seq}}"}};
  EXPECT_EQ(step(one), Places{"/scenarios/0/flow/0"});
}

TEST(PlanValidate, Expectations) {
  const std::string at = "/scenarios/0/flow/0/expect/";
  EXPECT_EQ(step({.expect = {.statuses = {200, 199, 1000}}}), (Places{at + "status", at + "status"}));
  EXPECT_EQ(step({.expect = {.json_equals_request = true}}), Places{at + "json_equals_request"});
  EXPECT_EQ(step({.body_kind = BodyKind::json, .body = "1", .expect = {.json_equals_request = true}}),
            Places{});
  EXPECT_EQ(step({.method = "HEAD",
                  .body_kind = BodyKind::json,
                  .body = "1",
                  .expect = {.json_equals_request = true}}),
            Places{at + "json_equals_request"});
  EXPECT_EQ(step({.body_kind = BodyKind::json,
                  .body = "\"" + std::string(limits::kGatheredBytes, 'x') + "\"",
                  .expect = {.json_equals_request = true}}),
            Places{at + "json_equals_request"});
}

TEST(PlanValidate, EveryErrorIsFound) {
  Plan plan = plan_of({.path = "x", .headers = {{"A", "\n"}}});
  plan.base_url = "";
  plan.scenarios.push_back(plan.scenarios[0]);
  plan.scenarios[1].vus = 0;
  plan.scenarios[1].timeout = 0s;
  EXPECT_EQ(places(plan), (Places{"/base_url", "/scenarios/0/flow/0/get", "/scenarios/0/flow/0/headers/A",
                                  "/scenarios/1/name", "/scenarios/1/vus", "/scenarios/1/timeout",
                                  "/scenarios/1/flow/0/get", "/scenarios/1/flow/0/headers/A"}));
}

}  // namespace
}  // namespace saturn
