#include "core/load/open_loop.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace saturn {
namespace {

using namespace std::chrono_literals;

constexpr Nanos kStart = 1000s;

/// 10 arrivals a second, from kStart on.
struct Loop {
  explicit Loop(std::uint64_t backlog, std::optional<std::uint64_t> total = {}, Nanos warmup = 0s) {
    scenario.rate = Rate{10, 1s};
    scenario.vus = 4;
    scenario.backlog = backlog;
    scenario.total_iterations = total;
    program.scenarios.push_back(scenario);
    share = split(program, 1)[0].scenarios[0];
    open.emplace(program.scenarios[0], share);
    open->schedule(kStart, kStart + warmup, Nanos::max());
  }
  /// As time passes while `free` slots are there.
  void until(Nanos at, std::uint64_t free) {
    open->advance(kStart + at, [&](const Due& due) {
      if (free == 0) return false;
      --free;
      started.push_back(due);
      return true;
    });
  }
  Program program;
  ScenarioProgram scenario;
  ScenarioShare share;
  std::optional<OpenLoop> open;
  std::vector<Due> started;
};

TEST(OpenLoop, WhatIsDueStartsWhereASlotIsFree) {
  Loop loop(10);
  loop.until(-1ns, 99);
  EXPECT_EQ(loop.open->due(), 0U);
  EXPECT_EQ(loop.open->next_at(), kStart);
  loop.until(0s, 99);
  EXPECT_EQ(loop.started.size(), 1U);
  loop.until(999ms, 99);
  EXPECT_EQ(loop.started.size(), 10U);
  EXPECT_EQ(loop.started.back().at, kStart + 900ms);
  EXPECT_EQ(loop.open->next_at(), kStart + 1s);
}

TEST(OpenLoop, WaitsInTheBacklogInOrderAndIsDroppedWhereThatIsFull) {
  Loop loop(3);
  loop.until(950ms, 2);  // ten are due
  EXPECT_EQ(loop.started.size(), 2U);
  EXPECT_EQ(loop.open->waiting(), 3U);
  EXPECT_EQ(loop.open->dropped(), 5U);
  EXPECT_EQ(loop.open->due(), 10U);
  EXPECT_EQ(loop.open->take()->at, kStart + 200ms);
  loop.until(1s, 99);  // one waits its turn behind those that came before
  EXPECT_EQ(loop.started.size(), 2U);
  EXPECT_EQ(loop.open->waiting(), 3U);
  EXPECT_EQ(loop.open->take()->at, kStart + 300ms);
  EXPECT_EQ(loop.open->take()->at, kStart + 400ms);
  EXPECT_EQ(loop.open->take()->at, kStart + 1s);
  EXPECT_FALSE(loop.open->take());
}

TEST(OpenLoop, WithoutABacklogWhatCannotStartIsDropped) {
  Loop loop(0);
  loop.until(450ms, 2);
  EXPECT_EQ(loop.started.size(), 2U);
  EXPECT_EQ(loop.open->dropped(), 3U);
  EXPECT_EQ(loop.open->waiting(), 0U);
}

TEST(OpenLoop, TheAccountsBalanceAtTheEnd) {
  Loop loop(3);
  loop.until(950ms, 2);
  loop.open->count_due();  // a second step, begun
  EXPECT_EQ(loop.open->end(), 3U);
  EXPECT_EQ(loop.open->next_at(), Nanos::max());
  EXPECT_EQ(loop.open->due(), 2U + 1U + loop.open->dropped() + 3U);
  loop.until(100s, 99);
  EXPECT_EQ(loop.open->due(), 11U);
}

TEST(OpenLoop, ATotalIsOfWhatWasNotDropped) {
  Loop loop(2, 5);
  loop.until(450ms, 1);  // five due: one started, two wait, two dropped
  EXPECT_EQ(loop.open->dropped(), 2U);
  EXPECT_FALSE(loop.open->exhausted());
  EXPECT_EQ(loop.open->take()->seq, 2U);
  EXPECT_EQ(loop.open->take()->seq, 3U);
  loop.until(10s, 99);
  EXPECT_EQ(loop.started.size(), 3U);
  EXPECT_EQ(loop.started.back().seq, 5U);
  EXPECT_EQ(loop.open->due(), 7U);
  EXPECT_TRUE(loop.open->exhausted());
  EXPECT_EQ(loop.open->next_at(), Nanos::max());
}

TEST(OpenLoop, WhatWaitsOfATotalIsNotDoneYet) {
  Loop loop(5, 2);
  loop.until(1s, 0);
  EXPECT_EQ(loop.open->waiting(), 2U);
  EXPECT_FALSE(loop.open->exhausted());
  loop.open->take();
  loop.open->take();
  EXPECT_TRUE(loop.open->exhausted());
}

TEST(OpenLoop, AWarmupIsOutsideTheTotalAndHasNumbersOfItsOwn) {
  Loop loop(5, 3, 500ms);
  loop.until(2s, 99);
  ASSERT_EQ(loop.started.size(), 8U);
  for (std::size_t i = 0; i < 5; ++i) {
    EXPECT_FALSE(loop.started[i].measured);
    EXPECT_EQ(loop.started[i].seq, 3 + i + 1);
  }
  for (std::size_t i = 5; i < 8; ++i) {
    EXPECT_TRUE(loop.started[i].measured);
    EXPECT_EQ(loop.started[i].seq, i - 4);
  }
}

}  // namespace
}  // namespace saturn
