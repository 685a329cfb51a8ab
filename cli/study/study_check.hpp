// What has to hold between the parts of a study file. Pure; tested in tests/unit/study_plan_test.cpp.
#pragma once
#include "study/study_plan.hpp"

namespace saturn::study {

/// Every problem at once, with JSON pointers into the study file.
Errors check_study(const StudyPlan& plan);

/// A study wants success: a step without an expectation accepts 2xx only. A redirect is a failure (a
/// framework that answers PUT with 301 changes nothing, quickly).
void expect_success(StudyPlan& plan);

}  // namespace saturn::study
