// Errors for people: one line each, "error: place: what; what to do", and where to read more. Main thread
// only. Tested in tests/cli/run_args_test.py.
#pragma once
#include <string_view>

#include "saturn/error.hpp"

namespace saturn::cli {

/// Prints all of them on standard error and returns the exit code: 2 where the target could not be reached,
/// otherwise 1 (then, with the closing line "see saturn COMMAND --help").
int print_errors(const Errors& errors, std::string_view command);

}  // namespace saturn::cli
