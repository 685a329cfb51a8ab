// The published schema and the JSON that is written agree: every written key is in the schema and valid,
// every key the schema requires is written.
#include <gtest/gtest.h>

#include "core/json/value.hpp"
#include "core/result/report.hpp"
#include "golden/sample_dead.hpp"
#include "golden/sample_newcomers.hpp"
#include "golden/sample_results.hpp"
#include "support/schema.hpp"

namespace saturn {
namespace {

std::vector<std::string> violations(const std::string& text) {
  const auto schema = test::read_schema("result.schema.json");
  const auto document = json::parse(text);
  if (!document) return {"no JSON"};
  return test::SchemaValidator(schema).run(*document);
}

std::string with(std::string json, const std::string& from, const std::string& to) {
  return json.replace(json.find(from), from.size(), to);
}

TEST(ResultSchema, HoldsForEverySample) {
  for (const auto make : {fast_ok_run, not_ok_responses, failures_of_several_kinds, interrupted_run,
                          unbalanced_run, several_scenarios, nothing_completed, busy_generator, load_reached,
                          schedule_not_kept, only_redirects, one_request, closing_server, flow_of_three_steps,
                          overload_at_two_million, dead_target, shared_machine, thresholds_judged})
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
