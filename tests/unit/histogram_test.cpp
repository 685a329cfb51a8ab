#include "core/stats/histogram.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "core/base/prng.hpp"

namespace saturn {
namespace {

using Layout = Histogram::Layout;
constexpr std::uint64_t kHour = Histogram::kHighest;

// HdrHistogram's own arithmetic for (lowest 1, highest 3.6e12, 3 digits), in its own steps.
std::size_t hdr_index(std::uint64_t value) {
  std::size_t bucket = 0;
  for (std::uint64_t limit = 2048; limit <= value; limit <<= 1) ++bucket;
  const std::size_t sub = static_cast<std::size_t>(value >> bucket);
  return (bucket + 1) * 1024 + sub - 1024;
}

Histogram of(const std::vector<std::uint64_t>& values) {
  Histogram histogram;
  for (const std::uint64_t value : values) histogram.record(value);
  return histogram;
}

std::uint64_t any_magnitude(Prng& random, std::int64_t highest_bit) {
  return random.next() >> (64 - static_cast<unsigned>(random.between(1, highest_bit)));
}

TEST(Histogram, LayoutIsHdrHistograms) {
  EXPECT_EQ(Histogram{}.counts().size(), 33U * 1024);
  for (std::uint64_t value = 0; value < 10'000; ++value)
    ASSERT_EQ(Layout::index_of(value), hdr_index(value)) << value;
  for (unsigned bit = 11; bit < 42; ++bit) {
    for (const std::uint64_t step : {0ULL, 1ULL, 12345ULL}) {
      const std::uint64_t value = (1ULL << bit) + step;
      EXPECT_EQ(Layout::index_of(value), hdr_index(value)) << value;
      EXPECT_EQ(Layout::index_of(value - 1), hdr_index(value - 1)) << value - 1;
    }
  }
  EXPECT_EQ(Layout::index_of(kHour), hdr_index(kHour));
}

TEST(Histogram, IndexesTileTheRangeWithoutGap) {
  for (std::size_t i = 0; i + 1 < Layout::size(); ++i) {
    ASSERT_EQ(Layout::highest_in(i) + 1, Layout::lowest_in(i + 1)) << i;
    ASSERT_EQ(Layout::index_of(Layout::lowest_in(i)), i);
    ASSERT_EQ(Layout::index_of(Layout::highest_in(i)), i);
  }
}

TEST(Histogram, EveryOctaveKeepsThreeSignificantDigits) {
  for (unsigned bit = 0; bit < 42; ++bit) {
    const std::uint64_t low = 1ULL << bit;
    for (const std::uint64_t value : {low, low + low / 3, 2 * low - 1}) {
      if (value > kHour) continue;
      const std::size_t i = Layout::index_of(value);
      EXPECT_LE(Layout::lowest_in(i), value);
      EXPECT_GE(Layout::highest_in(i), value);
      const double error = static_cast<double>(Layout::highest_in(i) - Layout::lowest_in(i));
      EXPECT_LE(error, static_cast<double>(value) / 1000.0) << value;
    }
  }
}

TEST(Histogram, EmptyIsAllZero) {
  const Histogram empty;
  EXPECT_EQ(empty.count(), 0U);
  EXPECT_EQ(empty.min(), 0U);
  EXPECT_EQ(empty.max(), 0U);
  EXPECT_EQ(empty.mean(), 0.0);
  EXPECT_EQ(empty.stddev(), 0.0);
  for (const double p : {0.0, 50.0, 100.0}) EXPECT_EQ(empty.value_at_percentile(p), 0U);
}

TEST(Histogram, MinMaxMeanAndStddevAreExact) {
  const Histogram h = of({123'456'789, 987'654'321, 555'555'557});
  EXPECT_EQ(h.count(), 3U);
  EXPECT_EQ(h.min(), 123'456'789U);
  EXPECT_EQ(h.max(), 987'654'321U);
  EXPECT_DOUBLE_EQ(h.mean(), 555'555'555.6666666);
  EXPECT_NEAR(h.stddev(), 352'807'165.06208956, 1e-6);
}

TEST(Histogram, StddevSurvivesALargeMean) {
  // One hour and four nanoseconds around it: a difference of two squares in doubles would give 0 or noise.
  EXPECT_DOUBLE_EQ(of({kHour - 4, kHour - 2}).stddev(), 1.0);
  EXPECT_DOUBLE_EQ(of({kHour - 1, kHour}).stddev(), 0.5);
  EXPECT_EQ(of({kHour, kHour, kHour}).stddev(), 0.0);
}

TEST(Histogram, ZeroIsAValue) {
  const Histogram h = of({0, 0, 10});
  EXPECT_EQ(h.min(), 0U);
  EXPECT_EQ(h.counts()[0], 2U);
  EXPECT_EQ(h.value_at_percentile(50), 0U);
}

TEST(Histogram, AboveOneHourIsClampedAndNeverDropped) {
  const Histogram h = of({1000, kHour, kHour + 1, 2 * kHour});
  EXPECT_EQ(h.count(), 4U);
  EXPECT_EQ(h.clamped(), 2U);
  EXPECT_EQ(h.counts()[Layout::index_of(kHour)], 3U);
  EXPECT_EQ(h.max(), 2 * kHour);
  EXPECT_EQ(h.value_at_percentile(100), 2 * kHour);
  EXPECT_EQ(h.value_at_percentile(75), Layout::highest_in(Layout::index_of(kHour)));
  EXPECT_DOUBLE_EQ(h.mean(), (4.0 * static_cast<double>(kHour) + 1001.0) / 4.0);
}

TEST(Histogram, PercentileIsTheBucketOfTheRankNeverAboveMax) {
  Histogram h;
  for (std::uint64_t value = 1; value <= 1000; ++value) h.record(value);
  EXPECT_EQ(h.value_at_percentile(0), 1U);
  EXPECT_EQ(h.value_at_percentile(0.1), 1U);
  EXPECT_EQ(h.value_at_percentile(0.11), 2U);
  EXPECT_EQ(h.value_at_percentile(16.1), 161U);  // 16.1 · 1000 ÷ 100 is a little above 161 in doubles
  EXPECT_EQ(h.value_at_percentile(50), 500U);
  EXPECT_EQ(h.value_at_percentile(50.01), 501U);
  EXPECT_EQ(h.value_at_percentile(99), 990U);
  EXPECT_EQ(h.value_at_percentile(99.9), 999U);
  EXPECT_EQ(h.value_at_percentile(99.91), 1000U);
  EXPECT_EQ(h.value_at_percentile(100), 1000U);

  const Histogram coarse = of({1'000'000, 5'000'000, 5'000'001});
  EXPECT_EQ(coarse.value_at_percentile(10), Layout::highest_in(Layout::index_of(1'000'000)));
  EXPECT_EQ(coarse.value_at_percentile(66), 5'000'001U);  // the bucket ends above the maximum
  EXPECT_EQ(coarse.value_at_percentile(0), 1'000'000U);   // exact, not the bucket's edge
}

TEST(Histogram, PercentilesStayWithinOneThousandthOfTheTrueOnes) {
  Prng random(42);
  std::vector<std::uint64_t> values;
  for (int i = 0; i < 20'000; ++i) values.push_back(any_magnitude(random, 40));
  const Histogram h = of(values);
  std::sort(values.begin(), values.end());
  struct Case {
    double p;
    std::size_t rank;
  };
  for (const auto& [p, rank] : {Case{1, 200},
                                {25, 5000},
                                {50, 10'000},
                                {90, 18'000},
                                {99, 19'800},
                                {99.9, 19'980},
                                {99.99, 19'998}}) {
    const auto truth = static_cast<double>(values[rank - 1]);
    const auto read = static_cast<double>(h.value_at_percentile(p));
    EXPECT_GE(read, truth) << p;
    EXPECT_LE(read, truth * 1.001) << p;
  }
}

TEST(Histogram, AValueOfManyTimesIsThatManyRecords) {
  Histogram one_by_one, at_once;
  for (const std::uint64_t value : {std::uint64_t{7}, std::uint64_t{5'000'000}, Histogram::kHighest + 1}) {
    for (int i = 0; i < 1000; ++i) one_by_one.record(value);
    at_once.record(value, 1000);
  }
  EXPECT_EQ(at_once.count(), 3000U);
  EXPECT_EQ(at_once.clamped(), 1000U);
  EXPECT_EQ(at_once.min(), one_by_one.min());
  EXPECT_EQ(at_once.max(), one_by_one.max());
  EXPECT_EQ(at_once.mean(), one_by_one.mean());
  EXPECT_EQ(at_once.stddev(), one_by_one.stddev());
  EXPECT_TRUE(std::ranges::equal(at_once.counts(), one_by_one.counts()));
}

TEST(Histogram, MergeEqualsRecordingAllInOne) {
  Prng random(7);
  Histogram parts[3], whole;
  for (int i = 0; i < 30'000; ++i) {
    const std::uint64_t value = any_magnitude(random, 43);
    parts[i % 3].record(value);
    whole.record(value);
  }
  Histogram merged;
  for (const Histogram& part : parts) merged.merge(part);
  merged.merge(Histogram{});
  EXPECT_TRUE(std::equal(merged.counts().begin(), merged.counts().end(), whole.counts().begin()));
  EXPECT_EQ(merged.count(), whole.count());
  EXPECT_GT(merged.clamped(), 0U);
  EXPECT_EQ(merged.clamped(), whole.clamped());
  EXPECT_EQ(merged.min(), whole.min());
  EXPECT_EQ(merged.max(), whole.max());
  EXPECT_EQ(merged.mean(), whole.mean());
  EXPECT_EQ(merged.stddev(), whole.stddev());
}

TEST(Histogram, ResetForgetsEverything) {
  Histogram h = of({1, 1'000'000, 2 * kHour});
  h.reset();
  EXPECT_EQ(std::count(h.counts().begin(), h.counts().end(), 0U), 33 * 1024);
  EXPECT_EQ(h.count(), 0U);
  EXPECT_EQ(h.clamped(), 0U);
  EXPECT_EQ(h.max(), 0U);
  h.record(5);
  EXPECT_EQ(h.min(), 5U);
  EXPECT_EQ(h.mean(), 5.0);
}

}  // namespace
}  // namespace saturn
