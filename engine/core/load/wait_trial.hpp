// What a sleeping warm-up shows of waiting: how late its requests were sent, and how long the target served
// them. Its medians decide how the measured time is waited for. Constant memory; owner: one shard. Tested in
// tests/unit/wait_choice_test.cpp and tests/sim/wait_test.cpp.
#pragma once
#include <cstdint>

#include "core/load/wait_choice.hpp"
#include "core/stats/histogram.hpp"

namespace saturn {

class WaitTrial {
 public:
  void answered(std::uint64_t lag_ns, std::uint64_t service_ns) {
    lag_.record(lag_ns);
    service_.record(service_ns);
  }
  WaitSamples samples() const {
    const auto median = [](const Histogram& of) {
      return Nanos(static_cast<std::int64_t>(of.value_at_percentile(50)));
    };
    return {lag_.count(), median(lag_), median(service_)};
  }

 private:
  Histogram lag_, service_;
};

}  // namespace saturn
