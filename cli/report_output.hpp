// `saturn report DIR -o FILE`: the tables of a study as Markdown or CSV, by the ending of the file's name.
// Main thread only. Tested in tests/cli/study_run_test.py.
#pragma once
#include <optional>
#include <string>

#include "saturn/error.hpp"

namespace saturn::cli {

/// Writes the tables of this study-result.json to `file`, whole or not at all; what went wrong.
Errors write_tables(const std::string& study_json, const std::string& file);

}  // namespace saturn::cli
