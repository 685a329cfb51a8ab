#include "core/result/report_thresholds.hpp"

#include <fmt/format.h>

#include <cmath>

#include "core/plan/threshold.hpp"
#include "core/result/thresholds.hpp"

namespace saturn {
namespace {

std::string number(double value) {
  if (std::floor(value) == value && value < 1e15) return text::count(static_cast<std::uint64_t>(value));
  return value < 0.01 ? fmt::format("{:.3g}", value) : text::significant(value);
}

std::string value_of(const ThresholdResult& t) {
  if (!t.value) return "nothing was measured";
  if (t.unit.empty() || t.unit == "/s") return number(*t.value) + t.unit;
  if (t.unit == "%") return number(*t.value) + " %";
  return text::duration(*t.value * micros_in(t.unit) / 1e6);  // 30s may be compared with 80 µs
}

}  // namespace

void write_thresholds(text::Page& page, const RunResult& run) {
  if (!run.thresholds.empty()) {
    page.blank();
    page.line("thresholds", text::Paint::bold);
  }
  const bool several = run.scenarios.size() > 1;
  for (const ThresholdResult& t : run.thresholds)
    page.field(t.passed ? "✓ met" : "✗ NOT MET",
               {fmt::format("{}{}: {}", several ? t.scenario + ": " : "", t.expression, value_of(t))},
               t.passed ? text::Paint::green : text::Paint::red);
  const std::string line = nothing_ok_line(run);
  if (line.empty()) return;
  page.blank();
  page.field("NONE OK", text::words(line), text::Paint::red, " ");
}

}  // namespace saturn
