#include "system/run/sibling_watch.hpp"

#include <gtest/gtest.h>

namespace saturn {
namespace {

using std::chrono::milliseconds;

/// What the pretended machine says next: CPU 3 was busy for so long of each 200 ms.
Nanos busy_for{0};
unsigned looks = 0;

Pressure pretended() {
  Pressure pressure;
  const auto passed = milliseconds(200) * ++looks;
  pressure.cpus[3] = {passed, Nanos{0}, passed - busy_for * looks};
  return pressure;
}

TEST(SiblingWatch, SeesWhoUsesACpuForOverAQuarterOfTheTime) {
  busy_for = milliseconds(51);
  SiblingWatch watch({3}, pretended);
  watch.start();
  EXPECT_TRUE(watch.busy());
  busy_for = milliseconds(50);
  SiblingWatch quiet({3}, pretended);
  quiet.start();
  EXPECT_FALSE(quiet.busy());
}

TEST(SiblingWatch, WhatIsNotToldIsTakenForIdle) {
  busy_for = milliseconds(200);
  SiblingWatch watch({4}, pretended);
  watch.start();
  EXPECT_FALSE(watch.busy());
}

TEST(SiblingWatch, WithoutSiblingsNothingIsRead) {
  looks = 0;
  SiblingWatch watch({}, pretended);
  watch.start();
  EXPECT_FALSE(watch.busy());
  EXPECT_EQ(looks, 0U);
}

}  // namespace
}  // namespace saturn
