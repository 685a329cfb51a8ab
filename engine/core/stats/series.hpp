// Interval series of one scenario: 1 s bins from the start of the measured phase, doubled in width past 600
// bins, so that shards and machines merge exactly. Each bin holds counts and a small latency histogram (2
// significant digits). Memory is taken at construction, and touched bin by bin: one that nothing fell into
// costs nothing. Owner: one shard, merged afterwards. Tested in tests/unit/series_test.cpp.
#pragma once
#include <cstdint>
#include <memory>
#include <vector>

#include "core/stats/hdr_layout.hpp"
#include "saturn/result.hpp"
#include "saturn/time.hpp"

namespace saturn {

class Series {
 public:
  static constexpr std::size_t kBins = 600;

  Series();
  Series(const Series& other) : Series() { merge(other); }
  Series& operator=(const Series& other) { return *this = Series(other); }
  Series(Series&&) noexcept = default;
  Series& operator=(Series&&) noexcept = default;
  ~Series() = default;

  /// `since_start` is the response's arrival relative to the measured phase's start (negative: ignored).
  void completed(Nanos since_start, std::uint64_t latency_ns, bool ok) noexcept;
  void failed(Nanos since_start) noexcept;
  /// Called on each snapshot; the bin keeps the highest count seen in it.
  void in_flight(Nanos since_start, std::uint64_t count) noexcept;

  /// The wall clock was set between these times: the arrival stamps of their bins may be off.
  void clock_step(Nanos from, Nanos to) noexcept;

  /// The 99th percentile of what came in the bin of this time, and in the one before while this one is less
  /// than half over; 0: nothing. Walks the buckets of two bins at most, so for snapshots only.
  std::uint64_t recent_p99_ns(Nanos since_start) const noexcept;

  /// Adds another shard's series: counts add, in_flight adds; the coarser width wins.
  void merge(const Series& other) noexcept;
  Nanos width() const { return Nanos{width_ns_}; }
  /// Bins up to the last one with anything in it; rps = completed ÷ width. The bin that holds `end` is only
  /// as wide as the time up to there.
  std::vector<SeriesPoint> points(Nanos end) const;

 private:
  using Layout = HdrLayout<8>;  ///< 2 significant digits: 4,608 buckets
  struct Bin {
    std::uint64_t completed = 0, not_ok = 0, failed = 0, in_flight = 0;
    std::uint64_t min_ns = UINT64_MAX, max_ns = 0;  ///< bound the buckets in use
    bool clock_step = false;
  };

  std::size_t bin_at(Nanos since_start) noexcept;  ///< doubles the width until the time fits
  void double_width() noexcept;
  void add(std::size_t index, const Bin& bin, const std::uint32_t* latency) noexcept;  ///< all but in_flight
  void begin_latencies(std::size_t index) noexcept;
  SeriesPoint point(std::size_t index, Nanos end) const;
  double percentile_us(std::size_t index, std::uint64_t percent) const;

  std::uint32_t* latency_of(std::size_t index) { return &latency_[index * Layout::size()]; }
  const std::uint32_t* latency_of(std::size_t index) const { return &latency_[index * Layout::size()]; }

  std::vector<Bin> bins_;
  std::unique_ptr<std::uint32_t[]>
      latency_;  ///< kBins × buckets; a bin's are zeroed when its first one comes
  std::int64_t width_ns_ = 1'000'000'000;
  std::size_t used_ = 0;    ///< bins up to the last one with anything in it
  std::size_t recent_ = 0;  ///< the bin of the last call: times come nearly in order …
  std::int64_t recent_from_ns_ = 0, recent_to_ns_ = 0;  ///< … and a division each would be half the cost
};

}  // namespace saturn
