#include <gtest/gtest.h>

#include <set>

#include "core/plan/parse.hpp"

namespace saturn {
namespace {

using namespace std::chrono_literals;

Plan good(std::string_view json) {
  auto plan = parse_plan(json);
  EXPECT_TRUE(plan) << json << "\n" << to_text(plan.errors()[0]);
  return plan ? *plan : Plan{};
}

using Places = std::multiset<std::string>;

Errors errors_of(std::string_view json) {
  const auto plan = parse_plan(json);
  EXPECT_FALSE(plan) << json;
  return plan ? Errors{} : plan.errors();
}

Places places_of(std::string_view json) {
  Places places;
  for (const auto& error : errors_of(json)) places.insert(error.place);
  return places;
}

/// The only error of a plan.
Error error_of(std::string_view json) {
  const auto errors = errors_of(json);
  EXPECT_EQ(errors.size(), 1u) << json;
  for (std::size_t i = 1; i < errors.size(); ++i) ADD_FAILURE() << to_text(errors[i]);
  return errors.empty() ? Error{} : errors[0];
}

std::string with_scenario(std::string_view members) {
  return R"({"base_url":"http://h","scenarios":[{"name":"s","executor":"constant-vus","duration":"1s",)" +
         std::string(members) + "}]}";
}
std::string with_step(std::string_view members) {
  return with_scenario(R"("flow":[{)" + std::string(members) + "}]");
}
std::string with_top(std::string_view members) {
  return R"({"base_url":"http://h","scenarios":[{"name":"s","executor":"constant-vus","duration":"1s",)"
         R"("flow":[{"get":"/"}]}],)" +
         std::string(members) + "}";
}

TEST(PlanParse, ReadsEverythingThisVersionKnows) {
  const auto plan = good(R"({
    "schema": "saturn.plan/1", "$schema": "x", "comment": "c", "base_url": "http://127.0.0.1:8000", "mode": "sequential",
    "gap": "3s", "seed": 7,
    "defaults": { "timeout": "20s", "warmup": "1s", "headers": { "Accept": "application/json", "X-A": "1" } },
    "scenarios": [
      { "name": "hello", "comment": ["c"], "executor": "constant-vus", "vus": 10, "duration": "10s", "iterations": 9,
        "flow": [ { "get": "/hello", "name": "first", "expect": { "status": 200 } }, { "head": "/x" } ] },
      { "name": "put", "executor": "shared-iterations", "vus": 2, "iterations": 1000, "warmup": "0s", "graceful_stop": "1s",
        "timeout": "2s", "connect_timeout": "3s", "pipeline": 4, "requests_per_connection": 100, "max_head": 4096,
        "flow": [ { "put": "/items/{{random_int(1, 1500)}}", "json": { "b": 2.50, "a": "{{seq}}" },
                    "headers": { "x-a": "2", "X-B": ["3", "4"] }, "expect": { "status": [200, 204], "json_equals_request": true } } ] },
      { "name": "once", "executor": "per-vu-iterations", "iterations": 3, "keepalive": false,
        "flow": [ { "post": "/", "body": "text" }, { "method": "PURGE", "path": "/p" } ] } ] })");
  EXPECT_EQ(plan.base_url, "http://127.0.0.1:8000");
  EXPECT_EQ(plan.gap, 3s);
  EXPECT_EQ(plan.seed, 7u);
  ASSERT_EQ(plan.scenarios.size(), 3u);

  const auto& hello = plan.scenarios[0];
  EXPECT_EQ(hello.name, "hello");
  EXPECT_EQ(hello.executor, Executor::constant_vus);
  EXPECT_EQ(hello.vus, 10u);
  EXPECT_EQ(hello.duration, Nanos(10s));
  EXPECT_EQ(hello.iterations, 9u);
  EXPECT_EQ(hello.warmup, 1s);
  EXPECT_EQ(hello.timeout, 20s);
  EXPECT_EQ(hello.connect_timeout, 10s);
  EXPECT_EQ(hello.graceful_stop, 5s);
  ASSERT_EQ(hello.flow.size(), 2u);
  EXPECT_EQ(hello.flow[0].name, "first");
  EXPECT_EQ(hello.flow[0].method, "GET");
  EXPECT_EQ(hello.flow[0].path, "/hello");
  EXPECT_EQ(hello.flow[0].expect.statuses, std::vector<int>{200});
  EXPECT_EQ(hello.flow[1].method, "HEAD");

  const auto& put = plan.scenarios[1];
  EXPECT_EQ(put.executor, Executor::shared_iterations);
  EXPECT_EQ(put.iterations, 1000u);
  EXPECT_FALSE(put.duration);
  EXPECT_EQ(put.warmup, 0s);
  EXPECT_EQ(put.graceful_stop, 1s);
  EXPECT_EQ(put.timeout, 2s);
  EXPECT_EQ(put.connect_timeout, 3s);
  EXPECT_EQ(put.pipeline, 4u);
  EXPECT_EQ(put.requests_per_connection, 100u);
  EXPECT_EQ(put.max_head_bytes, 4096u);
  const auto& step = put.flow.at(0);
  EXPECT_EQ(step.body_kind, BodyKind::json);
  EXPECT_EQ(step.body, R"({"b":2.5,"a":"{{seq}}"})");
  EXPECT_EQ(step.expect.statuses, (std::vector<int>{200, 204}));
  EXPECT_TRUE(step.expect.json_equals_request);
  std::string headers;
  for (const auto& header : step.headers) headers += header.name + "=" + header.value + " ";
  EXPECT_EQ(headers, "Accept=application/json x-a=2 X-B=3 X-B=4 ");

  const auto& once = plan.scenarios[2];
  EXPECT_EQ(once.executor, Executor::per_vu_iterations);
  EXPECT_EQ(once.vus, 50u);
  EXPECT_EQ(once.requests_per_connection, 1u);
  EXPECT_EQ(once.flow.at(0).method, "POST");
  EXPECT_EQ(once.flow.at(0).body, "text");
  EXPECT_EQ(once.flow.at(0).body_kind, BodyKind::text);
  EXPECT_EQ(once.flow.at(1).method, "PURGE");
  EXPECT_EQ(once.flow.at(1).path, "/p");
}

TEST(PlanParse, EveryMethodHasItsKey) {
  for (const auto* method : {"get", "post", "put", "delete", "patch", "head", "options"}) {
    std::string upper(method);
    for (auto& c : upper) c = static_cast<char>(c - 'a' + 'A');
    EXPECT_EQ(good(with_step("\"" + std::string(method) + "\":\"/x\"")).scenarios[0].flow[0].method, upper);
  }
}

TEST(PlanParse, BaseUrlFromTheCommandLineReplacesThePlans) {
  const auto plan = parse_plan(with_step(R"("get":"/")"), "http://other:1");
  ASSERT_TRUE(plan);
  EXPECT_EQ(plan->base_url, "http://other:1");
  const std::string without =
      R"({"scenarios":[{"name":"s","executor":"constant-vus","duration":"1s","flow":[{"get":"/"}]}]})";
  EXPECT_TRUE(parse_plan(without, "http://h"));
  EXPECT_EQ(error_of(without).place, "/base_url");
}

TEST(PlanParse, SyntaxErrorsHaveLineAndColumn) {
  EXPECT_EQ(error_of("{\n  \"base_url\" \"x\"}").message.substr(0, 17), "not JSON: line 2,");
  EXPECT_EQ(error_of(R"({"seed":1,"seed":2})").place, "/seed");
  EXPECT_EQ(error_of("[]").message, "an object is wanted here, not an array");
}

TEST(PlanParse, WhatALaterVersionWillHaveIsRefusedAtItsPlace) {
  EXPECT_EQ(error_of(with_top(R"("mode":"parallel")")).place, "/mode");
  EXPECT_EQ(error_of(with_top(R"("data":{})")).place, "/data");
  EXPECT_EQ(error_of(with_step(R"("get":"/","think":"1s")")).place, "/scenarios/0/flow/0/think");
  EXPECT_EQ(error_of(with_step(R"("think":"1s")")).place, "/scenarios/0/flow/0/think");
  EXPECT_EQ(error_of(with_step(R"("get":"/","extract":{})")).place, "/scenarios/0/flow/0/extract");
  EXPECT_EQ(error_of(with_step(R"("get":"/","expect":{"json":{}})")).place,
            "/scenarios/0/flow/0/expect/json");
  EXPECT_EQ(error_of(with_step(R"("get":"/{{id}}")")).place, "/scenarios/0/flow/0/get");
  EXPECT_EQ(error_of(with_step(R"("put":"/","json":{"n":"{{names.first}}"})")).place,
            "/scenarios/0/flow/0/json");
  for (const auto* key : {"stages", "arrival"})
    EXPECT_EQ(error_of(with_scenario(R"("flow":[{"get":"/"}],")" + std::string(key) + R"(":1)")).place,
              "/scenarios/0/" + std::string(key));
  for (const auto* executor : {"ramping-vus", "ramping-arrival-rate"}) {
    const auto error = error_of(R"({"base_url":"h","scenarios":[{"name":"s","executor":")" +
                                std::string(executor) + R"(","flow":[{"get":"/"}]}]})");
    EXPECT_EQ(error.place, "/scenarios/0/executor");
    EXPECT_EQ(error.message, std::string(executor) + " is not in this version");
  }
}

TEST(PlanParse, AConstantArrivalRate) {
  const auto with = [](const std::string& members) {
    return R"({"base_url":"h","scenarios":[{"name":"s","executor":"constant-arrival-rate","duration":"1s",)" +
           members + R"(,"flow":[{"get":"/"}]}]})";
  };
  const auto scenario = [&](const std::string& members) {
    const auto plan = parse_plan(with(members));
    EXPECT_TRUE(plan) << members << ": " << (plan ? "" : to_text(plan.errors()[0]));
    return plan ? plan->scenarios[0] : Scenario{};
  };
  using namespace std::chrono_literals;
  const auto grows = scenario(R"("rate":"3000/s")");
  EXPECT_EQ(grows.executor, Executor::constant_arrival_rate);
  EXPECT_EQ(grows.rate, (Rate{3000, 1s}));
  EXPECT_EQ(grows.vus, 30U);
  EXPECT_FALSE(grows.max_in_flight);
  EXPECT_FALSE(grows.backlog);
  EXPECT_EQ(scenario(R"("rate":200)").rate, (Rate{200, 1s}));
  EXPECT_EQ(scenario(R"("rate":0.5)").rate, (Rate{5, 10s}));
  const auto stays = scenario(R"("rate":"10/ms","vus":64,"backlog":0)");
  EXPECT_EQ(stays.vus, 64U);
  EXPECT_EQ(stays.max_in_flight, 64U);
  EXPECT_EQ(stays.backlog, 0U);
  const auto both = scenario(R"("rate":"10/ms","vus":64,"max_in_flight":100)");
  EXPECT_EQ(both.vus, 64U);
  EXPECT_EQ(both.max_in_flight, 100U);

  EXPECT_EQ(error_of(with(R"("rate":"fast")")).place, "/scenarios/0/rate");
  EXPECT_EQ(error_of(with(R"("rate":[5])")).place, "/scenarios/0/rate");
  EXPECT_EQ(error_of(with(R"("rate":-5)")).place, "/scenarios/0/rate");
  EXPECT_EQ(error_of(with(R"("rate":0)")).place, "/scenarios/0/rate");
  EXPECT_EQ(error_of(with(R"("rate":5,"max_in_flight":"many")")).place, "/scenarios/0/max_in_flight");
  EXPECT_EQ(error_of(with(R"("rate":5,"max_in_flight":9,"vus":10)")).place, "/scenarios/0/max_in_flight");
  EXPECT_EQ(error_of(with(R"("rate":5,"backlog":-1)")).place, "/scenarios/0/backlog");
  EXPECT_EQ(error_of(with(R"("backlog":1)")).message, "constant-arrival-rate needs a rate");
}

TEST(PlanParse, ExampleOfEverythingIsRefusedWithEveryPlace) {
  EXPECT_EQ(
      places_of(R"({ "schema": "saturn.plan/1", "base_url": "http://127.0.0.1:8000", "mode": "sequential",
    "data": { "names": { "csv": "names.csv", "pick": "random" } },
    "scenarios": [
      { "name": "update", "executor": "shared-iterations", "vus": 10, "iterations": 1000,
        "flow": [ { "put": "/items/{{random_int(1, 1500)}}", "json": { "name": "{{names.first}}-{{seq}}" } } ] },
      { "name": "order", "executor": "ramping-arrival-rate", "arrival": "poisson", "max_in_flight": 500,
        "stages": [ { "duration": "10s", "rate": "200/s" } ],
        "flow": [ { "name": "create", "post": "/items/", "extract": { "id": { "json": "/id" } } },
                  { "think": "50ms" },
                  { "get": "/items/{{id}}", "expect": { "json": { "/id": "{{id}}" } } } ] } ],
    "thresholds": [ "latency{scenario:order} p(99)<1s", "errors rate<0.01" ] })"),
      (Places{"/data", "/thresholds/0", "/scenarios/0/flow/0/json", "/scenarios/1/executor",
              "/scenarios/1/arrival", "/scenarios/1/stages", "/scenarios/1/flow/0/extract",
              "/scenarios/1/flow/1/think", "/scenarios/1/flow/2/get", "/scenarios/1/flow/2/expect/json"}));
}

TEST(PlanParse, UnknownKeysAndNamesGetAHint) {
  EXPECT_EQ(error_of(with_top(R"("sed":1)")).remedy, "did you mean \"seed\"?");
  EXPECT_EQ(error_of(with_scenario(R"("flow":[{"get":"/"}],"vu":1)")).place, "/scenarios/0/vu");
  EXPECT_EQ(error_of(with_step(R"("get":"/","expect":{"stauts":200})")).place,
            "/scenarios/0/flow/0/expect/stauts");
  EXPECT_EQ(error_of(with_top(R"("defaults":{"timeuot":"1s"})")).place, "/defaults/timeuot");
  const auto executor = error_of(
      R"({"base_url":"h","scenarios":[{"name":"s","executor":"constant-vu","duration":"1s","flow":[{"get":"/"}]}]})");
  EXPECT_EQ(executor.place, "/scenarios/0/executor");
  EXPECT_EQ(executor.remedy, "did you mean \"constant-vus\"?");
}

TEST(PlanParse, AWordThatPeopleTryGetsTheOneThatWorks) {
  const auto remedy = [](const std::string& step) { return error_of(with_step(step)).remedy; };
  for (const char* key : {"check", "checks", "assert", "status"})
    EXPECT_EQ(remedy("\"get\":\"/\",\"" + std::string(key) + "\":{}"), R"(write "expect": { "status": 200 })")
        << key;
  EXPECT_EQ(remedy(R"("get":"/","header":{"A":"b"})"), R"(write "headers": { "Accept": "text/html" })");
  EXPECT_EQ(remedy(R"("get":"/","expect":{"header":{}})"),
            "headers of answers are not checked in this version: leave it out");
  EXPECT_EQ(remedy(R"("get":"/","expect":{"code":200})"), R"(write "status": 200, or a list)");
  EXPECT_EQ(remedy(R"("get":"/","extracts":{})"), "") << "what is not in this version is not suggested";
  EXPECT_EQ(error_of(with_scenario(R"("flow":[{"get":"/"}],"connections":5)")).remedy, R"(write "vus": 10)");
}

TEST(PlanParse, AnotherKindOfFileIsOneError) {
  const auto only = [](const std::string& text) {
    const auto plan = parse_plan(text);
    EXPECT_FALSE(plan);
    EXPECT_EQ(plan.errors().size(), 1U) << text;
    return to_text(plan.errors().front());
  };
  EXPECT_EQ(only(R"({"schema":"saturn.study/1","targets":[],"x":1})"),
            "/schema: this is a study, not a plan (run it with: saturn study FILE)");
  EXPECT_EQ(only(R"({"schema":"saturn.result/1","argv":[],"scenarios":[{"a":1}]})"),
            "/schema: this is the result of a run, not a plan (print it with: saturn report FILE)");
  EXPECT_EQ(only(R"({"schema":"saturn.study-result/1","notes":[]})"),
            "/schema: this is the result of a study, not a plan (print it with: saturn report FILE)");
  EXPECT_EQ(only(R"({"metrics":{},"root_group":{}})"),
            "this JSON is no plan of saturn: it has no \"scenarios\" (a plan begins with { \"schema\": "
            "\"saturn.plan/1\", … })");
}

TEST(PlanParse, TopLevelMistakes) {
  EXPECT_EQ(error_of(with_top(R"("schema":"saturn.plan/2")")).place, "/schema");
  EXPECT_EQ(error_of(with_top(R"("schema":"saturn.study/1")")).message, "this is a study, not a plan");
  EXPECT_EQ(error_of(with_top(R"("mode":"both")")).place, "/mode");
  EXPECT_EQ(error_of(with_top(R"("gap":3)")).place, "/gap");
  EXPECT_EQ(error_of(with_top(R"("seed":-1)")).place, "/seed");
  EXPECT_EQ(error_of(with_top(R"("defaults":[])")).place, "/defaults");
  EXPECT_EQ(error_of(R"({"base_url":"h","scenarios":{}})").place, "/scenarios");
  EXPECT_EQ(error_of(R"({"base_url":"h"})").place, "/scenarios");
  EXPECT_EQ(
      error_of(
          R"({"base_url":1,"scenarios":[{"name":"s","executor":"constant-vus","duration":"1s","flow":[{"get":"/"}]}]})")
          .place,
      "/base_url");
  EXPECT_EQ(error_of(R"({"base_url":"h","scenarios":[1]})").place, "/scenarios/0");
}

TEST(PlanParse, SeveralScenariosNeedAMode) {
  const std::string one = R"({"name":"a","executor":"constant-vus","duration":"1s","flow":[{"get":"/"}]})";
  const std::string two = R"({"name":"b","executor":"constant-vus","duration":"1s","flow":[{"get":"/"}]})";
  EXPECT_EQ(error_of(R"({"base_url":"h","scenarios":[)" + one + "," + two + "]}").place, "/mode");
  EXPECT_EQ(
      good(R"({"base_url":"h","mode":"sequential","scenarios":[)" + one + "," + two + "]}").scenarios.size(),
      2u);
}

TEST(PlanParse, StepMistakes) {
  EXPECT_EQ(error_of(with_step(R"("name":"x")")).place, "/scenarios/0/flow/0");
  EXPECT_EQ(error_of(with_step(R"("get":"/","post":"/")")).place, "/scenarios/0/flow/0/post");
  EXPECT_EQ(error_of(with_step(R"("get":"/","path":"/")")).place, "/scenarios/0/flow/0/path");
  EXPECT_EQ(error_of(with_step(R"("method":"PURGE")")).place, "/scenarios/0/flow/0/method");
  EXPECT_EQ(error_of(with_step(R"("get":1)")).place, "/scenarios/0/flow/0/get");
  EXPECT_EQ(error_of(with_step(R"("post":"/","json":1,"body":"x")")).place, "/scenarios/0/flow/0/body");
  EXPECT_EQ(error_of(with_step(R"("post":"/","body":{})")).place, "/scenarios/0/flow/0/body");
  EXPECT_EQ(error_of(with_step(R"("get":"/","headers":[])")).place, "/scenarios/0/flow/0/headers");
  EXPECT_EQ(error_of(with_step(R"("get":"/","headers":{"X/Y":1})")).place,
            "/scenarios/0/flow/0/headers/X~1Y");
  EXPECT_EQ(error_of(with_step(R"("get":"/","headers":{"X":["1",2]})")).place,
            "/scenarios/0/flow/0/headers/X/1");
  EXPECT_EQ(error_of(with_step(R"("get":"/","expect":{"status":[200,"204"]})")).place,
            "/scenarios/0/flow/0/expect/status/1");
  EXPECT_EQ(error_of(with_step(R"("get":"/","expect":{"status":100})")).place,
            "/scenarios/0/flow/0/expect/status");
  EXPECT_EQ(error_of(with_step(R"("get":"/","expect":{"status":[]})")).place,
            "/scenarios/0/flow/0/expect/status");
  EXPECT_EQ(error_of(with_step(R"("get":"/","expect":200)")).place, "/scenarios/0/flow/0/expect");
  EXPECT_EQ(error_of(with_scenario(R"("flow":{})")).place, "/scenarios/0/flow");
  EXPECT_EQ(error_of(with_scenario(R"("flow":["/"])")).place, "/scenarios/0/flow/0");
}

TEST(PlanParse, KeepaliveAndItsLimitAreNotSaidTwice) {
  EXPECT_FALSE(
      good(with_scenario(R"("keepalive":true,"flow":[{"get":"/"}])")).scenarios[0].requests_per_connection);
  EXPECT_EQ(
      error_of(with_scenario(R"("keepalive":false,"requests_per_connection":2,"flow":[{"get":"/"}])")).place,
      "/scenarios/0/keepalive");
  EXPECT_EQ(error_of(with_scenario(R"("keepalive":1,"flow":[{"get":"/"}])")).place, "/scenarios/0/keepalive");
}

TEST(PlanParse, MistakesInDefaultsAreToldThereOnce) {
  const std::string scenarios = R"("mode":"sequential","scenarios":[
      {"name":"a","executor":"constant-vus","duration":"1s","flow":[{"get":"/"}]},
      {"name":"b","executor":"constant-vus","duration":"1s","flow":[{"get":"/","headers":{"X":"{{nope}}"}},{"get":"/"}]}]})";
  const std::string start = R"({"base_url":"h","defaults":)";
  EXPECT_EQ(places_of(start + R"({"timeout":"0s","headers":{"X":"{{id}}","Y":"a\nb"}},)" + scenarios),
            (Places{"/defaults/timeout", "/defaults/headers/X", "/defaults/headers/Y",
                    "/scenarios/1/flow/0/headers/X"}));
}

TEST(PlanParse, ReadingAndValidationErrorsComeTogetherButNotTwice) {
  EXPECT_EQ(
      places_of(R"({"base_url":"https://h","gap":"x","scenarios":[
      {"executor":"constant-vus","duration":10,"vus":0,"bogus":1,"flow":[{"get":"nohost"},{"get":"/","headers":{"A\n":"b"}}]},
      {"name":"n","executor":7,"flow":[]}]})"),
      (Places{"/base_url", "/gap", "/mode", "/scenarios/0/name", "/scenarios/0/duration", "/scenarios/0/vus",
              "/scenarios/0/bogus", "/scenarios/0/flow/0/get", "/scenarios/0/flow/1/headers/A\n",
              "/scenarios/1/executor", "/scenarios/1/duration", "/scenarios/1/flow"}));
}

}  // namespace
}  // namespace saturn
