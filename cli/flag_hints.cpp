#include "flag_hints.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "command_table.hpp"
#include "core/base/edit_distance.hpp"

namespace saturn::cli {
namespace {

/// The first command that has a flag of this name; empty: none has.
std::string owner_of(const std::string& name) {
  for (const auto& table : flag_tables())
    for (const auto& flag : table.flags)
      if (names_include(flag.names, name)) return table.name;
  return {};
}

bool is_short(std::string_view name) {
  return name.size() == 2;
}

}  // namespace

std::optional<std::string> did_you_mean(std::string_view word, std::span<const std::string> known) {
  const std::size_t tolerated = word.size() <= 4 ? 1 : word.size() <= 8 ? 2 : 3;
  std::optional<std::string> best;
  std::size_t best_distance = tolerated + 1;
  for (const auto& candidate : known) {
    const auto distance = edit_distance(word, candidate);
    if (distance >= best_distance) continue;
    best_distance = distance;
    best = candidate;
  }
  return best;
}

Error foreign_error(const ForeignFlag& flag, const std::string& place, const std::string& value) {
  std::string remedy;
  for (const char* at = flag.remedy; *at != '\0'; ++at) {
    if (at[0] == '{' && at[1] == '}') {
      remedy += value;
      ++at;
    } else {
      remedy += *at;
    }
  }
  return {place, flag.message, remedy};
}

Error unknown_flag(const CommandTable& table, const std::string& word) {
  const std::string name = word.substr(0, word.find('='));
  const std::string help = "see saturn " + std::string(table.name) + " --help for those there are";
  std::vector<std::string> names;
  for (const auto& flag : table.flags)
    for (auto& own : names_of(flag.names))
      if (is_short(own) == is_short(name)) names.push_back(std::move(own));
  if (!is_short(name)) names.emplace_back("--help");
  // A short flag is near every other one; only its other case is worth a question.
  if (is_short(name)) {
    std::string swapped = name;
    swapped[1] = static_cast<char>(swapped[1] ^ 0x20);
    if (std::find(names.begin(), names.end(), swapped) != names.end())
      return {name, "no such flag", "did you mean " + swapped + "?"};
  } else if (const auto near = did_you_mean(name, names)) {
    return {name, "no such flag", "did you mean " + *near + "?"};
  }
  if (const std::string owner = owner_of(name); !owner.empty())
    return {name, "saturn " + std::string(table.name) + " has no such flag, saturn " + owner + " has",
            "see saturn " + std::string(table.name) + " --help"};
  return {name, "no such flag", help};
}

}  // namespace saturn::cli
