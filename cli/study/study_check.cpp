#include "study/study_check.hpp"

#include <algorithm>
#include <set>

#include "core/json/value.hpp"

namespace saturn::study {
namespace {

class StudyCheck {
 public:
  explicit StudyCheck(const StudyPlan& plan) : plan_(plan) {
    for (const auto& scenario : plan.plan.scenarios) scenarios_.insert(scenario.name);
    for (const auto& profile : plan.profiles) profiles_.insert(profile.name);
  }

  Errors run() {
    if (plan_.targets.empty()) fail("/targets", "a study needs at least one target");
    for (std::size_t i = 0; i < plan_.targets.size(); ++i) target(i);
    metrics();
    if (!plan_.baseline.empty() && !names_.contains(plan_.baseline))
      fail("/baseline", "there is no target \"" + plan_.baseline + "\"");
    if (plan_.ready.times < 1) fail("/procedure/ready/times", "at least one answer is needed");
    for (const auto& profile : plan_.profiles)
      if (profile.repeats < 1)
        fail("/profiles/" + json::pointer_token(profile.name) + "/repeats", "at least one repeat is needed");
    if (!plan_.ready.path.starts_with('/')) fail("/procedure/ready/get", "must be a path that begins with /");
    if (!plan_.seed.count_path.starts_with('/'))
      fail("/procedure/seed/list", "must be a path that begins with /");
    return errors_;
  }

 private:
  void fail(std::string place, std::string message, std::string remedy = {}) {
    errors_.push_back({std::move(place), std::move(message), std::move(remedy)});
  }

  /// Names become file names and parts of tables.
  void name(const std::string& text, const std::string& place) {
    const bool plain = std::all_of(text.begin(), text.end(), [](char c) {
      return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
             c == '_' || c == '.';
    });
    if (!plain || text.empty() || text.front() == '.')
      fail(place, "may hold letters, digits, -, _ and . only: it names files");
    if (!names_.insert(text).second) fail(place, "\"" + text + "\" is the name of another target already");
  }

  void target(std::size_t index) {
    const TargetPlan& target = plan_.targets[index];
    const std::string place = "/targets/" + std::to_string(index);
    name(target.name, place + "/name");
    known(target.only, scenarios_, place + "/only", "scenario");
    known(target.profiles, profiles_, place + "/profiles", "profile");
    for (const auto& [scenario, value] : target.published)
      if (!scenarios_.contains(scenario))
        fail(place + "/published/" + json::pointer_token(scenario),
             "there is no scenario \"" + scenario + "\"");
    if (target.process.command.empty()) fail(place + "/launch/process/command", "needs at least one word");
    templates(target, place + "/launch/process");
  }

  void templates(const TargetPlan& target, const std::string& place) {
    std::map<std::string, std::string> values{{"port", ""}, {"database", ""}, {"saturn", ""}};
    for (const auto& setting : target.settings) values[setting.name] = setting.text;
    const auto check = [&](const std::string& text, const std::string& where) {
      std::vector<std::string> unknown;
      fill_in(text, values, unknown);
      for (const auto& name : unknown)
        fail(where, "{{" + name + "}} is not known",
             "use {{port}}, {{database}}, {{saturn}} or one of the target's settings");
    };
    for (std::size_t i = 0; i < target.process.before.size(); ++i)
      check(target.process.before[i], place + "/before/" + std::to_string(i));
    for (std::size_t i = 0; i < target.process.command.size(); ++i)
      check(target.process.command[i], place + "/command/" + std::to_string(i));
    for (const auto& [variable, text] : target.process.env)
      check(text, place + "/env/" + json::pointer_token(variable));
    const auto has_port = [](const std::string& word) { return word.find("{{port}}") != std::string::npos; };
    const auto& words = target.process.command;
    const bool port_in_env = std::any_of(target.process.env.begin(), target.process.env.end(),
                                         [&](const auto& variable) { return has_port(variable.second); });
    if (!words.empty() && !port_in_env && std::none_of(words.begin(), words.end(), has_port))
      fail(place + "/command", "does not tell the target its port", "use {{port}} in the command or in env");
  }

  void known(const std::vector<std::string>& names, const std::set<std::string>& all,
             const std::string& place, const std::string& what) {
    for (std::size_t i = 0; i < names.size(); ++i)
      if (!all.contains(names[i]))
        fail(place + "/" + std::to_string(i), "there is no " + what + " \"" + names[i] + "\"");
  }

  void metrics() {
    std::set<std::string> measured;
    for (const auto& [scenario, metric] : plan_.metrics) {
      if (!scenarios_.contains(scenario))
        fail("/metrics/" + json::pointer_token(scenario), "there is no scenario \"" + scenario + "\"");
      measured.insert(scenario);
    }
    for (const auto& scenario : scenarios_)
      if (!measured.contains(scenario)) fail("/metrics", "scenario \"" + scenario + "\" has no metric");
  }

  const StudyPlan& plan_;
  std::set<std::string> scenarios_, profiles_, names_;
  Errors errors_;
};

void expect_success_of(Scenario& scenario) {
  for (auto& step : scenario.flow) {
    if (!step.expect.statuses.empty()) continue;
    for (int status = 200; status < 300; ++status) step.expect.statuses.push_back(status);
  }
}

}  // namespace

Errors check_study(const StudyPlan& plan) {
  return StudyCheck(plan).run();
}

void expect_success(StudyPlan& plan) {
  for (auto& scenario : plan.plan.scenarios) expect_success_of(scenario);
  for (auto& scenario : plan.warmup) expect_success_of(scenario);
  expect_success_of(plan.seed.scenario);
}

}  // namespace saturn::study
