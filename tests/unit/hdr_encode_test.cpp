#include "core/stats/hdr_encode.hpp"

#include <gtest/gtest.h>
#include <zlib.h>

#include <algorithm>
#include <string>
#include <vector>

#include "core/base/prng.hpp"

namespace saturn {
namespace {

struct Decoded {
  std::uint64_t offset = 0, digits = 0, lowest = 0, highest = 0, ratio_bits = 0;
  std::vector<std::uint64_t> counts;  ///< as many as the layout has
};

std::string from_base64(const std::string& text) {
  const std::string alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  std::uint32_t bits = 0;
  int have = 0;
  for (const char c : text) {
    if (c == '=') break;
    bits = bits << 6 | static_cast<std::uint32_t>(alphabet.find(c));
    have += 6;
    if (have >= 8) out.push_back(static_cast<char>(bits >> (have -= 8) & 0xff));
  }
  EXPECT_EQ(text.size() % 4, 0U);
  return out;
}

/// Reads the encoding as its specification words it; any byte too many or too few fails the test.
class Reader {
 public:
  explicit Reader(std::string bytes) : bytes_(std::move(bytes)) {}
  std::size_t left() const { return bytes_.size() - at_; }
  std::uint64_t big_endian(int size) {
    std::uint64_t value = 0;
    while (size-- > 0) value = value << 8 | byte();
    return value;
  }
  std::int64_t zigzag_word() {
    std::uint64_t value = 0;
    for (int i = 0; i < 9; ++i) {
      const std::uint64_t next = byte();
      value |= (i < 8 ? next & 0x7f : next) << (7 * i);
      if (i < 8 && (next & 0x80) == 0) break;
    }
    return static_cast<std::int64_t>(value >> 1) ^ -static_cast<std::int64_t>(value & 1);
  }
  std::string rest() const { return bytes_.substr(at_); }

 private:
  std::uint64_t byte() { return static_cast<unsigned char>(bytes_.at(at_++)); }
  std::string bytes_;
  std::size_t at_ = 0;
};

Decoded decode(const std::string& text) {
  Reader outer(from_base64(text));
  EXPECT_EQ(outer.big_endian(4), 0x1c849314U);
  const std::uint64_t packed_size = outer.big_endian(4);
  EXPECT_EQ(packed_size, outer.left());
  const std::string packed = outer.rest();
  std::string plain(1 << 20, '\0');
  uLongf size = plain.size();
  EXPECT_EQ(uncompress(reinterpret_cast<Bytef*>(plain.data()), &size,
                       reinterpret_cast<const Bytef*>(packed.data()), packed.size()),
            Z_OK);
  plain.resize(size);
  Reader in(plain);
  EXPECT_EQ(in.big_endian(4), 0x1c849313U);
  const std::uint64_t payload = in.big_endian(4);
  Decoded decoded;
  decoded.offset = in.big_endian(4);
  decoded.digits = in.big_endian(4);
  decoded.lowest = in.big_endian(8);
  decoded.highest = in.big_endian(8);
  decoded.ratio_bits = in.big_endian(8);
  EXPECT_EQ(payload, in.left());
  while (in.left() > 0) {
    const std::int64_t word = in.zigzag_word();
    if (word < 0)
      decoded.counts.insert(decoded.counts.end(), static_cast<std::size_t>(-word), 0);
    else
      decoded.counts.push_back(static_cast<std::uint64_t>(word));
  }
  EXPECT_LE(decoded.counts.size(), Histogram::Layout::size());
  decoded.counts.resize(Histogram::Layout::size());
  return decoded;
}

void expect_round_trip(const Histogram& histogram) {
  const Decoded decoded = decode(encode_hdr(histogram));
  EXPECT_TRUE(std::equal(decoded.counts.begin(), decoded.counts.end(), histogram.counts().begin()));
}

TEST(HdrEncode, HeaderSaysWhatTheHistogramIs) {
  Histogram histogram;
  histogram.record(1000);
  const std::string text = encode_hdr(histogram);
  EXPECT_EQ(text.substr(0, 8), "HISTFAAA");
  const Decoded decoded = decode(text);
  EXPECT_EQ(decoded.offset, 0U);
  EXPECT_EQ(decoded.digits, 3U);
  EXPECT_EQ(decoded.lowest, 1U);
  EXPECT_EQ(decoded.highest, 3'600'000'000'000U);
  EXPECT_EQ(decoded.ratio_bits, 0x3FF0000000000000U);
}

TEST(HdrEncode, CountsComeBackExactly) {
  Histogram histogram;
  expect_round_trip(histogram);  // empty
  histogram.record(0);
  expect_round_trip(histogram);
  histogram.record(2);  // a single zero between
  expect_round_trip(histogram);
  histogram.record(5);  // two zeros between
  histogram.record(Histogram::kHighest);
  histogram.record(2 * Histogram::kHighest);
  expect_round_trip(histogram);
  Prng random(3);
  for (int i = 0; i < 20'000; ++i) histogram.record(random.next() >> random.between(20, 60));
  expect_round_trip(histogram);
}

TEST(HdrEncode, CountsOfEveryWordLengthComeBack) {
  Histogram doubling;  // merged with itself 62 times: the count of value v becomes 2^(62 - v)
  for (std::uint64_t value = 0; value < 63; ++value) {
    const Histogram copy = doubling;
    doubling.merge(copy);
    doubling.record(value);
  }
  EXPECT_EQ(doubling.counts()[0], std::uint64_t{1} << 62);
  expect_round_trip(doubling);
}

TEST(HdrEncode, SummaryIsInMicroseconds) {
  Histogram histogram;
  for (std::uint64_t value = 1; value <= 2000; ++value) histogram.record(value);
  const MaybeDistribution summary = summarise(histogram, false);
  ASSERT_TRUE(summary.has_value());
  EXPECT_EQ(summary->count, 2000U);
  EXPECT_DOUBLE_EQ(summary->mean_us, 1.0005);
  EXPECT_NEAR(summary->stddev_us, 0.5773501970208376, 1e-12);
  EXPECT_EQ(summary->min_us, 0.001);
  EXPECT_EQ(summary->p50_us, 1.0);
  EXPECT_EQ(summary->p75_us, 1.5);
  EXPECT_EQ(summary->p90_us, 1.8);
  EXPECT_EQ(summary->p95_us, 1.9);
  EXPECT_EQ(summary->p99_us, 1.98);
  EXPECT_EQ(summary->p99_9_us, 1.998);
  EXPECT_EQ(summary->p99_99_us, 2.0);
  EXPECT_EQ(summary->max_us, 2.0);
  EXPECT_EQ(summary->clamped, 0U);
  EXPECT_TRUE(summary->histogram.empty());
}

TEST(HdrEncode, SummaryCarriesTheHistogramOnRequestAndIsNulloptWhereEmpty) {
  Histogram histogram;
  EXPECT_FALSE(summarise(histogram, true).has_value());
  histogram.record(Histogram::kHighest + 1);
  const MaybeDistribution summary = summarise(histogram, true);
  ASSERT_TRUE(summary.has_value());
  EXPECT_EQ(summary->clamped, 1U);
  EXPECT_EQ(summary->histogram, encode_hdr(histogram));
}

}  // namespace
}  // namespace saturn
