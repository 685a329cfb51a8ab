// From flags to a plan: a URL run is a plan of one scenario with one step, and a plan file is read and
// narrowed by --base-url and --only. Main thread only; tested in tests/unit/args_test.cpp.
#pragma once
#include <string>
#include <string_view>

#include "args_flags.hpp"

namespace saturn::cli {

/// "-", an existing file, or something ending in .json that is no "host:port/…" and has no scheme.
bool names_a_plan(const std::string& source);

/// A flag that only a URL may have. -d -n -c -R and --warmup change a plan instead.
bool refused_beside_a_plan(const Flag& flag);

/// Checks what fits together, and for a URL completes `draft.run.plan`.
void finish_draft(Draft& draft);

}  // namespace saturn::cli
