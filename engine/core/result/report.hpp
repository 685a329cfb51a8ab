// A RunResult as text for people, in two sizes and with its verdict explained, as JSON for scripts, and back
// from JSON (`saturn report FILE`). To strings, never to files. Tested with golden files by
// tests/golden/report_test.cpp.
#pragma once
#include <string>
#include <string_view>

#include "saturn/error.hpp"
#include "saturn/result.hpp"

namespace saturn {

struct TextStyle {
  bool colour = false;
  unsigned width = 80;
};

std::string to_json(const RunResult& result);  ///< saturn.result/1, indented, ends with a newline
std::string to_text(const RunResult& result, const TextStyle& style);        ///< every figure
std::string to_short_text(const RunResult& result, const TextStyle& style);  ///< some ten lines
/// Why the verdict is what it is: every reason, the rule behind it in a sentence, what else was weighed.
std::string explain(const RunResult& result, const TextStyle& style);
Result<RunResult> from_json(std::string_view text);  ///< reads a saturn.result/1 again

}  // namespace saturn
