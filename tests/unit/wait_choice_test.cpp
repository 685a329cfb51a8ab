#include "core/load/wait_choice.hpp"

#include <gtest/gtest.h>

namespace saturn {
namespace {

TEST(WaitChoice, AClosedLoopSleeps) {
  EXPECT_EQ(choose_wait({}, {.scheduled = false, .allowed_cores = 64}), WaitMode::sleep);
}

TEST(WaitChoice, AScheduleIsWorthBeingAwakeForWhereThereAreCores) {
  EXPECT_EQ(choose_wait({}, {.scheduled = true, .allowed_cores = 1, .shards = 1}), WaitMode::hybrid);
  EXPECT_EQ(choose_wait({}, {.scheduled = true, .allowed_cores = 4, .shards = 5}), WaitMode::sleep);
}

TEST(WaitChoice, ATargetOnThisMachineKeepsACore) {
  EXPECT_EQ(choose_wait({}, {.scheduled = true, .target_here = true, .allowed_cores = 2, .shards = 1}),
            WaitMode::hybrid);
  EXPECT_EQ(choose_wait({}, {.scheduled = true, .target_here = true, .allowed_cores = 1, .shards = 1}),
            WaitMode::sleep);
  EXPECT_EQ(choose_wait({}, {.scheduled = true, .target_here = true, .allowed_cores = 2, .shards = 2}),
            WaitMode::sleep);
}

TEST(WaitChoice, AQuotaIsNotSpentOnLooking) {
  WaitFacts facts{.scheduled = true, .allowed_cores = 8, .shards = 2, .cpu_quota = 2.0};
  EXPECT_EQ(choose_wait({}, facts), WaitMode::hybrid);
  facts.cpu_quota = 1.5;
  EXPECT_EQ(choose_wait({}, facts), WaitMode::sleep);
}

TEST(WaitChoice, WhatWasAskedForIsDone) {
  EXPECT_EQ(choose_wait(WaitMode::spin, {.scheduled = false, .target_here = true}), WaitMode::spin);
  EXPECT_EQ(choose_wait(WaitMode::sleep, {.scheduled = true, .allowed_cores = 8}), WaitMode::sleep);
}

}  // namespace
}  // namespace saturn
