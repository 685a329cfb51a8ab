// How much too late a sleeper wakes on this machine, and so how long before a deadline to stop sleeping: 1.5
// × the 99th percentile of what was measured, between 20 and 150 µs, taken anew about once a second. Pure:
// times in. Owner: one shard's transport. Tested in tests/unit/wake_guard_test.cpp.
#pragma once
#include <algorithm>
#include <array>
#include <cstdint>

#include "saturn/time.hpp"

namespace saturn {

class WakeGuard {
 public:
  static constexpr Nanos kLeast = std::chrono::microseconds(20), kMost = std::chrono::microseconds(150);
  static constexpr Nanos kFirst = std::chrono::microseconds(100);  ///< until there is a measurement
  static constexpr Nanos kEvery = std::chrono::seconds(1);
  static constexpr std::uint32_t kEnough = 32;  ///< wakings; with fewer the time goes on

  /// A sleep that nothing but its timer ended, so much after its time.
  void woke(Nanos late, Nanos now) {
    const auto us = static_cast<std::size_t>(std::max(late, Nanos(0)).count() / 1000);
    ++counts_[std::min(us, counts_.size() - 1)];
    ++total_;
    if (since_.count() == 0) since_ = now;
    if (now - since_ >= kEvery && total_ >= kEnough) recalibrate(now);
  }

  Nanos guard() const { return guard_; }

 private:
  void recalibrate(Nanos now) {
    const std::uint32_t beyond = total_ / 100;  // so many may be later than the percentile
    std::uint32_t later = 0;
    std::size_t us = counts_.size();
    while (us > 0 && later <= beyond) later += counts_[--us];
    const Nanos late = std::chrono::microseconds(us + 1);  // the end of its bucket
    guard_ = std::clamp(late * 3 / 2, kLeast, kMost);
    counts_.fill(0);
    total_ = 0;
    since_ = now;
  }

  std::array<std::uint32_t, 128> counts_{};  ///< by whole microseconds; the last: that or more
  std::uint32_t total_ = 0;
  Nanos since_{0}, guard_ = kFirst;
};

}  // namespace saturn
