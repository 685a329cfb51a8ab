// A StudyResult as JSON, as tables of values, and as text and Markdown for people; and the text again from
// the JSON (`saturn report DIR`). To strings, never to files. Tested in tests/unit/study_report_test.cpp.
#pragma once
#include <string>
#include <string_view>

#include "core/result/report.hpp"
#include "saturn/error.hpp"
#include "study/study_result.hpp"

namespace saturn::study {

std::string to_json(const StudyResult& result);  ///< saturn.study-result/1, ends with a newline

enum class Samples { counted, others };  ///< values.csv; attempts.csv
/// target,scenario,repeat,metric,unit,value,attempt,counted,marks,order
std::string to_csv(const StudyResult& result, Samples which = Samples::counted);

inline constexpr unsigned kTableColumns =
    100;  ///< a narrower terminal wraps them: cut numbers would be worse
/// Two tables (requests/s; milliseconds), footnotes and reasons, within style.width columns.
std::string to_text(const StudyResult& result, const TextStyle& style);
std::string to_markdown(const StudyResult& result);    ///< the same tables and footnotes
std::string tables_to_csv(const StudyResult& result);  ///< a line for each target and scenario of the tables
/// What one run measured, for the line that follows it: "hello 6,085/s · echo 6,927/s · all 50.2 ms"; empty
/// where it measured nothing.
std::string run_row(const StudyResult& result, std::string_view target, unsigned repeat);

Result<StudyResult> study_result_from_json(std::string_view json);

}  // namespace saturn::study
