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
  EXPECT_EQ(estimate_run(study, profile, TargetPlan{}), 2s + 20s + 1s + 1s + 10s + 5s + 10s + 3s + 2s);
  profile.duration_scale = 0.5;
  EXPECT_EQ(estimate_run(study, profile, TargetPlan{}), 2s + 20s + 1s + 1s + 5s + 5s + 5s + 3s + 2s);
}

TEST(StudyEstimate, TimeLeftShrinksWithinARunAndLearnsFromFinishedOnes) {
  TimeLeft time({10s, 10s, 20s});
  EXPECT_EQ(time.left(0s), 40s);
  EXPECT_EQ(time.left(4s), 36s);
  EXPECT_EQ(time.left(15s), 30s);
  time.finished(20s);  // twice as long as thought
  EXPECT_EQ(time.left(0s), 60s);
  time.finished(20s);
  EXPECT_EQ(time.left(10s), 30s);
  time.finished(40s);
  EXPECT_EQ(time.left(0s), 0s);
}

TEST(StudyEstimate, IsSaidInRoundFigures) {
  EXPECT_EQ(for_people(44'200ms), "45 s");
  EXPECT_EQ(for_people(300s), "5 min");
  EXPECT_EQ(for_people(80min), "80 min");
  EXPECT_EQ(for_people(140min), "2 h 20 min");
}

}  // namespace
}  // namespace saturn::study
