// Interval series of one scenario: 1 s bins from the start of the measured phase, doubled in width past 600
// bins, so that shards and machines merge exactly. Each bin holds counts and a small latency histogram (2
// significant digits). Memory is taken at construction (zero pages: unused bins cost nothing). Owner: one
// shard, merged afterwards. Tested in tests/unit/series_test.cpp.
#pragma once
#include <cstdint>
#include <optional>
#include <vector>

#include "saturn/result.hpp"
#include "saturn/time.hpp"

namespace saturn {

class Series {
 public:
  static constexpr std::size_t kBins = 600;

  Series();

  /// `since_start` is the response's arrival relative to the measured phase's start (negative = warm-up:
  /// ignored).
  void completed(Nanos since_start, std::uint64_t latency_ns, bool ok) noexcept;
  void failed(Nanos since_start) noexcept;
  /// Highest number of exchanges in flight seen in the bin; called once a turn or on each snapshot.
  void in_flight(Nanos since_start, std::uint64_t count) noexcept;

  /// Adds another shard's series: counts add, in_flight adds; the coarser width wins.
  void merge(const Series& other) noexcept;
  Nanos width() const;
  /// Bins up to the last one with anything in it; rps = completed ÷ width (a last partial bin too: `end`
  /// bounds its width).
  std::vector<SeriesPoint> points(Nanos end) const;

 private:
  struct Bin;
  std::size_t bin_at(Nanos since_start) noexcept;  ///< doubles the width until the time fits
  void double_width() noexcept;

  // storage is the implementer's
  std::vector<std::uint64_t> completed_, not_ok_, failed_, in_flight_;
  std::vector<std::uint32_t> latency_;  ///< kBins × buckets
  std::int64_t width_ns_ = 1'000'000'000;
  std::size_t used_ = 0;
};

}  // namespace saturn
