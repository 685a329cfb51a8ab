#include "core/load/closed_loop.hpp"

#include <gtest/gtest.h>

namespace saturn {
namespace {

ScenarioProgram scenario(std::uint32_t vus, std::optional<std::uint64_t> total,
                         std::optional<std::uint64_t> per_vu = {}) {
  ScenarioProgram program;
  program.vus = vus;
  program.total_iterations = total;
  program.iterations_per_vu = per_vu;
  return program;
}

TEST(ClosedLoop, WithoutATotalTheNumberFollowsFromVuAndIteration) {
  ClosedLoop load(scenario(10, {}), {.vus = 4, .first_vu = 6, .iterations = {}, .first_seq = 1});
  EXPECT_EQ(load.take(0, false)->seq, 7U);
  EXPECT_EQ(load.take(3, false)->seq, 10U);
  EXPECT_EQ(load.take(0, false)->seq, 17U);
  EXPECT_FALSE(load.exhausted());
}

TEST(ClosedLoop, WithATotalTheShareHandsOutItsBlockOnce) {
  ClosedLoop load(scenario(4, 100), {.vus = 2, .first_vu = 2, .iterations = 3, .first_seq = 51});
  EXPECT_EQ(load.take(1, false)->seq, 51U);
  EXPECT_EQ(load.take(1, false)->seq, 52U);
  EXPECT_EQ(load.take(0, false)->seq, 53U);
  EXPECT_FALSE(load.take(0, false).has_value());
  EXPECT_TRUE(load.exhausted());
}

TEST(ClosedLoop, WarmupTakesNothingFromThePoolAndHasNumbersOfItsOwn) {
  ClosedLoop load(scenario(2, 5), {.vus = 2, .first_vu = 0, .iterations = 5, .first_seq = 1});
  for (int i = 0; i < 20; ++i) EXPECT_GT(load.take(0, true)->seq, 5U);
  EXPECT_EQ(load.take(1, false)->seq, 1U);
}

TEST(ClosedLoop, EachVuHasItsOwnCount) {
  ClosedLoop load(scenario(2, 4, 2), {.vus = 2, .first_vu = 0, .iterations = 4, .first_seq = 1});
  EXPECT_TRUE(load.take(0, false) && load.take(0, false));
  EXPECT_FALSE(load.take(0, false).has_value());
  EXPECT_FALSE(load.exhausted());
  EXPECT_TRUE(load.take(1, false) && load.take(1, false));
  EXPECT_TRUE(load.exhausted());
}

}  // namespace
}  // namespace saturn
