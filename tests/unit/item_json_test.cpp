// Item bodies: what is read, and what is refused with which words.
#include "core/json/item_json.hpp"

#include <gtest/gtest.h>

namespace saturn {
namespace {

TEST(ItemJson, ReadsAnItem) {
  ItemReader reader;
  ItemFields item;
  ASSERT_EQ(reader.read(R"({"price": 2.5, "name": "a \"b\" ü", "description": "d", "id": 7})", item),
            nullptr);
  EXPECT_EQ(item.name, "a \"b\" ü");
  EXPECT_EQ(item.description, "d");
  EXPECT_EQ(item.price, 2.5);
}

TEST(ItemJson, AnIntegerIsAPrice) {
  ItemReader reader;
  ItemFields item;
  ASSERT_EQ(reader.read(R"({"name": "a", "price": 3})", item), nullptr);
  EXPECT_EQ(item.price, 3.0);
}

TEST(ItemJson, TheDescriptionMayBeNullOrMissing) {
  ItemReader reader;
  ItemFields item;
  ASSERT_EQ(reader.read(R"({"name": "a", "price": 1, "description": "kept"})", item), nullptr);
  EXPECT_TRUE(item.description.has_value());
  ASSERT_EQ(reader.read(R"({"name": "a", "price": 1, "description": null})", item), nullptr);
  EXPECT_FALSE(item.description.has_value());
  ASSERT_EQ(reader.read(R"({"name": "a", "price": 1})", item), nullptr);
  EXPECT_FALSE(item.description.has_value());
}

TEST(ItemJson, SaysWhatIsWrong) {
  ItemReader reader;
  ItemFields item;
  EXPECT_STREQ(reader.read("", item), "the body is not valid JSON");
  EXPECT_STREQ(reader.read("{", item), "the body is not valid JSON");
  EXPECT_STREQ(reader.read("{} x", item), "the body is not valid JSON");
  EXPECT_STREQ(reader.read("[1]", item), "the body is not a JSON object");
  EXPECT_STREQ(reader.read(R"({"price": 1})", item), "name is missing or not a text");
  EXPECT_STREQ(reader.read(R"({"name": null, "price": 1})", item), "name is missing or not a text");
  EXPECT_STREQ(reader.read(R"({"name": "a"})", item), "price is missing or not a number");
  EXPECT_STREQ(reader.read(R"({"name": "a", "price": "1"})", item), "price is missing or not a number");
  EXPECT_STREQ(reader.read(R"({"name": "a", "price": true})", item), "price is missing or not a number");
  EXPECT_STREQ(reader.read(R"({"name": "a", "price": 1, "description": 1})", item),
               "description is neither a text nor null");
}

TEST(ItemJson, KnowsJson) {
  ItemReader reader;
  for (const char* text : {"{}", "[]", "1", "-1.5e3", "null", "\"x\"", R"({"a": [1, {"b": null}]})"})
    EXPECT_TRUE(reader.is_json(text)) << text;
  for (const char* text : {"", " ", "{", "{'a': 1}", "[1,]", "nul", "\"\xff\"", "1 2", "\"\n\""})
    EXPECT_FALSE(reader.is_json(text)) << text;
}

}  // namespace
}  // namespace saturn
