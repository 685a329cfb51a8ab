// Flags beside a plan: what they replace, what they say, and what they refuse.
#include "plan_changes.hpp"

#include <gtest/gtest.h>

namespace saturn::cli {
namespace {

using std::chrono::seconds;

Scenario scenario(const std::string& name, Executor executor) {
  Scenario s;
  s.name = name;
  s.executor = executor;
  s.duration = seconds(30);
  if (executor == Executor::shared_iterations || executor == Executor::per_vu_iterations) s.iterations = 100;
  s.flow.emplace_back();
  return s;
}

Scenario arrivals() {
  auto s = scenario("rate", Executor::constant_arrival_rate);
  s.rate = Rate{100, seconds(1)};
  s.vus = 10;
  return s;
}

Plan plan_of(std::vector<Scenario> scenarios) {
  Plan plan;
  plan.base_url = "http://127.0.0.1:8000";
  plan.scenarios = std::move(scenarios);
  return plan;
}

struct Changed {
  Plan plan;
  std::vector<std::string> said;
  std::string error;  ///< the only one
};

Changed change(const Plan& plan, const PlanChanges& changes, std::optional<std::string> only = {}) {
  Changed out{plan, {}, {}};
  if (only) std::erase_if(out.plan.scenarios, [&](const Scenario& s) { return s.name != *only; });
  const auto errors = change_plan(plan, changes, out.plan, out.said);
  EXPECT_LE(errors.size(), 1U);
  if (!errors.empty()) out.error = to_text(errors.front());
  return out;
}

TEST(PlanChanges, NothingAskedForChangesNothing) {
  const auto out = change(plan_of({scenario("a", Executor::constant_vus), arrivals()}), {});
  EXPECT_EQ(out.error, "");
  EXPECT_TRUE(out.said.empty());
}

TEST(PlanChanges, EachFlagReplacesItsField) {
  const auto out = change(plan_of({scenario("a", Executor::constant_vus)}),
                          {.duration = seconds(1), .warmup = {}, .iterations = 9, .vus = 5, .rate = {}});
  EXPECT_EQ(out.error, "");
  const auto& s = out.plan.scenarios[0];
  EXPECT_EQ(s.duration, seconds(1));
  EXPECT_EQ(s.iterations, 9U);
  EXPECT_EQ(s.vus, 5U);
  EXPECT_EQ(s.executor, Executor::constant_vus);
  EXPECT_EQ(out.said, (std::vector<std::string>{"vus 5 (plan: 50)", "iterations 9 (plan: none)",
                                                "duration 1s (plan: 30s)"}));
}

TEST(PlanChanges, TheExecutorStaysWhatItIs) {
  for (const auto executor : {Executor::shared_iterations, Executor::per_vu_iterations}) {
    const auto out = change(plan_of({scenario("a", executor)}),
                            {.duration = seconds(1), .warmup = {}, .iterations = 7, .vus = 2, .rate = {}});
    EXPECT_EQ(out.error, "");
    EXPECT_EQ(out.plan.scenarios[0].executor, executor);
    EXPECT_EQ(out.plan.scenarios[0].iterations, 7U);
  }
  const auto refused =
      change(plan_of({arrivals(), scenario("a", Executor::constant_vus)}),
             {.duration = {}, .warmup = {}, .iterations = {}, .vus = {}, .rate = Rate{5, seconds(1)}}, "a");
  EXPECT_EQ(refused.error,
            "-R: scenario \"a\" is constant-vus, which has no rate, and flags do not change that (write "
            "\"executor\": \"constant-arrival-rate\" and a \"rate\" in the plan, at /scenarios/1/executor)");
}

TEST(PlanChanges, ConnectionsOfARateAreTheNumberInFlight) {
  const auto out =
      change(plan_of({arrivals()}), {.duration = {}, .warmup = {}, .iterations = {}, .vus = 5, .rate = {}});
  EXPECT_EQ(out.plan.scenarios[0].vus, 5U);
  EXPECT_EQ(out.plan.scenarios[0].max_in_flight, 5U);
  EXPECT_EQ(out.said, std::vector<std::string>{"in flight 5 (plan: 10 to 10000)"});
}

TEST(PlanChanges, ConnectionsThatTheRateChoseFollowTheNewRate) {
  const PlanChanges faster{
      .duration = {}, .warmup = {}, .iterations = {}, .vus = {}, .rate = Rate{5000, seconds(1)}};
  const auto out = change(plan_of({arrivals()}), faster);
  EXPECT_EQ(out.plan.scenarios[0].vus, 50U);
  EXPECT_EQ(out.said, std::vector<std::string>{"rate 5000/s (plan: 100/s)"});
  auto fixed = arrivals();
  fixed.vus = 64;
  fixed.max_in_flight = 64;
  EXPECT_EQ(change(plan_of({fixed}), faster).plan.scenarios[0].vus, 64U);
}

TEST(PlanChanges, OfSeveralScenariosOneHasToBeChosen) {
  const auto plan = plan_of({scenario("a", Executor::constant_vus), scenario("b", Executor::constant_vus)});
  const PlanChanges shorter{.duration = seconds(1), .warmup = {}, .iterations = {}, .vus = {}, .rate = {}};
  EXPECT_EQ(change(plan, shorter).error,
            "-d: replaces the \"duration\" of one scenario, and here are 2: a, b (choose one with --only, or "
            "write it in the plan, at /scenarios/0/duration)");
  const auto out = change(plan, shorter, "b");
  EXPECT_EQ(out.error, "");
  EXPECT_EQ(out.plan.scenarios[0].duration, seconds(1));
}

TEST(PlanChanges, TheWarmUpGoesWithAnyPlan) {
  const auto out = change(plan_of({scenario("a", Executor::constant_vus), arrivals()}),
                          {.duration = {}, .warmup = seconds(2), .iterations = {}, .vus = {}, .rate = {}});
  EXPECT_EQ(out.error, "");
  for (const auto& s : out.plan.scenarios) EXPECT_EQ(s.warmup, seconds(2));
  EXPECT_EQ(out.said, std::vector<std::string>{"warmup 2s (plan: 0s)"});
}

TEST(PlanChanges, WhatThePlanRefusesNamesTheFlag) {
  EXPECT_EQ(change(plan_of({scenario("a", Executor::constant_vus)}),
                   {.duration = seconds(0), .warmup = {}, .iterations = {}, .vus = {}, .rate = {}})
                .error,
            "-d: duration must be more than 0");
  EXPECT_EQ(change(plan_of({arrivals()}),
                   {.duration = {}, .warmup = {}, .iterations = {}, .vus = {}, .rate = Rate{0, seconds(1)}})
                .error,
            "-R: rate must be more than 0 and at most 10000000/s (write for example \"1000/s\")");
}

}  // namespace
}  // namespace saturn::cli
