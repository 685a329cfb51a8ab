// WHEN, of a constant rate: the due times of one shard's arrivals, in order. Arrival k of a phase is due at
// the phase's start + k × per ÷ count; a shard takes every n-th, so that all shards together have each
// arrival once, without a counter that they share. Warm-up and measured time are two phases, each beginning
// with an arrival at its start. Pure; owner: one shard. Tested in tests/unit/arrivals_test.cpp.
#pragma once
#include <algorithm>
#include <cstdint>

#include "core/plan/program.hpp"
#include "core/plan/rate.hpp"

namespace saturn {

/// One arrival. (No initialisers: it lies in a queue whose memory is not written before it is used.)
struct Due {
  Nanos at;
  std::uint64_t seq;  ///< 1-based, unique in the scenario
  bool measured;      ///< due after the warm-up
  Nanos seen_at;      ///< the shard looked
};

class Arrivals {
 public:
  Arrivals(const ScenarioProgram& scenario, const ScenarioShare& share)
      : rate_(*scenario.rate), first_(share.first_arrival), stride_(share.arrival_stride) {}

  /// The warm-up is [start, measure_start), the measured time [measure_start, end); end: Nanos::max() where
  /// only a count ends it.
  void schedule(Nanos start, Nanos measure_start, Nanos end) {
    if (stride_ == 0) return;
    start_ = start;
    measure_start_ = measure_start;
    in_warmup_ = arrivals_within(rate_, measure_start - start);
    in_measure_ = end == Nanos::max() ? UINT64_MAX : arrivals_within(rate_, end - measure_start);
    number_ = first_;
    measured_ = false;
    find_next();
  }

  /// The next arrival; its time is Nanos::max() when there is none.
  Due next() const {
    // Without a fixed total a warm-up's numbers come before those of the measured time.
    return {next_at_, (measured_ ? in_warmup_ : 0) + number_ + 1, measured_, Nanos(0)};
  }
  Nanos next_at() const { return next_at_; }

  void advance() {
    number_ += stride_;
    find_next();
  }
  /// None is left.
  void end() { next_at_ = Nanos::max(); }

 private:
  void find_next() {
    if (!measured_ && number_ >= in_warmup_) {
      measured_ = true;
      number_ = first_;
    }
    if (measured_ && number_ >= in_measure_) return end();
    const Nanos from = measured_ ? measure_start_ : start_;
    const Nanos offset = arrival_offset(rate_, number_);
    next_at_ = offset > Nanos::max() - from ? Nanos::max() : from + offset;
  }

  Rate rate_;
  std::uint64_t first_, stride_, number_ = 0, in_warmup_ = 0, in_measure_ = 0;
  bool measured_ = false;
  Nanos start_{0}, measure_start_{0}, next_at_ = Nanos::max();
};

}  // namespace saturn
