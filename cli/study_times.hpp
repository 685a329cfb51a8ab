// What a study is about to cost: read from its file, estimated for each profile, and a warning where the
// machine is busy with other things. Main thread only. Tested in tests/cli/study_refusal_test.py and
// doctor_test.py.
#pragma once
#include <optional>
#include <string>

#include "study/estimate.hpp"
#include "study/study_plan.hpp"
#include "system/doctor/facts.hpp"

namespace saturn::cli {

/// The study in the file; errors with the file's name in front of their place.
Result<study::StudyPlan> read_study(const std::string& file);

/// Name and time of each profile of the study in the file; what is wrong with it.
Errors add_study_times(doctor::Facts& facts, const std::string& file);

/// "warning: this machine is busy: …" before a study of this length that would suffer from it; looks at the
/// machine for a third of a second. nullopt: quiet, or short enough to be tried.
std::optional<std::string> busy_warning(Nanos study_takes);

}  // namespace saturn::cli
