// Whose limit the figures show, in the text summary: right under the rate, because it says whether to believe
// it. Pure. Tested with golden files by tests/golden/report_test.cpp.
#pragma once
#include "core/result/text_format.hpp"
#include "saturn/result.hpp"

namespace saturn {

/// The verdict with its reasons, and what user space would have reported where that is known.
void write_verdict(text::Page& page, const ScenarioResult& s);

}  // namespace saturn
