#include "core/base/prng.hpp"

#include <gtest/gtest.h>

namespace saturn {
namespace {

TEST(Prng, DrawDependsOnEachCoordinate) {
  const auto base = draw(7, 0, 1, 0);
  EXPECT_EQ(base, draw(7, 0, 1, 0));
  EXPECT_NE(base, draw(8, 0, 1, 0));
  EXPECT_NE(base, draw(7, 1, 1, 0));
  EXPECT_NE(base, draw(7, 0, 2, 0));
  EXPECT_NE(base, draw(7, 0, 1, 1));
}

TEST(Prng, RangeIncludesBothEnds) {
  EXPECT_EQ(in_range(0, 1, 1500), 1);
  EXPECT_EQ(in_range(UINT64_MAX, 1, 1500), 1500);
  EXPECT_EQ(in_range(UINT64_MAX, -3, -3), -3);
  EXPECT_EQ(in_range(5, INT64_MIN, INT64_MAX), 5);
}

TEST(Prng, EveryValueOfASmallRangeIsDrawn) {
  bool seen[10] = {};
  for (std::uint64_t seq = 1; seq <= 1000; ++seq) seen[in_range(draw(1, 0, seq, 0), 0, 9)] = true;
  for (const bool value : seen) EXPECT_TRUE(value);
}

}  // namespace
}  // namespace saturn
