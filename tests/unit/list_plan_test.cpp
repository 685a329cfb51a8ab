// What a plan holds, as a list.
#include "list_plan.hpp"

#include <gtest/gtest.h>

#include "core/plan/parse.hpp"

namespace saturn::cli {
namespace {

TEST(ListPlan, AScenarioALineWithItsLoadAndSteps) {
  const auto plan = parse_plan(R"({ "base_url": "http://127.0.0.1", "mode": "sequential", "scenarios": [
    { "name": "hello", "executor": "constant-vus", "vus": 10, "duration": "30s", "flow": [ { "get": "/hello" } ] },
    { "name": "items", "executor": "per-vu-iterations", "vus": 1, "iterations": 25,
      "flow": [ { "name": "create", "post": "/items/" }, { "get": "/\\{{x}}" } ] },
    { "name": "rate", "executor": "constant-arrival-rate", "rate": "200/s", "duration": "1m", "iterations": 9,
      "flow": [ { "get": "/" } ] } ] })");
  ASSERT_TRUE(plan) << to_text(plan.errors().front());
  EXPECT_EQ(list_of(*plan),
            "scenario  executor               load                      steps\n"
            "hello     constant-vus           10 VUs, 30s               GET /hello\n"
            "items     per-vu-iterations      1 VU, 25 iterations each  create, GET /{{x}}\n"
            "rate      constant-arrival-rate  200/s, 9 iterations, 1m   GET /\n");
}

}  // namespace
}  // namespace saturn::cli
