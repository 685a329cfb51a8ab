// The commands of saturn, one file each (cmd_NAME.cpp). Arguments are those after the command's name; the
// result is the exit code of CONTRACT: 0 ok, 1 usage or set-up, 2 could not be carried out, 97-99 judgements,
// 105 interrupted.
#pragma once
#include <string>
#include <vector>

namespace saturn::cli {

using Arguments = std::vector<std::string>;

int cmd_run(const Arguments& arguments, const Arguments& argv);
int cmd_serve(const Arguments& arguments, const Arguments& argv);
int cmd_report(const Arguments& arguments, const Arguments& argv);
int cmd_calibrate(const Arguments& arguments, const Arguments& argv);
int cmd_doctor(const Arguments& arguments, const Arguments& argv);
int cmd_study(const Arguments& arguments, const Arguments& argv);
int cmd_saturate(const Arguments& arguments, const Arguments& argv);

struct CommandTable;  ///< its flags and help: flag_row.hpp

const CommandTable& run_table();
const CommandTable& serve_table();
const CommandTable& report_table();
const CommandTable& calibrate_table();
const CommandTable& doctor_table();
const CommandTable& study_table();
const CommandTable& saturate_table();

}  // namespace saturn::cli
