// Letters between two words.
#include "core/base/edit_distance.hpp"

#include <gtest/gtest.h>

namespace saturn {
namespace {

TEST(EditDistance, CountsInsertedDeletedAndReplacedLetters) {
  EXPECT_EQ(edit_distance("", ""), 0U);
  EXPECT_EQ(edit_distance("duration", "duration"), 0U);
  EXPECT_EQ(edit_distance("", "abc"), 3U);
  EXPECT_EQ(edit_distance("abc", ""), 3U);
  EXPECT_EQ(edit_distance("header", "headers"), 1U);
  EXPECT_EQ(edit_distance("kitten", "sitting"), 3U);
}

}  // namespace
}  // namespace saturn
