// HDR histogram of saturn: nanoseconds from 1 to one hour, 3 significant digits, constant memory, record() in
// a few ns. Owner: one shard while it runs, merged afterwards. Nothing is dropped: a value above one hour
// goes to the top bucket, is counted as clamped, and max() stays exact. Bucket layout is HdrHistogram's
// (lowest 1, highest 3.6e12, 3 digits), so that hdr_encode writes its V2 format without rebinning. Tested in
// tests/unit/histogram_test.cpp.
#pragma once
#include <cstdint>
#include <span>

#include "core/base/zero_pages.hpp"
#include "core/stats/hdr_layout.hpp"

namespace saturn {

class Histogram {
 public:
  using Layout = HdrLayout<11>;  ///< 3 significant digits: 33,792 buckets
  static constexpr std::uint64_t kHighest = Layout::kHighest;
  __extension__ using Wide = unsigned __int128;

  Histogram();

  void record(std::uint64_t value_ns) noexcept { record(value_ns, 1); }
  void record(std::uint64_t value_ns,
              std::uint64_t times) noexcept;  ///< the same value so often, at least once
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
  /// The same for the value that is in place `rank` by size; from 1, at most count(), which is not 0.
  std::uint64_t value_at_rank(std::uint64_t rank) const;
  /// Which of `count` values the percentile is, by HdrHistogram's rule: 1 is the least.
  static std::uint64_t rank_of(double p, std::uint64_t count);
  /// One for each index of Layout.
  std::span<const std::uint64_t> counts() const { return counts_; }

 private:
  ZeroPages<std::uint64_t> counts_;
  std::uint64_t count_ = 0, clamped_ = 0, min_ = UINT64_MAX, max_ = 0;
  Wide sum_ = 0, sum_squares_ = 0;
};

inline void Histogram::record(std::uint64_t value_ns, std::uint64_t times) noexcept {
  counts_[Layout::clamped_index_of(value_ns)] += times;
  clamped_ += value_ns > kHighest ? times : 0;
  count_ += times;
  if (value_ns < min_) min_ = value_ns;
  if (value_ns > max_) max_ = value_ns;
  sum_ += static_cast<Wide>(value_ns) * times;
  sum_squares_ += static_cast<Wide>(value_ns) * value_ns * times;
}

}  // namespace saturn
