// A whole study: prepares the targets, runs each in every repeat in an order drawn from the seed, and after
// each run writes what is known so far. One failing target does not stop the others. Owner: the main thread.
// Tested in tests/cli/study_run_test.py; the order in tests/unit/study_order_test.cpp.
#pragma once
#include <atomic>
#include <filesystem>
#include <string>
#include <vector>

#include "saturn/run.hpp"
#include "study/launcher.hpp"
#include "study/study_plan.hpp"
#include "study/study_result.hpp"

namespace saturn::study {

/// Where a study is, for people. Called from the thread that runs it.
class StudyDisplay {
 public:
  virtual ~StudyDisplay() = default;
  virtual void say(const std::string& line) = 0;
  virtual void run_starting(std::size_t run, std::size_t runs, const std::string& target,
                            unsigned repeat) = 0;
  virtual void step(const std::string& what) = 0;
  virtual void progress(const Progress& progress) = 0;
  /// `reason` is empty where it went well; `row`: what was measured, in one line.
  virtual void run_ended(const std::string& reason, const std::string& row) = 0;
};

struct StudyOptions {
  const Profile& profile;
  std::vector<const TargetPlan*> targets;
  std::filesystem::path folder;  ///< exists and is empty
  std::uint64_t seed;            ///< of the order and of the runs
  const std::atomic<bool>& stop;
};

struct PlannedRun {
  std::size_t target = 0;
  unsigned repeat = 1;
};
/// Every target once in each repeat, each repeat in an order of its own. Pure.
std::vector<PlannedRun> draw_order(std::size_t targets, unsigned repeats, std::uint64_t seed);

/// The targets that `only` names, or those of the profile; errors for names that don't exist.
Result<std::vector<const TargetPlan*>> choose_targets(const StudyPlan& study, const Profile& profile,
                                                      const std::vector<std::string>& only);

/// Makes `folder` ready: refused when it holds anything, unless `force` (which removes what an earlier study
/// left there).
std::optional<Error> prepare_folder(const std::filesystem::path& folder, bool force);

/// Errors only where no run could begin; a failed run is in the result, and so is why its files could not be
/// written.
Result<StudyResult> run_study(const StudyPlan& study, const StudyOptions& options, Launcher& launcher,
                              StudyDisplay& display);

/// CONTRACT's exit code: 105, 1 (files not written), 2, 98 or 0.
int exit_code(const StudyResult& result);

}  // namespace saturn::study
