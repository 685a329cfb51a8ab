#include "system/run/core_ceiling.hpp"

#include <gtest/gtest.h>

namespace saturn {
namespace {

TEST(CoreCeiling, TheCoreAloneIsFasterThanAnyNetwork) {
  const std::atomic<bool> stop{false};
  EXPECT_GT(core_requests_per_second(Nanos(0), stop), 100'000.0);
}

TEST(CoreCeiling, AStopEndsIt) {
  const std::atomic<bool> stop{true};
  EXPECT_EQ(core_requests_per_second(std::chrono::hours(1), stop), 0.0);
}

}  // namespace
}  // namespace saturn
