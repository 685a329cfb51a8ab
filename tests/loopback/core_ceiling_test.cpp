#include "system/run/core_ceiling.hpp"

#include <gtest/gtest.h>

namespace saturn {
namespace {

TEST(CoreCeiling, TheCoreAloneIsFasterThanAnyNetwork) {
  const std::atomic<bool> stop{false};
  for (const std::uint32_t connections : {1U, 64U, 1024U})
    EXPECT_GT(core_requests_per_second(connections, Nanos(0), stop), 100'000.0) << connections;
}

TEST(CoreCeiling, AStopEndsIt) {
  const std::atomic<bool> stop{true};
  EXPECT_EQ(core_requests_per_second(64, std::chrono::hours(1), stop), 0.0);
}

}  // namespace
}  // namespace saturn
