// What a shard says it cost: of the measured phase alone. And the verdict on a generator that is held up, in
// virtual time.
#include "core/result/merge.hpp"
#include "core/result/verdict.hpp"
#include "sim_run.hpp"

namespace saturn::test {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;

SimOptions serving(Nanos service, Nanos held_up = Nanos(0)) {
  SimOptions options;
  options.server = [service](const SimRequest&) { return answer(response(), service); };
  options.held_up = held_up;
  return options;
}

TEST(ShardCost, IsOfTheMeasuredPhaseWithoutWarmupAndDrain) {
  Plan plan = plan_of(4, milliseconds(100), {});
  plan.scenarios[0].warmup = milliseconds(50);
  const SimOutcome run = run_sim(plan, serving(milliseconds(3)));
  EXPECT_GT(run.tally.warmup, 0U);
  EXPECT_NEAR(static_cast<double>(run.cost.wall.count()), 100e6, 1e6);
  EXPECT_EQ(run.cost.completed, run.tally.in_window);
  EXPECT_LT(run.cost.completed, run.tally.completed);
  EXPECT_LT(run.cost.batches, run.transport.batches);
}

TEST(ShardCost, CountsTheCompletionsOfItsTurns) {
  const SimOutcome run = run_sim(plan_of(10, {}, 200), serving(milliseconds(1), milliseconds(2)));
  EXPECT_EQ(run.cost.completed, 200U);
  EXPECT_EQ(run.cost.completions, 400U) << "each is sent and received";
  EXPECT_GE(run.cost.completions_most, 10U)
      << "held up for longer than the target takes, it finds all at once";
  EXPECT_LE(run.cost.turns, 100U);
}

ScenarioResult judged(const Plan& plan, SimOptions options) {
  const SimOutcome run = run_sim(plan, std::move(options));
  ShardResult shard;
  shard.scenarios.push_back({run.tally, run.cost});
  RunResult result = merge(*compile(plan, 1), {shard});
  judge(result);
  return result.scenarios.at(0);
}

TEST(Verdict, OfAHeldUpGeneratorIsTheGeneratorWhateverTheTargetDoes) {
  const Plan plan = plan_of(10, milliseconds(500), {});
  const ScenarioResult fast = judged(plan, serving(microseconds(100), milliseconds(2)));
  ASSERT_TRUE(fast.verdict);
  EXPECT_EQ(fast.verdict->limited_by, LimitedBy::generator);
  EXPECT_FALSE(fast.verdict->valid);
  EXPECT_LT(fast.latency->p50_us, 300) << "what it says of the target is right nevertheless";
  const ScenarioResult slow = judged(plan, serving(milliseconds(50), milliseconds(2)));
  EXPECT_EQ(slow.verdict->limited_by, LimitedBy::target);
  EXPECT_TRUE(slow.verdict->valid);
}

TEST(Verdict, WithoutArrivalStampsNobodyKnowsThatItWasHeldUp) {
  SimOptions options = serving(microseconds(100), milliseconds(2));
  options.arrival_stamps = false;
  const ScenarioResult result = judged(plan_of(10, milliseconds(500), {}), options);
  ASSERT_TRUE(result.verdict);
  EXPECT_EQ(result.verdict->limited_by, LimitedBy::unknown) << "the simulation has no run queue either";
  EXPECT_GT(result.latency->p50_us, 1'500);
}

}  // namespace
}  // namespace saturn::test
