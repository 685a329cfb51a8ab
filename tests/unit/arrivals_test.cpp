#include "core/load/arrivals.hpp"

#include <gtest/gtest.h>

#include <map>
#include <vector>

namespace saturn {
namespace {

using namespace std::chrono_literals;

constexpr Nanos kStart = 1000s;

Program program_of(Rate rate, std::uint32_t most = 100) {
  Program program;
  ScenarioProgram scenario;
  scenario.executor = Executor::constant_arrival_rate;
  scenario.rate = rate;
  scenario.vus = most;
  scenario.vus_at_start = std::min(most, 10U);
  program.scenarios.push_back(scenario);
  return program;
}

/// Every arrival of one shard, with its time from the start.
std::vector<Due> arrivals_of(const Program& program, std::uint32_t shard, std::uint32_t shards, Nanos warmup,
                             Nanos duration) {
  Arrivals arrivals(program.scenarios[0], split(program, shards)[shard].scenarios[0]);
  EXPECT_EQ(arrivals.next_at(), Nanos::max());
  arrivals.schedule(kStart, kStart + warmup, kStart + warmup + duration);
  std::vector<Due> found;
  for (; arrivals.next_at() != Nanos::max(); arrivals.advance()) {
    found.push_back(arrivals.next());
    found.back().at -= kStart;
  }
  return found;
}

TEST(Arrivals, AreDueAtTheStartAndEvenlyAfter) {
  const auto found = arrivals_of(program_of({4, 1s}), 0, 1, 0s, 1s);
  ASSERT_EQ(found.size(), 4U);
  for (std::size_t i = 0; i < 4; ++i) {
    EXPECT_EQ(found[i].at, Nanos(250ms) * static_cast<int>(i));
    EXPECT_EQ(found[i].seq, i + 1);
    EXPECT_TRUE(found[i].measured);
  }
}

TEST(Arrivals, WarmupAndMeasuredTimeEachBeginWithOne) {
  const auto found = arrivals_of(program_of({2, 1s}), 0, 1, 1200ms, 1s);
  const std::vector<Nanos> at{0ms, 500ms, 1000ms, 1200ms, 1700ms};
  ASSERT_EQ(found.size(), at.size());
  for (std::size_t i = 0; i < at.size(); ++i) {
    EXPECT_EQ(found[i].at, at[i]);
    EXPECT_EQ(found[i].measured, i >= 3);
    EXPECT_EQ(found[i].seq, i + 1);
  }
}

TEST(Arrivals, AllShardsTogetherHaveEachOnceAndTakeTurns) {
  for (const std::uint32_t shards : {1U, 2U, 3U, 7U})
    for (const Nanos warmup : {Nanos(0s), Nanos(130ms)}) {
      const Program program = program_of({1000, 7ms});
      std::map<std::uint64_t, Nanos> by_number;
      std::uint64_t in_all = 0, measured = 0;
      for (std::uint32_t shard = 0; shard < shards; ++shard) {
        const auto found = arrivals_of(program, shard, shards, warmup, 500ms);
        in_all += found.size();
        for (const Due& due : found) {
          by_number[due.seq] = due.at;
          measured += due.measured ? 1 : 0;
          if (warmup == 0s) {
            EXPECT_EQ((due.seq - 1) % shards, shard);
          }
        }
      }
      EXPECT_EQ(measured, arrivals_within({1000, 7ms}, 500ms));
      EXPECT_EQ(in_all, measured + arrivals_within({1000, 7ms}, warmup));
      ASSERT_EQ(by_number.size(), in_all);
      EXPECT_EQ(by_number.rbegin()->first, in_all);  // 1, 2, 3 … without a gap
      Nanos before = Nanos(-1);
      for (const auto& [number, at] : by_number) {
        EXPECT_GT(at, before) << number;
        before = at;
      }
    }
}

TEST(Arrivals, AShardWithoutSlotsHasNone) {
  const Program program = program_of({100, 1s}, 2);
  EXPECT_EQ(arrivals_of(program, 0, 4, 0s, 1s).size(), 50U);
  EXPECT_EQ(arrivals_of(program, 1, 4, 0s, 1s).size(), 50U);
  EXPECT_TRUE(arrivals_of(program, 2, 4, 0s, 1s).empty());
  EXPECT_TRUE(arrivals_of(program, 3, 4, 0s, 1s).empty());
}

TEST(Arrivals, WithoutAnEndThereIsAlwaysANextOne) {
  const Program program = program_of({1, 1h});
  Arrivals arrivals(program.scenarios[0], split(program, 1)[0].scenarios[0]);
  arrivals.schedule(kStart, kStart, Nanos::max());
  for (int i = 0; i < 1000; ++i) arrivals.advance();
  EXPECT_EQ(arrivals.next_at(), kStart + 1000h);
  arrivals.end();
  EXPECT_EQ(arrivals.next_at(), Nanos::max());
}

}  // namespace
}  // namespace saturn
