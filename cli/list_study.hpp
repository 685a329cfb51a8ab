// `saturn study FILE --list`. Pure; tested in tests/cli/study_refusal_test.py.
#pragma once
#include <string>

#include "study/study_plan.hpp"

namespace saturn::cli {

/// Its targets, its scenarios with the metric of each, and its profiles.
std::string list_of(const study::StudyPlan& plan);

}  // namespace saturn::cli
