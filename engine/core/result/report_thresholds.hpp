// The thresholds in the summary: met or not, in a word, with the value. Pure; tested with golden files by
// tests/golden/report_test.cpp.
#pragma once
#include "core/result/text_format.hpp"
#include "saturn/result.hpp"

namespace saturn {

/// Nothing where there are none; also the line that says why answers of which none was ok make exit 99.
void write_thresholds(text::Page& page, const RunResult& run);

}  // namespace saturn
