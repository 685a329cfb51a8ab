// How long a study takes: said before it starts, and estimated anew from what each phase of the runs took. A
// run is a list of phases; a phase that was measured before replaces its guess. Pure: times are given. Tested
// in tests/unit/study_estimate_test.cpp.
#pragma once
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "study/study_plan.hpp"

namespace saturn::study {

/// Names of the steps of a run, as people see them; a measured scenario's phase is named "measuring NAME".
namespace phase {
inline constexpr std::string_view kStart = "starting", kSettle = "settling", kSeed = "seeding",
                                  kPause = "pausing", kWarmUp = "warming up", kIdle = "idling",
                                  kReadBack = "reading back", kStop = "stopping";
}  // namespace phase
std::string measuring(std::string_view scenario);

struct PhaseEstimate {
  std::string name;
  Nanos guess{0};
  bool counted = false;  ///< requests, not time, decide how long it is
};
struct RunEstimate {
  std::string target;
  std::vector<PhaseEstimate> phases;  ///< in order
};

/// One run of a target: its pauses and durations, and a guess for what is counted instead of timed.
RunEstimate estimate_run(const StudyPlan& study, const Profile& profile, const TargetPlan& target);
Nanos total(const RunEstimate& run);

/// How much of a phase is done, where that is known.
struct Share {
  double done = 0, all = 0;
};

/// The rest of the study. A phase that is to come takes what it took this target before; else its guess,
/// corrected by how wrong the guesses of this phase, or else of all counted phases, have been.
class TimeLeft {
 public:
  explicit TimeLeft(std::vector<RunEstimate> runs) : runs_(std::move(runs)) {}

  void run_began(Nanos at);
  /// Ends the phase before; the name of the phase that is under way changes nothing.
  void phase_began(std::string_view name, Nanos at);
  void phase_share(Share share) { share_ = share; }  ///< of the phase under way
  void run_ended(Nanos at, bool ok);
  /// Never under a second while a run is under way.
  Nanos left(Nanos at) const;

 private:
  struct Learnt {
    double took_s = 0, guess_s = 0;
    unsigned times = 0;
  };

  void end_phase(Nanos at);
  double expected(const std::string& target, const PhaseEstimate& phase) const;
  double left_of_phase(const std::string& target, Nanos at) const;

  std::vector<RunEstimate> runs_;
  std::size_t run_ = 0;  ///< the one under way, or the next
  bool under_way_ = false;
  std::string phase_;  ///< the one under way
  Nanos phase_began_{0};
  Share share_;
  std::map<std::string, Learnt> of_target_;  ///< by "target phase"
  std::map<std::string, Learnt> of_phase_;
  Learnt of_counted_;
};

std::string for_people(Nanos duration);  ///< "45 s", "5 min", "1 h 20 min"

}  // namespace saturn::study
