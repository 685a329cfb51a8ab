// One row a flag: what the word splitter, the help, the machine-readable list and the documents know of it,
// and how its value is applied. Every command has such a table; adding a flag is adding a row. A row with a
// value ends its help with the default in parentheses. Pure; the tables are tested in
// tests/unit/flag_tables_test.cpp.
#pragma once
#include <span>
#include <string>
#include <vector>

#include "commands.hpp"

namespace saturn::cli {

/// What a flag is, whoever it belongs to.
struct FlagRow {
  const char* names;    ///< "-c,--connections"
  const char* value;    ///< the value's name in the help; nullptr: a switch
  const char* group;    ///< heading in the help
  const char* help;     ///< one line, with the default
  const char* in_plan;  ///< where a plan says the same; nullptr: nowhere
  bool repeatable;
};

/// A row of a command whose flags write into a Draft.
template <class Draft>
struct FlagOf {
  const char* names;
  const char* value;
  const char* group;
  const char* help;
  const char* in_plan;
  bool repeatable;
  void (*apply)(Draft& draft, const std::string& place, const std::string& value);

  FlagRow row() const { return {names, value, group, help, in_plan, repeatable}; }
};

template <class Draft>
std::vector<FlagRow> rows_of(std::span<const FlagOf<Draft>> flags) {
  std::vector<FlagRow> rows;
  for (const auto& flag : flags) rows.push_back(flag.row());
  return rows;
}

/// A flag of another tool, or of a later version: refused with what to type instead.
struct ForeignFlag {
  const char* names;  ///< as in FlagRow; "-h2" is a name too
  bool takes_value;
  const char* message;  ///< what it is elsewhere and why it is refused
  const char* remedy;   ///< what to type; "{}" stands for the value
};

/// What a command's words may be, and its help.
struct CommandTable {
  const char* name;       ///< "run"
  const char* arguments;  ///< what stands without a flag: "URL|PLAN.json|-"; empty: nothing may
  const char* about;      ///< what it does, in lines of the help
  const char* notes;      ///< examples and exit codes
  std::vector<FlagRow> flags;
  std::span<const ForeignFlag> foreign;
};

std::vector<std::string> names_of(const char* names);  ///< "-c,--connections" → {"-c", "--connections"}
std::string place_of(const char* names);               ///< the first of them, for messages
bool names_include(const char* names, std::string_view name);
/// What the help says in parentheses at its end, "50"; empty for a switch or where it says nothing.
std::string default_of(const FlagRow& row);

}  // namespace saturn::cli
