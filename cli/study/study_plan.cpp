#include "study/study_plan.hpp"

#include <algorithm>
#include <cmath>

namespace saturn::study {

const Profile* StudyPlan::find_profile(std::string_view profile_name) const {
  const auto found = std::find_if(profiles.begin(), profiles.end(),
                                  [&](const Profile& profile) { return profile.name == profile_name; });
  return found == profiles.end() ? nullptr : &*found;
}

std::string fill_in(std::string_view text, const std::map<std::string, std::string>& values,
                    std::vector<std::string>& unknown) {
  std::string filled;
  for (;;) {
    const auto begin = text.find("{{");
    const auto end = begin == std::string_view::npos ? begin : text.find("}}", begin);
    if (end == std::string_view::npos) return filled += text;
    const std::string name(text.substr(begin + 2, end - begin - 2));
    filled += text.substr(0, begin);
    if (const auto value = values.find(name); value != values.end())
      filled += value->second;
    else
      unknown.push_back(name);
    text.remove_prefix(end + 2);
  }
}

std::vector<Scenario> scaled(std::vector<Scenario> scenarios, const Profile& profile) {
  for (auto& scenario : scenarios) {
    if (scenario.duration) {
      scenario.duration =
          Nanos(std::llround(static_cast<double>(scenario.duration->count()) * profile.duration_scale));
      if (profile.max_duration) scenario.duration = std::min(*scenario.duration, *profile.max_duration);
    }
    if (scenario.iterations) {
      const auto iterations =
          std::llround(static_cast<double>(*scenario.iterations) * profile.iteration_scale);
      scenario.iterations = std::max<std::uint64_t>(1, static_cast<std::uint64_t>(iterations));
    }
  }
  return scenarios;
}

std::vector<Scenario> scenarios_for(const std::vector<Scenario>& scenarios, const TargetPlan& target,
                                    const Profile& profile) {
  std::vector<Scenario> chosen;
  for (const auto& scenario : scenarios)
    if (target.only.empty() ||
        std::find(target.only.begin(), target.only.end(), scenario.name) != target.only.end())
      chosen.push_back(scenario);
  return scaled(std::move(chosen), profile);
}

}  // namespace saturn::study
