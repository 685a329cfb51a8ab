// Looks at a StudyResult from the tables' side: mean and range of a cell, its baseline, its marks. Pure.
// Tested in tests/unit/study_report_test.cpp.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "core/stats/summary.hpp"
#include "study/study_result.hpp"

namespace saturn::study {

/// Over the samples that count; nullopt where there is none.
std::optional<Summary> summary_of(const StudyCell& cell);
/// The marks of its counted samples, each once: "one-worker;foreign-load".
std::string marks_of(const StudyCell& cell);
const StudyTarget* find_target(const StudyResult& result, std::string_view name);
const StudyCell* find_cell(const StudyTarget& target, std::string_view scenario);

struct Ratio {
  std::optional<double> measured, published;  ///< to the same scenario of the baseline
};
Ratio ratio_to_baseline(const StudyResult& result, const StudyCell& cell);

}  // namespace saturn::study
