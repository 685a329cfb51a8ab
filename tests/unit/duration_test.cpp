#include <gtest/gtest.h>

#include "core/plan/parse.hpp"

namespace saturn {
namespace {

using namespace std::chrono_literals;

Nanos good(std::string_view text) {
  const auto result = parse_duration(text, "-d");
  EXPECT_TRUE(result) << text;
  return result ? *result : Nanos(-1);
}

Error refused(std::string_view text) {
  const auto result = parse_duration(text, "/gap");
  EXPECT_FALSE(result) << text;
  if (result || result.errors().size() != 1) return {};
  EXPECT_EQ(result.errors()[0].place, "/gap");
  return result.errors()[0];
}

TEST(Duration, UnitsAndTheirSums) {
  EXPECT_EQ(good("500ms"), 500ms);
  EXPECT_EQ(good("30s"), 30s);
  EXPECT_EQ(good("5m"), 5min);
  EXPECT_EQ(good("1h"), 1h);
  EXPECT_EQ(good("1m30s"), 90s);
  EXPECT_EQ(good("1h2m3s4ms5us6ns"), 1h + 2min + 3s + 4ms + 5us + 6ns);
  EXPECT_EQ(good("1.5s"), 1500ms);
  EXPECT_EQ(good("0s"), 0s);
}

TEST(Duration, BareNumberIsRefusedWithTheLikelyMeaning) {
  EXPECT_EQ(refused("10").message, "\"10\" has no unit");
  EXPECT_EQ(refused("10").remedy, "did you mean 10s?");
  EXPECT_EQ(refused("2.5").remedy, "did you mean 2.5s?");
}

TEST(Duration, NonsenseIsRefused) {
  for (const auto* text :
       {"-1s", "s", "10x", "1 s", "1s ", "1e3s", "inf", "nans", "1..5s", "1s5", "10sec", "0x1s"})
    EXPECT_EQ(refused(text).message, "\"" + std::string(text) + "\" is not a duration");
  EXPECT_EQ(refused("").message, "a duration is missing");
  EXPECT_EQ(refused("9999999999h").message, "\"9999999999h\" is too long");
}

TEST(Duration, FormatsInTheLargestUnitThatFits) {
  EXPECT_EQ(format_duration(0s), "0s");
  EXPECT_EQ(format_duration(10s), "10s");
  EXPECT_EQ(format_duration(90s), "90s");
  EXPECT_EQ(format_duration(5min), "5m");
  EXPECT_EQ(format_duration(2h), "2h");
  EXPECT_EQ(format_duration(1500ms), "1500ms");
  EXPECT_EQ(format_duration(7us), "7us");
  EXPECT_EQ(format_duration(1s + 1ns), "1000000001ns");
}

TEST(Duration, WhatIsFormattedReadsBack) {
  for (const Nanos value : {0ns, 1ns, 999ns, 1000ns, 1'500'000ns, 30'000'000'000ns, 86'400'000'000'000ns})
    EXPECT_EQ(good(format_duration(value)), value);
}

}  // namespace
}  // namespace saturn
