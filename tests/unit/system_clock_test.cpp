#include "system/clock/system_clock.hpp"

#include <gtest/gtest.h>

namespace saturn {
namespace {

TEST(RunQueueWait, IsTheSecondFigureOfSchedstat) {
  EXPECT_EQ(parse_run_queue_wait("120000 3824067 17\n"), Nanos(3'824'067));
  EXPECT_EQ(parse_run_queue_wait("120000 0 1\n"), Nanos(0));
}

TEST(RunQueueWait, OfAThreadThatNeverGotACoreIsUnknown) {
  EXPECT_EQ(parse_run_queue_wait("0 0 0\n"), std::nullopt);
}

TEST(RunQueueWait, WithoutAnAccountIsUnknown) {
  for (const char* text : {"", "120000", "120000 3824067", "a b c"})
    EXPECT_EQ(parse_run_queue_wait(text), std::nullopt) << text;
}

}  // namespace
}  // namespace saturn
