#include "core/json/json_equal.hpp"

#include <gtest/gtest.h>

#include <string>

#include "support/allocations.hpp"

namespace saturn {
namespace {

std::string padded(const std::string& text) {
  return text + std::string(JsonComparer::kPadding, '\0');
}

bool equal(JsonComparer& comparer, const std::string& a, const std::string& b) {
  const std::string left = padded(a), right = padded(b);
  return comparer.equal({left.data(), a.size()}, {right.data(), b.size()});
}

TEST(JsonEqual, ComparesByValueNotByText) {
  JsonComparer comparer(4096);
  EXPECT_TRUE(equal(comparer, R"({"a":1,"b":[true,null,"x"]})",
                    " { \"b\" : [ true, null, \"x\" ],\n \"a\" : 1.0 } "));
  EXPECT_TRUE(equal(comparer, R"("żółw")", R"("\u017c\u00f3\u0142w")"));
  EXPECT_TRUE(equal(comparer, "1e2", "100"));
  EXPECT_TRUE(equal(comparer, "2.5", "2.50"));
}

TEST(JsonEqual, SeesEveryDifference) {
  JsonComparer comparer(4096);
  const char* pairs[][2] = {{"1", "2"},
                            {"1", "\"1\""},
                            {"[1,2]", "[2,1]"},
                            {"[1]", "[1,1]"},
                            {"{}", "[]"},
                            {"null", "false"},
                            {"1", "1.5"},
                            {R"({"a":1})", R"({"a":1,"b":2})"},
                            {R"({"a":1,"b":2})", R"({"a":1})"},
                            {R"({"a":1})", R"({"b":1})"}};
  for (const auto& [a, b] : pairs) {
    EXPECT_FALSE(equal(comparer, a, b)) << a << " " << b;
    EXPECT_FALSE(equal(comparer, b, a)) << b << " " << a;
  }
}

TEST(JsonEqual, BigIntegersAreExact) {
  JsonComparer comparer(4096);
  EXPECT_FALSE(equal(comparer, "9007199254740993", "9007199254740992"));
  EXPECT_FALSE(equal(comparer, "9007199254740993", "9007199254740992.0"));
  EXPECT_TRUE(equal(comparer, "18446744073709551615", "18446744073709551615"));
  EXPECT_FALSE(equal(comparer, "-1", "18446744073709551615"));
}

TEST(JsonEqual, AKeyThatStandsTwiceMakesThemDifferent) {
  JsonComparer comparer(4096);
  EXPECT_FALSE(equal(comparer, R"({"a":1,"a":1})", R"({"a":1,"a":1})"));
  EXPECT_FALSE(equal(comparer, R"({"a":1,"a":1})", R"({"a":1,"b":1})"));
}

TEST(JsonEqual, WhatIsNoJsonOrTooLargeOrTooDeepIsDifferent) {
  JsonComparer comparer(64);
  EXPECT_FALSE(equal(comparer, "{", "{"));
  EXPECT_FALSE(equal(comparer, "", ""));
  EXPECT_FALSE(equal(comparer, "\"" + std::string(100, 'x') + "\"", "\"" + std::string(100, 'x') + "\""));
  JsonComparer large(4096);
  const std::string deep = std::string(200, '[') + std::string(200, ']');
  EXPECT_FALSE(equal(large, deep, deep));
}

TEST(JsonEqual, AllocatesOnlyAtConstruction) {
  JsonComparer comparer(4096);
  const std::string text = R"({"list":[1,2,3,{"x":"y"}],"s":"a long enough string to be on the heap"})",
                    stored = padded(text);
  const std::uint64_t before = test::allocations();
  for (int i = 0; i < 100; ++i)
    ASSERT_TRUE(comparer.equal({stored.data(), text.size()}, {stored.data(), text.size()}));
  EXPECT_EQ(test::allocations(), before);
}

}  // namespace
}  // namespace saturn
