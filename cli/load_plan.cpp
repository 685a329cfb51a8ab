#include "load_plan.hpp"

#include <unistd.h>

#include <algorithm>
#include <string>

#include "args_values.hpp"
#include "core/plan/parse.hpp"
#include "plan_changes.hpp"
#include "redact.hpp"

namespace saturn::cli {
namespace {

Errors in_file(Errors errors, const std::string& name, const std::string& source) {
  for (auto& error : errors) {
    error.place = error.place.empty() ? name : name + " " + error.place;
    error.remedy = with_file(error.remedy, source);
  }
  return errors;
}

std::string names_of(const Plan& plan) {
  std::string names;
  for (const auto& scenario : plan.scenarios) names += (names.empty() ? "" : ", ") + scenario.name;
  return names;
}

Errors keep_only(RunArguments& run) {
  auto& scenarios = run.plan.scenarios;
  Errors errors;
  for (const auto& name : run.only)
    if (std::none_of(scenarios.begin(), scenarios.end(), [&](const auto& s) { return s.name == name; }))
      errors.push_back(
          {"--only", "the plan has no scenario \"" + name + "\"", "it has " + names_of(run.plan)});
  if (run.only.empty() || !errors.empty()) return errors;
  const auto dropped = [&](const Scenario& scenario) {
    return std::find(run.only.begin(), run.only.end(), scenario.name) == run.only.end();
  };
  scenarios.erase(std::remove_if(scenarios.begin(), scenarios.end(), dropped), scenarios.end());
  return errors;
}

}  // namespace

Errors load_plan(RunArguments& run) {
  const std::string name = run.source == "-" ? "standard input" : run.source;
  if (run.source == "-" && ::isatty(STDIN_FILENO) == 1)
    return {{"-", "standard input is a terminal", "pipe a plan in, or type saturn run plan.json"}};
  const auto text = read_input(run.source, name);
  if (!text) {
    Error error = text.errors().front();
    const std::string twice = " \"" + run.source + "\"";  // it stands in front already
    if (const auto at = error.message.find(twice); at != std::string::npos)
      error.message.replace(0, at + twice.size(), "cannot be read");
    error.remedy = "check the name; a URL starts with http://";
    return {std::move(error)};
  }
  const bool needs_url = run.list && run.base_url.empty();
  auto plan = parse_plan(*text, needs_url ? "http://127.0.0.1" : run.base_url);
  if (!plan) return in_file(plan.errors(), name, run.source);
  run.plan = std::move(*plan);
  const Plan whole = run.plan;
  if (auto errors = keep_only(run); !errors.empty()) return errors;
  return change_plan(whole, run.changes, run.plan, run.changed);
}

}  // namespace saturn::cli
