// The shard loses its core within a batch of sends, at each place of it: no latency is under the true one,
// lag is never under it, and what is not known is counted.
#include "sim_run.hpp"

namespace saturn::test {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;

constexpr Nanos kService = milliseconds(2), kWire = microseconds(5), kSend{100};
constexpr Nanos kLooksLater = microseconds(100);  ///< and so finds the answers of a round together
constexpr std::uint32_t kBatch = 64;
constexpr std::uint64_t kRounds = 24;  ///< the first teach what a batch usually takes
constexpr std::uint64_t kHit = 20;

/// 64 connections whose requests leave in one batch a round; batch 20 loses `lost` before send `place`.
SimOptions preempted_at(std::uint32_t place, Nanos lost) {
  SimOptions options;
  options.server = [](const SimRequest&) { return answer(response(), kService); };
  options.preempted = [=](std::uint64_t number, std::uint32_t k) {
    return number == kHit && k == place ? lost : Nanos(0);
  };
  return options;
}

SimOutcome closed_loop(SimOptions options) {
  options.held_up = kLooksLater;
  return run_sim(plan_of(kBatch, {}, kBatch * kRounds), std::move(options));
}

TEST(Preemption, WithoutOneEverySendIsExact) {
  const auto run = closed_loop(preempted_at(0, Nanos(0)));
  EXPECT_EQ(run.transport.batches, kRounds);
  EXPECT_EQ(run.tally.inexact_sends, 0U);
  EXPECT_EQ(run.tally.send_uncertainty.count(), 0U);
  const Histogram& latency = run.tally.steps[0].latency_ok;
  // A send takes 100 ns and is stamped in its middle; the server has it at its end.
  EXPECT_GE(latency.min(), static_cast<std::uint64_t>((kService + kWire).count()));
  EXPECT_LE(latency.max(), static_cast<std::uint64_t>((kService + kWire + kSend).count()));
}

TEST(Preemption, AtEachPlaceOfABatchNoLatencyIsUnderTheTrueOneAndTheBoundsAreItsEnds) {
  for (const Nanos lost : {Nanos(microseconds(40)), Nanos(milliseconds(1)), Nanos(milliseconds(3))}) {
    for (std::uint32_t place = 0; place <= kBatch; ++place) {
      SCOPED_TRACE(testing::Message() << place << " of 64, " << lost.count() << " ns");
      const auto run = closed_loop(preempted_at(place, lost));
      const Histogram& latency = run.tally.steps[0].latency_ok;
      const Nanos width = lost + kBatch * kSend;
      EXPECT_EQ(latency.count(), kBatch * kRounds);
      EXPECT_GE(latency.min(), static_cast<std::uint64_t>((kService + kWire).count()));
      // Who left last is answered last; counted from the batch's start.
      const Nanos most = kService + kWire + (place == kBatch ? kBatch * kSend : width);
      EXPECT_EQ(latency.max(), static_cast<std::uint64_t>(most.count()));
      EXPECT_EQ(run.tally.inexact_sends, kBatch) << "all of the batch, and no other";
      EXPECT_EQ(run.tally.send_uncertainty.count(), kBatch);
      // The answer to the first may have come before the batch ended: it left before that.
      const Nanos first = kService + kWire + kSend + (place == 0 ? lost : Nanos(0));
      EXPECT_EQ(run.tally.send_uncertainty.min(), static_cast<std::uint64_t>(std::min(width, first).count()));
      const Nanos last = kService + kWire + kBatch * kSend + (place == kBatch ? Nanos(0) : lost);
      EXPECT_EQ(run.tally.send_uncertainty.max(), static_cast<std::uint64_t>(std::min(width, last).count()));
      expect_balanced(run.tally);
    }
  }
}

TEST(Preemption, OneTooShortToBeSeenMakesNoLatencyTooShortEither) {
  for (std::uint32_t place = 0; place <= kBatch; ++place) {
    SCOPED_TRACE(place);
    const auto run = closed_loop(preempted_at(place, microseconds(15)));
    const Histogram& latency = run.tally.steps[0].latency_ok;
    EXPECT_EQ(run.tally.inexact_sends, 0U);
    EXPECT_GE(latency.min(), static_cast<std::uint64_t>((kService + kWire).count()));
    EXPECT_LE(latency.max(),
              static_cast<std::uint64_t>((kService + kWire + kSend + microseconds(15)).count()));
  }
}

TEST(Preemption, AnAnswerThatComesTooSoonForItsPlaceInTheBatchCountsFromTheBatchsStart) {
  SimOptions options;
  options.server = [](const SimRequest&) { return answer(response(), Nanos(0)); };
  options.interrupted = microseconds(40);  // of the first batch, for which that is not too long
  const auto run = run_sim(plan_of(10, {}, 10), std::move(options));
  EXPECT_EQ(run.tally.inexact_sends, 9U) << "all but the first seem to have left after or with their answers";
  EXPECT_EQ(run.tally.send_uncertainty.count(), 9U);
  EXPECT_GE(run.tally.steps[0].latency_ok.min(), 3'000U);
  EXPECT_EQ(run.tally.steps[0].latency_ok.max(), 6'000U) << "ten sends, and the wire";
}

TEST(Preemption, LagCountsToTheBatchsEndWhereverItWasInterrupted) {
  for (const std::uint32_t place : {0U, 1U, 32U, 63U, 64U}) {
    SCOPED_TRACE(place);
    const auto run = closed_loop(preempted_at(place, milliseconds(1)));
    // The first slot that was free waited until saturn looked; then to the batch's end.
    EXPECT_EQ(run.tally.lag.max(),
              static_cast<std::uint64_t>((kLooksLater + milliseconds(1) + kBatch * kSend).count()));
    EXPECT_EQ(run.tally.lag.count(), run.tally.measured);
  }
}

TEST(Preemption, InAnOpenLoopLatencyCountsFromWhenItWasDueAndServiceFromTheBatchsStart) {
  Plan plan = plan_of(1, milliseconds(1000), {});
  plan.scenarios[0].executor = Executor::constant_arrival_rate;
  plan.scenarios[0].rate = Rate{100, std::chrono::seconds(1)};
  plan.scenarios[0].max_in_flight = 1;
  const auto run = run_sim(plan, preempted_at(0, milliseconds(3)));
  EXPECT_EQ(run.tally.measured, 100U);
  EXPECT_EQ(run.tally.inexact_sends, 1U);
  const auto lone = static_cast<std::uint64_t>((kService + kWire + kSend).count());
  const std::uint64_t lost = 3'000'000;
  EXPECT_EQ(run.tally.steps[0].latency_ok.max(), lone + lost);
  EXPECT_EQ(run.tally.service.max(), lone + lost) << "at most, since it may have left at the start";
  EXPECT_EQ(run.tally.lag.max(), lost + 100) << "at most, since it may have left at the end";
  EXPECT_EQ(run.tally.send_uncertainty.min(), lost + 100);
}

TEST(Preemption, ALateSendCountsFromItsBatchsStartToo) {
  SimOptions options = preempted_at(0, Nanos(0));
  options.late = [](std::uint64_t number, std::uint32_t k) { return number == kHit && k == 63; };
  const auto run = closed_loop(std::move(options));
  EXPECT_EQ(run.tally.inexact_sends, 1U);
  EXPECT_EQ(run.tally.send_uncertainty.count(), 1U);
  EXPECT_EQ(run.tally.send_uncertainty.max(), static_cast<std::uint64_t>((kBatch * kSend).count()));
  EXPECT_EQ(run.tally.steps[0].latency_ok.max(),
            static_cast<std::uint64_t>((kService + kWire + kBatch * kSend).count()));
}

TEST(Preemption, OfTheVeryFirstBatchIsSeenToo) {
  SimOptions options;
  options.server = [](const SimRequest&) { return answer(response(), kService); };
  options.preempted = [](std::uint64_t number, std::uint32_t k) {
    return number == 1 && k == 60 ? Nanos(milliseconds(1)) : Nanos(0);
  };
  const auto run = closed_loop(std::move(options));
  EXPECT_EQ(run.tally.inexact_sends, kBatch);
  EXPECT_GE(run.tally.steps[0].latency_ok.min(), static_cast<std::uint64_t>((kService + kWire).count()));
}

}  // namespace
}  // namespace saturn::test
