#include "study/read_back.hpp"

#include <gtest/gtest.h>

namespace saturn::study {
namespace {

TEST(ReadBack, AnAnswerHoldsWhatWasSentByValue) {
  EXPECT_TRUE(holds(R"({"id": 7, "name": "a", "price": 2})", R"({"price": 2.0, "name": "a"})"));
  EXPECT_FALSE(holds(R"({"id": 7, "name": "b", "price": 2})", R"({"name": "a"})"));
  EXPECT_FALSE(holds(R"({"id": 7})", R"({"name": "a"})"));
  EXPECT_FALSE(holds("<html>", R"({"name": "a"})"));
  EXPECT_FALSE(holds(R"({"name": "a"})", "[]"));
}

Plan plan_of(const std::string& method, const std::string& path, const std::string& body,
             std::uint64_t iterations) {
  Scenario scenario;
  scenario.name = "s";
  scenario.executor = Executor::shared_iterations;
  scenario.vus = 2;
  scenario.iterations = iterations;
  scenario.flow.resize(1);
  scenario.flow[0].method = method;
  scenario.flow[0].path = path;
  if (!body.empty()) scenario.flow[0].body_kind = BodyKind::json;
  scenario.flow[0].body = body;
  Plan plan;
  plan.base_url = "http://127.0.0.1:8000";
  plan.scenarios = {scenario};
  return plan;
}

Expectations expectations(const Plan& plan, std::uint64_t seed) {
  const auto program = compile(plan, seed);
  EXPECT_TRUE(program);
  return expectations_of(plan.scenarios[0].flow[0], program->scenarios[0], seed);
}

TEST(ReadBack, KnowsEveryBodyThatWasPutToAPath) {
  const auto expected =
      expectations(plan_of("PUT", "/items/{{random_int(1, 2)}}", R"({"name":"u-{{seq}}"})", 6), 7);
  EXPECT_TRUE(expected.deleted.empty());
  ASSERT_EQ(expected.written.size(), 2U);
  std::set<std::string> bodies;
  for (const auto& [path, sent] : expected.written) {
    EXPECT_TRUE(path == "/items/1" || path == "/items/2") << path;
    bodies.insert(sent.begin(), sent.end());
  }
  EXPECT_EQ(bodies, (std::set<std::string>{R"({"name":"u-1"})", R"({"name":"u-2"})", R"({"name":"u-3"})",
                                           R"({"name":"u-4"})", R"({"name":"u-5"})", R"({"name":"u-6"})"}));
}

TEST(ReadBack, KnowsWhatWasDeleted) {
  const auto expected = expectations(plan_of("DELETE", "/items/{{seq}}", "", 3), 7);
  EXPECT_TRUE(expected.written.empty());
  EXPECT_EQ(expected.deleted, (std::set<std::string>{"/items/1", "/items/2", "/items/3"}));
}

}  // namespace
}  // namespace saturn::study
