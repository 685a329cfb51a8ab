#include <gtest/gtest.h>

#include <algorithm>

#include "core/base/prng.hpp"
#include "core/plan/program.hpp"

namespace saturn {
namespace {

Program program_of(std::uint32_t vus, std::optional<std::uint64_t> total,
                   std::optional<std::uint64_t> per_vu) {
  Program program;
  ScenarioProgram scenario;
  scenario.vus = vus;
  scenario.total_iterations = per_vu ? vus * *per_vu : total;
  scenario.iterations_per_vu = per_vu;
  program.scenarios.push_back(std::move(scenario));
  return program;
}

/// Sums, contiguity and fairness: what every split must keep, whatever the numbers.
void expect_exact(const Program& program, std::uint32_t shards) {
  SCOPED_TRACE(testing::Message() << shards << " shards, " << program.scenarios[0].vus << " VUs, total "
                                  << program.scenarios[0].total_iterations.value_or(0));
  const auto& scenario = program.scenarios[0];
  const auto shares = split(program, shards);
  ASSERT_EQ(shares.size(), shards);
  std::uint64_t next_vu = 0, next_seq = 1;
  std::uint32_t previous_vus = UINT32_MAX;
  for (std::uint32_t i = 0; i < shards; ++i) {
    const auto& share = shares[i].scenarios.at(0);
    EXPECT_EQ(shares[i].shard, i);
    EXPECT_EQ(shares[i].shards, shards);
    EXPECT_EQ(share.first_vu, next_vu);
    EXPECT_LE(share.vus, previous_vus);                       // the remainder is with the lowest
    EXPECT_GE(share.vus + 1, shares[0].scenarios.at(0).vus);  // at most one apart
    previous_vus = share.vus;
    next_vu += share.vus;
    EXPECT_EQ(share.iterations.has_value(), scenario.total_iterations.has_value());
    if (!share.iterations) {
      EXPECT_EQ(share.first_seq, 1u);
      continue;
    }
    EXPECT_EQ(share.first_seq, next_seq);
    next_seq += *share.iterations;
    if (share.vus == 0) {
      EXPECT_EQ(*share.iterations, 0u);
    }
    if (scenario.iterations_per_vu) {
      EXPECT_EQ(*share.iterations, share.vus * *scenario.iterations_per_vu);
    } else {  // floor(total × vus / all VUs), or one more
      __extension__ using Wide = unsigned __int128;
      const auto floor = static_cast<std::uint64_t>(static_cast<Wide>(*scenario.total_iterations) *
                                                    share.vus / scenario.vus);
      EXPECT_GE(*share.iterations, floor);
      EXPECT_LE(*share.iterations, floor + 1);
    }
  }
  EXPECT_EQ(next_vu, scenario.vus);
  if (scenario.total_iterations) {
    EXPECT_EQ(next_seq - 1, *scenario.total_iterations);
  }
}

TEST(Split, OneShardGetsEverything) {
  const auto shares = split(program_of(50, 1000, {}), 1);
  ASSERT_EQ(shares.size(), 1u);
  EXPECT_EQ(shares[0].scenarios[0].vus, 50u);
  EXPECT_EQ(shares[0].scenarios[0].first_vu, 0u);
  EXPECT_EQ(shares[0].scenarios[0].iterations, 1000u);
  EXPECT_EQ(shares[0].scenarios[0].first_seq, 1u);
}

TEST(Split, RemaindersGoToTheLowest) {
  const auto shares = split(program_of(10, 101, {}), 4);  // VUs 3 3 2 2; floors 30 30 20 20, one left
  const std::uint64_t vus[] = {3, 3, 2, 2}, iterations[] = {31, 30, 20, 20}, seq[] = {1, 32, 62, 82};
  for (std::size_t i = 0; i < 4; ++i) {
    EXPECT_EQ(shares[i].scenarios[0].vus, vus[i]);
    EXPECT_EQ(shares[i].scenarios[0].iterations, iterations[i]);
    EXPECT_EQ(shares[i].scenarios[0].first_seq, seq[i]);
  }
}

TEST(Split, PerVuIterationsFollowTheVus) {
  const auto shares = split(program_of(5, {}, 20), 2);
  EXPECT_EQ(shares[0].scenarios[0].iterations, 60u);
  EXPECT_EQ(shares[1].scenarios[0].iterations, 40u);
  EXPECT_EQ(shares[1].scenarios[0].first_seq, 61u);
}

TEST(Split, EveryScenarioIsSplitOnItsOwn) {
  auto program = program_of(3, 9, {});
  program.scenarios.push_back(program_of(1, {}, {}).scenarios[0]);
  const auto shares = split(program, 2);
  EXPECT_EQ(shares[0].scenarios[0].iterations, 6u);
  EXPECT_EQ(shares[1].scenarios[0].iterations, 3u);
  EXPECT_EQ(shares[0].scenarios[1].vus, 1u);
  EXPECT_EQ(shares[1].scenarios[1].vus, 0u);
  EXPECT_FALSE(shares[0].scenarios[1].iterations.has_value());
}

TEST(Split, ARatesArrivalsAreTakenInTurnsAndItsTotalFollowsThem) {
  Program program = program_of(100, 1001, {});
  ScenarioProgram& scenario = program.scenarios[0];
  scenario.rate = Rate{500, std::chrono::seconds(1)};
  scenario.vus_at_start = 10;
  scenario.backlog = 5;
  const auto shares = split(program, 3, true);
  const std::uint64_t vus[] = {34, 33, 33}, at_start[] = {4, 3, 3}, backlog[] = {2, 2, 1};
  const std::uint64_t iterations[] = {334, 334, 333}, seq[] = {1, 335, 669};
  for (std::uint32_t i = 0; i < 3; ++i) {
    const auto& share = shares[i].scenarios[0];
    EXPECT_EQ(share.vus, vus[i]);
    EXPECT_EQ(share.vus_at_start, at_start[i]);
    EXPECT_EQ(share.backlog, backlog[i]);
    EXPECT_EQ(share.iterations, iterations[i]);
    EXPECT_EQ(share.first_seq, seq[i]);
    EXPECT_EQ(share.first_arrival, i);
    EXPECT_EQ(share.arrival_stride, 3U);
  }
}

TEST(Split, ARatesArrivalsGoToShardsThatHaveSlots) {
  Program program = program_of(2, 101, {});
  program.scenarios[0].rate = Rate{500, std::chrono::seconds(1)};
  program.scenarios[0].vus_at_start = 1;
  program.scenarios[0].backlog = 3;
  const auto shares = split(program, 4);
  EXPECT_EQ(shares[0].scenarios[0].iterations, 51U);
  EXPECT_EQ(shares[1].scenarios[0].iterations, 50U);
  EXPECT_EQ(shares[1].scenarios[0].vus_at_start, 0U);
  EXPECT_EQ(shares[1].scenarios[0].backlog, 1U);
  for (std::size_t i = 2; i < 4; ++i) {
    EXPECT_EQ(shares[i].scenarios[0].iterations, 0U);
    EXPECT_EQ(shares[i].scenarios[0].arrival_stride, 0U);
    EXPECT_EQ(shares[i].scenarios[0].backlog, 0U);
  }
}

TEST(Split, AWholePoolStaysOnTheFirstShard) {
  Program program = program_of(10, 100, {});
  program.scenarios[0].executor = Executor::shared_iterations;
  const auto shares = split(program, 3, true);
  EXPECT_EQ(shares[0].scenarios[0].vus, 10u);
  EXPECT_EQ(shares[0].scenarios[0].iterations, 100u);
  EXPECT_EQ(shares[2].scenarios[0].vus, 0u);
  EXPECT_EQ(shares[2].scenarios[0].iterations, 0u);
  program.scenarios[0].executor = Executor::constant_vus;
  EXPECT_EQ(split(program, 3, true)[0].scenarios[0].vus, 4u);
}

TEST(Split, SmallNumbersAreAllExact) {
  for (std::uint32_t shards = 1; shards <= 9; ++shards)
    for (std::uint32_t vus = 1; vus <= 20; ++vus) {
      expect_exact(program_of(vus, {}, {}), shards);
      expect_exact(program_of(vus, {}, 7), shards);
      for (std::uint64_t total = 0; total <= 40; ++total) expect_exact(program_of(vus, total, {}), shards);
    }
}

TEST(Split, LargeNumbersAreExactToo) {
  Prng prng(20240607);
  for (int i = 0; i < 2000; ++i) {
    const auto shards = static_cast<std::uint32_t>(prng.between(1, 256));
    const auto vus = static_cast<std::uint32_t>(prng.between(1, 1'000'000));
    expect_exact(program_of(vus, prng.next() % 1'000'000'000'000'000, {}), shards);
    expect_exact(program_of(vus, {}, prng.next() % 1'000'000'000), shards);
  }
}

}  // namespace
}  // namespace saturn
