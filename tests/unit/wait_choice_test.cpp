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

TEST(WaitChoice, ACoreThatTheTargetMayRunOnIsLeftToIt) {
  WaitFacts facts{
      .scheduled = true, .target_here = true, .target_may_share = true, .allowed_cores = 64, .shards = 1};
  EXPECT_EQ(choose_wait({}, facts), WaitMode::sleep);
  facts.target_may_share = false;
  EXPECT_EQ(choose_wait({}, facts), WaitMode::hybrid);
  facts.allowed_cores = 1;  // saturn's own; the target is held to others
  EXPECT_EQ(choose_wait({}, facts), WaitMode::hybrid);
}

TEST(WaitChoice, AQuotaIsNotSpentOnLooking) {
  WaitFacts facts{.scheduled = true, .allowed_cores = 8, .shards = 2, .cpu_quota = 2.0};
  EXPECT_EQ(choose_wait({}, facts), WaitMode::hybrid);
  facts.target_here = true;  // it may be in the same quota
  EXPECT_EQ(choose_wait({}, facts), WaitMode::sleep);
  facts.cpu_quota = 3.0;
  EXPECT_EQ(choose_wait({}, facts), WaitMode::hybrid);
  facts.target_here = false;
  facts.cpu_quota = 1.5;
  EXPECT_EQ(choose_wait({}, facts), WaitMode::sleep);
}

TEST(WaitChoice, WhatWasAskedForIsDone) {
  EXPECT_EQ(choose_wait(WaitMode::spin, {.scheduled = false, .target_may_share = true}), WaitMode::spin);
  EXPECT_EQ(choose_wait(WaitMode::sleep, {.scheduled = true, .allowed_cores = 8}), WaitMode::sleep);
}

}  // namespace
}  // namespace saturn
