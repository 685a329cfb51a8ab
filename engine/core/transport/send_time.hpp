// When each send of a batch left, from the two clock readings around it. The one formula: for the latencies
// (session) and for the check of it against the kernel's TX stamps (uring). A batch that took longer than
// usual is not spread over its sends: who was served last would seem to have been sent late, and its answer
// to have been fast. Pure; tested in tests/unit/send_time_test.cpp.
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
      : batch_(batch),
        late_(batch.interrupted ? UINT64_MAX : batch.late),
        each_(static_cast<double>(likely(batch).count()) / std::max(batch.handed(), 1U)),
        leaves_(std::min(each_ / 2, static_cast<double>(kSendLeavesAfter.count()))) {}

  /// Of this one no more is known than that it left in its batch: the kernel did not finish it at once, or
  /// the batch was interrupted.
  bool inexact(std::uint32_t k) const { return (late_ >> k & 1) != 0; }
  /// Of the batch's send k; of an inexact one the latest possible time, the earliest is the batch's start.
  Nanos at(std::uint32_t k) const {
    if (inexact(k)) return batch_.after;
    const std::uint32_t place = batch_.skipped == 0 ? k : batch_.handed_before(k);
    return batch_.before + Nanos(static_cast<std::int64_t>(each_ * place + leaves_));
  }

 private:
  static Nanos likely(const Submitted& batch) {
    const Nanos width = batch.after - batch.before;
    return batch.usual > Nanos(0) ? std::min(width, batch.usual) : width;
  }

  Submitted batch_;
  std::uint64_t late_;
  double each_, leaves_;
};

}  // namespace saturn
