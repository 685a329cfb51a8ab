// HDR histogram of saturn: nanoseconds from 1 to one hour, 3 significant digits, constant memory, record() in
// a few ns. Owner: one shard while it runs, merged afterwards. Nothing is dropped: a value above one hour
// goes to the top bucket, is counted as clamped, and max() stays exact. Bucket layout is HdrHistogram's
// (lowest 1, highest 3.6e12, 3 digits), so that hdr_encode writes its V2 format without rebinning. Tested in
// tests/unit/histogram_test.cpp.
#pragma once
#include <bit>
#include <cstdint>
#include <span>

#include "core/base/zero_pages.hpp"

namespace saturn {

class Histogram {
 public:
  static constexpr std::uint64_t kHighest = 3'600'000'000'000;
  static constexpr unsigned kSubBucketBits = 11;  ///< 2048 sub-buckets: 3 significant digits
  static constexpr std::uint64_t kSubBuckets = 1U << kSubBucketBits;
  static constexpr std::uint64_t kHalf = kSubBuckets / 2;
  static constexpr std::size_t kIndexes = 33 * kHalf;  ///< 32 octaves above the first 1024 values
  __extension__ using Wide = unsigned __int128;

  Histogram();

  void record(std::uint64_t value_ns) noexcept;
  void merge(const Histogram& other) noexcept;
  void reset() noexcept;

  std::uint64_t count() const { return count_; }
  std::uint64_t clamped() const { return clamped_; }
  std::uint64_t min() const { return count_ == 0 ? 0 : min_; }  ///< exact
  std::uint64_t max() const { return max_; }                    ///< exact
  double mean() const;                                          ///< from the exact sum
  double stddev() const;                                        ///< population, from exact sums
  /// Highest value of the bucket that holds the percentile (HdrHistogram's rule), never above max(). p in [0,
  /// 100]; 0 is min() and 100 is max(), both exact. 0 where empty.
  std::uint64_t value_at_percentile(double p) const;
  std::span<const std::uint64_t> counts() const { return counts_; }

  static constexpr std::size_t index_of(std::uint64_t value);
  static constexpr std::uint64_t lowest_in(std::size_t index);   ///< lowest value counted at this index
  static constexpr std::uint64_t highest_in(std::size_t index);  ///< highest value counted at this index

 private:
  std::size_t first_index() const { return index_of(min_ <= kHighest ? min_ : kHighest); }  ///< not if empty
  std::size_t last_index() const { return index_of(max_ <= kHighest ? max_ : kHighest); }

  ZeroPages<std::uint64_t> counts_;
  std::uint64_t count_ = 0, clamped_ = 0, min_ = UINT64_MAX, max_ = 0;
  Wide sum_ = 0, sum_squares_ = 0;
};

constexpr std::size_t Histogram::index_of(std::uint64_t value) {
  const unsigned bucket =
      64U - kSubBucketBits - static_cast<unsigned>(std::countl_zero(value | (kSubBuckets - 1)));
  const std::uint64_t sub = value >> bucket;
  return static_cast<std::size_t>((static_cast<std::uint64_t>(bucket) << (kSubBucketBits - 1)) + sub);
}

constexpr std::uint64_t Histogram::lowest_in(std::size_t index) {
  if (index < kSubBuckets) return index;
  const std::uint64_t bucket = (index >> (kSubBucketBits - 1)) - 1;
  const std::uint64_t sub = (index & (kHalf - 1)) + kHalf;
  return sub << bucket;
}

constexpr std::uint64_t Histogram::highest_in(std::size_t index) {
  return lowest_in(index + 1) - 1;
}

static_assert(Histogram::index_of(Histogram::kHighest) / Histogram::kHalf == 32,
              "the top octave holds one hour");

inline void Histogram::record(std::uint64_t value_ns) noexcept {
  const std::uint64_t kept = value_ns <= kHighest ? value_ns : kHighest;
  clamped_ += value_ns > kHighest ? 1 : 0;
  ++counts_[index_of(kept)];
  ++count_;
  if (value_ns < min_) min_ = value_ns;
  if (value_ns > max_) max_ = value_ns;
  sum_ += value_ns;
  sum_squares_ += static_cast<Wide>(value_ns) * value_ns;
}

}  // namespace saturn
