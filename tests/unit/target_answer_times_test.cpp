// The target's own times: exact sums, what has no time, and a reset that the writer carries out.
#include "target/answer_times.hpp"

#include <gtest/gtest.h>

#include <memory>

#include "core/stats/hdr_encode.hpp"

namespace saturn::target {
namespace {

constexpr Nanos kThen{1'700'000'000'000'000'000};

class TargetAnswerTimes : public testing::Test {
 protected:
  void took(std::int64_t ns) { times->record(kThen, kThen + Nanos(ns)); }
  AnswerTotals totals() const {
    AnswerTotals sum;
    times->add_to(sum);
    return sum;
  }

  std::unique_ptr<AnswerTimes> times = std::make_unique<AnswerTimes>();  // large
};

TEST_F(TargetAnswerTimes, NothingRecordedIsNoDistribution) {
  EXPECT_FALSE(totals().summary());
  EXPECT_EQ(totals().unstamped, 0U);
}

TEST_F(TargetAnswerTimes, MinMeanAndMaxAreExactAndPercentilesOfTheHistogram) {
  Histogram same;
  for (std::int64_t ns = 1; ns <= 1000; ++ns) {
    took(ns * 1237);
    same.record(static_cast<std::uint64_t>(ns) * 1237);
  }
  const auto summary = totals().summary();
  ASSERT_TRUE(summary);
  EXPECT_EQ(summary->count, 1000U);
  EXPECT_EQ(summary->min_us, 1.237);
  EXPECT_EQ(summary->max_us, 1237.0);
  EXPECT_DOUBLE_EQ(summary->mean_us, 1.237 * 500.5);
  EXPECT_EQ(summary->p50_us, static_cast<double>(same.value_at_percentile(50)) / 1000);
  EXPECT_EQ(summary->p99_us, static_cast<double>(same.value_at_percentile(99)) / 1000);
  EXPECT_EQ(summary->histogram, encode_hdr(same));
}

TEST_F(TargetAnswerTimes, NoPercentileIsAboveTheExactMax) {
  took(1'000'001);
  EXPECT_EQ(totals().summary()->p50_us, 1000.001);
  EXPECT_EQ(totals().summary()->max_us, 1000.001);
}

TEST_F(TargetAnswerTimes, WithoutAStampThereIsNoTime) {
  times->record(kNoStamp, kThen);
  EXPECT_FALSE(totals().summary());
  EXPECT_EQ(totals().unstamped, 1U);
}

TEST_F(TargetAnswerTimes, AClockThatWasSetBackGivesNoTime) {
  took(-1);
  EXPECT_FALSE(totals().summary());
  EXPECT_EQ(totals().unstamped, 1U);
  took(0);
  EXPECT_EQ(totals().summary()->count, 1U);
}

TEST_F(TargetAnswerTimes, AResetHoldsAtOnceThoughTheWriterClearsLater) {
  took(5000);
  times->record(kNoStamp, kThen);
  times->ask_reset();
  EXPECT_FALSE(totals().summary());
  EXPECT_EQ(totals().unstamped, 0U);
  took(7000);
  const auto summary = totals().summary();
  ASSERT_TRUE(summary);
  EXPECT_EQ(summary->count, 1U);
  EXPECT_EQ(summary->min_us, 7.0);
  EXPECT_EQ(summary->max_us, 7.0);
  EXPECT_EQ(totals().unstamped, 0U);
}

}  // namespace
}  // namespace saturn::target
