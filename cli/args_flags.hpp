// The flags of `saturn run`, one row each, and what they write into. Main thread only; tested through
// args_test.
#pragma once
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "args.hpp"
#include "flag_row.hpp"

namespace saturn::cli {

/// What the flags said, before it is known whether they fit together.
struct Draft {
  RunArguments run;
  Scenario scenario;
  Step step;
  std::optional<std::uint32_t> connections, vus;
  std::optional<std::string> method;
  std::optional<Nanos> warmup;
  std::vector<std::pair<std::string, WaitMode>> waits;  ///< with the flag that asked for it
  bool no_keepalive = false, no_templates = false;
  bool rate_asked = false;   ///< -R was there, understood or not
  bool source_known = true;  ///< false: nobody can say which word is the URL or the plan
  Errors errors;
};

using Flag = FlagOf<Draft>;

std::span<const Flag> run_flags();

}  // namespace saturn::cli
