// The reports byte for byte. SATURN_UPDATE_GOLDEN=1 writes the files anew (and fails, so that nobody forgets
// to look at the difference).
#include "core/result/report.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

#include "core/result/text_format.hpp"
#include "golden/sample_results.hpp"

namespace saturn {
namespace {

struct Case {
  const char* name;
  RunResult (*make)();
};
constexpr Case kCases[] = {
    {"fast_ok", fast_ok_run},
    {"not_ok", not_ok_responses},
    {"failures", failures_of_several_kinds},
    {"interrupted", interrupted_run},
    {"unbalanced", unbalanced_run},
    {"several_scenarios", several_scenarios},
    {"nothing_completed", nothing_completed},
    {"busy_generator", busy_generator},
    {"load_reached", load_reached},
    {"schedule_not_kept", schedule_not_kept},
    {"dead_target", dead_target},
    {"target_that_stalls", target_that_stalls},
    {"thresholds", thresholds_judged},
};

std::string golden_path(const std::string& file) {
  return std::string(SATURN_SOURCE_DIR) + "/tests/golden/report/" + file;
}

void expect_golden(const std::string& file, const std::string& text) {
  const std::string path = golden_path(file);
  if (std::getenv("SATURN_UPDATE_GOLDEN") != nullptr) {
    std::ofstream(path, std::ios::binary) << text;
    ADD_FAILURE() << "wrote " << path << ": look at the difference, then run without SATURN_UPDATE_GOLDEN";
    return;
  }
  std::ifstream in(path, std::ios::binary);
  ASSERT_TRUE(in) << path << " is missing: run with SATURN_UPDATE_GOLDEN=1";
  std::ostringstream golden;
  golden << in.rdbuf();
  EXPECT_EQ(golden.str(), text) << path;
}

class Report : public testing::TestWithParam<Case> {};
INSTANTIATE_TEST_SUITE_P(Golden, Report, testing::ValuesIn(kCases),
                         [](const auto& param_info) { return std::string(param_info.param.name); });

TEST_P(Report, TextIsAsRecorded) {
  expect_golden(GetParam().name + std::string(".txt"), to_text(GetParam().make(), {false, 80}));
}

TEST_P(Report, JsonIsAsRecorded) {
  expect_golden(GetParam().name + std::string(".json"), to_json(GetParam().make()));
}

TEST_P(Report, TextStaysWithin80ColumnsAndHasNoTrailingSpaces) {
  std::istringstream text(to_text(GetParam().make(), {false, 80}));
  for (std::string line; std::getline(text, line);) {
    EXPECT_LE(text::columns(line), 80U) << line;
    EXPECT_TRUE(line.empty() || line.back() != ' ') << line;
  }
}

TEST_P(Report, SurvivesJsonAndBack) {
  const RunResult result = GetParam().make();
  const std::string json = to_json(result);
  const auto again = from_json(json);
  ASSERT_TRUE(again) << to_text(again.errors().front());
  EXPECT_EQ(to_json(*again), json);
  EXPECT_EQ(to_text(*again, {false, 80}), to_text(result, {false, 80}));
}

TEST(ReportColour, PaintsTheBadNewsRedBeforeTheRate) {
  expect_golden("not_ok.ansi", to_text(not_ok_responses(), {true, 80}));
}

TEST(ReportColour, PaintsAVerdictThatSpoilsTheFiguresRed) {
  expect_golden("busy_generator.ansi", to_text(busy_generator(), {true, 80}));
}

}  // namespace
}  // namespace saturn
