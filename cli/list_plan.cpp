#include "list_plan.hpp"

#include <algorithm>

#include "core/plan/parse.hpp"
#include "core/plan/rate.hpp"
#include "core/plan/template.hpp"
#include "describe.hpp"

namespace saturn::cli {
namespace {

std::string load_of(const Scenario& scenario) {
  std::string text = scenario.rate ? format_rate(*scenario.rate) : counted(scenario.vus, "VU");
  if (scenario.iterations)
    text += ", " + counted(*scenario.iterations, "iteration") +
            (scenario.executor == Executor::per_vu_iterations ? " each" : "");
  if (scenario.duration) text += ", " + format_duration(*scenario.duration);
  return text;
}

std::string steps_of(const Scenario& scenario) {
  std::string text;
  for (const auto& step : scenario.flow)
    text += (text.empty() ? "" : ", ") +
            (step.name.empty() ? step.method + " " + shown_template(step.path) : step.name);
  return text;
}

}  // namespace

std::string columns(const std::vector<std::vector<std::string>>& rows) {
  std::vector<std::size_t> widths;
  for (const auto& row : rows)
    for (std::size_t i = 0; i < row.size(); ++i) {
      if (i == widths.size()) widths.push_back(0);
      widths[i] = std::max(widths[i], row[i].size());
    }
  std::string text;
  for (const auto& row : rows) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i) {
      line += row[i];
      if (i + 1 < row.size()) line.append(widths[i] - row[i].size() + 2, ' ');
    }
    text += line + "\n";
  }
  return text;
}

std::vector<std::string> cells_of(const Scenario& scenario) {
  return {std::string(to_name(scenario.executor)), load_of(scenario), steps_of(scenario)};
}

std::string list_of(const Plan& plan) {
  std::vector<std::vector<std::string>> rows{{"scenario", "executor", "load", "steps"}};
  for (const auto& scenario : plan.scenarios) {
    rows.push_back({scenario.name});
    for (auto& cell : cells_of(scenario)) rows.back().push_back(std::move(cell));
  }
  return columns(rows);
}

}  // namespace saturn::cli
