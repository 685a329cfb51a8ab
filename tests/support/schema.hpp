// A small validator of the words that our JSON schemas use, so that a test can hold a published schema
// against what is written or read. Unlike JSON Schema it refuses keys that the schema does not name.
#pragma once
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "core/json/value.hpp"

namespace saturn::test {

using json::Value;

inline bool is_type(const Value& value, const std::string& type) {
  if (type == "null") return value.is_null();
  if (type == "boolean") return value.as_bool() != nullptr;
  if (type == "string") return value.as_string() != nullptr;
  if (type == "array") return value.as_array() != nullptr;
  if (type == "object") return value.as_object() != nullptr;
  if (type == "number") return value.as_double().has_value();
  if (type == "integer") return value.as_int64().has_value() || value.as_uint64().has_value();
  ADD_FAILURE() << "the validator does not know the type " << type;
  return false;
}

inline std::string under(std::string at, const std::string& key) {
  at += '/';
  at += key;
  return at;
}

class SchemaValidator {
 public:
  explicit SchemaValidator(const Value& schema) : root_(schema) {}

  std::vector<std::string> run(const Value& document) {
    check(root_, document, "");
    return std::move(found_);
  }

 private:
  void check(const Value& schema, const Value& value, const std::string& at) {
    for (const auto& [word, rule] : *schema.as_object()) {
      if (word == "$ref") check(definition(*rule.as_string()), value, at);
      if (word == "const" && json::to_text(rule) != json::to_text(value))
        found_.push_back(at + ": not the constant");
      if (word == "enum" && !listed(rule, value)) found_.push_back(at + ": not in the enum");
      if (word == "type" && !typed(rule, value)) found_.push_back(at + ": type");
      if (word == "minimum" && value.as_double() && *value.as_double() < *rule.as_double())
        found_.push_back(at + ": below the minimum");
      if (word == "maximum" && value.as_double() && *value.as_double() > *rule.as_double())
        found_.push_back(at + ": above the maximum");
      if (word == "items" && value.as_array() != nullptr)
        for (std::size_t i = 0; i < value.as_array()->size(); ++i)
          check(rule, (*value.as_array())[i], under(at, std::to_string(i)));
      if (word == "required" && value.as_object() != nullptr)
        for (const Value& key : *rule.as_array())
          if (value.find(*key.as_string()) == nullptr)
            found_.push_back(under(at, *key.as_string()) + ": missing");
    }
    check_members(schema, value, at);
  }

  void check_members(const Value& schema, const Value& value, const std::string& at) {
    const Value* properties = schema.find("properties");
    const Value* others = schema.find("additionalProperties");
    if (others != nullptr && others->as_bool() != nullptr) others = nullptr;  // "false" is our default
    if (value.as_object() == nullptr || (properties == nullptr && others == nullptr)) return;
    for (const auto& [key, member] : *value.as_object()) {
      const Value* rule = properties == nullptr ? nullptr : properties->find(key);
      if (rule == nullptr) rule = others;
      if (rule == nullptr)
        found_.push_back(under(at, key) + ": not in the schema");
      else
        check(*rule, member, under(at, key));
    }
  }

  const Value& definition(const std::string& ref) {
    return *root_.find("$defs")->find(ref.substr(std::string("#/$defs/").size()));
  }
  static bool listed(const Value& list, const Value& value) {
    return std::any_of(list.as_array()->begin(), list.as_array()->end(),
                       [&](const Value& one) { return json::to_text(one) == json::to_text(value); });
  }
  static bool typed(const Value& rule, const Value& value) {
    if (rule.as_string() != nullptr) return is_type(value, *rule.as_string());
    return std::any_of(rule.as_array()->begin(), rule.as_array()->end(),
                       [&](const Value& one) { return is_type(value, *one.as_string()); });
  }

  const Value& root_;
  std::vector<std::string> found_;
};

/// A file of tools/schema.
inline Value read_schema(const std::string& name) {
  std::ifstream in(SATURN_SOURCE_DIR "/tools/schema/" + name);
  std::ostringstream text;
  text << in.rdbuf();
  auto schema = json::parse(text.str());
  EXPECT_TRUE(schema) << name << " is no JSON";
  return schema ? *schema : Value();
}

}  // namespace saturn::test
