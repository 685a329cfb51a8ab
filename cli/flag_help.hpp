// The tables of flags as text: `saturn COMMAND --help`, and the list that documents and tests read
// (`saturn help --flags-json`). Pure; tested in tests/unit/flag_tables_test.cpp and tests/cli/main_test.py.
#pragma once
#include <span>
#include <string>

#include "flag_row.hpp"

namespace saturn::cli {

std::string help_of(const CommandTable& table);

/// [{"command", "names", "value", "group", "help", "default", "repeatable", "in_plan"}, …], a flag a line.
std::string flags_json(std::span<const CommandTable> tables);

}  // namespace saturn::cli
