// Flags of other tools, and of saturn's later versions: recognised so that they are refused with what to type
// instead, never taken for something else. Also "did you mean". Pure; tested in tests/unit/args_test.cpp.
#pragma once
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "commands.hpp"
#include "saturn/error.hpp"

namespace saturn::cli {

struct ForeignFlag {
  const char* names;  ///< CLI11's form
  bool takes_value;
  const char* message;  ///< what it is elsewhere and why it is refused
  const char* remedy;   ///< what to type; "{}" stands for the value
};

std::span<const ForeignFlag> foreign_flags();
/// `place` is the name as typed.
Error foreign_error(const ForeignFlag& flag, const std::string& place, const std::string& value);

/// Mistakes that are only seen in the words as typed: "-q 100" (a rate elsewhere), "-duration=10s" (one
/// dash). Words that were understood as such a mistake are taken out.
Errors hints_from_words(Arguments& words);

Error unknown_flag(const std::string& word);  ///< with "did you mean" where a flag of `run` is near

/// The nearest of `known`, if it is near enough to be a typing mistake.
std::optional<std::string> did_you_mean(std::string_view word, std::span<const std::string> known);

}  // namespace saturn::cli
