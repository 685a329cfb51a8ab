// A broken promise ends the process and says where; a kept one costs nothing and evaluates its expression
// once.
#include "core/base/assert.hpp"

#include <gtest/gtest.h>

namespace {

TEST(Assert, EndsTheProcessWithExpressionAndPlace) {
  const int open = 3;
  EXPECT_DEATH(SATURN_ASSERT(open == 4),
               "saturn: internal error: open == 4 is false at tests/unit/assert_test.cpp:[0-9]+\\.");
}

TEST(Assert, EvaluatesAKeptPromiseOnce) {
  int evaluations = 0;
  SATURN_ASSERT(++evaluations == 1);
  EXPECT_EQ(evaluations, 1);
}

}  // namespace
