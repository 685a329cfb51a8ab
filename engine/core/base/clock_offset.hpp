// From the wall clock, in which the kernel stamps arrivals, to the monotonic clock, in which everything else
// is measured. The distance between the two changes only when somebody sets the wall clock (slewing moves
// both), so a change beyond what the readings can be off by is a step. Pure: samples in. Tested in
// tests/unit/clock_offset_test.cpp.
#pragma once
#include <cstdlib>
#include <span>

#include "saturn/time.hpp"

namespace saturn {

class ClockOffset {
 public:
  struct Sample {  ///< three readings in a row
    Nanos before{0};
    Nanos wall{0};
    Nanos after{0};
  };
  static constexpr Nanos kTolerance = std::chrono::microseconds(2);

  /// Takes the narrowest of the samples. True where the wall clock was set since the last call.
  bool update(std::span<const Sample> samples) {
    const Sample* best = &samples.front();
    for (const Sample& sample : samples)
      if (sample.after - sample.before < best->after - best->before) best = &sample;
    const Nanos half = (best->after - best->before) / 2;
    const Nanos offset = best->wall - (best->before + half);
    const bool stepped = known_ && Nanos(std::abs((offset - offset_).count())) > kTolerance + half + doubt_;
    if (!known_ || stepped || half <= doubt_ || half <= kTolerance) {
      offset_ = offset;
      doubt_ = half;
    }
    known_ = true;
    return stepped;
  }

  Nanos to_monotonic(Nanos wall) const { return wall - offset_; }

 private:
  Nanos offset_{0}, doubt_{0};  ///< wall − monotonic, and how much that may be off
  bool known_ = false;
};

}  // namespace saturn
