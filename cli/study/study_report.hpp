// A StudyResult as JSON, as a table of values and as text for people; and the text again from the JSON
// (`saturn report DIR`). To strings, never to files. Tested in tests/unit/study_report_test.cpp.
#pragma once
#include <string>
#include <string_view>

#include "core/result/report.hpp"
#include "saturn/error.hpp"
#include "study/study_result.hpp"

namespace saturn::study {

std::string to_json(const StudyResult& result);  ///< saturn.study-result/1, ends with a newline
std::string to_csv(const StudyResult& result);   ///< target,scenario,repeat,metric,unit,value
inline constexpr unsigned kTableColumns =
    100;  ///< a narrower terminal wraps them: cut numbers would be worse
/// Two tables (requests/s; milliseconds), footnotes and reasons, within style.width columns.
std::string to_text(const StudyResult& result, const TextStyle& style);

Result<StudyResult> study_result_from_json(std::string_view json);

}  // namespace saturn::study
