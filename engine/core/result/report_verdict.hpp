// Whose limit the figures show: in a line of the short summary, with all its reasons in the full one, and
// with each rule's meaning and the other facts that were weighed where that is asked for. Red is for
// failures: a verdict that spoils the figures is yellow. Pure. Tested with golden files by
// tests/golden/report_test.cpp.
#pragma once
#include "core/result/text_format.hpp"
#include "saturn/result.hpp"

namespace saturn {

/// The verdict in a line.
void write_verdict_line(text::Page& page, const Verdict& verdict);
/// With its reasons, and what user space would have reported where that is known.
void write_verdict(text::Page& page, const ScenarioResult& s);
/// Every reason with the meaning of its rule, and what else was weighed.
void write_explanation(text::Page& page, const RunResult& r, const ScenarioResult& s);

}  // namespace saturn
