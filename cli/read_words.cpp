#include "read_words.hpp"

#include <cstdio>

#include "flag_help.hpp"
#include "print.hpp"

namespace saturn::cli {

int print_help(const CommandTable& table) {
  return print(stdout, help_of(table)) ? 0 : 1;
}

void check_arguments(const CommandTable& table, const SplitWords& split, Errors& errors) {
  const std::string name = table.name, wanted = table.arguments;
  const std::size_t most = wanted.empty() ? 0 : 1;
  for (std::size_t i = most; i < split.arguments.size(); ++i)
    errors.push_back({split.arguments[i],
                      most == 0 ? "saturn " + name + " takes no word without a flag"
                                : "there is one already: " + split.arguments.front(),
                      most == 0 ? "leave it out" : "run saturn " + name + " once for each"});
  if (most == 1 && split.arguments.empty() && !split.doubtful && errors.empty())
    errors.push_back(
        {"", "nothing to " + name, "type saturn " + name + " " + wanted.substr(0, wanted.find('|'))});
}

std::optional<int> tell(const Errors& errors, const CommandTable& table) {
  return errors.empty() ? std::nullopt : std::optional<int>(print_errors(errors, table.name));
}

}  // namespace saturn::cli
