// The table of times of the full summary: a row a distribution, each in its own unit, and what the rows mean.
// Pure. Tested with golden files by tests/golden/report_test.cpp and in tests/unit/report_latency_test.cpp.
#pragma once
#include "core/result/text_format.hpp"
#include "saturn/result.hpp"

namespace saturn {

void write_latency_table(text::Page& page, const ScenarioResult& s);
/// Mean and percentiles of each step, where there are several.
void write_steps(text::Page& page, const ScenarioResult& s);
/// "p50 10.2 ms · p90 11.4 ms · p99 12.1 ms · max 15.2 ms" on one line.
void write_latency_line(text::Page& page, std::string_view label, const MaybeDistribution& d);

}  // namespace saturn
