// The items table: what each operation answers, in memory and in a file shared by two stores.
#include "target/store.hpp"

#include <gtest/gtest.h>

#include <cstdio>
#include <filesystem>

namespace saturn::target {
namespace {

using Outcome = Store::Outcome;

std::unique_ptr<Store> open(const std::string& file) {
  auto store = Store::open(file);
  EXPECT_TRUE(store) << (store ? "" : to_text(store.errors().front()));
  return std::move(*store);
}

class TemporaryFile {
 public:
  TemporaryFile() { std::filesystem::remove(path()); }
  ~TemporaryFile() { std::filesystem::remove(path()); }
  std::string path() const {
    const auto* test = testing::UnitTest::GetInstance()->current_test_info();
    return testing::TempDir() + "saturn_store_" + test->name() + ".db";
  }
};

TEST(TargetStore, TheLifeOfAnItem) {
  const auto store = open("");
  std::string json;
  EXPECT_EQ(store->list(json), Outcome::done);
  EXPECT_EQ(json, "[]");
  json.clear();
  EXPECT_EQ(store->insert({"pen", "blue", 1.5}, json), Outcome::done);
  EXPECT_EQ(json, R"({"id": 1, "name": "pen", "description": "blue", "price": 1.5})");
  json.clear();
  EXPECT_EQ(store->insert({"", std::nullopt, 2}, json), Outcome::done);
  EXPECT_EQ(json, R"({"id": 2, "name": "", "description": null, "price": 2})");
  json.clear();
  EXPECT_EQ(store->update(1, {"ink", "", 3}, json), Outcome::done);
  EXPECT_EQ(json, R"({"id": 1, "name": "ink", "description": "", "price": 3})");
  json.clear();
  EXPECT_EQ(store->list(json), Outcome::done);
  EXPECT_EQ(json, R"([{"id": 1, "name": "ink", "description": "", "price": 3}, )"
                  R"({"id": 2, "name": "", "description": null, "price": 2}])");
  json.clear();
  EXPECT_EQ(store->get(2, json), Outcome::done);
  EXPECT_EQ(json, R"({"id": 2, "name": "", "description": null, "price": 2})");
  EXPECT_EQ(store->remove(2), Outcome::done);
  json.clear();
  EXPECT_EQ(store->insert({"next", std::nullopt, 1}, json), Outcome::done);
  EXPECT_EQ(json.substr(0, 8), R"({"id": 3)") << "no id is given twice";
}

TEST(TargetStore, AnUpdateWithoutADescriptionTakesItAway) {
  const auto store = open("");
  std::string json;
  EXPECT_EQ(store->insert({"a", "text", 1}, json), Outcome::done);
  EXPECT_EQ(store->update(1, {"a", std::nullopt, 1}, json), Outcome::done);
  json.clear();
  EXPECT_EQ(store->get(1, json), Outcome::done);
  EXPECT_EQ(json, R"({"id": 1, "name": "a", "description": null, "price": 1})");
}

TEST(TargetStore, WhatIsNotThereIsMissing) {
  const auto store = open("");
  std::string json = "kept";
  EXPECT_EQ(store->get(1, json), Outcome::missing);
  EXPECT_EQ(store->update(1, {"a", std::nullopt, 1}, json), Outcome::missing);
  EXPECT_EQ(store->remove(1), Outcome::missing);
  EXPECT_EQ(json, "kept");
}

TEST(TargetStore, SeedsInOneTransaction) {
  const auto store = open("");
  EXPECT_EQ(store->seed(1500), Outcome::done);
  std::string json;
  EXPECT_EQ(store->get(1500, json), Outcome::done);
  EXPECT_EQ(
      json,
      R"({"id": 1500, "name": "Item 1500", "description": "Description of item 1500", "price": 1500.5})");
  EXPECT_EQ(store->get(1501, json), Outcome::missing);
}

TEST(TargetStore, AFileIsSharedAndKept) {
  const TemporaryFile file;
  std::string json;
  {
    const auto first = open(file.path()), second = open(file.path());
    EXPECT_EQ(first->insert({"pen", "blue", 1.5}, json), Outcome::done);
    json.clear();
    EXPECT_EQ(second->get(1, json), Outcome::done);
    EXPECT_EQ(second->remove(1), Outcome::done);
    EXPECT_EQ(first->get(1, json), Outcome::missing);
    EXPECT_EQ(first->seed(2), Outcome::done);
  }
  const auto again = open(file.path());
  json.clear();
  EXPECT_EQ(again->get(3, json), Outcome::done) << "ids go on after 1";
  EXPECT_EQ(json.substr(0, 24), R"({"id": 3, "name": "Item )");
}

TEST(TargetStore, RefusesWhatIsNoDatabase) {
  const TemporaryFile file;
  std::FILE* out = std::fopen(file.path().c_str(), "w");
  ASSERT_NE(out, nullptr);
  for (int i = 0; i < 100; ++i) std::fputs("this is a text, not a database\n", out);
  std::fclose(out);
  const auto refused = Store::open(file.path());
  ASSERT_FALSE(refused);
  EXPECT_EQ(
      to_text(refused.errors().front()),
      "--db: cannot use " + file.path() +
          ": file is not a database (give a SQLite database that may be written, or a file that does not "
          "exist yet)");
}

TEST(TargetStore, RefusesADirectoryThatIsNotThere) {
  const auto refused = Store::open(testing::TempDir() + "saturn_no_such_directory/items.db");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.errors().front().kind, ErrorKind::setup);
  EXPECT_NE(refused.errors().front().message.find("unable to open database file"), std::string::npos);
}

}  // namespace
}  // namespace saturn::target
