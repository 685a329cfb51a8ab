// What the generator and the server cost, in the full summary and in one line of the short one; each of the
// server's workers where there are several. Pure. Tested with golden files by tests/golden/report_test.cpp.
#pragma once
#include "core/result/text_format.hpp"
#include "saturn/result.hpp"

namespace saturn {

void write_generator(text::Page& page, const GeneratorCost& g);
void write_target(text::Page& page, const std::optional<TargetCost>& target);
/// Both in a line: "saturn 6.5 µs CPU a request, 3.1 % of a core · target 231.9 µs, 91 % of a core".
void write_cost(text::Page& page, const ScenarioResult& s);

}  // namespace saturn
