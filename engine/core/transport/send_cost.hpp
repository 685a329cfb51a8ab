// What a batch of sends usually takes, by its size, and so which batches took longer than their sends need:
// the shard lost its core in between (to a thread, an interrupt, the hypervisor), and nobody knows at which
// send. A cheap running figure, no clock and no system call of its own. Owner: one shard's transport. Tested
// in tests/unit/send_cost_test.cpp and by tests/sim/preemption_test.cpp.
#pragma once
#include <algorithm>
#include <array>
#include <bit>

#include "core/transport/transport.hpp"

namespace saturn {

class SendCost {
 public:
  /// Of a send, before one was seen: where they need more, the first batch of a size is called interrupted.
  static constexpr double kFirst_ns = 5'000;
  /// Beyond what is usual: the kernel's own work between sends (acknowledgements, a timer tick) is not
  /// an interruption.
  static constexpr double kFactor = 1.5;
  static constexpr Nanos kSlack = std::chrono::microseconds(20);
  static constexpr std::uint32_t kLearning = 16;  ///< batches of a size, of which the cheapest is taken

  /// Fills in what the batch should have taken and whether it took longer; then learns from it.
  void judge(Submitted& batch) {
    const std::uint32_t count = batch.handed();
    if (count == 0) return;
    const auto width = static_cast<double>((batch.after - batch.before).count());
    Size& size = sizes_[static_cast<std::size_t>(std::bit_width(count)) - 1];
    const double usual = size.each_ns * count;
    batch.usual = Nanos(static_cast<std::int64_t>(usual));
    batch.interrupted = width > usual * kFactor + static_cast<double>(kSlack.count());
    size.learn(width / count);
  }

 private:
  /// Batches of 1, 2-3, 4-7 … 64 sends: a lone one pays for entering the kernel and waking the receiver.
  struct Size {
    double each_ns = kFirst_ns;
    std::uint32_t seen = 0;

    /// Settles where three of four batches cost more, whatever the few that were interrupted took.
    void learn(double each) {
      if (seen < kLearning && (seen++ == 0 || each < each_ns)) each_ns = each;
      const double apart = each - each_ns, step = each_ns / 32;
      each_ns += apart > 0 ? std::min(apart, step / 3) : std::max(apart, -step);
    }
  };
  std::array<Size, std::bit_width(kSendsPerBatch)> sizes_{};
};

}  // namespace saturn
