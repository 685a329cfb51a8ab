#include "plan_changes.hpp"

#include <algorithm>
#include <optional>
#include <string_view>

#include "core/plan/limits.hpp"
#include "core/plan/parse.hpp"
#include "core/plan/rate.hpp"

namespace saturn::cli {
namespace {

struct Field {
  const char* flag;
  const char* key;  ///< in the plan
};
constexpr Field kDuration{"-d", "duration"}, kIterations{"-n", "iterations"}, kVus{"-c", "vus"},
    kRate{"-R", "rate"}, kWarmup{"--warmup", "warmup"};

std::vector<Field> asked_for(const PlanChanges& changes) {
  std::vector<Field> fields;
  if (changes.duration) fields.push_back(kDuration);
  if (changes.iterations) fields.push_back(kIterations);
  if (changes.vus) fields.push_back(kVus);
  if (changes.rate) fields.push_back(kRate);
  return fields;
}

std::string pointer_to(const Plan& whole, const std::string& scenario, std::string_view key) {
  const auto at = std::find_if(whole.scenarios.begin(), whole.scenarios.end(),
                               [&](const Scenario& each) { return each.name == scenario; });
  return "/scenarios/" + std::to_string(at - whole.scenarios.begin()) + "/" + std::string(key);
}

std::string or_none(const std::optional<std::string>& text) {
  return text.value_or("none");
}

std::optional<std::string> shown(const std::optional<Nanos>& time) {
  return time ? std::optional(format_duration(*time)) : std::nullopt;
}

std::optional<std::string> shown(const std::optional<std::uint64_t>& count) {
  return count ? std::optional(std::to_string(*count)) : std::nullopt;
}

/// Connections that the rate decides, and not the user, follow the new rate.
bool follows_rate(const Scenario& scenario) {
  Scenario chosen = scenario;
  settle_in_flight(chosen, false);
  return chosen.vus == scenario.vus && scenario.max_in_flight != scenario.vus;
}

class Change {
 public:
  Change(Scenario& scenario, std::vector<std::string>& said) : scenario_(scenario), said_(said) {}

  template <class T>
  void replace(const Field& field, const T& wanted, T& value) {
    say(field.key, or_none(shown(wanted)), or_none(shown(value)));
    value = wanted;
  }

  void rate(const Rate& rate) {
    say(kRate.key, format_rate(rate), format_rate(*scenario_.rate));
    const bool follows = follows_rate(scenario_);
    scenario_.rate = rate;
    if (follows) settle_in_flight(scenario_, false);
  }

  void vus(std::uint32_t vus) {
    const std::string now = std::to_string(vus), before = std::to_string(scenario_.vus);
    if (scenario_.rate) {
      const auto most = std::to_string(scenario_.max_in_flight.value_or(limits::kInFlight));
      say("in flight", now, before == most ? most : before + " to " + most);
      scenario_.max_in_flight = vus;
    } else {
      say(kVus.key, now, before);
    }
    scenario_.vus = vus;
  }

 private:
  void say(const std::string& key, const std::string& now, const std::string& before) {
    said_.push_back(key + " " + now + " (plan: " + before + ")");
  }

  Scenario& scenario_;
  std::vector<std::string>& said_;
};

Errors refuse_many(const Plan& whole, const Plan& plan, const std::vector<Field>& fields) {
  Errors errors;
  std::string names;
  for (const auto& scenario : plan.scenarios) names += (names.empty() ? "" : ", ") + scenario.name;
  for (const auto& field : fields)
    errors.push_back({field.flag,
                      "replaces the \"" + std::string(field.key) + "\" of one scenario, and here are " +
                          std::to_string(plan.scenarios.size()) + ": " + names,
                      "choose one with --only, or write it in the plan, at " +
                          pointer_to(whole, plan.scenarios.front().name, field.key)});
  return errors;
}

/// The checks of a plan name its places; here a flag stands for each.
Errors checked(const Plan& plan) {
  constexpr Field kAll[] = {kDuration, kIterations, kVus, kRate, kWarmup};
  Errors errors;
  for (auto& error : validate(plan)) {
    const std::string_view key = std::string_view(error.place).substr(error.place.rfind('/') + 1);
    for (const auto& field : kAll)
      if (key == field.key) error.place = field.flag;
    const bool told = std::any_of(errors.begin(), errors.end(), [&](const Error& other) {
      return other.place == error.place && other.message == error.message;
    });
    if (!told) errors.push_back(std::move(error));
  }
  return errors;
}

}  // namespace

Errors change_plan(const Plan& whole, const PlanChanges& changes, Plan& plan,
                   std::vector<std::string>& said) {
  const auto fields = asked_for(changes);
  if (fields.empty() && !changes.warmup) return {};
  if (!fields.empty() && plan.scenarios.size() != 1) return refuse_many(whole, plan, fields);
  Scenario& scenario = plan.scenarios.front();
  if (changes.rate && !scenario.rate)
    return {{kRate.flag,
             "scenario \"" + scenario.name + "\" is " + std::string(to_name(scenario.executor)) +
                 ", which has no rate, and flags do not change that",
             R"(write "executor": "constant-arrival-rate" and a "rate" in the plan, at )" +
                 pointer_to(whole, scenario.name, "executor")}};
  Change change(scenario, said);
  if (changes.vus) change.vus(*changes.vus);
  if (changes.rate) change.rate(*changes.rate);
  if (changes.iterations) change.replace(kIterations, changes.iterations, scenario.iterations);
  if (changes.duration) change.replace(kDuration, changes.duration, scenario.duration);
  if (changes.warmup) {
    std::optional<Nanos> before = scenario.warmup;
    change.replace(kWarmup, changes.warmup, before);
    for (auto& each : plan.scenarios) each.warmup = *changes.warmup;
  }
  return checked(plan);
}

}  // namespace saturn::cli
