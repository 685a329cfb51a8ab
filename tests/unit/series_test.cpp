#include "core/stats/series.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "core/base/prng.hpp"

namespace saturn {
namespace {

constexpr Nanos kSecond{1'000'000'000};
constexpr std::uint64_t kMs = 1'000'000;

Nanos seconds(double s) {
  return Nanos{static_cast<std::int64_t>(s * 1e9)};
}

void expect_equal(const std::vector<SeriesPoint>& a, const std::vector<SeriesPoint>& b) {
  ASSERT_EQ(a.size(), b.size());
  for (std::size_t i = 0; i < a.size(); ++i) {
    SCOPED_TRACE(i);
    EXPECT_EQ(a[i].t_s, b[i].t_s);
    EXPECT_EQ(a[i].width_s, b[i].width_s);
    EXPECT_EQ(a[i].rps, b[i].rps);
    EXPECT_EQ(a[i].p50_us, b[i].p50_us);
    EXPECT_EQ(a[i].p99_us, b[i].p99_us);
    EXPECT_EQ(a[i].errors, b[i].errors);
    EXPECT_EQ(a[i].not_ok, b[i].not_ok);
    EXPECT_EQ(a[i].in_flight, b[i].in_flight);
  }
}

std::uint64_t total_completed(const std::vector<SeriesPoint>& points) {
  double total = 0;
  for (const SeriesPoint& point : points) total += point.rps * point.width_s;
  return static_cast<std::uint64_t>(std::llround(total));
}

TEST(Series, EmptyHasNoPoints) {
  EXPECT_TRUE(Series{}.points(seconds(10)).empty());
}

TEST(Series, TheRecentP99IsThatOfTheLastHalfToOneAndAHalfSeconds) {
  Series series;
  EXPECT_EQ(series.recent_p99_ns(seconds(0)), 0U);
  EXPECT_EQ(series.recent_p99_ns(seconds(-1)), 0U);
  for (int i = 0; i < 197; ++i) series.completed(seconds(0.5), 1 * kMs, true);
  for (const std::uint64_t ms : {50U, 55U, 60U}) series.completed(seconds(0.6), ms * kMs, true);
  const auto p99_ms = [&](double s) { return static_cast<double>(series.recent_p99_ns(seconds(s))) / 1e6; };
  EXPECT_NEAR(p99_ms(0.9), 50, 0.5);  // of 200 two are above it
  EXPECT_NEAR(p99_ms(1.4), 50, 0.5);
  EXPECT_EQ(series.recent_p99_ns(seconds(1.6)), 0U);
  series.completed(seconds(1.7), 3 * kMs, true);
  EXPECT_EQ(series.recent_p99_ns(seconds(1.7)), 3 * kMs);
  EXPECT_EQ(series.recent_p99_ns(seconds(5'000'000)), 0U);
}

TEST(Series, EventsFallIntoTheirSecond) {
  Series series;
  series.completed(Nanos{0}, 1 * kMs, true);
  series.completed(kSecond - Nanos{1}, 1 * kMs, false);
  series.completed(kSecond, 3 * kMs, true);
  series.failed(seconds(3.5));
  series.in_flight(seconds(1.1), 7);
  series.in_flight(seconds(1.2), 5);
  const auto points = series.points(seconds(4));
  ASSERT_EQ(points.size(), 4U);
  EXPECT_EQ(points[0].t_s, 0.0);
  EXPECT_EQ(points[0].rps, 2.0);
  EXPECT_EQ(points[0].not_ok, 1U);
  EXPECT_EQ(points[0].p50_us, 1000.0);
  EXPECT_EQ(points[1].t_s, 1.0);
  EXPECT_EQ(points[1].rps, 1.0);
  EXPECT_EQ(points[1].in_flight, 7U);
  EXPECT_EQ(points[1].p99_us, 3000.0);
  EXPECT_EQ(points[2].rps, 0.0);
  EXPECT_FALSE(points[2].p50_us.has_value());
  EXPECT_FALSE(points[3].p99_us.has_value());
  EXPECT_EQ(points[3].errors, 1U);
}

TEST(Series, NegativeTimesAreIgnored) {
  Series series;
  series.completed(Nanos{-1}, kMs, true);
  series.failed(seconds(-5));
  series.in_flight(Nanos{-1}, 3);
  series.in_flight(seconds(1), 0);  // nothing under way makes no bin either
  EXPECT_TRUE(series.points(seconds(1)).empty());
}

TEST(Series, PercentilesAreWithinOnePercentAndNotAboveTheMaximum) {
  Series series;
  for (std::uint64_t i = 1; i <= 1000; ++i) series.completed(Nanos{0}, i * 12'345, true);
  const SeriesPoint point = series.points(kSecond).at(0);
  EXPECT_GE(point.p50_us.value(), 500 * 12.345);
  EXPECT_LE(point.p50_us.value(), 500 * 12.345 * 1.01);
  EXPECT_GE(point.p99_us.value(), 990 * 12.345);
  EXPECT_LE(point.p99_us.value(), 1000 * 12.345);
}

TEST(Series, LatencyAboveOneHourIsKeptInTheTopBucket) {
  Series series;
  series.completed(Nanos{0}, UINT64_MAX, true);
  EXPECT_EQ(series.points(kSecond).at(0).rps, 1.0);
}

TEST(Series, ThePartialLastBinIsOnlyAsWideAsItsTime) {
  Series series;
  for (int i = 0; i < 10; ++i) series.completed(seconds(2.0 + 0.01 * i), kMs, true);
  const auto points = series.points(seconds(2.25));
  ASSERT_EQ(points.size(), 3U);
  EXPECT_EQ(points[1].width_s, 1.0);
  EXPECT_EQ(points[2].width_s, 0.25);
  EXPECT_EQ(points[2].rps, 40.0);
  EXPECT_EQ(series.points(seconds(5)).at(2).rps, 10.0);
  EXPECT_EQ(series.points(seconds(2)).at(2).width_s, 1.0);  // wholly after the end: nothing bounds it
}

TEST(Series, WidthDoublesPast600BinsAndNothingIsLost) {
  Series series;
  for (int second = 0; second < 600; ++second) {
    series.completed(seconds(second + 0.5), kMs * (second % 2 == 0 ? 1 : 9), second % 3 != 0);
    series.failed(seconds(second));
    series.in_flight(seconds(second), static_cast<std::uint64_t>(second) + 1);
  }
  EXPECT_EQ(series.width(), kSecond);
  series.completed(seconds(600), kMs, true);
  EXPECT_EQ(series.width(), 2 * kSecond);
  const auto points = series.points(seconds(601));
  ASSERT_EQ(points.size(), 301U);
  for (std::size_t i = 0; i < 300; ++i) {
    SCOPED_TRACE(i);
    EXPECT_EQ(points[i].t_s, 2.0 * static_cast<double>(i));
    EXPECT_EQ(points[i].rps, 1.0);
    EXPECT_EQ(points[i].errors, 2U);
    EXPECT_EQ(points[i].in_flight, 2 * i + 2);
    EXPECT_NEAR(points[i].p50_us.value(), 1000.0, 10.0);
    EXPECT_EQ(points[i].p99_us, 9000.0);
    EXPECT_EQ(points[i].not_ok, i % 3 == 2 ? 0U : 1U);
  }
  EXPECT_EQ(points[300].rps, 1.0);  // one response in the one second there was
}

TEST(Series, OneLateEventDoublesAsOftenAsNeeded) {
  Series series;
  series.completed(Nanos{0}, kMs, true);
  series.completed(seconds(5000), 2 * kMs, true);
  EXPECT_EQ(series.width(), 16 * kSecond);
  const auto points = series.points(seconds(5000));
  ASSERT_EQ(points.size(), 313U);
  EXPECT_EQ(points[0].p50_us, 1000.0);
  EXPECT_EQ(points[312].p50_us, 2000.0);
  EXPECT_EQ(total_completed(points), 2U);
  series.failed(Nanos::max());  // no overflow, no endless loop
  EXPECT_EQ(series.points(Nanos::max()).at(0).p99_us, 2000.0);
}

/// Events of a run of `length` seconds, spread over the given series in turn, and all into `whole`.
void play(std::uint64_t seed, double length, std::vector<Series*> parts, Series& whole) {
  Prng random(seed);
  for (int i = 0; i < 5000; ++i) {
    const Nanos at{random.between(0, static_cast<std::int64_t>(length * 1e9) - 1)};
    const auto latency = static_cast<std::uint64_t>(random.between(1, 50'000'000));
    const bool ok = !random.one_in(10);
    const bool fails = random.one_in(20);
    for (Series* series : {parts[static_cast<std::size_t>(i) % parts.size()], &whole})
      fails ? series->failed(at) : series->completed(at, latency, ok);
  }
}

TEST(Series, MergeOfDifferentWidthsEqualsRecordingAllInOne) {
  Series fine, coarse, whole;
  play(1, 590, {&fine}, whole);
  play(2, 2900, {&coarse}, whole);
  ASSERT_EQ(fine.width(), kSecond);
  ASSERT_EQ(coarse.width(), 8 * kSecond);
  Series coarse_first = coarse;
  coarse_first.merge(fine);
  Series fine_first = fine;
  fine_first.merge(coarse);
  fine_first.merge(Series{});
  expect_equal(coarse_first.points(seconds(2900)), whole.points(seconds(2900)));
  expect_equal(fine_first.points(seconds(2900)), whole.points(seconds(2900)));
}

TEST(Series, MergeOfShardsEqualsOneSeries) {
  Series a, b, c, whole, merged;
  play(3, 700, {&a, &b, &c}, whole);
  for (const Series* part : {&a, &b, &c}) merged.merge(*part);
  expect_equal(merged.points(seconds(700)), whole.points(seconds(700)));
  merged.completed(seconds(1), kMs, true);  // still a live series
  EXPECT_EQ(merged.points(seconds(700)).at(0).rps, whole.points(seconds(700)).at(0).rps + 0.5);
}

TEST(Series, RecordingGoesOnInTheRightBinAfterAMergeDoubledTheWidth) {
  Series series, coarse;
  coarse.failed(seconds(700));
  series.completed(seconds(5), kMs, true);
  series.merge(coarse);
  series.completed(seconds(5.5), kMs, true);
  const auto points = series.points(seconds(702));
  EXPECT_EQ(points.at(2).rps, 1.0);  // two in the two seconds from 4
  EXPECT_EQ(total_completed(points), 2U);
}

TEST(Series, InFlightOfShardsAddsUp) {
  Series a, b;
  a.in_flight(seconds(0.2), 3);
  a.in_flight(seconds(1.2), 5);
  b.in_flight(seconds(0.4), 4);
  b.failed(seconds(700));  // width 2 s
  a.merge(b);
  EXPECT_EQ(a.points(seconds(700)).at(0).in_flight, 9U);
  Series coarse;
  coarse.failed(seconds(700));
  Series fine;
  fine.in_flight(seconds(0.2), 3);
  fine.in_flight(seconds(1.2), 5);
  coarse.merge(fine);  // the higher of two bins that fall together, not their sum
  EXPECT_EQ(coarse.points(seconds(700)).at(0).in_flight, 5U);
}

}  // namespace
}  // namespace saturn
