#include "system/run/bell.hpp"

#include <gtest/gtest.h>

#include <thread>

namespace saturn {
namespace {

constexpr Nanos kLong = std::chrono::seconds(30);

TEST(Bell, ARingBeforeTheWaitIsNotLostAndEndsOneWaitOnly) {
  Bell bell;
  bell.ring();
  bell.ring();
  EXPECT_TRUE(bell.wait_for(kLong));
  EXPECT_FALSE(bell.wait_for(Nanos(0)));
}

TEST(Bell, WakesWhoWaitsFromAnotherThread) {
  Bell bell;
  std::thread other([&] { bell.ring(); });
  EXPECT_TRUE(bell.wait_for(kLong));
  other.join();
}

TEST(Bell, ATimeThatIsOverIsNotWaitedFor) {
  Bell bell;
  EXPECT_FALSE(bell.wait_for(Nanos(-1)));
}

}  // namespace
}  // namespace saturn
