// A study file (saturn.study/1) → StudyPlan: which targets, how each is started, what is done to it and how
// often. Value types; parse_study() reports every error at once, each with its JSON pointer. Tested in
// tests/unit/study_plan_test.cpp.
#pragma once
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "saturn/error.hpp"
#include "saturn/plan.hpp"
#include "study/study_result.hpp"

namespace saturn::study {

/// How a target is started as processes of this machine. Words and values may hold {{port}}, {{database}},
/// {{saturn}} (this program) and the target's own settings.
struct ProcessLaunch {
  std::filesystem::path requirements;  ///< pinned packages of a Python environment; empty: none
  std::filesystem::path cwd;
  std::vector<std::string> before;  ///< runs to its end first (the schema); may be empty
  std::vector<std::string> command;
  std::vector<std::pair<std::string, std::string>> env;
};

struct TargetPlan {
  std::string name;
  Role role = Role::stack;
  ProcessLaunch process;
  std::vector<Setting> settings;
  std::vector<std::string> versions;        ///< packages whose versions stand in the result
  std::vector<std::string> only;            ///< scenarios; empty: all
  std::vector<std::string> profiles;        ///< where it takes part; empty: in all
  std::map<std::string, double> published;  ///< scenario → value
};

struct ReadyRule {
  std::string path;
  unsigned times = 5;  ///< good answers in a row, each on a connection of its own
  Nanos timeout = std::chrono::seconds(60);
};

struct SeedRule {
  Scenario scenario;       ///< creates the records
  std::string count_path;  ///< answers a JSON array of all records
};

struct Profile {
  std::string name;
  unsigned repeats = 1;
  Nanos settle{0}, pause{0}, idle{0}, gap{0};
  double duration_scale = 1, iteration_scale = 1;
  std::optional<Nanos> max_duration;  ///< no scenario or warm-up lasts longer
};

struct StudyPlan {
  std::string name;
  Plan plan;  ///< the scenarios that are measured; base URL open
  std::vector<TargetPlan> targets;
  ReadyRule ready;
  SeedRule seed;
  std::vector<Scenario> warmup;
  unsigned read_back = 20;  ///< records read back after each run, for each scenario that changes some
  std::vector<Profile> profiles;
  std::vector<std::pair<std::string, Metric>> metrics;  ///< one for each scenario, in the plan's order
  std::string baseline;                                 ///< target that ratios refer to; may be empty
  std::filesystem::path folder;                         ///< the study file's
  std::string sha256, plan_sha256;                      ///< of the files' bytes

  const Profile* find_profile(std::string_view profile_name) const;
};

/// Reads a file named in the study ("plan"), relative to the study's folder.
using FileReader = std::function<Result<std::string>(const std::filesystem::path&)>;

/// Paths in the result are absolute, `folder` is the study file's. Errors of the plan file carry its name
/// before the pointer.
Result<StudyPlan> parse_study(std::string_view json, const std::filesystem::path& folder,
                              const FileReader& read_file);

/// "{{name}}" replaced by values; the names that have none are returned in `unknown`.
std::string fill_in(std::string_view text, const std::map<std::string, std::string>& values,
                    std::vector<std::string>& unknown);

/// The scenarios a target is measured with, scaled to the profile.
std::vector<Scenario> scenarios_for(const std::vector<Scenario>& scenarios, const TargetPlan& target,
                                    const Profile& profile);
std::vector<Scenario> scaled(std::vector<Scenario> scenarios, const Profile& profile);

}  // namespace saturn::study
