#include "core/base/fixed_queue.hpp"

#include <gtest/gtest.h>

namespace saturn {
namespace {

TEST(FixedQueue, GivesBackInOrderAroundItsEnd) {
  FixedQueue<int> queue(3);
  int next_in = 0, next_out = 0;
  for (int round = 0; round < 10; ++round) {
    while (!queue.full()) queue.push(next_in++);
    EXPECT_EQ(queue.size(), 3U);
    EXPECT_EQ(queue.pop(), next_out++);
    EXPECT_EQ(queue.pop(), next_out++);
  }
  EXPECT_EQ(queue.pop(), next_out++);
  EXPECT_TRUE(queue.empty());
  EXPECT_EQ(next_in, next_out);
}

TEST(FixedQueue, MayHoldNothing) {
  FixedQueue<int> queue(0);
  EXPECT_TRUE(queue.empty());
  EXPECT_TRUE(queue.full());
}

TEST(FixedQueue, IsEmptyAfterClear) {
  FixedQueue<int> queue(2);
  queue.push(1);
  queue.push(2);
  queue.pop();
  queue.clear();
  EXPECT_TRUE(queue.empty());
  queue.push(3);
  EXPECT_EQ(queue.pop(), 3);
}

TEST(FixedQueueDeathTest, MoreThanItHoldsIsABrokenPromise) {
  FixedQueue<int> queue(1);
  queue.push(1);
  EXPECT_DEATH(queue.push(2), "");
  queue.pop();
  EXPECT_DEATH(queue.pop(), "");
}

}  // namespace
}  // namespace saturn
