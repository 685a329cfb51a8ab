// How long a study takes, said before it starts and corrected by the runs that are done. Pure.
// Tested in tests/unit/study_estimate_test.cpp.
#pragma once
#include <string>
#include <vector>

#include "study/study_plan.hpp"

namespace saturn::study {

/// One run of a target: its pauses and durations, and a guess for what is counted instead of timed.
Nanos estimate_run(const StudyPlan& study, const Profile& profile, const TargetPlan& target);

/// The rest of the study while a run is under way. Every estimate is scaled by how wrong those of the
/// finished runs were.
class TimeLeft {
 public:
  explicit TimeLeft(std::vector<Nanos> estimates) : estimates_(std::move(estimates)) {}

  void finished(Nanos took);            ///< the next run in order is done
  Nanos left(Nanos in_this_run) const;  ///< `in_this_run`: since the run under way began

 private:
  std::vector<Nanos> estimates_;
  std::size_t done_ = 0;
  double estimated_s_ = 0, took_s_ = 0;
};

std::string for_people(Nanos duration);  ///< "45 s", "5 min", "1 h 20 min"

}  // namespace saturn::study
