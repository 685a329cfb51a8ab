#include "core/session/slot.hpp"

#include <gtest/gtest.h>

namespace saturn {
namespace {

TEST(Slot, ADroppedConnectionWithBytesInTheKernelHasToWaitForThem) {
  EXPECT_TRUE(allowed(SlotState::sending, SlotState::closing));
  EXPECT_TRUE(allowed(SlotState::closing, SlotState::closed));
  EXPECT_FALSE(allowed(SlotState::closing, SlotState::connecting));
  EXPECT_FALSE(allowed(SlotState::closing, SlotState::idle));
}

TEST(Slot, NothingIsSentWithoutAConnection) {
  EXPECT_FALSE(allowed(SlotState::closed, SlotState::sending));
  EXPECT_FALSE(allowed(SlotState::connecting, SlotState::sending));
  EXPECT_TRUE(allowed(SlotState::idle, SlotState::sending));
}

TEST(SlotDeathTest, AForbiddenTransitionEndsTheProcess) {
  Slot slot(65536, 0);
  EXPECT_DEATH(slot.set_state(SlotState::awaiting), "internal error");
}

}  // namespace
}  // namespace saturn
