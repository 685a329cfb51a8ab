#include "core/plan/fields.hpp"

#include <gtest/gtest.h>

namespace saturn {
namespace {

using namespace std::chrono_literals;

json::Value value_of(std::string_view text) {
  auto value = json::parse(text);
  EXPECT_TRUE(value) << text;
  return value ? *value : json::Value();
}

TEST(PlanFields, ReadsEveryType) {
  const auto value = value_of(R"({"s":"x","b":true,"d":"3s","o":"1m","n":5,"u":7,"comment":1,"$schema":[]})");
  Errors errors;
  Fields fields(value, "/a", errors);
  std::string text;
  bool flag = false;
  Nanos time{0};
  std::optional<Nanos> maybe;
  std::optional<std::uint64_t> number;
  std::uint32_t small = 0;
  fields.read("s", text);
  fields.read("b", flag);
  fields.read("d", time);
  fields.read("o", maybe);
  fields.read("n", number);
  fields.read("u", small);
  fields.finish();
  EXPECT_TRUE(errors.empty());
  EXPECT_EQ(text, "x");
  EXPECT_TRUE(flag);
  EXPECT_EQ(time, 3s);
  EXPECT_EQ(maybe, Nanos(1min));
  EXPECT_EQ(number, 5u);
  EXPECT_EQ(small, 7u);
}

TEST(PlanFields, AbsentLeavesTheDefault) {
  Errors errors;
  const auto value = value_of("{}");
  Fields fields(value, "", errors);
  Nanos time = 5s;
  std::uint32_t small = 3;
  fields.read("t", time);
  fields.read("u", small);
  EXPECT_EQ(time, 5s);
  EXPECT_EQ(small, 3u);
  EXPECT_TRUE(errors.empty());
}

struct Refusal {
  std::string place, message, remedy;
};

template <class T>
Refusal refused(std::string_view json, T out) {
  Errors errors;
  const auto value = value_of(json);
  Fields fields(value, "/a", errors);
  fields.read("k", out);
  EXPECT_EQ(errors.size(), 1u) << json;
  return errors.empty() ? Refusal{} : Refusal{errors[0].place, errors[0].message, errors[0].remedy};
}

TEST(PlanFields, WrongTypesAreToldWithTheirPlace) {
  EXPECT_EQ(refused(R"({"k":1})", std::string()).place, "/a/k");
  EXPECT_EQ(refused(R"({"k":1})", std::string()).message, "a string is wanted here, not a number");
  EXPECT_EQ(refused(R"({"k":"true"})", false).message, "true or false is wanted here, not a string");
  EXPECT_EQ(refused(R"({"k":10})", Nanos()).remedy, "did you mean \"10s\"?");
  EXPECT_EQ(refused(R"({"k":null})", Nanos()).message, "a duration is a string with a unit, not null");
  EXPECT_EQ(refused(R"({"k":"10"})", Nanos()).message, "\"10\" has no unit");
  EXPECT_EQ(refused(R"({"k":"10"})", Nanos()).place, "/a/k");
  const std::optional<std::uint64_t> number;
  EXPECT_EQ(refused(R"({"k":"5"})", number).message, "a whole number from 0 is wanted here, not a string");
  EXPECT_EQ(refused(R"({"k":-1})", number).message, "a whole number from 0 is wanted here, not -1");
  EXPECT_EQ(refused(R"({"k":1.5})", number).message, "a whole number from 0 is wanted here, not 1.5");
}

TEST(PlanFields, NumberAboveTheRangeStaysAboveEveryLimit) {
  Errors errors;
  const auto value = value_of(R"({"k":5000000000})");
  Fields fields(value, "", errors);
  std::uint32_t small = 0;
  fields.read("k", small);
  EXPECT_EQ(small, UINT32_MAX);
}

TEST(PlanFields, UnknownKeysNameTheNearest) {
  Errors errors;
  const auto value = value_of(R"({"duratoin":"1s","zzz":1,"gracefulStop":"1s","a/b":1})");
  Fields fields(value, "/s", errors);
  fields.find("duration");
  fields.find("graceful_stop");
  fields.finish();
  ASSERT_EQ(errors.size(), 4u);
  EXPECT_EQ(errors[0].place, "/s/duratoin");
  EXPECT_EQ(errors[0].message, "unknown key \"duratoin\"");
  EXPECT_EQ(errors[0].remedy, "did you mean \"duration\"?");
  EXPECT_EQ(errors[1].remedy, "");
  EXPECT_EQ(errors[2].remedy, "did you mean \"graceful_stop\"?");
  EXPECT_EQ(errors[3].place, "/s/a~1b");
}

TEST(PlanFields, KeysOfALaterVersionAreRefusedByName) {
  Errors errors;
  const auto value = value_of(R"({"think":"1s"})");
  Fields fields(value, "/s", errors);
  fields.not_yet({"think", "extract"});
  fields.finish();
  ASSERT_EQ(errors.size(), 1u);
  EXPECT_EQ(errors[0].place, "/s/think");
  EXPECT_EQ(errors[0].message, "\"think\" is not in this version");
}

TEST(PlanFields, KeysOfALaterVersionAreNeverSuggestedAndMayHaveARemedyOfTheirOwn) {
  Errors errors;
  const auto value = value_of(R"({"check":1,"checks":1})");
  Fields fields(value, "/s", errors);
  fields.not_yet({"checks"}, "write expect");
  fields.finish();
  ASSERT_EQ(errors.size(), 2u);
  EXPECT_EQ(to_text(errors[0]), "/s/checks: \"checks\" is not in this version (write expect)");
  EXPECT_EQ(to_text(errors[1]), "/s/check: unknown key \"check\"");
}

TEST(PlanFields, AWordThatPeopleTryGetsTheOneThatWorks) {
  Errors errors;
  const auto value = value_of(R"({"header":{},"headr":{}})");
  Fields fields(value, "/s", errors);
  fields.instead({"header", "head"}, "write headers");
  fields.finish();
  ASSERT_EQ(errors.size(), 2u);
  EXPECT_EQ(to_text(errors[0]), "/s/header: unknown key \"header\" (write headers)");
  EXPECT_EQ(to_text(errors[1]), "/s/headr: unknown key \"headr\"");
}

TEST(PlanFields, WhatIsNoObjectSaysSoOnce) {
  Errors errors;
  const auto value = value_of("[1]");
  Fields fields(value, "/s", errors);
  std::string text;
  fields.read("name", text);
  fields.finish();
  ASSERT_EQ(errors.size(), 1u);
  EXPECT_EQ(errors[0].place, "/s");
  EXPECT_EQ(errors[0].message, "an object is wanted here, not an array");
}

}  // namespace
}  // namespace saturn
