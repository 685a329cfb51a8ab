// The part of a summary that says what the server's processes cost, each worker where there are several.
// Pure. Tested with golden files by tests/golden/report_test.cpp.
#pragma once
#include "core/result/text_format.hpp"
#include "saturn/result.hpp"

namespace saturn {

void write_target(text::Page& page, const std::optional<TargetCost>& target);

}  // namespace saturn
