// What every command but `run` does with its words: they are split by its table, help is printed, values are
// applied, and all mistakes are told at once. Main thread only. Tested through the commands, in
// tests/cli/flags_test.py.
#pragma once
#include <optional>

#include "flag_split.hpp"

namespace saturn::cli {

/// Prints the help; the exit code.
int print_help(const CommandTable& table);

/// More words without a flag than the command takes are errors.
void check_arguments(const CommandTable& table, const SplitWords& split, Errors& errors);

/// Prints the errors, where there are any; the exit code, or nullopt where there is none.
std::optional<int> tell(const Errors& errors, const CommandTable& table);

/// The exit code where the command is over already (help, or words that make no sense); nullopt: `draft` can
/// be used. It has `Arguments arguments` and `Errors errors`; `check` says what does not fit together.
template <class Draft>
std::optional<int> read_words(const CommandTable& table, std::span<const FlagOf<Draft>> flags,
                              const Arguments& words, Draft& draft, void (*check)(Draft&) = nullptr) {
  const SplitWords split = split_words(table, words);
  if (split.help) return print_help(table);
  draft.errors = split.errors;
  draft.arguments = split.arguments;
  apply_flags(flags, split, draft);
  check_arguments(table, split, draft.errors);
  if (check != nullptr) check(draft);
  return tell(draft.errors, table);
}

}  // namespace saturn::cli
