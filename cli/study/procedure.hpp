// One run of one target, from nothing to nothing: start, settle, seed, warm up, idle, the scenarios, read
// back, stop. What fails ends the run with a reason; the target is gone afterwards in every case. Owner: the
// thread that runs the study. Tested in tests/cli/study_run_test.py.
#pragma once
#include <functional>
#include <map>
#include <optional>
#include <string>

#include "saturn/run.hpp"
#include "study/launcher.hpp"
#include "study/process_monitor.hpp"
#include "study/study_plan.hpp"

namespace saturn::study {

struct RunOrder {
  const StudyPlan& study;
  const Profile& profile;
  const TargetPlan& target;
  std::uint64_t seed;
  std::filesystem::path data_folder;  ///< for the database; made and removed here
  std::filesystem::path log;
  const std::atomic<bool>& stop;
  std::function<void(const std::string&)> on_step;   ///< "seeding"
  std::function<void(const Progress&)> on_progress;  ///< while scenarios are measured
};

struct RunOutcome {
  std::string reason;  ///< why the run is not good; empty: it is
  bool interrupted = false;
  std::optional<RunResult> warmup, measured;
  std::map<std::size_t, ScenarioWatch> watches;   ///< by scenario of `measured`
  std::map<std::string, std::string> unverified;  ///< scenario → what reading back found
};

RunOutcome carry_out(Launcher& launcher, const RunOrder& order);

}  // namespace saturn::study
