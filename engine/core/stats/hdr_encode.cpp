#include "core/stats/hdr_encode.hpp"

#include <zlib.h>

#include <bit>
#include <string_view>

#include "core/base/assert.hpp"

namespace saturn {
namespace {

// "V2": the low byte of the cookie's base is the format, 0x10 says that counts are variable-length words.
constexpr std::uint32_t kPlainCookie = 0x1c849303 | 0x10;
constexpr std::uint32_t kCompressedCookie = 0x1c849304 | 0x10;

void put_big_endian(std::string& out, std::uint64_t value, int bytes) {
  for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) out.push_back(static_cast<char>(value >> shift));
}

/// ZigZag LEB128, at most nine bytes: the ninth carries eight bits.
void put_word(std::string& out, std::int64_t value) {
  auto left = (static_cast<std::uint64_t>(value) << 1) ^ static_cast<std::uint64_t>(value >> 63);
  for (int byte = 0; byte < 8 && left >= 0x80; ++byte, left >>= 7)
    out.push_back(static_cast<char>(left | 0x80));
  out.push_back(static_cast<char>(left));
}

/// Counts up to the highest used one; two or more zeros in a row become one negative word.
std::string encode_counts(const Histogram& histogram) {
  std::string out;
  const auto counts = histogram.counts();
  const std::size_t limit =
      histogram.count() == 0 ? 0 : Histogram::Layout::clamped_index_of(histogram.max()) + 1;
  for (std::size_t i = 0; i < limit;) {
    std::size_t zeros = 0;
    while (i + zeros < limit && counts[i + zeros] == 0) ++zeros;
    if (zeros > 1)
      put_word(out, -static_cast<std::int64_t>(zeros));
    else
      put_word(out, static_cast<std::int64_t>(counts[i]));
    i += zeros > 1 ? zeros : 1;
  }
  return out;
}

std::string encode_plain(const Histogram& histogram) {
  constexpr std::uint64_t normalizing_offset = 0, significant_digits = 3, lowest = 1;
  const std::string counts = encode_counts(histogram);
  std::string out;
  put_big_endian(out, kPlainCookie, 4);
  put_big_endian(out, counts.size(), 4);
  put_big_endian(out, normalizing_offset, 4);
  put_big_endian(out, significant_digits, 4);
  put_big_endian(out, lowest, 8);
  put_big_endian(out, Histogram::kHighest, 8);
  put_big_endian(out, std::bit_cast<std::uint64_t>(1.0), 8);  // ratio of whole to floating values
  return out + counts;
}

std::string deflate(const std::string& plain) {
  uLongf size = compressBound(static_cast<uLong>(plain.size()));
  std::string out(size, '\0');
  const int status =
      compress2(reinterpret_cast<Bytef*>(out.data()), &size, reinterpret_cast<const Bytef*>(plain.data()),
                static_cast<uLong>(plain.size()), Z_DEFAULT_COMPRESSION);
  SATURN_ASSERT(status == Z_OK);
  out.resize(size);
  return out;
}

std::string base64(std::string_view bytes) {
  constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  out.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    std::uint32_t group = 0;
    for (std::size_t k = i; k < i + 3; ++k)
      group = group << 8 | (k < bytes.size() ? static_cast<unsigned char>(bytes[k]) : 0U);
    for (std::size_t k = 0; k < 4; ++k)
      out.push_back(i + k <= bytes.size() ? alphabet[group >> (18 - 6 * k) & 63] : '=');
  }
  return out;
}

double micros(std::uint64_t ns) {
  return static_cast<double>(ns) / 1000.0;
}

}  // namespace

std::string encode_hdr(const Histogram& histogram) {
  const std::string compressed = deflate(encode_plain(histogram));
  std::string out;
  put_big_endian(out, kCompressedCookie, 4);
  put_big_endian(out, compressed.size(), 4);
  return base64(out + compressed);
}

MaybeDistribution summarise(const Histogram& histogram, bool with_histogram) {
  if (histogram.count() == 0) return std::nullopt;
  Distribution summary;
  summary.count = histogram.count();
  summary.mean_us = histogram.mean() / 1000.0;
  summary.stddev_us = histogram.stddev() / 1000.0;
  summary.min_us = micros(histogram.min());
  summary.p50_us = micros(histogram.value_at_percentile(50));
  summary.p75_us = micros(histogram.value_at_percentile(75));
  summary.p90_us = micros(histogram.value_at_percentile(90));
  summary.p95_us = micros(histogram.value_at_percentile(95));
  summary.p99_us = micros(histogram.value_at_percentile(99));
  summary.p99_9_us = micros(histogram.value_at_percentile(99.9));
  summary.p99_99_us = micros(histogram.value_at_percentile(99.99));
  summary.max_us = micros(histogram.max());
  summary.clamped = histogram.clamped();
  if (with_histogram) summary.histogram = encode_hdr(histogram);
  return summary;
}

}  // namespace saturn
