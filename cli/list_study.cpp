#include "list_study.hpp"

#include <algorithm>

#include "describe.hpp"
#include "list_plan.hpp"

namespace saturn::cli {
namespace {

using Rows = std::vector<std::vector<std::string>>;

std::string joined(const std::vector<std::string>& names, const char* none) {
  std::string text;
  for (const auto& name : names) text += (text.empty() ? "" : ", ") + name;
  return text.empty() ? none : text;
}

Rows targets_of(const study::StudyPlan& plan) {
  Rows rows{{"target", "role", "profiles", "scenarios"}};
  for (const auto& target : plan.targets)
    rows.push_back({target.name, std::string(to_name(target.role)), joined(target.profiles, "all"),
                    joined(target.only, "all")});
  return rows;
}

Rows scenarios_of(const study::StudyPlan& plan) {
  Rows rows{{"scenario", "metric", "executor", "load", "steps"}};
  for (const auto& scenario : plan.plan.scenarios) {
    const auto metric = std::find_if(plan.metrics.begin(), plan.metrics.end(),
                                     [&](const auto& each) { return each.first == scenario.name; });
    rows.push_back(
        {scenario.name, metric == plan.metrics.end() ? "-" : std::string(to_name(metric->second))});
    for (auto& cell : cells_of(scenario)) rows.back().push_back(std::move(cell));
  }
  return rows;
}

Rows profiles_of(const study::StudyPlan& plan) {
  Rows rows{{"profile", "repeats"}};
  for (const auto& profile : plan.profiles) rows.push_back({profile.name, std::to_string(profile.repeats)});
  return rows;
}

}  // namespace

std::string list_of(const study::StudyPlan& plan) {
  return columns(targets_of(plan)) + "\n" + columns(scenarios_of(plan)) + "\n" + columns(profiles_of(plan));
}

}  // namespace saturn::cli
