// Errors as text for people, and Result<T>, which holds a value or all errors.
#include "saturn/error.hpp"

#include <gtest/gtest.h>

namespace saturn {
namespace {

TEST(Error, TextNamesPlaceWhatAndRemedy) {
  EXPECT_EQ(to_text(Error{"--duration", "10 has no unit", "write 10s"}),
            "--duration: 10 has no unit (write 10s)");
}

TEST(Error, TextLeavesOutWhatIsEmpty) {
  EXPECT_EQ(to_text(Error{"", "the server never answered", ""}), "the server never answered");
  EXPECT_EQ(to_text(Error{"/seed", "is no number", ""}), "/seed: is no number");
  EXPECT_EQ(to_text(Error{"", "no io_uring", "use a newer kernel"}), "no io_uring (use a newer kernel)");
}

TEST(Result, HoldsAValueOrEveryError) {
  const Result<int> good = 7;
  ASSERT_TRUE(good);
  EXPECT_EQ(*good, 7);
  const Result<int> bad = Errors{{"-c", "is 0", ""}, {"-t", "is 0", ""}};
  ASSERT_FALSE(bad);
  ASSERT_EQ(bad.errors().size(), 2U);
  EXPECT_EQ(bad.errors()[1].place, "-t");
  const Result<int> one = Error{"-n", "is 0", ""};
  ASSERT_EQ(one.errors().size(), 1U);
}

TEST(Error, IsAUsageErrorUnlessItSaysOtherwise) {
  EXPECT_EQ(Error{}.kind, ErrorKind::usage);
}

}  // namespace
}  // namespace saturn
