#include "core/load/wait_choice.hpp"

#include <gtest/gtest.h>

#include "core/load/wait_trial.hpp"

namespace saturn {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;
using std::chrono::seconds;

/// 1,000/s for as long as wanted, on a core that is nobody else's.
WaitFacts apart() {
  return {.scheduled = true, .allowed_cores = 8, .shards = 1, .rate_per_s = 1000};
}

WaitWhy why_of(const WaitFacts& facts) {
  const WaitChoice choice = choose_wait({}, facts);
  EXPECT_EQ(choice.mode, WaitMode::sleep);  // until something is known of the target
  return choice.why;
}

TEST(WaitChoice, AClosedLoopSleeps) {
  WaitFacts facts = apart();
  facts.scheduled = false;
  EXPECT_EQ(why_of(facts), WaitWhy::closed_loop);
}

TEST(WaitChoice, AScheduleIsTriedWhereThereAreCores) {
  WaitFacts facts = apart();
  EXPECT_EQ(why_of(facts), WaitWhy::trial);
  facts.allowed_cores = 1;  // saturn's own
  EXPECT_EQ(why_of(facts), WaitWhy::trial);
  facts.allowed_cores = 4;
  facts.shards = 5;
  EXPECT_EQ(why_of(facts), WaitWhy::few_cores);
}

TEST(WaitChoice, ACoreThatTheTargetMayRunOnIsLeftToIt) {
  WaitFacts facts = apart();
  facts.target_here = true;
  EXPECT_EQ(why_of(facts), WaitWhy::trial);
  facts.target_may_share_core = true;
  EXPECT_EQ(why_of(facts), WaitWhy::target_sibling);
  facts.target_may_share = true;
  EXPECT_EQ(why_of(facts), WaitWhy::target_shares);
  facts.target_unknown = true;
  EXPECT_EQ(why_of(facts), WaitWhy::target_unknown);
}

TEST(WaitChoice, AQuotaIsNotSpentOnLooking) {
  WaitFacts facts = apart();
  facts.shards = 2;
  facts.cpu_quota = 2.0;
  EXPECT_EQ(why_of(facts), WaitWhy::trial);
  facts.target_here = true;  // it may be in the same quota
  EXPECT_EQ(why_of(facts), WaitWhy::quota);
  facts.cpu_quota = 3.0;
  EXPECT_EQ(why_of(facts), WaitWhy::trial);
  facts.target_here = false;
  facts.cpu_quota = 1.5;
  EXPECT_EQ(why_of(facts), WaitWhy::quota);
}

TEST(WaitChoice, WhatWasAskedForIsDone) {
  WaitFacts facts = apart();
  facts.target_may_share = true;
  for (const WaitMode mode : {WaitMode::sleep, WaitMode::hybrid, WaitMode::spin}) {
    const WaitChoice choice = choose_wait(mode, facts);
    EXPECT_EQ(choice.mode, mode);
    EXPECT_EQ(choice.why, WaitWhy::asked);
  }
}

TEST(WaitChoice, WithoutAWarmUpATrialTakesItsPlaceUnlessRequestsAreCounted) {
  WaitFacts facts = apart();
  EXPECT_TRUE(choose_wait({}, facts).in_trial);
  facts.counted = true;
  EXPECT_EQ(why_of(facts), WaitWhy::counted);
  facts.warmup = seconds(1);
  EXPECT_EQ(why_of(facts), WaitWhy::trial);
  EXPECT_FALSE(choose_wait({}, facts).in_trial);
}

TEST(WaitChoice, ARateThatBringsTooFewAnswersIsNotTried) {
  WaitFacts facts = apart();
  facts.rate_per_s = 25;  // five in 200 ms
  EXPECT_EQ(why_of(facts), WaitWhy::trial);
  facts.shards = 2;  // the first decides by its own
  EXPECT_EQ(why_of(facts), WaitWhy::few_answers);
  facts.rate_per_s = 50;
  EXPECT_EQ(why_of(facts), WaitWhy::trial);
  facts.rate_per_s = 1;
  facts.warmup = seconds(10);
  EXPECT_EQ(why_of(facts), WaitWhy::trial);
}

WaitSamples seen(Nanos lag, Nanos service) {
  return {.answers = 100, .lag_p50 = lag, .service_p50 = service};
}

TEST(WaitDecision, AwakeWhereASleeperIsLateByOverATenthOfTheServiceTime) {
  const WaitChoice before = choose_wait({}, apart());
  EXPECT_EQ(decide_wait(before, seen(microseconds(47), milliseconds(1))).mode, WaitMode::sleep);
  EXPECT_EQ(decide_wait(before, seen(microseconds(100), milliseconds(1))).why, WaitWhy::not_worth_it);
  const WaitChoice over = decide_wait(before, seen(microseconds(101), milliseconds(1)));
  EXPECT_EQ(over.mode, WaitMode::hybrid);
  EXPECT_EQ(over.why, WaitWhy::worth_it);
  EXPECT_EQ(decide_wait(before, seen(microseconds(47), microseconds(20))).mode, WaitMode::hybrid);
}

TEST(WaitDecision, WithFewAnswersOrABusySiblingItSleeps) {
  const WaitChoice before = choose_wait({}, apart());
  WaitSamples samples = seen(microseconds(47), microseconds(20));
  samples.sibling_busy = true;
  EXPECT_EQ(decide_wait(before, samples).mode, WaitMode::sleep);
  EXPECT_EQ(decide_wait(before, samples).why, WaitWhy::sibling_busy);
  samples.answers = kEnoughForWait - 1;
  EXPECT_EQ(decide_wait(before, samples).why, WaitWhy::few_answers);
  samples.sibling_busy = false;
  samples.answers = kEnoughForWait;
  EXPECT_EQ(decide_wait(before, samples).mode, WaitMode::hybrid);
}

TEST(WaitDecision, WhatWasDecidedBeforehandStays) {
  const WaitChoice asked = choose_wait(WaitMode::sleep, apart());
  EXPECT_EQ(decide_wait(asked, seen(microseconds(47), microseconds(20))).why, WaitWhy::asked);
}

TEST(WaitDecision, IsMadeSoLongBeforeTheMeasuredTimeThatAllShardsHearOfIt) {
  EXPECT_EQ(decision_lead(seconds(10)), milliseconds(10));
  EXPECT_EQ(decision_lead(kWaitTrial), milliseconds(10));
  EXPECT_EQ(decision_lead(milliseconds(5)), microseconds(500));
}

TEST(WaitTrial, HasTheMediansOfWhatItWasShown) {
  WaitTrial trial;
  EXPECT_EQ(trial.samples().answers, 0U);
  for (const std::uint64_t us : {40U, 50U, 900U}) trial.answered(us * 1000, us * 10'000);
  const WaitSamples samples = trial.samples();
  EXPECT_EQ(samples.answers, 3U);
  EXPECT_NEAR(to_micros(samples.lag_p50), 50, 0.1);
  EXPECT_NEAR(to_micros(samples.service_p50), 500, 1);
}

TEST(WaitReason, SaysWhyInWords) {
  WaitChoice choice = decide_wait(choose_wait({}, apart()), seen(microseconds(47), microseconds(21)));
  EXPECT_EQ(to_words(choice),
            "in a trial of 200 ms before the measured time a sleeping request was late by 47 µs (p50), over "
            "10 % of "
            "the service time's 21 µs");
  choice.in_trial = false;
  choice.why = WaitWhy::not_worth_it;
  choice.service_p50 = microseconds(1052);
  EXPECT_EQ(
      to_words(choice),
      "in the warm-up a sleeping request was late by 47 µs (p50), not over 10 % of the service time's 1.05 "
      "ms");
  for (int why = 0; why <= static_cast<int>(WaitWhy::not_worth_it); ++why)
    EXPECT_FALSE(to_words({.why = static_cast<WaitWhy>(why)}).empty());
  EXPECT_EQ(to_words(choose_wait(WaitMode::spin, {})), "asked for");
}

}  // namespace
}  // namespace saturn
