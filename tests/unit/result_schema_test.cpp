// The published schema and the JSON that is written agree: every written key is in the schema and valid,
// every key the schema requires is written. A small validator of the words that the schema uses; unlike JSON
// Schema it refuses keys that the schema does not name.
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <sstream>

#include "core/json/value.hpp"
#include "core/result/report.hpp"
#include "golden/sample_results.hpp"

namespace saturn {
namespace {

using json::Value;

bool is_type(const Value& value, const std::string& type) {
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

std::string under(std::string at, const std::string& key) {
  at += '/';
  at += key;
  return at;
}

class Validator {
 public:
  explicit Validator(const Value& schema) : root_(schema) {}

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

std::vector<std::string> violations(const std::string& text) {
  std::ifstream in(SATURN_SOURCE_DIR "/tools/schema/result.schema.json");
  std::ostringstream schema_text;
  schema_text << in.rdbuf();
  const auto schema = json::parse(schema_text.str());
  const auto document = json::parse(text);
  if (!schema || !document) return {"no JSON"};
  return Validator(*schema).run(*document);
}

std::string with(std::string json, const std::string& from, const std::string& to) {
  return json.replace(json.find(from), from.size(), to);
}

TEST(ResultSchema, HoldsForEverySample) {
  for (const auto make : {fast_ok_run, not_ok_responses, failures_of_several_kinds, interrupted_run,
                          unbalanced_run, several_scenarios, nothing_completed})
    EXPECT_EQ(violations(to_json(make())), std::vector<std::string>{});
  EXPECT_EQ(violations(to_json(RunResult{})), std::vector<std::string>{});
}

TEST(ResultSchema, NoticesAKeyThatIsNewLostOrOfAnotherType) {
  const std::string json = to_json(fast_ok_run());
  EXPECT_EQ(violations(with(json, "\"retried\"", "\"retries\"")),
            (std::vector<std::string>{"/scenarios/0/requests/retried: missing",
                                      "/scenarios/0/requests/retries: not in the schema"}));
  EXPECT_EQ(violations(with(json, "\"vus\": 50", "\"vus\": \"50\"")),
            std::vector<std::string>{"/scenarios/0/vus: type"});
  EXPECT_EQ(violations(with(json, "constant-vus", "constant-love")),
            std::vector<std::string>{"/scenarios/0/executor: not in the enum"});
  EXPECT_EQ(violations(with(json, "saturn.result/1", "saturn.result/2")),
            std::vector<std::string>{"/schema: not the constant"});
}

}  // namespace
}  // namespace saturn
