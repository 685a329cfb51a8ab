#include "command_table.hpp"

namespace saturn::cli {
namespace {

constexpr Command kCommands[] = {
    {"load a server and report what it did", run_table, cmd_run},
    {"a reference server with known behaviour, to load or to test against", serve_table, cmd_serve},
    {"compare several servers: start, seed, warm up, load, repeat", study_table, cmd_study},
    {"the highest rate that a server sustains", saturate_table, cmd_saturate},
    {"print the summary of a result file again", report_table, cmd_report},
    {"measure what this machine's generator can do at most", calibrate_table, cmd_calibrate},
    {"what this machine gives a load generator, and what to change", doctor_table, cmd_doctor},
};

}  // namespace

std::span<const Command> commands() {
  return kCommands;
}

const Command* find_command(std::string_view name) {
  for (const auto& command : kCommands)
    if (name == command.table().name) return &command;
  return nullptr;
}

std::vector<CommandTable> flag_tables() {
  std::vector<CommandTable> tables;
  for (const auto& command : kCommands) tables.push_back(command.table());
  return tables;
}

}  // namespace saturn::cli
