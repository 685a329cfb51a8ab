#include "core/stats/signed_histogram.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

namespace saturn {
namespace {

SignedHistogram of(const std::vector<std::int64_t>& values) {
  SignedHistogram histogram;
  for (const std::int64_t value : values) histogram.record(value);
  return histogram;
}

TEST(SignedHistogram, EmptyIsZero) {
  const SignedHistogram none;
  EXPECT_EQ(none.count(), 0U);
  EXPECT_EQ(none.min(), 0);
  EXPECT_EQ(none.max(), 0);
  EXPECT_EQ(none.value_at_percentile(50), 0);
}

/// Below 2,048 ns every value has a bucket of its own.
TEST(SignedHistogram, PercentilesGoFromTheMostNegativeUp) {
  std::vector<std::int64_t> values;
  for (std::int64_t v = -60; v < 40; ++v) values.push_back(v);
  const SignedHistogram histogram = of(values);
  EXPECT_EQ(histogram.count(), 100U);
  EXPECT_EQ(histogram.min(), -60);
  EXPECT_EQ(histogram.max(), 39);
  for (int p = 1; p < 100; ++p) EXPECT_EQ(histogram.value_at_percentile(p), p - 61) << p;
  EXPECT_EQ(histogram.value_at_percentile(0), -60);
  EXPECT_EQ(histogram.value_at_percentile(100), 39);
}

TEST(SignedHistogram, OneSideAloneIsEnough) {
  const SignedHistogram below = of({-3, -2, -1}), above = of({0, 1, 2});
  EXPECT_EQ(below.max(), -1);
  EXPECT_EQ(below.value_at_percentile(50), -2);
  EXPECT_EQ(above.min(), 0);
  EXPECT_EQ(above.value_at_percentile(50), 1);
}

TEST(SignedHistogram, MergingIsRecordingAll) {
  const std::vector<std::int64_t> a{-500, -20, 0, 7, 900}, b{-700, -20, 3, 1'500};
  std::vector<std::int64_t> all = a;
  all.insert(all.end(), b.begin(), b.end());
  SignedHistogram sum = of(a);
  sum.merge(of(b));
  sum.merge(SignedHistogram{});
  std::sort(all.begin(), all.end());
  EXPECT_EQ(sum.count(), all.size());
  EXPECT_EQ(sum.min(), -700);
  EXPECT_EQ(sum.max(), 1'500);
  for (std::size_t i = 0; i < all.size(); ++i)
    EXPECT_EQ(sum.value_at_percentile(100.0 * (static_cast<double>(i) + 0.5) / 9), all[i]) << i;
}

TEST(SignedHistogram, TakesTheMostNegativeValueThereIs) {
  const SignedHistogram histogram = of({INT64_MIN + 1, 5});
  EXPECT_EQ(histogram.min(), INT64_MIN + 1);
  EXPECT_EQ(histogram.max(), 5);
}

}  // namespace
}  // namespace saturn
