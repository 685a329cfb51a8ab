// The published schema of plans and the parser know the same keys: one plan holds every key of the schema,
// and the parser takes all of it.
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "core/plan/parse.hpp"
#include "core/plan/plan_json.hpp"
#include "support/schema.hpp"

namespace saturn {
namespace {

constexpr const char* kEverything = R"({
  "$schema": "s", "comment": "c", "schema": "saturn.plan/1", "base_url": "http://127.0.0.1:8000",
  "mode": "sequential", "gap": "3s", "seed": 7, "thresholds": ["p(99)<200ms", { "expr": "rps>1", "comment": 1 }],
  "defaults": { "$schema": 1, "comment": 1, "warmup": "1s", "graceful_stop": "1s", "timeout": "20s",
                "connect_timeout": "1.5s", "pipeline": 1, "keepalive": true, "max_head": 256, "headers": { "Accept": "a" } },
  "scenarios": [
    { "$schema": 1, "comment": 1, "name": "a", "executor": "constant-vus", "vus": 1, "duration": "1m30s", "iterations": 1,
      "warmup": "0s", "graceful_stop": "0s", "timeout": "1s", "connect_timeout": "1s", "pipeline": 1, "max_head": 256,
      "requests_per_connection": 1, "thresholds": ["errors rate<1%"],
      "flow": [ { "$schema": 1, "comment": 1, "name": "n", "get": "/", "headers": { "X": ["1", "2"] },
                  "expect": { "$schema": 1, "comment": 1, "status": [200, 204], "json_equals_request": false } },
                { "post": "/", "json": { "any": "{{seq}}" }, "expect": { "status": 200, "json_equals_request": true } },
                { "put": "/", "body": "text" }, { "patch": "/" }, { "delete": "/" }, { "head": "/" }, { "options": "/" },
                { "method": "PURGE", "path": "/" } ] },
    { "name": "b", "executor": "shared-iterations", "iterations": 1, "keepalive": false, "flow": [ { "get": "/" } ] },
    { "name": "c", "executor": "per-vu-iterations", "iterations": 1, "flow": [ { "get": "/" } ] },
    { "name": "d", "executor": "constant-arrival-rate", "rate": "50/s", "max_in_flight": 20, "backlog": 0, "duration": "1s",
      "flow": [ { "get": "/" } ] } ] })";
constexpr const char* kLimitInDefaults = R"({
  "base_url": "h", "defaults": { "requests_per_connection": 5 },
  "scenarios": [ { "name": "a", "executor": "constant-vus", "duration": "1s", "flow": [ { "get": "/" } ] } ] })";

using Keys = std::set<std::string>;

json::Value read(const std::string& text) {
  auto value = json::parse(text);
  EXPECT_TRUE(value) << text;
  return value ? *value : json::Value();
}

std::vector<std::string> violations(const std::string& plan) {
  const auto schema = test::read_schema("plan.schema.json");
  return test::SchemaValidator(schema).run(read(plan));
}

void add_keys(const json::Value* object, Keys& keys) {
  if (object == nullptr || object->as_object() == nullptr) return;
  for (const auto& member : *object->as_object()) keys.insert(member.key);
}

/// The keys of a plan by the kind of object they stand in, named as in the schema's $defs ("" is the plan).
std::map<std::string, Keys> keys_used(const std::vector<json::Value>& plans) {
  std::map<std::string, Keys> keys;
  for (const auto& plan : plans) {
    add_keys(&plan, keys[""]);
    add_keys(plan.find("defaults"), keys["defaults"]);
    for (const auto& scenario : *plan.find("scenarios")->as_array()) {
      add_keys(&scenario, keys["scenario"]);
      for (const auto& step : *scenario.find("flow")->as_array()) {
        add_keys(&step, keys["step"]);
        add_keys(step.find("expect"), keys["expect"]);
      }
    }
  }
  return keys;
}

TEST(PlanSchema, EveryKeyOfTheSchemaIsReadByTheParser) {
  for (const auto* plan : {kEverything, kLimitInDefaults}) {
    const auto parsed = parse_plan(plan);
    EXPECT_TRUE(parsed) << to_text(parsed.errors()[0]);
    EXPECT_EQ(violations(plan), std::vector<std::string>{});
  }
  const auto schema = test::read_schema("plan.schema.json");
  for (const auto& [kind, keys] : keys_used({read(kEverything), read(kLimitInDefaults)})) {
    const auto* definition = kind.empty() ? &schema : schema.find("$defs")->find(kind);
    ASSERT_NE(definition, nullptr) << kind;
    Keys in_schema;
    add_keys(definition->find("properties"), in_schema);
    EXPECT_EQ(keys, in_schema) << kind;
  }
}

TEST(PlanSchema, HoldsForWhatIsWrittenIntoResults) {
  for (const auto* plan : {kEverything, kLimitInDefaults})
    EXPECT_EQ(violations(redacted_plan(*parse_plan(plan))), std::vector<std::string>{});
}

TEST(PlanSchema, RefusesWhatTheParserRefuses) {
  const auto changed = [](const std::string& from, const std::string& to) {
    std::string plan = kLimitInDefaults;
    plan.replace(plan.find(from), from.size(), to);
    EXPECT_FALSE(parse_plan(plan)) << plan;
    return violations(plan);
  };
  using Found = std::vector<std::string>;
  EXPECT_EQ(changed(R"("duration": "1s")", R"("think": "1s", "duration": "1s")"),
            Found{"/scenarios/0/think: not in the schema"});
  EXPECT_EQ(changed("constant-vus", "ramping-vus"), Found{"/scenarios/0/executor: not in the enum"});
  EXPECT_EQ(changed("\"1s\"", "1"), Found{"/scenarios/0/duration: type"});
  EXPECT_EQ(changed("5", "0"), Found{"/defaults/requests_per_connection: below the minimum"});
}

}  // namespace
}  // namespace saturn
