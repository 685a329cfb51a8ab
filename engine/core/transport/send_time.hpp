// When each send of a batch left, from the two clock readings around it. The one formula: for the latencies
// (session) and for the check of it against the kernel's TX stamps (uring). Pure; tested in
// tests/unit/send_time_test.cpp.
#pragma once
#include <algorithm>

#include "core/transport/transport.hpp"

namespace saturn {

/// From entering the kernel to the device, at most: measured against TX time stamps, where interpolating
/// without it was early by this much. A lone send returns much later than its bytes left: the rest of its
/// part of the batch is the kernel waking the receiver.
inline constexpr Nanos kSendLeavesAfter = Nanos(1'700);

class SendTimes {
 public:
  explicit SendTimes(const Submitted& batch)
      : before_(batch.before),
        after_(batch.after),
        late_(batch.late),
        each_(static_cast<double>((batch.after - batch.before).count()) / std::max(batch.count, 1U)),
        leaves_(std::min(each_ / 2, static_cast<double>(kSendLeavesAfter.count()))) {}

  bool late(std::uint32_t k) const { return (late_ >> k & 1) != 0; }
  /// Of the batch's send k; of one that the kernel did not finish at once only the end is known.
  Nanos at(std::uint32_t k) const {
    return late(k) ? after_ : before_ + Nanos(static_cast<std::int64_t>(each_ * k + leaves_));
  }

 private:
  Nanos before_, after_;
  std::uint64_t late_;
  double each_, leaves_;
};

}  // namespace saturn
