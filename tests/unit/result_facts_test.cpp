// What a result says of itself in one word: all well, or redirects only.
#include <gtest/gtest.h>

#include "saturn/result.hpp"

namespace saturn {
namespace {

TEST(ResultFacts, AllOkIsSaidOnlyWhereAllThatWasDueWasStartedAndAnsweredWell) {
  ScenarioResult s;
  EXPECT_FALSE(s.all_ok());
  s.requests.started = s.requests.completed = s.requests.ok = 44'578;
  EXPECT_TRUE(s.all_ok());
  s.requests.due = 1'000'000;  // -R 1000000
  EXPECT_FALSE(s.all_ok());
  s.requests.due = 44'578;
  EXPECT_TRUE(s.all_ok());
  s.requests.ok -= 1;
  EXPECT_FALSE(s.all_ok());
}

TEST(ResultFacts, OnlyRedirectsIsEveryAnswerWithALocationToGoTo) {
  ScenarioResult s;
  EXPECT_FALSE(s.only_redirects());
  s.requests.completed = 10;
  s.status = {{301, 6}, {308, 4}};
  EXPECT_TRUE(s.only_redirects());
  s.status = {{301, 9}, {200, 1}};
  EXPECT_FALSE(s.only_redirects());
  s.status = {{304, 10}};  // not modified: it leads nowhere
  EXPECT_FALSE(s.only_redirects());
  s.status = {{404, 10}};
  EXPECT_FALSE(s.only_redirects());
}

}  // namespace
}  // namespace saturn
