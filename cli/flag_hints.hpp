// What is said about a word that a command does not know: the flag that was meant, the command that has it,
// or what another tool's flag is called here. Pure; tested in tests/unit/flag_split_test.cpp and
// args_hints_test.cpp.
#pragma once
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "flag_row.hpp"
#include "saturn/error.hpp"

namespace saturn::cli {

/// The nearest of `known`, if it is near enough to be a typing mistake.
std::optional<std::string> did_you_mean(std::string_view word, std::span<const std::string> known);

/// `place` is the name as typed.
Error foreign_error(const ForeignFlag& flag, const std::string& place, const std::string& value);

/// With "did you mean" where a flag of the command is near.
Error unknown_flag(const CommandTable& table, const std::string& word);

}  // namespace saturn::cli
