#include "study/study_run.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <system_error>

#include "core/base/prng.hpp"
#include "study/files.hpp"
#include "study/procedure.hpp"
#include "study/record.hpp"
#include "study/study_report.hpp"
#include "system/clock/system_clock.hpp"

namespace saturn::study {
namespace {

namespace fs = std::filesystem;

constexpr const char* kLeftovers[] = {
    "study-result.json", "values.csv", "attempts.csv", "runs", "logs", "data"};

class Study {
 public:
  Study(const StudyPlan& study, const StudyOptions& options, Launcher& launcher, StudyDisplay& display)
      : study_(study), options_(options), launcher_(launcher), display_(display) {
    result_.name = study.name;
    result_.profile = options.profile.name;
    result_.baseline = study.baseline;
    result_.repeats = options.profile.repeats;
    result_.order_seed = options.seed;
    result_.study_sha256 = study.sha256;
    result_.plan_sha256 = study.plan_sha256;
    result_.started_at = utc_now();
    result_.targets = empty_targets(study, options.profile, options.targets);
  }

  Result<StudyResult> run() {
    if (Errors errors = prepare(); !errors.empty()) return errors;
    for (const char* name : {"runs", "logs"}) fs::create_directories(options_.folder / name);
    const auto order = draw_order(options_.targets.size(), options_.profile.repeats, options_.seed);
    for (const auto& planned : order) result_.order.push_back(options_.targets[planned.target]->name);
    for (std::size_t i = 0; i < order.size() && !options_.stop; ++i) {
      display_.run_starting(i, order.size(), result_.order[i], order[i].repeat);
      const std::string reason = run_one(*options_.targets[order[i].target], order[i].repeat);
      display_.run_ended(reason, run_row(result_, result_.order[i], order[i].repeat));
      result_.unsaved = save();
      if (result_.unsaved) break;  // what cannot be kept is not worth an hour more; what was measured is
    }
    result_.interrupted = options_.stop;
    result_.unsaved = save();  // there may be room again
    std::error_code ignored;
    fs::remove(options_.folder / "data", ignored);
    return std::move(result_);
  }

 private:
  Errors prepare() {
    Errors errors;
    for (std::size_t i = 0; i < options_.targets.size(); ++i) {
      auto prepared = launcher_.prepare(
          *options_.targets[i], [&](const std::string& line) { display_.say(line); }, options_.stop);
      if (options_.stop) return {{"study", "interrupted before the first run", "", ErrorKind::setup}};
      if (!prepared) {
        for (const auto& error : prepared.errors())
          if (std::none_of(errors.begin(), errors.end(),
                           [&](const Error& seen) { return to_text(seen) == to_text(error); }))
            errors.push_back(error);
        continue;
      }
      result_.targets[i].versions = std::move(prepared->versions);
      result_.targets[i].application = std::move(prepared->application);
      result_.targets[i].launcher = launcher_.name();
    }
    result_.environments = launcher_.environments();
    result_.notes = launcher_.notes();
    for (const auto& note : result_.notes) display_.say("note: " + note);
    return errors;
  }

  /// Why the run is not good; empty when it is.
  std::string run_one(const TargetPlan& target, unsigned repeat) {
    const std::string name = target.name + "-" + std::to_string(repeat);
    const RunOrder order{study_,
                         options_.profile,
                         target,
                         mix(options_.seed + repeat) >> 12,  // the same for every target; exact in JSON
                         options_.folder / "data" / name,
                         options_.folder / "logs" / (name + ".log"),
                         options_.stop,
                         [&](const std::string& step) { display_.step(step); },
                         [&](const Progress& progress) { display_.progress(progress); }};
    RunOutcome outcome = carry_out(launcher_, order);
    std::string file;
    if (outcome.measured) {
      file = "runs/" + name + ".json";
      const auto text = run_file(outcome, study_.name, options_.profile.name, target.name, repeat);
      if (auto error = write_whole(options_.folder / file, text)) {
        if (outcome.reason.empty()) outcome.reason = to_text(*error);
        file.clear();
      }
    }
    record(result_, outcome, target.name, repeat, file);
    return outcome.reason;
  }

  std::optional<Error> save() {
    result_.elapsed_s = to_seconds(monotonic_now() - began_);
    if (auto error = write_whole(options_.folder / "study-result.json", to_json(result_))) return error;
    if (auto error = write_whole(options_.folder / "values.csv", to_csv(result_))) return error;
    return write_whole(options_.folder / "attempts.csv", to_csv(result_, Samples::others));
  }

  const StudyPlan& study_;
  const StudyOptions& options_;
  Launcher& launcher_;
  StudyDisplay& display_;
  StudyResult result_;
  Nanos began_ = monotonic_now();
};

}  // namespace

std::vector<PlannedRun> draw_order(std::size_t targets, unsigned repeats, std::uint64_t seed) {
  std::vector<PlannedRun> order;
  Prng random(mix(seed));
  for (unsigned repeat = 1; repeat <= repeats; ++repeat) {
    const std::size_t first = order.size();
    for (std::size_t target = 0; target < targets; ++target) order.push_back({target, repeat});
    for (std::size_t last = order.size(); last - first > 1; --last) {  // Fisher and Yates
      const auto pick = random.between(static_cast<std::int64_t>(first), static_cast<std::int64_t>(last) - 1);
      std::swap(order[last - 1], order[static_cast<std::size_t>(pick)]);
    }
  }
  return order;
}

Result<std::vector<const TargetPlan*>> choose_targets(const StudyPlan& study, const Profile& profile,
                                                      const std::vector<std::string>& only) {
  Errors errors;
  std::string all;
  for (const auto& target : study.targets) all += (all.empty() ? "" : ", ") + target.name;
  for (const auto& name : only)
    if (std::none_of(study.targets.begin(), study.targets.end(),
                     [&](const auto& t) { return t.name == name; }))
      errors.push_back({"--only", "there is no target \"" + name + "\" in this study", "it has " + all});
  if (!errors.empty()) return errors;
  const auto in = [](const std::vector<std::string>& names, const std::string& name) {
    return std::find(names.begin(), names.end(), name) != names.end();
  };
  std::vector<const TargetPlan*> chosen;
  for (const auto& target : study.targets)
    if (only.empty() ? target.profiles.empty() || in(target.profiles, profile.name) : in(only, target.name))
      chosen.push_back(&target);
  if (chosen.empty()) return Error{"--profile", "no target takes part in profile " + profile.name, ""};
  return chosen;
}

std::optional<Error> prepare_folder(const fs::path& folder, bool force) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (error || !fs::is_directory(folder))
    return Error{folder.string(),
                 "cannot be made a folder" + (error ? ": " + error.message() : std::string()),
                 "choose another with -o", ErrorKind::setup};
  if (!fs::is_empty(folder, error) && !force)
    return Error{folder.string(), "is not empty",
                 "choose another folder with -o, or replace what is in it with --force", ErrorKind::setup};
  for (const char* name : kLeftovers) fs::remove_all(folder / name, error);
  auto unwritable = write_whole(folder / "values.csv", "");
  fs::remove(folder / "values.csv", error);
  return unwritable;
}

Result<StudyResult> run_study(const StudyPlan& study, const StudyOptions& options, Launcher& launcher,
                              StudyDisplay& display) {
  return Study(study, options, launcher, display).run();
}

int exit_code(const StudyResult& result) {
  if (result.interrupted) return 105;
  if (result.unsaved) return 1;
  const bool failed =
      std::any_of(result.runs.begin(), result.runs.end(), [](const StudyRun& run) { return !run.ok; });
  if (failed) return 2;
  return result.balanced ? 0 : 98;
}

}  // namespace saturn::study
