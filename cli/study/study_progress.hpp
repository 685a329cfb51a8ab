// What is seen while a study runs: one redrawn line on a terminal, elsewhere a line every 10 s, and a line
// for each finished run with what it measured; always with the time left. Owner: the main thread. The line is
// tested in tests/unit/study_progress_test.cpp.
#pragma once
#include <cstdio>
#include <optional>
#include <string>
#include <vector>

#include "study/estimate.hpp"
#include "study/study_run.hpp"

namespace saturn::study {

struct ProgressOptions {
  std::FILE* out = stderr;
  bool terminal = false, quiet = false;  ///< quiet: only what say() is given
  std::size_t width = 80;
};

/// "create 412 of 1,000" or "hello 3 of 10 s", with what went wrong so far.
std::string progress_words(const Progress& progress);
/// The same as a share of its scenario's work or time.
Share share_of(const Progress& progress);

class StudyProgress final : public StudyDisplay {
 public:
  StudyProgress(ProgressOptions options, TimeLeft time_left)
      : options_(options), time_left_(std::move(time_left)) {}

  void say(const std::string& line) override;
  void run_starting(std::size_t run, std::size_t runs, const std::string& target, unsigned repeat) override;
  void step(const std::string& what) override;
  void progress(const Progress& progress) override;
  void run_ended(const std::string& reason, const std::string& row) override;

 private:
  void show(const std::string& what, bool at_once);
  void clear();

  ProgressOptions options_;
  TimeLeft time_left_;
  std::string run_name_;
  Nanos run_began_{0};  ///< by the monotonic clock, as all times here
  std::optional<Nanos> shown_at_;
  bool drawn_ = false;
};

}  // namespace saturn::study
