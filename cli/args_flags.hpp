// The flags of `saturn run`, one row each: what CLI11 registers, what the help prints, where a plan says the
// same thing and how a value is applied. Adding a flag is adding a row. Main thread only; tested through
// args_test.
#pragma once
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "args.hpp"

namespace saturn::cli {

/// What the flags said, before it is known whether they fit together.
struct Draft {
  RunArguments run;
  Scenario scenario;
  Step step;
  std::optional<std::uint32_t> connections, vus;
  std::optional<std::string> method;
  bool no_keepalive = false, spin = false, no_spin = false;
  bool rate_asked = false;  ///< -R was there, understood or not
  Errors errors;
};

struct Flag {
  const char* names;    ///< CLI11's form: "-c,--connections"
  const char* value;    ///< the value's name in the help; nullptr: a switch
  const char* group;    ///< heading in the help
  const char* help;     ///< one line, with the default
  const char* in_plan;  ///< where a plan says this: the flag is refused beside one; nullptr: allowed
  bool repeatable;
  void (*apply)(Draft& draft, const std::string& place, const std::string& value);
};

std::span<const Flag> run_flags();

std::vector<std::string> names_of(const char* names);  ///< "-c,--connections" → {"-c", "--connections"}
std::string place_of(const char* names);               ///< the shortest of them, for messages

}  // namespace saturn::cli
