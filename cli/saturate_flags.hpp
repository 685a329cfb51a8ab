// The flags of `saturn saturate`, one row each, and what they write into. What a request is, is said as to
// `saturn run`. Main thread only; tested in tests/unit/saturate_flags_test.cpp and
// tests/cli/saturate_test.py.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "args_flags.hpp"
#include "flag_row.hpp"
#include "saturate.hpp"

namespace saturn::cli {

struct SaturateDraft {
  Draft run;  ///< what `run` has too
  SaturateOptions options;
  std::vector<std::string> of_url;  ///< flags as typed that a plan says itself
  Arguments arguments;
  Errors errors;
};

std::span<const FlagOf<SaturateDraft>> saturate_flags();

/// What fits together; completes `options` and, of a plan file, reads it.
void check_saturate(SaturateDraft& draft);

}  // namespace saturn::cli
