// `saturn doctor`: looks at this machine, says what is good, what costs something and what is in the way,
// each with its remedy. Sends nothing but a few bytes from 127.0.0.1 to itself. Main thread only. Tested in
// tests/cli/doctor_test.py.
#include <cstdio>

#include "commands.hpp"
#include "doctor_report.hpp"
#include "print.hpp"
#include "read_words.hpp"
#include "study_times.hpp"
#include "system/doctor/collect.hpp"
#include "terminal.hpp"

namespace saturn::cli {
namespace {

constexpr int kSomethingBad = 2;
constexpr const char* kNotes =
    "Each line is good, warn (costs accuracy, speed or size), bad (saturn cannot run so) or unknown (could "
    "not\n"
    "be read). Nothing is changed; remedies are there to be copied.\n"
    "\n"
    "Examples:\n"
    "  saturn doctor\n"
    "  saturn doctor --json | jq '.findings[] | select(.level == \"warn\")'\n"
    "  saturn doctor --study bench/study/python-web.json     and how long that takes\n"
    "  docker run IMAGE saturn doctor     what a container sees\n"
    "\n"
    "Exit codes: 0 nothing is bad · 1 usage · 2 something is bad\n";

struct DoctorDraft {
  bool json = false, no_color = false;
  std::string study;
  Arguments arguments;
  Errors errors;
};
using Text = const std::string&;

constexpr FlagOf<DoctorDraft> kFlags[] = {
    {"--study", "FILE", "Studies", "a study file: how long each of its profiles takes (none)", nullptr, false,
     [](DoctorDraft& d, Text, Text v) { d.study = v; }},
    {"--json", nullptr, "Output", "the findings as JSON (saturn.doctor/1)", nullptr, false,
     [](DoctorDraft& d, Text, Text) { d.json = true; }},
    {"--no-color", nullptr, "Output", "text without colour (also by the environment variable NO_COLOR)",
     nullptr, false, [](DoctorDraft& d, Text, Text) { d.no_color = true; }},
};

constexpr ForeignFlag kForeign[] = {
    {"-o,--output", true, "findings go to standard output", "type saturn doctor --json > {}"},
    {"-v,--verbose", false, "everything is shown already", "leave it out"},
};

int examine_machine(bool json, bool no_color, const std::string& study) {
  doctor::Facts facts;
  if (!study.empty())
    if (const Errors errors = add_study_times(facts, study); !errors.empty())
      return print_errors(errors, "doctor");
  doctor::collect(facts);
  const auto findings = doctor::examine(facts);
  const Terminal terminal = terminal_of(stdout, no_color);
  const std::string text =
      json ? doctor_json(findings)
           : doctor_text(findings, {terminal.colour, static_cast<unsigned>(terminal.width)});
  if (!print(stdout, text)) return 1;
  return worst(findings) == doctor::Level::bad ? kSomethingBad : 0;
}

}  // namespace

const CommandTable& doctor_table() {
  static const CommandTable table{
      "doctor",
      "",
      "Looks at what this machine gives a load generator and says what to change.",
      kNotes,
      rows_of(std::span<const FlagOf<DoctorDraft>>(kFlags)),
      kForeign};
  return table;
}

int cmd_doctor(const Arguments& arguments, const Arguments&) {
  DoctorDraft draft;
  const std::span<const FlagOf<DoctorDraft>> flags = kFlags;
  if (const auto code = read_words(doctor_table(), flags, arguments, draft)) return *code;
  return examine_machine(draft.json, draft.no_color, draft.study);
}

}  // namespace saturn::cli
