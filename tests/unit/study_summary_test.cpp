#include "core/stats/summary.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace saturn {
namespace {

TEST(Summary, OfNothingIsNothing) {
  EXPECT_FALSE(summary_of({}));
}

TEST(Summary, OfOneValueHasNoSpread) {
  const std::vector<double> values{4783};
  const auto summary = summary_of(values);
  ASSERT_TRUE(summary);
  EXPECT_EQ(summary->count, 1U);
  EXPECT_DOUBLE_EQ(summary->mean, 4783);
  EXPECT_DOUBLE_EQ(summary->min, 4783);
  EXPECT_DOUBLE_EQ(summary->max, 4783);
  EXPECT_EQ(summary->stddev, std::nullopt);
}

TEST(Summary, OfSeveralValues) {
  const std::vector<double> values{2, 4, 4, 4, 5, 5, 7, 9};
  const auto summary = summary_of(values);
  ASSERT_TRUE(summary);
  EXPECT_DOUBLE_EQ(summary->mean, 5);
  EXPECT_DOUBLE_EQ(summary->min, 2);
  EXPECT_DOUBLE_EQ(summary->max, 9);
  EXPECT_DOUBLE_EQ(summary->stddev.value(), std::sqrt(32.0 / 7.0));
}

}  // namespace
}  // namespace saturn
