#include "core/stats/hdr_decode.hpp"

#include <zlib.h>

#include <algorithm>
#include <string>

namespace saturn {
namespace {

constexpr std::size_t kHeadBytes = 40;                ///< cookie, length, three words of settings, ratio
constexpr std::size_t kMostPlainBytes = 1024 * 1024;  ///< 33,792 words of at most nine bytes, and the head
constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

std::optional<std::string> from_base64(std::string_view text) {
  std::string bytes;
  std::uint32_t bits = 0;
  int have = 0;
  for (const char c : text) {
    if (c == '=') break;
    const std::size_t value = kAlphabet.find(c);
    if (value == std::string_view::npos) return std::nullopt;
    bits = bits << 6 | static_cast<std::uint32_t>(value);
    have += 6;
    if (have < 8) continue;
    have -= 8;
    bytes.push_back(static_cast<char>(bits >> have & 0xFFU));
  }
  return bytes;
}

std::uint64_t big_endian(std::string_view bytes, std::size_t at, std::size_t size) {
  std::uint64_t value = 0;
  for (std::size_t i = at; i < at + size; ++i) value = value << 8 | static_cast<unsigned char>(bytes[i]);
  return value;
}

/// ZigZag LEB128, at most nine bytes; takes them off the front.
std::optional<std::int64_t> take_word(std::string_view& bytes) {
  std::uint64_t value = 0;
  for (unsigned i = 0; i < 9; ++i) {
    if (i >= bytes.size()) return std::nullopt;
    const std::uint64_t next = static_cast<unsigned char>(bytes[i]);
    value |= (i < 8 ? next & 0x7FU : next) << (7 * i);
    if (i < 8 && (next & 0x80U) != 0) continue;
    bytes.remove_prefix(i + 1);
    return static_cast<std::int64_t>(value >> 1) ^ -static_cast<std::int64_t>(value & 1U);
  }
  return std::nullopt;
}

std::optional<std::string> inflated(std::string_view packed) {
  std::string plain(kMostPlainBytes, '\0');
  uLongf size = plain.size();
  const int status =
      uncompress(reinterpret_cast<Bytef*>(plain.data()), &size, reinterpret_cast<const Bytef*>(packed.data()),
                 static_cast<uLong>(packed.size()));
  if (status != Z_OK) return std::nullopt;
  plain.resize(size);
  return plain;
}

}  // namespace

std::optional<Histogram> decode_hdr(std::string_view base64) {
  constexpr std::uint64_t kPlain = 0x1c849313, kCompressed = 0x1c849314, kDigits = 3;
  const auto packed = from_base64(base64);
  if (!packed || packed->size() < 8 || big_endian(*packed, 0, 4) != kCompressed) return std::nullopt;
  const auto plain = inflated(std::string_view(*packed).substr(8));
  if (!plain || plain->size() < kHeadBytes || big_endian(*plain, 0, 4) != kPlain) return std::nullopt;
  if (big_endian(*plain, 12, 4) != kDigits || big_endian(*plain, 16, 8) != 1) return std::nullopt;
  std::optional<Histogram> histogram(std::in_place);
  std::size_t index = 0;
  for (std::string_view left = std::string_view(*plain).substr(kHeadBytes); !left.empty();) {
    const auto word = take_word(left);
    if (!word) return std::nullopt;
    if (*word < 0) {
      const std::size_t skipped =
          std::size_t{0} - static_cast<std::size_t>(*word);  // -2^63 cannot be negated
      if (skipped > Histogram::Layout::size() - index) return std::nullopt;
      index += skipped;
      continue;
    }
    if (index >= Histogram::Layout::size()) return std::nullopt;
    if (*word > 0)
      histogram->record(std::min(Histogram::Layout::highest_in(index), Histogram::kHighest),
                        static_cast<std::uint64_t>(*word));
    ++index;
  }
  return histogram;
}

std::optional<double> percentile_us(const Distribution& d, double percentile) {
  const struct {
    double percentile, us;
  } held[] = {{0, d.min_us},  {50, d.p50_us},     {75, d.p75_us},       {90, d.p90_us}, {95, d.p95_us},
              {99, d.p99_us}, {99.9, d.p99_9_us}, {99.99, d.p99_99_us}, {100, d.max_us}};
  for (const auto& one : held)
    if (one.percentile == percentile) return one.us;
  const auto histogram = decode_hdr(d.histogram);
  if (!histogram || histogram->count() != d.count) return std::nullopt;
  const double us = static_cast<double>(histogram->value_at_percentile(percentile)) / 1000.0;
  return std::clamp(us, d.min_us, d.max_us);
}

}  // namespace saturn
