// Everything going wrong at once, drawn from a seed: the ledger must balance and the server's own count must
// agree, whatever happens.
#include <gtest/gtest.h>

#include <memory>

#include "sim/sim_run.hpp"

namespace saturn {
namespace {

using namespace test;  // NOLINT(google-build-using-namespace)

SimOptions hostile(std::uint64_t seed, std::uint64_t faulty_one_in) {
  SimOptions options;
  options.seed = seed;
  options.faults = {2, 3, faulty_one_in, faulty_one_in, 5};
  options.idle_close = std::chrono::milliseconds(2);
  auto random = std::make_shared<Prng>(seed + 1000);
  options.server = [random](const SimRequest& request) {
    SimAnswer made = answer(response(std::string(static_cast<std::size_t>(random->between(0, 5000)), 'b')),
                            Nanos(random->between(1000, 3'000'000)));
    made.close = random->one_in(7);
    if (request.number % 97 == 0) made.bytes = "garbage";
    return made;
  };
  return options;
}

TEST(Faults, TheLedgerBalancesForEverySeed) {
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    SCOPED_TRACE(seed);
    Plan plan = plan_of(1 + static_cast<std::uint32_t>(seed % 9), {}, 300);
    plan.scenarios[0].pipeline = 1 + static_cast<std::uint32_t>(seed % 4);
    plan.scenarios[0].timeout = std::chrono::milliseconds(50);
    plan.scenarios[0].flow[0].path = seed % 2 == 0 ? "/fixed" : "/items/{{random_int(1, 1500)}}";
    if (seed % 3 == 0) plan.scenarios[0].requests_per_connection = 4 + seed % 5;
    if (seed % 5 == 0) plan.scenarios[0].flow[0].method = "POST";
    const auto run = run_sim(plan, hostile(seed, 20));
    expect_balanced(run.tally);
    EXPECT_EQ(run.tally.started, 300U);
    EXPECT_EQ(run.tally.in_flight_at_stop, 0U);
    EXPECT_EQ(run.buffers_out, 0U);
    // Each request that the server saw was begun by us, once or (retried) twice; those lost before it saw
    // them are among the failed.
    EXPECT_LE(run.requests_seen, run.tally.started + run.tally.retried);
    EXPECT_GE(run.requests_seen, run.tally.completed);
  }
}

TEST(Faults, TheSameSeedGivesTheSameRun) {
  Plan plan = plan_of(5, {}, 500);
  const auto one = run_sim(plan, hostile(11, 15)), two = run_sim(plan, hostile(11, 15));
  EXPECT_EQ(one.took, two.took);
  EXPECT_EQ(one.tally.errors, two.tally.errors);
  EXPECT_EQ(one.tally.bytes_received, two.tally.bytes_received);
  EXPECT_EQ(one.tally.steps[0].latency_ok.max(), two.tally.steps[0].latency_ok.max());
}

TEST(Faults, ShortReadsAndPartialSendsAloneLoseNothing) {
  SimOptions options = hostile(3, 0);
  options.idle_close = Nanos(0);
  options.server = [](const SimRequest&) { return answer(response(std::string(3000, 'x'))); };
  Plan plan = plan_of(8, {}, 2000);
  plan.scenarios[0].pipeline = 3;
  const auto run = run_sim(plan, options);
  EXPECT_EQ(run.tally.ok, 2000U);
  EXPECT_EQ(run.requests_seen, 2000U);
  EXPECT_EQ(run.tally.reconnects, 0U);
  EXPECT_GT(run.transport.buffers_short, 0U);
}

}  // namespace
}  // namespace saturn
