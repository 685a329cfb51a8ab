// Which word of a command line is a flag, which its value, which stands alone. Every mistake is collected
// with what to type instead, and the words behind a mistake are never taken for something else. What values
// mean is the command's. Pure; tested in tests/unit/flag_split_test.cpp.
#pragma once
#include <functional>
#include <string>
#include <vector>

#include "flag_row.hpp"
#include "saturn/error.hpp"

namespace saturn::cli {

struct GivenFlag {
  std::size_t row;    ///< of CommandTable::flags
  std::string place;  ///< the name as typed: "-c" of "-c50"
  std::string value;
};

struct SplitWords {
  bool help = false;
  std::vector<GivenFlag> given;  ///< in the order in which they were typed
  Arguments arguments;           ///< words without a flag
  bool doubtful = false;  ///< an unknown flag came: what stood behind it may be its value and is left out
  Errors errors;
};

/// Looks at the word `at` before anybody else does. Returns how many words it took; 0: it is not for it.
using WordHook = std::function<std::size_t(const Arguments& words, std::size_t at, Errors& errors)>;

SplitWords split_words(const CommandTable& table, const Arguments& words, const WordHook& hook = {});

template <class Draft>
void apply_flags(std::span<const FlagOf<Draft>> flags, const SplitWords& split, Draft& draft) {
  for (const auto& given : split.given) flags[given.row].apply(draft, given.place, given.value);
}

}  // namespace saturn::cli
