// Time in saturn: nanoseconds, as a duration and as time since the monotonic clock's start (names ending in
// `_at`).
#pragma once
#include <chrono>

namespace saturn {

using Nanos = std::chrono::nanoseconds;

constexpr double to_seconds(Nanos t) {
  return std::chrono::duration<double>(t).count();
}
constexpr double to_micros(Nanos t) {
  return std::chrono::duration<double, std::micro>(t).count();
}

}  // namespace saturn
