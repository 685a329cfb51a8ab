// The part of a summary that says when the target gave no answer, and the same in words for the verdict.
// Pure. Tested in tests/unit/report_dead_test.cpp and with golden files by tests/golden/report_test.cpp.
#pragma once
#include <string>

#include "core/result/text_format.hpp"
#include "saturn/result.hpp"

namespace saturn {

/// "in the last 2.2 s of 2.9 s", "in 1.5 s of 10 s"; empty where there was no dead time.
std::string dead_in_words(const DeadTime& dead);
/// "from 0.7 s to 2.2 s", "from 3 s to 4.1 s" …: the first few, and how many more.
std::vector<std::string> dead_windows(const DeadTime& dead);

/// Nothing where there was no dead time.
void write_dead_time(text::Page& page, const ScenarioResult& s);

}  // namespace saturn
