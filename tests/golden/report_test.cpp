// The reports byte for byte. SATURN_UPDATE_GOLDEN=1 writes the files anew (and fails, so that nobody forgets
// to look at the difference).
#include "core/result/report.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <sstream>

#include "core/result/text_format.hpp"
#include "golden/sample_dead.hpp"
#include "golden/sample_newcomers.hpp"
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
    {"redirects", only_redirects},
    {"one_request", one_request},
    {"closing_server", closing_server},
    {"flow", flow_of_three_steps},
    {"overload", overload_at_two_million},
    {"dead_target", dead_target},
    {"shared_machine", shared_machine},
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

TEST_P(Report, ShortTextIsAsRecorded) {
  expect_golden(GetParam().name + std::string(".short.txt"), to_short_text(GetParam().make(), {false, 80}));
}

TEST_P(Report, ExplanationIsAsRecorded) {
  expect_golden(GetParam().name + std::string(".explain.txt"), explain(GetParam().make(), {false, 80}));
}

TEST_P(Report, JsonIsAsRecorded) {
  expect_golden(GetParam().name + std::string(".json"), to_json(GetParam().make()));
}

void expect_within(unsigned columns, const std::string& lines) {
  std::istringstream text(lines);
  for (std::string line; std::getline(text, line);) {
    EXPECT_LE(text::columns(line), columns) << line;
    EXPECT_TRUE(line.empty() || line.back() != ' ') << line;
    EXPECT_EQ(line.find("…"), std::string::npos) << line;
  }
}

TEST_P(Report, TextStaysWithin80ColumnsAndHasNoTrailingSpaces) {
  const TextStyle style{false, 80};
  const RunResult result = GetParam().make();
  expect_within(80, to_text(result, style) + to_short_text(result, style) + explain(result, style));
}

/// Tables are the exception: there it is better that the terminal wraps a row than that figures are cut off.
TEST_P(Report, TheShortTextOfOneScenarioFits40Columns) {
  const RunResult result = GetParam().make();
  if (result.scenarios.size() == 1) expect_within(40, to_short_text(result, {false, 40}));
}

TEST_P(Report, TheShortTextIsShort) {
  const RunResult result = GetParam().make();
  const std::string text = to_short_text(result, {false, 80});
  if (result.scenarios.size() == 1) {
    const auto most = result.thresholds.empty() ? 16 : 18 + std::ssize(result.thresholds);
    EXPECT_LE(std::count(text.begin(), text.end(), '\n'), most) << text;
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

TEST(ReportColour, PaintsAVerdictThatSpoilsTheFiguresYellow) {
  expect_golden("busy_generator.ansi", to_text(busy_generator(), {true, 80}));
}

TEST(ReportColour, PaintsTheRateAndP99BoldAndNothingElse) {
  expect_golden("fast_ok.short.ansi", to_short_text(fast_ok_run(), {true, 80}));
}

}  // namespace
}  // namespace saturn
