#include "study/process_monitor.hpp"

#include <gtest/gtest.h>

namespace saturn::study {
namespace {

using namespace std::chrono_literals;

TargetReading used(double cpu_s) {
  TargetReading reading;
  reading.cost.cpu_s = cpu_s;
  return reading;
}

TEST(ScenarioWatch, WhatNeitherTargetNorSaturnUsedIsForeign) {
  const ScenarioWatch watch = watch_between({100s, 5s, 10s}, {104s, 6s, 12s}, used(2.0));
  EXPECT_DOUBLE_EQ(watch.wall_s, 2.0);
  EXPECT_DOUBLE_EQ(watch.target_cpu_cores, 1.0);
  EXPECT_DOUBLE_EQ(watch.generator_cpu_cores, 0.5);
  EXPECT_DOUBLE_EQ(watch.foreign_cpu_cores.value(), 0.5);  // 4 s busy - 1 s saturn - 2 s target, over 2 s
  EXPECT_DOUBLE_EQ(watch.target.cpu_s, 2.0);
  EXPECT_FALSE(watch.workers_changed);
}

TEST(ScenarioWatch, AReplacedWorkerIsSeen) {
  TargetReading reading = used(1.5);
  reading.processes_changed = true;
  EXPECT_TRUE(watch_between({0s, 0s, 0s}, {3s, 0s, 1s}, reading).workers_changed);
}

TEST(ScenarioWatch, TooShortForTicksLeavesForeignCpuOpenAndNoiseIsNeverNegative) {
  const MachineSnapshot start{0s, 0s, 0s};
  EXPECT_EQ(watch_between(start, {0s, 0s, 100ms}, used(0.05)).foreign_cpu_cores, std::nullopt);
  EXPECT_DOUBLE_EQ(watch_between(start, {0s, 0s, 1s}, used(0.05)).foreign_cpu_cores.value(), 0.0);
  EXPECT_EQ(watch_between(start, {std::nullopt, 0s, 1s}, used(0.05)).foreign_cpu_cores, std::nullopt);
}

}  // namespace
}  // namespace saturn::study
