// from_json: what it refuses and what it says. That it gives back every value is held by the round trip in
// tests/golden/report_test.cpp.
#include <gtest/gtest.h>

#include "core/json/value.hpp"
#include "core/result/report.hpp"
#include "golden/sample_results.hpp"

namespace saturn {
namespace {

std::string with(std::string json, const std::string& from, const std::string& to) {
  const std::size_t at = json.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return at == std::string::npos ? json : json.replace(at, from.size(), to);
}

std::vector<std::string> refusal(const std::string& json) {
  const auto result = from_json(json);
  std::vector<std::string> lines;
  if (!result)
    for (const auto& error : result.errors()) lines.push_back(to_text(error));
  return lines;
}

using Lines = std::vector<std::string>;

TEST(ResultRead, SaysWhereTheJsonIsBroken) {
  const Lines lines = refusal("{\n  \"schema\": nope\n}");
  ASSERT_EQ(lines.size(), 1U);
  EXPECT_NE(lines[0].find("line 2"), std::string::npos) << lines[0];
}

TEST(ResultRead, NamesWhatItGotInsteadOfAResult) {
  EXPECT_EQ(refusal(R"({"schema": "saturn.result/2"})"),
            Lines{"/schema: this is \"saturn.result/2\", not \"saturn.result/1\" (it was written by another "
                  "version of "
                  "saturn, whose report command reads it)"});
  EXPECT_EQ(
      refusal(R"({"schema": "saturn.plan/1"})"),
      Lines{"/schema: this is \"saturn.plan/1\", not \"saturn.result/1\" (run it with: saturn run FILE)"});
  EXPECT_EQ(refusal(R"({"scenarios": [{"flow": []}]})"),
            Lines{"this looks like a plan, not a result (run it with: saturn run FILE)"});
  for (const char* other : {"{}", "[1]", "3", "null", R"({"schema": 1})"})
    EXPECT_EQ(refusal(other),
              Lines{"this JSON is no result of saturn: it has no \"schema\": \"saturn.result/1\" "
                    "(saturn run -o FILE writes results)"})
        << other;
}

TEST(ResultRead, ReportsEveryKeyThatIsMissingOrOfAnotherType) {
  std::string json = to_json(fast_ok_run());
  json = with(json, "\"seed\": 7", "\"seed\": -7");
  json = with(json, "\"address\"", "\"adress\"");
  json = with(json, "\"vus\": 50", "\"vus\": 4294967296");
  json = with(json, "\"executor\": \"constant-vus\"", "\"executor\": \"constant-love\"");
  json = with(json, "\"200\": 47830", "\"20x\": 47830");
  json = with(json, "\"errors\": {}", "\"errors\": {\"bad/luck\": 1}");
  json = with(json, "\"checks\": []", "\"checks\": {}");
  json = with(json, "\"p50\": 10200.0", "\"p50\": \"fast\"");
  EXPECT_EQ(refusal(json),
            (Lines{"/seed: has to be a whole number, not negative, but is " +
                       std::string(json::Value(std::int64_t{-7}).type_name()),
                   "/address: is missing",
                   "/scenarios/0/executor: is no executor that this saturn knows: constant-love",
                   "/scenarios/0/vus: has to be a whole number, not negative, but is " +
                       std::string(json::Value(std::int64_t{1}).type_name()),
                   "/scenarios/0/latency_us/p50: has to be a number, but is a string",
                   "/scenarios/0/status/20x: is no HTTP status",
                   "/scenarios/0/errors/bad~1luck: is no kind of failure that this saturn knows",
                   "/scenarios/0/checks: has to be an array, but is an object"}));
}

TEST(ResultRead, AVerdictOfNoKnownLimitIsRefused) {
  const std::string json = with(to_json(fast_ok_run()), "\"limited_by\": \"target\",\n        \"reasons\"",
                                "\"limited_by\": \"moon\",\n        \"reasons\"");
  EXPECT_EQ(refusal(json),
            Lines{"/scenarios/0/verdict/limited_by: is no limit that this saturn knows: moon"});
}

TEST(ResultRead, ResultsWithoutAVerdictAndItsFactsAreReadAndStayWithoutOne) {
  std::string json = to_json(unbalanced_run());
  for (const char* added :
       {"target_here", "refused", "timed_out", "spun_s", "steal", "throttled", "involuntary_switches",
        "completions_per_turn", "completions_most", "wall_s", "busy"})
    for (std::size_t at = 0; (at = json.find('"' + std::string(added) + '"')) != std::string::npos;)
      json.replace(at + 1, 1, "old_");
  const auto result = from_json(json);
  ASSERT_TRUE(result) << to_text(result.errors().front());
  EXPECT_FALSE(result->verdict || result->scenarios.at(0).verdict);
  EXPECT_FALSE(result->generator.steal || result->generator.throttled);
}

TEST(ResultRead, PassesOverKeysItDoesNotKnow) {
  const std::string json = to_json(fast_ok_run());
  const auto result = from_json(with(json, "\"seed\": 7", "\"season\": {\"of\": [\"mists\"]}, \"seed\": 7"));
  ASSERT_TRUE(result);
  EXPECT_EQ(to_json(*result), json);
}

}  // namespace
}  // namespace saturn
