#include "core/stats/histogram.hpp"

#include <algorithm>
#include <cmath>

namespace saturn {

Histogram::Histogram() : counts_(Layout::size()) {}

void Histogram::merge(const Histogram& other) noexcept {
  if (other.count_ == 0) return;
  const std::size_t last = Layout::clamped_index_of(other.max_);
  for (std::size_t i = Layout::clamped_index_of(other.min_); i <= last; ++i)
    if (other.counts_[i] != 0) counts_[i] += other.counts_[i];
  count_ += other.count_;
  clamped_ += other.clamped_;
  min_ = std::min(min_, other.min_);
  max_ = std::max(max_, other.max_);
  sum_ += other.sum_;
  sum_squares_ += other.sum_squares_;
}

void Histogram::reset() noexcept {
  if (count_ != 0) {
    const std::size_t first = Layout::clamped_index_of(min_);
    std::fill_n(&counts_[first], Layout::clamped_index_of(max_) - first + 1, 0);
  }
  count_ = clamped_ = max_ = 0;
  min_ = UINT64_MAX;
  sum_ = sum_squares_ = 0;
}

double Histogram::mean() const {
  return count_ == 0 ? 0 : static_cast<double>(sum_) / static_cast<double>(count_);
}

double Histogram::stddev() const {
  if (count_ == 0) return 0;
  // Squares about the whole-number mean, in integers: nothing cancels when the spread is tiny beside the
  // mean. With S = n·m + r: Σ(x - m)² = Σx² - m·S - m·r.
  const Wide whole = sum_ / count_;
  const Wide rest = sum_ % count_;
  const auto about_whole = static_cast<double>(sum_squares_ - whole * sum_ - whole * rest);
  const double n = static_cast<double>(count_);
  const double offset = static_cast<double>(rest) / n;
  return std::sqrt(std::max(0.0, about_whole / n - offset * offset));
}

std::uint64_t Histogram::value_at_percentile(double p) const {
  if (count_ == 0) return 0;
  if (p <= 0) return min_;
  if (p >= 100) return max_;
  return value_at_rank(rank_of(p, count_));
}

std::uint64_t Histogram::rank_of(double p, std::uint64_t count) {
  // The double just below p, as HdrHistogram does: 16.1 of 1000 is the 161st, not the 162nd by rounding.
  const double wanted = std::nextafter(p, 0.0) * static_cast<double>(count) / 100.0;
  return static_cast<std::uint64_t>(std::max(1.0, std::ceil(wanted)));
}

std::uint64_t Histogram::value_at_rank(std::uint64_t rank) const {
  std::uint64_t seen = 0;
  std::size_t i = Layout::clamped_index_of(min_);
  for (const std::size_t last = Layout::clamped_index_of(max_); i < last; ++i) {
    seen += counts_[i];
    if (seen >= rank) break;
  }
  return std::min(Layout::highest_in(i), max_);
}

}  // namespace saturn
