// How long the target took for each answer by its own clock: from the kernel's stamp on the request's last
// bytes to the return of the send of the answer's last byte. Cells of one thread (one writer, no
// read-modify-write), to lie in memory that processes share. A reset only asks: the writer clears its cells
// at its next answer, and until then a reader takes them for empty. Pure; tested in
// tests/unit/target_answer_times_test.cpp.
#pragma once
#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

#include "core/stats/histogram.hpp"
#include "saturn/result.hpp"
#include "saturn/time.hpp"

namespace saturn::target {

/// No stamp: the kernel said nothing. As a time since 1970 it is none that happens.
inline constexpr Nanos kNoStamp{0};

/// What several threads recorded; min, max and mean are exact, the percentiles those of the buckets.
class AnswerTotals {
 public:
  std::uint64_t unstamped = 0;
  void add(std::size_t bucket, std::uint64_t count) {
    buckets_.record(Histogram::Layout::highest_in(bucket), count);
  }
  void add_exact(std::uint64_t sum_ns, std::uint64_t min_ns, std::uint64_t max_ns);
  /// nullopt where nothing was recorded; with the histogram, in HdrHistogram's encoding.
  MaybeDistribution summary() const;

 private:
  Histogram buckets_;
  std::uint64_t sum_ns_ = 0, min_ns_ = UINT64_MAX, max_ns_ = 0;
};

class AnswerTimes {
 public:
  // Its thread:
  /// Both on the wall clock. Without a stamp, or where the clock was set back between the two, there is no
  /// time to tell; that is counted instead.
  void record(Nanos arrived_at, Nanos sent_at);

  // Anybody:
  void ask_reset() { asked_.fetch_add(1, std::memory_order_relaxed); }
  void add_to(AnswerTotals& totals) const;

 private:
  using Cell = std::atomic<std::uint64_t>;
  static std::uint64_t get(const Cell& cell) { return cell.load(std::memory_order_relaxed); }
  static void set(Cell& cell, std::uint64_t value) { cell.store(value, std::memory_order_relaxed); }
  void clear();

  Cell asked_{0}, cleared_{0};  ///< resets asked for, and the last that the thread has carried out
  Cell unstamped_{0}, sum_ns_{0}, min_ns_{UINT64_MAX}, max_ns_{0};
  std::array<Cell, Histogram::Layout::size()> buckets_{};
};

}  // namespace saturn::target
