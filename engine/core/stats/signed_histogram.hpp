// A histogram of differences: what is below zero and what is not, each by its size. As exact as Histogram,
// and as cheap. Tested in tests/unit/signed_histogram_test.cpp.
#pragma once
#include "core/stats/histogram.hpp"

namespace saturn {

class SignedHistogram {
 public:
  void record(std::int64_t value) noexcept {
    if (value < 0)
      below_.record(std::uint64_t{0} - static_cast<std::uint64_t>(value));
    else
      above_.record(static_cast<std::uint64_t>(value));
  }
  void merge(const SignedHistogram& other) noexcept {
    below_.merge(other.below_);
    above_.merge(other.above_);
  }

  std::uint64_t count() const { return below_.count() + above_.count(); }
  std::int64_t min() const { return below_.count() > 0 ? negative(below_.max()) : positive(above_.min()); }
  std::int64_t max() const { return above_.count() > 0 ? positive(above_.max()) : negative(below_.min()); }
  /// As Histogram's: 0 is min() and 100 is max(), between them within three digits. 0 where empty.
  std::int64_t value_at_percentile(double p) const {
    if (count() == 0) return 0;
    if (p <= 0) return min();
    if (p >= 100) return max();
    const std::uint64_t rank = Histogram::rank_of(p, count());
    return rank <= below_.count() ? negative(below_.value_at_rank(below_.count() - rank + 1))
                                  : positive(above_.value_at_rank(rank - below_.count()));
  }

 private:
  static std::int64_t positive(std::uint64_t size) { return static_cast<std::int64_t>(size); }
  static std::int64_t negative(std::uint64_t size) { return -static_cast<std::int64_t>(size); }

  Histogram below_, above_;  ///< zero is above
};

}  // namespace saturn
