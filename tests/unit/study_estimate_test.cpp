#include "study/estimate.hpp"

#include <gtest/gtest.h>

namespace saturn::study {
namespace {

using namespace std::chrono_literals;

Scenario timed(Nanos duration) {
  Scenario scenario;
  scenario.duration = duration;
  return scenario;
}

Scenario counted(std::uint64_t iterations) {
  Scenario scenario;
  scenario.executor = Executor::shared_iterations;
  scenario.iterations = iterations;
  scenario.flow.resize(1);
  return scenario;
}

TEST(StudyEstimate, AddsPausesDurationsAndAGuessForRequests) {
  StudyPlan study;
  study.seed.scenario = counted(400);
  study.warmup = {timed(10s)};
  study.plan.scenarios = {timed(10s), counted(800)};
  Profile profile;
  profile.settle = 20s;
  profile.pause = 1s;
  profile.idle = 5s;
  profile.gap = 3s;
  // 2 s start and stop, 2.5 ms a request
  EXPECT_EQ(total(estimate_run(study, profile, TargetPlan{})), 2s + 20s + 1s + 1s + 10s + 5s + 10s + 3s + 2s);
  profile.duration_scale = 0.5;
  EXPECT_EQ(total(estimate_run(study, profile, TargetPlan{})), 2s + 20s + 1s + 1s + 5s + 5s + 5s + 3s + 2s);
}

TEST(StudyEstimate, HasAPhaseForEachStepAndScenario) {
  StudyPlan study;
  study.seed.scenario = counted(400);
  study.plan.scenarios = {timed(10s), counted(800)};
  study.plan.scenarios[0].name = "hello";
  study.plan.scenarios[1].name = "create";
  Profile profile;
  profile.gap = 3s;
  TargetPlan target;
  target.name = "t";
  const RunEstimate run = estimate_run(study, profile, target);
  std::vector<std::string> names;
  for (const auto& one : run.phases) names.push_back(one.name);
  EXPECT_EQ(run.target, "t");
  EXPECT_EQ(names,
            (std::vector<std::string>{"starting", "settling", "seeding", "pausing", "warming up", "idling",
                                      "measuring hello", "measuring create", "reading back", "stopping"}));
  EXPECT_EQ(run.phases[6].guess, 13s);  // with the gap after it
  EXPECT_FALSE(run.phases[6].counted);
  EXPECT_EQ(run.phases[7].guess, 2s);
  EXPECT_TRUE(run.phases[7].counted);
}

RunEstimate run_of(const char* target) {
  return {target, {{"settling", 5s, false}, {"seeding", 4s, true}, {"measuring hello", 10s, false}}};
}

TEST(StudyEstimate, TimeLeftShrinksWithinAPhase) {
  TimeLeft time({run_of("a"), run_of("b")});
  EXPECT_EQ(time.left(0s), 38s);
  time.run_began(100s);
  time.phase_began("settling", 100s);
  EXPECT_EQ(time.left(103s), 35s);
  time.phase_began("seeding", 105s);
  EXPECT_EQ(time.left(107s), 31s);
}

TEST(StudyEstimate, WhatAPhaseTookReplacesItsGuess) {
  TimeLeft time({run_of("a"), run_of("a"), run_of("b")});
  time.run_began(0s);
  time.phase_began("settling", 0s);
  time.phase_began("seeding", 5s);
  time.phase_began("measuring hello", 17s);  // three times as long as thought
  time.run_ended(28s, true);                 // and a second more
  // a again as it was; b's phases by what they took elsewhere
  EXPECT_EQ(time.left(28s), (5s + 12s + 11s) + (5s + 12s + 11s));
  time.run_began(28s);
  time.phase_began("settling", 28s);
  time.phase_began("seeding", 33s);
  EXPECT_EQ(time.left(33s), 12s + 11s + 28s);
}

TEST(StudyEstimate, CountedPhasesCorrectEachOther) {
  RunEstimate run = run_of("a");
  run.phases.push_back({"measuring create", 2s, true});
  TimeLeft time({run});
  time.run_began(0s);
  time.phase_began("settling", 0s);
  time.phase_began("seeding", 5s);
  time.phase_began("measuring hello", 25s);  // five times as long as thought
  EXPECT_EQ(time.left(25s), 10s + 10s);      // so creating will be; hello is timed
}

TEST(StudyEstimate, APhaseThatKnowsItsShareGoesByItsOwnPace) {
  TimeLeft time({run_of("a")});
  time.run_began(0s);
  time.phase_began("seeding", 0s);
  time.phase_share({1, 100});  // too little to tell
  EXPECT_EQ(time.left(1s), 3s + 10s);
  time.phase_share({733, 1000});
  EXPECT_NEAR(to_seconds(time.left(73'300ms)), 26.7 + 10, 1e-6);
}

TEST(StudyEstimate, NeverSaysThatNothingIsLeftWhileSomethingRuns) {
  TimeLeft time({run_of("a")});
  time.run_began(0s);
  time.phase_began("measuring hello", 0s);
  EXPECT_EQ(time.left(8s), 2s);
  EXPECT_EQ(time.left(60s), 15s);  // overdue: a quarter of what it took already
  time.phase_share({100, 100});
  EXPECT_EQ(time.left(60s), 1s);
  time.run_ended(61s, true);
  EXPECT_EQ(time.left(61s), 0s);
}

TEST(StudyEstimate, AFailedRunTeachesOnlyWhatItFinished) {
  TimeLeft time({run_of("a"), run_of("a")});
  time.run_began(0s);
  time.phase_began("settling", 0s);
  time.phase_began("seeding", 5s);
  time.run_ended(6s, false);
  EXPECT_EQ(time.left(6s), 19s);
}

TEST(StudyEstimate, IsSaidInRoundFigures) {
  EXPECT_EQ(for_people(44'200ms), "45 s");
  EXPECT_EQ(for_people(300s), "5 min");
  EXPECT_EQ(for_people(80min), "80 min");
  EXPECT_EQ(for_people(140min), "2 h 20 min");
}

}  // namespace
}  // namespace saturn::study
