// Text and errors for people. What cannot be written is an error like any other, never silence; errors are
// one line each, "error: place: what; what to do", and where to read more. Main thread only. Tested in
// tests/cli/run_args_test.py and tests/cli/lost_output_test.py.
#pragma once
#include <cstdio>
#include <string_view>

#include "saturn/error.hpp"

namespace saturn::cli {

inline constexpr int kOutputLost = 2;  ///< where requests were sent, so that 1 would be wrong

/// A standard stream that was closed becomes one that cannot be used: a socket that took its number would be
/// read and written by mistake. Before anything is opened.
void keep_standard_streams();

/// Writes all of it and flushes; false where that failed. The first failure on standard output is told on
/// standard error.
bool print(std::FILE* out, std::string_view text);

/// `code`, or, where something written to standard output was lost and `code` is 0, `lost`.
int with_output_checked(int code, int lost);

/// Prints all of them on standard error and returns the exit code: 2 where the target could not be reached,
/// otherwise 1 (then, with the closing line "see saturn COMMAND --help").
int print_errors(const Errors& errors, std::string_view command);

}  // namespace saturn::cli
