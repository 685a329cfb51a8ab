// `saturn doctor`: looks at this machine, says what is good, what costs something and what is in the way,
// each with its remedy. Sends nothing but a few bytes from 127.0.0.1 to itself. Main thread only. Tested in
// tests/cli/doctor_test.py.
#include <CLI/CLI.hpp>
#include <cstdio>

#include "commands.hpp"
#include "doctor_report.hpp"
#include "parse_words.hpp"
#include "print.hpp"
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
    "  docker run IMAGE saturn doctor     what a container sees\n"
    "\n"
    "Exit codes: 0 nothing is bad · 1 usage · 2 something is bad\n";

int examine_machine(bool json, bool no_color) {
  const auto findings = doctor::examine(doctor::collect());
  const Terminal terminal = terminal_of(stdout, no_color);
  const std::string text =
      json ? doctor_json(findings)
           : doctor_text(findings, {terminal.colour, static_cast<unsigned>(terminal.width)});
  if (!print(stdout, text)) return 1;
  return worst(findings) == doctor::Level::bad ? kSomethingBad : 0;
}

}  // namespace

int cmd_doctor(const Arguments& arguments, const Arguments&) {
  bool json = false, no_color = false;
  CLI::App app("Looks at what this machine gives a load generator and says what to change.", "saturn doctor");
  app.add_flag("--json", json, "the findings as JSON (saturn.doctor/1)");
  app.add_flag("--no-color", no_color, "(also by the environment variable NO_COLOR)");
  app.footer(kNotes);
  if (const auto code = parse_words(app, arguments, "doctor")) return *code;
  return examine_machine(json, no_color);
}

}  // namespace saturn::cli
