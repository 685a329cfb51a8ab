// Targets as processes of this machine: a Python environment where the target names requirements, the schema
// command, then the server under a guard. Ready means several good answers in a row, on new connections,
// given by the target's own process. Tested in tests/unit/study_launcher_test.cpp.
#pragma once
#include "study/launcher.hpp"
#include "study/python_env.hpp"

namespace saturn::study {

class ProcessLauncher final : public Launcher {
 public:
  /// `program`: this saturn, for {{saturn}}; `study_folder`: the study file's.
  explicit ProcessLauncher(std::filesystem::path program, std::filesystem::path study_folder = {})
      : program_(std::move(program)), study_folder_(std::move(study_folder)) {}

  std::string_view name() const override { return "process"; }
  Result<Prepared> prepare(const TargetPlan& target, const Say& say, const std::atomic<bool>& stop) override;
  std::vector<StudyEnvironment> environments() const override;
  std::vector<std::string> notes() const override { return notes_; }
  Result<std::unique_ptr<RunningTarget>> launch(const LaunchOrder& order) override;

 private:
  std::filesystem::path program_, study_folder_;
  std::map<std::filesystem::path, PythonEnv> environments_;  ///< by requirements file
  std::vector<std::string> notes_;
};

}  // namespace saturn::study
