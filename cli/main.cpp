// saturn: which command. The commands themselves are in cmd_*.cpp. Tested in tests/cli/main_test.py.
#include <cstdio>
#include <exception>
#include <string>

#include "args_hints.hpp"
#include "commands.hpp"
#include "print.hpp"
#include "redact.hpp"
#include "saturn/version.hpp"

namespace saturn::cli {
namespace {

struct Command {
  const char* name;
  const char* arguments;
  const char* help;
  int (*run)(const Arguments& arguments, const Arguments& argv);
};

constexpr Command kCommands[] = {
    {"run", "URL|PLAN.json|-", "load a server and report what it did", cmd_run},
    {"serve", "", "a reference server with known behaviour, to load or to test against", cmd_serve},
    {"study", "STUDY.json", "compare several servers: start, seed, warm up, load, repeat", cmd_study},
    {"report", "RESULT.json", "print the summary of a result file again", cmd_report},
    {"calibrate", "", "measure what this machine's generator can do at most", cmd_calibrate},
    {"doctor", "", "what this machine gives a load generator, and what to change", cmd_doctor},
};
constexpr const char* kLater[] = {"saturate", "compare", "merge", "plan"};
constexpr int kUsage = 1;

std::string help() {
  std::string text = "saturn: an io_uring HTTP/1.1 load engine\n\nUsage:\n";
  for (const auto& command : kCommands) {
    std::string usage = "  saturn " + std::string(command.name) + " " + command.arguments;
    usage.resize(usage.size() < 30 ? 30 : usage.size(), ' ');
    text += usage + " " + command.help + "\n";
  }
  text += R"(
  saturn COMMAND --help         flags, defaults and examples of a command
  saturn --version

Examples:
  saturn run localhost:8000/hello -c 100 -d 30s
  saturn run plan.json -o result.json
)";
  return text;
}

std::string version_text() {
  return "saturn " + std::string(version()) + " (" + std::string(git()) + ", " + std::string(compiler()) +
         ")\n";
}

/// A URL, "host:port" or a plan: somebody left out "run".
bool can_be_run(const std::string& word) {
  return word.find_first_of("/:") != std::string::npos || word.find(".json") != std::string::npos ||
         word == "localhost";
}

Error not_a_command(const Arguments& words) {
  const std::string& word = words.front();
  if (word[0] == '-' && word.size() > 1)
    return {word, "flags stand behind the command", "type saturn run URL " + word + " …"};
  if (can_be_run(word) || word == "-")
    return {redact_url(word), "a command is missing",
            "type saturn run " + shell_line(redact_words(words, word))};
  for (const char* later : kLater)
    if (word == later)
      return {word, "not in this version yet", "see saturn --help for the commands there are"};
  Arguments names;
  for (const auto& command : kCommands) names.emplace_back(command.name);
  if (const auto near = did_you_mean(word, names))
    return {word, "no such command", "did you mean saturn " + *near + "?"};
  return {word, "no such command", "see saturn --help for those there are"};
}

int dispatch(const Arguments& argv) {
  const Arguments words(argv.begin() + (argv.empty() ? 0 : 1), argv.end());
  if (words.empty()) {
    std::fputs(help().c_str(), stderr);
    return kUsage;
  }
  const std::string& name = words.front();
  if (name == "--help" || name == "-h" || name == "help") return print(stdout, help()) ? 0 : kUsage;
  if (name == "--version" || name == "-V" || name == "version")
    return print(stdout, version_text()) ? 0 : kUsage;
  for (const auto& command : kCommands)
    if (name == command.name) return command.run(Arguments(words.begin() + 1, words.end()), argv);
  return print_errors({not_a_command(words)}, "");
}

}  // namespace
}  // namespace saturn::cli

int main(int argc, char** argv) {
  saturn::cli::keep_standard_streams();
  try {
    const int code = saturn::cli::dispatch(saturn::cli::Arguments(argv, argv + argc));
    return saturn::cli::with_output_checked(code, saturn::cli::kUsage);
  } catch (const std::exception& error) {  // out of memory and the like: our own errors are values
    std::fprintf(stderr, "error: %s\n", error.what());
    return saturn::cli::kUsage;
  }
}
