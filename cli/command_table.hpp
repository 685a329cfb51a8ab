// The commands of saturn: their names, what each is for, and their tables of flags. Pure; tested in
// tests/unit/flag_tables_test.cpp and tests/cli/main_test.py.
#pragma once
#include <span>
#include <string_view>
#include <vector>

#include "flag_row.hpp"

namespace saturn::cli {

struct Command {
  const char* help;  ///< one line
  const CommandTable& (*table)();
  int (*run)(const Arguments& arguments, const Arguments& argv);
};

std::span<const Command> commands();
const Command* find_command(std::string_view name);  ///< nullptr: there is none

/// All flags of all commands, for whoever writes them down.
std::vector<CommandTable> flag_tables();

}  // namespace saturn::cli
