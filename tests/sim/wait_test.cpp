// How a scenario's shards wait is decided once, before the measured time, by what a sleeping warm-up showed;
// in virtual time over a network whose sleeper is woken late by a known amount.
#include <gtest/gtest.h>

#include "core/plan/rate.hpp"
#include "sim/sim_run.hpp"

namespace saturn {
namespace {

using namespace test;  // NOLINT(google-build-using-namespace)
using std::chrono::microseconds;
using std::chrono::milliseconds;
using std::chrono::seconds;

/// A sleep that ends with a request being due ends 40 µs later.
class LateSleeper : public SimTransport {
 public:
  using SimTransport::SimTransport;
  void set_wait(WaitMode mode, bool answers_may_wait) { set_.push_back({now(), mode, answers_may_wait}); }
  void wait(Nanos until, std::vector<Completion>& out, Nanos due = Nanos::max()) {
    SimTransport::wait(due <= until && mode() == WaitMode::sleep ? until + microseconds(40) : until, out,
                       due);
  }
  struct Setting {
    Nanos at{0};
    WaitMode mode = WaitMode::sleep;
    bool answers_may_wait = false;
  };
  const std::vector<Setting>& set() const { return set_; }

 private:
  WaitMode mode() const { return set_.empty() ? WaitMode::sleep : set_.back().mode; }
  std::vector<Setting> set_;
};

struct Outcome {
  ScenarioTally tally;
  std::vector<LateSleeper::Setting> set;
  Nanos start{0};
};

/// 1,000/s for a second after the warm-up, as shard `shard` of two. `stopped_at` after the start the shard
/// does not run for 20 ms; 0: it always does.
Outcome run_at(Nanos service, Nanos warmup, Gate& gate, std::uint32_t shard = 0, WaitChoice wait = {},
               Nanos stopped_at = Nanos(0)) {
  Plan plan = plan_of(10, seconds(1), {});
  plan.scenarios[0].executor = Executor::constant_arrival_rate;
  plan.scenarios[0].rate = Rate{1000, seconds(1)};
  plan.scenarios[0].max_in_flight = 10;
  plan.scenarios[0].warmup = warmup;
  auto program = compile(plan, 1);
  if (!program) throw std::runtime_error(to_text(program.errors().front()));
  program->scenarios[0].wait = wait;
  const auto share = split(*program, 2)[shard];
  SimOptions options;
  options.server = [service](const SimRequest&) { return answer(response(), service); };
  if (stopped_at.count() > 0) {
    options.stopped_at = seconds(1) + milliseconds(10) + stopped_at;
    options.stopped_for = milliseconds(20);
  }
  LateSleeper network(share.scenarios[0].vus, std::move(options));
  Shard<LateSleeper, LateSleeper> work(network, network, *program, share);
  const Nanos start = network.now() + milliseconds(10);
  gate.start_at.store(start.count());
  Live live;
  const std::atomic<bool> stop{false};
  Outcome outcome;
  outcome.tally = std::move(work.run(0, gate, live, stop).tally);
  outcome.set = network.set();
  outcome.start = start;
  return outcome;
}

constexpr WaitChoice kTrial{.mode = WaitMode::sleep, .why = WaitWhy::trial};

TEST(WaitDecided, ByHowLateASleeperIsBesideTheServiceTime) {
  Gate gate;
  const Outcome fast = run_at(microseconds(300), milliseconds(200), gate, 0, kTrial);
  ASSERT_TRUE(fast.tally.wait);
  EXPECT_EQ(fast.tally.wait->mode, WaitMode::hybrid);
  EXPECT_EQ(fast.tally.wait->why, WaitWhy::worth_it);
  EXPECT_NEAR(to_micros(fast.tally.wait->lag_p50), 40, 1);
  EXPECT_NEAR(to_micros(fast.tally.wait->service_p50), 305, 2);
  EXPECT_EQ(fast.tally.warmup, 100U);  // this shard's half
  EXPECT_LT(fast.tally.lag.max(), 2'000U) << "awake from the first measured request on";

  Gate other;
  const Outcome slow = run_at(milliseconds(1), milliseconds(200), other, 0, kTrial);
  EXPECT_EQ(slow.tally.wait->mode, WaitMode::sleep);
  EXPECT_EQ(slow.tally.wait->why, WaitWhy::not_worth_it);
  EXPECT_GE(slow.tally.lag.min(), 39'000U);
}

TEST(WaitDecided, OnceAndNotAfterTheMeasuredTimeBegan) {
  Gate gate;
  const Outcome run = run_at(microseconds(300), milliseconds(200), gate, 0, kTrial);
  ASSERT_EQ(run.set.size(), 3U);  // to try, to measure, to close
  EXPECT_EQ(run.set[0].mode, WaitMode::sleep);
  EXPECT_LT(run.set[0].at, run.start);
  EXPECT_EQ(run.set[1].mode, WaitMode::hybrid);
  EXPECT_LE(run.set[1].at, run.start + milliseconds(191));
  EXPECT_EQ(run.set[2].mode, WaitMode::sleep);
  EXPECT_GE(run.set[2].at, run.start + milliseconds(1200));
}

TEST(WaitDecided, TheFirstShardsWordHoldsForTheOthers) {
  Gate gate;
  run_at(microseconds(300), milliseconds(200), gate, 0, kTrial);
  EXPECT_EQ(run_at(milliseconds(1), milliseconds(200), gate, 1, kTrial).tally.wait->mode, WaitMode::hybrid);
}

TEST(WaitDecided, WhereTheFirstComesTooLateAllSleep) {
  Gate gate;
  EXPECT_EQ(run_at(microseconds(300), milliseconds(200), gate, 1, kTrial).tally.wait->mode, WaitMode::sleep);
  const Outcome late = run_at(microseconds(300), milliseconds(200), gate, 0, kTrial);
  EXPECT_EQ(late.tally.wait->mode, WaitMode::sleep);
  EXPECT_EQ(late.tally.wait->why, WaitWhy::undecided);
}

TEST(WaitDecided, NotByAShardThatComesWhenTheMeasuredTimeHasBegun) {
  for (const auto& [stopped_at, why] :
       {std::pair(milliseconds(175), WaitWhy::worth_it), std::pair(milliseconds(185), WaitWhy::undecided)}) {
    Gate gate;
    const Outcome run = run_at(microseconds(300), milliseconds(200), gate, 0, kTrial, stopped_at);
    EXPECT_EQ(run.tally.wait->why, why);
    EXPECT_EQ(run.tally.wait->mode, why == WaitWhy::worth_it ? WaitMode::hybrid : WaitMode::sleep);
  }
}

TEST(WaitDecided, BesideABusySiblingItSleeps) {
  Gate gate;
  gate.sibling_busy.store(true);
  EXPECT_EQ(run_at(microseconds(300), milliseconds(200), gate, 0, kTrial).tally.wait->why,
            WaitWhy::sibling_busy);
}

TEST(WaitDecided, WhatIsSettledBeforehandIsNotTried) {
  Gate gate;
  const WaitChoice asked{.mode = WaitMode::hybrid, .why = WaitWhy::asked};
  const Outcome run = run_at(milliseconds(1), milliseconds(200), gate, 0, asked);
  EXPECT_FALSE(run.tally.wait);
  ASSERT_EQ(run.set.size(), 2U);
  EXPECT_EQ(run.set[0].mode, WaitMode::hybrid);
  EXPECT_EQ(gate.wait.load(), Gate::kNoWait);
}

TEST(AnswersMayWait, WhereEachHasItsOwnSlotAndStamp) {
  Gate gate;
  EXPECT_TRUE(run_at(milliseconds(1), Nanos(0), gate).set[0].answers_may_wait);
  const Plan closed = plan_of(4, seconds(1), {});
  auto program = compile(closed, 1);
  const auto share = split(*program, 1)[0];
  SimOptions options;
  options.server = [](const SimRequest&) { return answer(response()); };
  LateSleeper network(4, std::move(options));
  Shard<LateSleeper, LateSleeper> work(network, network, *program, share);
  Gate other;
  other.start_at.store((network.now() + milliseconds(10)).count());
  Live live;
  const std::atomic<bool> stop{false};
  work.run(0, other, live, stop);
  for (const auto& setting : network.set()) EXPECT_FALSE(setting.answers_may_wait);
}

}  // namespace
}  // namespace saturn
