#include <gtest/gtest.h>

#include <set>

#include "core/plan/parse.hpp"

namespace saturn {
namespace {

using Places = std::multiset<std::string>;

/// A plan of one scenario with these members of the plan and of the scenario.
std::string plan_with(const std::string& top, const std::string& scenario) {
  return R"({"base_url":"http://h",)" + top + R"("scenarios":[{"name":"s","executor":"constant-vus",)" +
         scenario + R"("duration":"1s","flow":[{"get":"/"}]}]})";
}

Places places_of(const std::string& json) {
  Places places;
  const auto plan = parse_plan(json);
  EXPECT_FALSE(plan) << json;
  if (!plan)
    for (const Error& error : plan.errors()) places.insert(error.place);
  return places;
}

TEST(PlanThresholds, StandInThePlanOrInAScenario) {
  const auto plan = parse_plan(plan_with(R"("thresholds":["rps>5",{"expr":"p(99)<200ms","comment":"c"}],)",
                                         R"("thresholds":["errors rate<1%"],)"));
  ASSERT_TRUE(plan);
  ASSERT_EQ(plan->thresholds.size(), 2U);
  EXPECT_EQ(plan->thresholds[0].expression, "rps>5");
  EXPECT_EQ(plan->thresholds[1].expression, "p(99)<200ms");
  EXPECT_EQ(plan->thresholds[1].metric, Threshold::Metric::latency);
  ASSERT_EQ(plan->scenarios[0].thresholds.size(), 1U);
  EXPECT_EQ(plan->scenarios[0].thresholds[0].expression, "errors rate<1%");
}

TEST(PlanThresholds, EachThatCannotBeReadHasItsPlace) {
  EXPECT_EQ(places_of(plan_with(R"("thresholds":["rps>5","rps","p(99)<1",7,{},{"expr":"p99<1s","x":1}],)",
                                R"("thresholds":["rps"],)")),
            (Places{"/thresholds/1", "/thresholds/2", "/thresholds/3", "/thresholds/4/expr",
                    "/thresholds/5/expr", "/thresholds/5/x", "/scenarios/0/thresholds/0"}));
  EXPECT_EQ(places_of(plan_with(R"("thresholds":"rps>5",)", "")), Places{"/thresholds"});
}

TEST(PlanThresholds, WhatALaterVersionWillHaveIsRefusedAtItsPlace) {
  EXPECT_EQ(places_of(plan_with(R"("thresholds":[{"expr":"rps>1","abort_on_fail":true,"after":"1s"}],)", "")),
            (Places{"/thresholds/0/abort_on_fail", "/thresholds/0/after"}));
}

}  // namespace
}  // namespace saturn
