#include "core/plan/plan_json.hpp"

#include <gtest/gtest.h>

#include "core/json/value.hpp"
#include "core/plan/parse.hpp"
#include "core/plan/text.hpp"
#include "core/plan/threshold.hpp"

namespace saturn {
namespace {

using namespace std::chrono_literals;

Plan full_plan() {
  Plan plan;
  plan.base_url = "http://h:1/api";
  plan.gap = 1500ms;
  plan.seed = 18446744073709551615U;
  Scenario first{.name = "a \"quoted\" name", .vus = 3, .duration = Nanos(90s), .iterations = 5};
  first.warmup = 1ns;
  first.graceful_stop = 2s;
  first.timeout = 3s;
  first.connect_timeout = 4s;
  first.pipeline = 5;
  first.requests_per_connection = 6;
  first.max_head_bytes = 7000;
  first.flow = {{.name = "n",
                 .method = "PUT",
                 .path = "/{{random_int(1, 5)}}?q",
                 .headers = {{"X", "1"}, {"X", "2"}, {"Y", "\xc3\xa9\t\\"}},
                 .body_kind = BodyKind::json,
                 .body = R"({"b":1,"a":["{{seq}}",2.5,null]})",
                 .expect = {.statuses = {200, 204}, .json_equals_request = true}}};
  Scenario second{.name = "b", .executor = Executor::shared_iterations, .iterations = 1};
  second.flow = {{.method = "PURGE", .body_kind = BodyKind::text, .body = "line\nline"}, {.path = "/x"}};
  Scenario third{.name = "c", .executor = Executor::per_vu_iterations, .iterations = 2};
  third.flow = {{.method = "HEAD"}};
  third.thresholds = {*parse_threshold("p(99)<200ms", ""), *parse_threshold("rps>5", "")};
  plan.scenarios = {first, second, third};
  plan.thresholds = {*parse_threshold("errors rate<1%", "")};
  return plan;
}

void expect_same(const Step& a, const Step& b) {
  EXPECT_EQ(a.name, b.name);
  EXPECT_EQ(a.method, b.method);
  EXPECT_EQ(a.path, b.path);
  ASSERT_EQ(a.headers.size(), b.headers.size());
  for (std::size_t i = 0; i < a.headers.size(); ++i) {
    EXPECT_EQ(a.headers[i].name, b.headers[i].name);
    EXPECT_EQ(a.headers[i].value, b.headers[i].value);
  }
  EXPECT_EQ(a.body_kind, b.body_kind);
  EXPECT_EQ(a.body, b.body);
  EXPECT_EQ(a.expect.statuses, b.expect.statuses);
  EXPECT_EQ(a.expect.json_equals_request, b.expect.json_equals_request);
}

void expect_same(const Scenario& a, const Scenario& b) {
  EXPECT_EQ(a.name, b.name);
  EXPECT_EQ(a.executor, b.executor);
  EXPECT_EQ(a.vus, b.vus);
  EXPECT_EQ(a.duration, b.duration);
  EXPECT_EQ(a.iterations, b.iterations);
  EXPECT_EQ(a.rate, b.rate);
  EXPECT_EQ(a.max_in_flight, b.max_in_flight);
  EXPECT_EQ(a.backlog, b.backlog);
  EXPECT_EQ(a.warmup, b.warmup);
  EXPECT_EQ(a.graceful_stop, b.graceful_stop);
  EXPECT_EQ(a.timeout, b.timeout);
  EXPECT_EQ(a.connect_timeout, b.connect_timeout);
  EXPECT_EQ(a.pipeline, b.pipeline);
  EXPECT_EQ(a.requests_per_connection, b.requests_per_connection);
  EXPECT_EQ(a.max_head_bytes, b.max_head_bytes);
  ASSERT_EQ(a.flow.size(), b.flow.size());
  for (std::size_t i = 0; i < a.flow.size(); ++i) expect_same(a.flow[i], b.flow[i]);
}

void expect_same(const Plan& a, const Plan& b) {
  EXPECT_EQ(a.base_url, b.base_url);
  EXPECT_EQ(a.gap, b.gap);
  EXPECT_EQ(a.seed, b.seed);
  ASSERT_EQ(a.scenarios.size(), b.scenarios.size());
  for (std::size_t i = 0; i < a.scenarios.size(); ++i) expect_same(a.scenarios[i], b.scenarios[i]);
}

Plan again(const Plan& plan) {
  auto read = parse_plan(redacted_plan(plan));
  EXPECT_TRUE(read) << redacted_plan(plan) << "\n" << to_text(read.errors()[0]);
  return read ? *read : Plan{};
}

TEST(PlanJson, ReadingItAgainGivesTheSamePlan) {
  auto plan = full_plan();
  plan.scenarios[0].pipeline = 1;
  expect_same(again(plan), plan);
  plan.scenarios.resize(1);
  plan.scenarios[0].pipeline = 5;
  plan.seed.reset();
  expect_same(again(plan), plan);
}

TEST(PlanJson, AScheduleIsTheSameAgain) {
  Plan plan;
  plan.base_url = "http://h";
  Scenario scenario{
      .name = "s", .executor = Executor::constant_arrival_rate, .vus = 50, .duration = Nanos(1s)};
  scenario.rate = Rate{5000, 1s};
  scenario.flow.resize(1);
  plan.scenarios = {scenario};
  EXPECT_NE(redacted_plan(plan).find(R"("rate":"5000/s","duration":"1s")"), std::string::npos)
      << "what is chosen by itself is left out: " << redacted_plan(plan);
  expect_same(again(plan), plan);
  plan.scenarios[0].max_in_flight = 50;
  plan.scenarios[0].backlog = 0;
  expect_same(again(plan), plan);
  plan.scenarios[0].max_in_flight = 900;
  plan.scenarios[0].rate = Rate{25, 10s};
  expect_same(again(plan), plan);
  plan.scenarios[0].vus = 77;
  plan.scenarios[0].max_in_flight.reset();
  EXPECT_EQ(again(plan).scenarios[0].vus, 77U);
  EXPECT_EQ(again(plan).scenarios[0].max_in_flight, 10'000U) << "which it would have been";
}

TEST(PlanJson, AUrlRunAsAPlan) {
  Plan plan;
  plan.base_url = "http://h";
  plan.scenarios.resize(1);
  plan.scenarios[0].duration = Nanos(10s);
  plan.scenarios[0].flow.resize(1);
  EXPECT_EQ(
      redacted_plan(plan),
      R"({"schema":"saturn.plan/1","base_url":"http://h","gap":"0s","scenarios":[{"name":"default",)"
      R"("executor":"constant-vus","vus":50,"duration":"10s","warmup":"0s","graceful_stop":"5s",)"
      R"("timeout":"30s","connect_timeout":"10s","pipeline":1,"max_head":65536,"flow":[{"get":"/"}]}]})");
}

TEST(PlanJson, SecretsAreHidden) {
  auto plan = full_plan();
  plan.base_url = "http://ann:hidden1@h:1/api@x";
  plan.scenarios[0].flow[0].headers = {{"authorization", "Bearer hidden2"},
                                       {"Proxy-Authorization", "hidden3"},
                                       {"COOKIE", "a=hidden4"},
                                       {"Cookie", "a=hidden5"},
                                       {"Cookie", "b=hidden6"},
                                       {"Set-Cookie", "seen"}};
  const auto text = redacted_plan(plan);
  EXPECT_EQ(text.find("hidden"), std::string::npos) << text;
  const auto value = *json::parse(text);
  EXPECT_EQ(*value.find("base_url")->as_string(), "http://***@h:1/api@x");
  EXPECT_EQ(to_text(*json::at_pointer(value, "/scenarios/0/flow/0/headers")),
            R"({"authorization":"***","Proxy-Authorization":"***","COOKIE":"***","Cookie":["***","***"],)"
            R"("Set-Cookie":"seen"})");
  plan.base_url = "ann:hidden1@h";  // without a scheme
  EXPECT_EQ(redacted_plan(plan).find("hidden"), std::string::npos);
}

TEST(PlanJson, BytesThatAreNotUtf8AreOnlyCounted) {
  auto plan = full_plan();
  plan.scenarios[1].flow[0].body = "\xff\xfe";
  const auto value = json::parse(redacted_plan(plan));
  ASSERT_TRUE(value);
  EXPECT_EQ(*json::at_pointer(*value, "/scenarios/1/flow/0/body")->as_string(),
            "(2 bytes that are not UTF-8)");
}

TEST(PlanText, PercentAndBase64) {
  EXPECT_EQ(percent_decoded("a%40b%2Fc%"), "a@b/c%");
  EXPECT_EQ(percent_decoded("%4"), "%4");
  EXPECT_EQ(percent_decoded("%zz%41"), "%zzA");
  EXPECT_EQ(percent_decoded("%-1"), "%-1");
  EXPECT_EQ(to_base64(""), "");
  EXPECT_EQ(to_base64("f"), "Zg==");
  EXPECT_EQ(to_base64("fo"), "Zm8=");
  EXPECT_EQ(to_base64("foo"), "Zm9v");
  EXPECT_EQ(to_base64("foobar"), "Zm9vYmFy");
  EXPECT_EQ(to_base64("\xff\xfe\xfd"), "//79");
}

}  // namespace
}  // namespace saturn
