// What a run's outcome becomes in the study: samples with their marks, and the run's own file. Pure.
// Tested in tests/unit/study_record_test.cpp.
#pragma once
#include <string>

#include "study/procedure.hpp"
#include "study/study_result.hpp"

namespace saturn::study {

/// The targets with their empty cells, before the first run.
std::vector<StudyTarget> empty_targets(const StudyPlan& study, const Profile& profile,
                                       const std::vector<const TargetPlan*>& targets);

/// Adds the run and a sample for each scenario that was measured to its end. `file`: of the run, relative;
/// empty: none.
void record(StudyResult& result, const RunOutcome& outcome, const std::string& target, unsigned repeat,
            const std::string& file);

/// A saturn.result/1 of the measured scenarios with two members more: "study" (what was run, what was seen
/// around it) and "warmup" (the result of the warm-up).
std::string run_file(const RunOutcome& outcome, const std::string& study, const std::string& profile,
                     const std::string& target, unsigned repeat);

}  // namespace saturn::study
