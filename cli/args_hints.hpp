// Flags of other tools, and of saturn's later versions, as `saturn run` sees them: recognised so that they
// are refused with what to type instead, never taken for something else. Pure but for script_error, which
// looks whether a file is there. Tested in tests/unit/args_hints_test.cpp.
#pragma once
#include <optional>
#include <span>
#include <string>

#include "flag_hints.hpp"

namespace saturn::cli {

std::span<const ForeignFlag> foreign_flags();

/// Mistakes that are seen only in two words together: "-q 100" (a rate elsewhere), "--json '{…}'" (curl's
/// body), "--out json=x" (k6's). Returns how many words it took.
std::size_t hint_of_run(const Arguments& words, std::size_t at, Errors& errors);

/// "script.js", "x.lua": a script of another tool where a URL or a plan should stand.
std::optional<Error> script_error(const std::string& source);

}  // namespace saturn::cli
