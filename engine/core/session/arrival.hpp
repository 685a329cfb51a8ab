// When a response's bytes arrived, and whether that is the kernel's word or only ours. Pure; tested in
// tests/unit/arrival_test.cpp.
#pragma once
#include <algorithm>

#include "saturn/time.hpp"

namespace saturn {

struct Arrival {
  Nanos at{0};       ///< where `by_kernel`: the kernel's receive time stamp; else the same as `seen_at`
  Nanos seen_at{0};  ///< user space looked
  bool by_kernel = false;
};

/// A stamp cannot be of the future, nor of before its request was handed to the kernel. One that is comes
/// from a wall clock that was set a moment ago: user-space time is then the better figure. `slack` covers
/// what the conversion between the two clocks may be off by.
inline Arrival arrival_of(Nanos stamped_at, Nanos sent_after, Nanos seen_at) {
  constexpr Nanos slack = std::chrono::milliseconds(1);
  const bool credible =
      stamped_at.count() != 0 && stamped_at <= seen_at + slack && stamped_at + slack >= sent_after;
  if (!credible) return {seen_at, seen_at, false};
  return {std::min(stamped_at, seen_at), seen_at, true};
}

}  // namespace saturn
