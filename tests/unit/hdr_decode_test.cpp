#include "core/stats/hdr_decode.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "core/base/prng.hpp"
#include "core/stats/hdr_encode.hpp"

namespace saturn {
namespace {

Histogram sample(std::uint64_t count, std::uint64_t highest) {
  Histogram histogram;
  Prng draw(7);
  for (std::uint64_t i = 0; i < count; ++i) histogram.record(draw.next() % highest + 1);
  return histogram;
}

TEST(HdrDecode, GivesBackEveryCount) {
  for (const std::uint64_t highest : {std::uint64_t{3}, std::uint64_t{5'000'000}, Histogram::kHighest}) {
    const Histogram histogram = sample(10'000, highest);
    const auto again = decode_hdr(encode_hdr(histogram));
    ASSERT_TRUE(again);
    EXPECT_TRUE(std::equal(again->counts().begin(), again->counts().end(), histogram.counts().begin()));
  }
  EXPECT_EQ(decode_hdr(encode_hdr(Histogram()))->count(), 0U);
}

TEST(HdrDecode, AnyPercentileOfADistribution) {
  const Histogram histogram = sample(10'000, 5'000'000);
  const auto d = summarise(histogram, true);
  for (const double p : {0.0, 1.0, 50.0, 80.0, 97.5, 99.0, 99.95, 100.0})
    EXPECT_EQ(percentile_us(*d, p), static_cast<double>(histogram.value_at_percentile(p)) / 1000.0) << p;
}

TEST(HdrDecode, RefusesWhatIsNoHistogram) {
  const std::string good = encode_hdr(sample(100, 1000));
  EXPECT_FALSE(decode_hdr(""));
  EXPECT_FALSE(decode_hdr("HISTFAAA"));
  EXPECT_FALSE(decode_hdr("not base64!"));
  for (std::size_t size = 0; size < good.size() - 4; ++size) EXPECT_FALSE(decode_hdr(good.substr(0, size)));
  for (std::size_t i = 0; i < good.size(); ++i) {
    std::string changed = good;
    changed[i] = changed[i] == 'A' ? 'B' : 'A';
    (void)decode_hdr(changed);
  }
}

TEST(HdrDecode, RefusesToSkipPastTheLastCount) {
  // One word of -2^63 (which has no positive twin); and two, which lead back to the first count.
  EXPECT_FALSE(decode_hdr("HISTFAAAACR4nJNpmSzMwMDAyQABzFCaEch0M9ixgMH+A0TgPwwAAKMpDUs="));
  EXPECT_FALSE(decode_hdr("HISTFAAAACR4nJNpmSzMwMAAwiDADKUZgUw3gx0LGOw/QAT+YwAmAF/6Fk4="));
}

TEST(HdrDecode, APercentileThatNobodyCanKnowIsNone) {
  Distribution d = *summarise(sample(100, 1000), true);
  d.histogram.clear();
  EXPECT_FALSE(percentile_us(d, 80));
  EXPECT_TRUE(percentile_us(d, 99));
  d.histogram = encode_hdr(sample(99, 1000));
  EXPECT_FALSE(percentile_us(d, 80));
}

}  // namespace
}  // namespace saturn
