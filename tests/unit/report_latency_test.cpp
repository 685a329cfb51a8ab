// The table of times: a unit a row, no row twice, names that are never cut.
#include "core/result/report_latency.hpp"

#include <gtest/gtest.h>

#include "golden/sample_results.hpp"

namespace saturn {
namespace {

using text::Page;

std::string table_of(const ScenarioResult& s) {
  Page page({false, 80});
  write_latency_table(page, s);
  return page.take();
}

/// The line that begins with this name.
std::string row_of(const std::string& table, const std::string& name) {
  const std::size_t from = table.find("\n  " + name + " ");
  return from == std::string::npos ? "" : table.substr(from + 1, table.find('\n', from + 1) - from - 1);
}

TEST(ReportLatency, EachRowHasItsOwnUnit) {
  ScenarioResult s = sample_scenario("default", 1'000);
  s.latency = sample_distribution(1'000, 4e6);
  s.lag = sample_distribution(1'000, 30);
  const std::string table = table_of(s);
  EXPECT_TRUE(row_of(table, "latency").ends_with(" s")) << table;
  EXPECT_TRUE(row_of(table, "first byte").ends_with(" ms")) << table;
  EXPECT_TRUE(row_of(table, "sent late by").ends_with(" µs")) << table;
}

TEST(ReportLatency, AnOutlierThatDoesNotFitHasItsOwnUnit) {
  ScenarioResult s = sample_scenario("default", 1'000);
  s.latency = sample_distribution(1'000, 30);
  s.latency->max_us = 31e6;
  EXPECT_TRUE(row_of(table_of(s), "latency").ends_with("    31s µs")) << table_of(s);
}

TEST(ReportLatency, ARowThatRepeatsTheOneAboveIsLeftOutAndSaid) {
  ScenarioResult s = sample_scenario("default", 1'000);
  s.schedule = Schedule{100, 10, 10};
  s.service = s.ttfb = s.latency;
  std::string table = table_of(s);
  EXPECT_EQ(row_of(table, "service"), "");
  EXPECT_EQ(row_of(table, "first byte"), "");
  EXPECT_NE(table.find("service = service_us: as latency"), std::string::npos) << table;
  EXPECT_NE(table.find("first byte = ttfb_us: as latency"), std::string::npos) << table;
  s.ttfb->p99_us *= 1.001;  // a digit that is shown
  EXPECT_NE(row_of(table_of(s), "first byte"), "");
}

TEST(ReportLatency, ASingleValueHasNoPercentiles) {
  ScenarioResult s = sample_scenario("default", 1);
  s.latency->count = 1;
  Page page({false, 80});
  write_latency_line(page, "latency", s.latency);
  EXPECT_EQ(page.take(), "  latency      15.2 ms\n");
}

TEST(ReportLatency, AStepsNameIsNeverCut) {
  ScenarioResult s = sample_scenario("default", 1'000);
  const std::string name(70, 'x');
  s.steps = {{name, 10, s.latency}, {"short", 0, std::nullopt}};
  Page page({false, 80});
  write_steps(page, s);
  EXPECT_NE(page.take().find("  " + name + "\n"), std::string::npos);
}

}  // namespace
}  // namespace saturn
