// What both sizes of the text summary have: bad news, the rate, counts, the overview of several scenarios.
// Pure. Tested with golden files by tests/golden/report_test.cpp and in tests/unit/report_parts_test.cpp.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "core/result/text_format.hpp"
#include "saturn/result.hpp"

namespace saturn {

/// "1 request" "12,345 requests"
std::string counted(std::uint64_t number, std::string_view noun);

/// Interrupted, books that do not balance.
void write_alarms(text::Page& page, const RunResult& r);

void write_notes(text::Page& page, const RunResult& r);

/// In red what failed, in yellow what is not what it seems: before the rate, because a fast 500 is no
/// success.
void write_bad_news(text::Page& page, const ScenarioResult& s);

void write_rate(text::Page& page, const ScenarioResult& s);
/// Of a flow of several steps: passes through it, which are not requests.
void write_iterations(text::Page& page, const ScenarioResult& s);
/// `all`: also what was in the warm-up or sent again.
void write_counts(text::Page& page, const ScenarioResult& s, bool all);

/// Connections that were replaced for nearly every request, wanted or not.
bool replaces_every_connection(const ScenarioResult& s);

/// A scenario a line.
void write_overview(text::Page& page, const std::vector<ScenarioResult>& all);

}  // namespace saturn
