#include "core/json/value.hpp"

#include <gtest/gtest.h>

namespace saturn::json {
namespace {

std::string round_trip(std::string_view text) {
  const auto value = parse(text);
  EXPECT_TRUE(value) << text << ": " << to_text(value.errors()[0]);
  return value ? to_text(*value) : "";
}

Errors refused(std::string_view text) {
  const auto value = parse(text);
  EXPECT_FALSE(value) << text;
  return value ? Errors(1) : value.errors();
}

std::string message(std::string_view text) {
  return refused(text).at(0).message;
}

TEST(JsonValue, EveryTypeRoundTrips) {
  EXPECT_EQ(round_trip(R"( { "a" : [ 1 , -2 , 2.5 , "x" , true , false , null , {} , [ ] ] } )"),
            R"({"a":[1,-2,2.5,"x",true,false,null,{},[]]})");
  EXPECT_EQ(round_trip(R"({"z":1,"a":2,"m":3})"), R"({"z":1,"a":2,"m":3})");
}

TEST(JsonValue, ScalarsAreDocumentsToo) {
  for (const auto* text : {"1", "-1", "2.5", "true", "false", "null", "\"x\"", "18446744073709551615"})
    EXPECT_EQ(round_trip(text), text);
  EXPECT_EQ(round_trip(" 1 \n"), "1");
  for (const auto* text :
       {"1 2", "nul", "tru", "1x", "\"a\" \"b\"", "true false", "01", "-", "+1", ".5", "1."})
    refused(text);
}

TEST(JsonValue, IntegersAreExactAndDoublesStayDoubles) {
  EXPECT_EQ(round_trip("[9223372036854775807,-9223372036854775808,18446744073709551615,9007199254740993]"),
            "[9223372036854775807,-9223372036854775808,18446744073709551615,9007199254740993]");
  EXPECT_EQ(round_trip("[1.0,1e2,0.1,1e300,-0.0]"), "[1.0,100.0,0.1,1e+300,-0.0]");
}

TEST(JsonValue, NumbersOutOfRangeCarryTheirPlace) {
  const auto errors = refused(R"({"a":[0,18446744073709551616],"b":1e400})");
  ASSERT_EQ(errors.size(), 2u);
  EXPECT_EQ(errors[0].place, "/a/1");
  EXPECT_EQ(errors[0].message, "18446744073709551616 is out of range");
  EXPECT_EQ(errors[1].place, "/b");
}

TEST(JsonValue, AccessorsTellTypesApart) {
  const auto value = *parse(R"({"i":5,"n":-5,"u":18446744073709551615,"d":1.0,"s":"x","b":true,"z":null})");
  EXPECT_EQ(value.find("i")->as_int64(), 5);
  EXPECT_EQ(value.find("i")->as_uint64(), 5u);
  EXPECT_EQ(value.find("i")->as_double(), 5.0);
  EXPECT_EQ(value.find("n")->as_int64(), -5);
  EXPECT_FALSE(value.find("n")->as_uint64());
  EXPECT_FALSE(value.find("u")->as_int64());
  EXPECT_EQ(value.find("u")->as_uint64(), UINT64_MAX);
  EXPECT_FALSE(value.find("d")->as_int64());
  EXPECT_EQ(value.find("d")->as_double(), 1.0);
  EXPECT_EQ(*value.find("s")->as_string(), "x");
  EXPECT_FALSE(value.find("s")->as_double());
  EXPECT_TRUE(*value.find("b")->as_bool());
  EXPECT_TRUE(value.find("z")->is_null());
  EXPECT_EQ(value.find("nothing"), nullptr);
  EXPECT_EQ(value.find("s")->find("x"), nullptr);
  EXPECT_EQ(value.find("z")->type_name(), "null");
  EXPECT_EQ(value.find("i")->type_name(), "a number");
  EXPECT_EQ(value.find("d")->type_name(), "a number");
  EXPECT_EQ(value.find("s")->type_name(), "a string");
  EXPECT_EQ(value.type_name(), "an object");
}

TEST(JsonValue, StringsAreUnescapedAndEscapedAgain) {
  const auto value = *parse(R"(["a\"\\\/\b\f\n\r\tbé😀", "\u0000"])");
  EXPECT_EQ(*(*value.as_array())[0].as_string(), "a\"\\/\b\f\n\r\tb\xc3\xa9\xf0\x9f\x98\x80");
  EXPECT_EQ(*(*value.as_array())[1].as_string(), std::string(1, '\0'));
  EXPECT_EQ(to_text(value), "[\"a\\\"\\\\/\\u0008\\u000c\\n\\r\\tb\xc3\xa9\xf0\x9f\x98\x80\",\"\\u0000\"]");
}

TEST(JsonValue, SyntaxErrorsNameLineAndColumn) {
  EXPECT_EQ(message("").substr(0, 27), "not JSON: the text is empty");
  EXPECT_EQ(message("{\n  \"a\": nope\n}").substr(0, 34), "not JSON: line 2, column 8: \"nope\"");
  EXPECT_EQ(message("{\n  \"a\": \"x,\n  \"b\": 1\n}").substr(0, 28), "not JSON: line 2, column 8: ");
  EXPECT_EQ(message("{\"a\": \"x").substr(0, 28), "not JSON: line 1, column 7: ");
  EXPECT_EQ(message("{}\n{}").substr(0, 28), "not JSON: line 2, column 1: ");
  EXPECT_EQ(message("[1,\n\xff]").substr(0, 28), "not JSON: line 2, column 1: ");
  for (const auto* text :
       {"{\n\"a\" 1}", "{\n\"a\":1 \"b\":2}", "[1,\n2", "[1,\n]", "{\"a\":1,\n}", "{\n1:2}", "[1\n2]"})
    EXPECT_EQ(message(text).substr(0, 16), "not JSON: line 2") << text << ": " << message(text);
}

TEST(JsonValue, DuplicateKeysAreErrorsWithTheirPlace) {
  const auto errors = refused(R"({"a":{"x":1,"y":2,"x":3,"x":4},"~/":[{"b":1,"b":2}]})");
  ASSERT_EQ(errors.size(), 2u);
  EXPECT_EQ(errors[0].place, "/a/x");
  EXPECT_EQ(errors[0].message, "the key is written more than once");
  EXPECT_EQ(errors[1].place, "/~0~1/0/b");
}

TEST(JsonValue, KeysThatDifferOnlyInEscapesAreDuplicates) {
  EXPECT_EQ(refused(R"({"a":1,"\u0061":2})").at(0).place, "/a");
}

TEST(JsonValue, NestingHasALimit) {
  const auto nested = [](unsigned depth) { return std::string(depth, '[') + std::string(depth, ']'); };
  EXPECT_EQ(round_trip(nested(kMaxDepth)), nested(kMaxDepth));
  EXPECT_NE(message(nested(kMaxDepth + 1)).find("nested too deeply"), std::string::npos);
  refused(nested(100'000));
}

TEST(JsonValue, EveryPrefixOfADocumentIsRefused) {
  const std::string text = R"({"a":[1,2.5,"x\u00e9",true],"b":{"c":null}})";
  for (std::size_t length = 0; length < text.size(); ++length) refused(text.substr(0, length));
}

TEST(JsonValue, PointersLeadToValues) {
  const auto value = *parse(R"({"a":[1,{"x/y":"z"}],"":{"~":2}})");
  const auto at = [&](std::string_view pointer) {
    const auto* found = at_pointer(value, pointer);
    return found == nullptr ? std::string("nothing") : to_text(*found);
  };
  EXPECT_EQ(at(""), to_text(value));
  EXPECT_EQ(at("/a/0"), "1");
  EXPECT_EQ(at("/a/1/x~1y"), "\"z\"");
  EXPECT_EQ(at("//~0"), "2");
  for (const auto* pointer : {"/b", "/a/2", "/a/x", "/a/", "/a/0/0", "/a/1/x/y"})
    EXPECT_EQ(at(pointer), "nothing") << pointer;
}

TEST(JsonValue, Utf8IsTold) {
  EXPECT_TRUE(is_utf8(""));
  EXPECT_TRUE(is_utf8("\xc3\xa9"));
  EXPECT_FALSE(is_utf8("\xc3"));
  EXPECT_FALSE(is_utf8("\xff"));
}

}  // namespace
}  // namespace saturn::json
