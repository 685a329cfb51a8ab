// saturn: which command. The commands themselves are in cmd_*.cpp; a URL or a plan without one is run. Tested
// in tests/cli/main_test.py.
#include <algorithm>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <optional>
#include <string>

#include "command_table.hpp"
#include "flag_help.hpp"
#include "flag_hints.hpp"
#include "print.hpp"
#include "read_words.hpp"
#include "saturn/version.hpp"

namespace saturn::cli {
namespace {

constexpr const char* kLater[] = {"compare", "merge", "plan"};
constexpr int kUsage = 1;
constexpr std::size_t kColumn = 34;

std::string help() {
  std::string text = "saturn: an io_uring HTTP/1.1 load engine\n\nUsage:\n";
  const auto line = [&](std::string usage, const std::string& what) {
    usage.resize(std::max(kColumn, usage.size() + 1), ' ');
    text += usage + what + "\n";
  };
  for (const auto& command : commands()) {
    const CommandTable& table = command.table();
    line("  saturn " + std::string(table.name) + " " + table.arguments, command.help);
  }
  text += "\n";
  line("  saturn URL|PLAN.json|- [FLAGS]", "the same as saturn run");
  line("  saturn help COMMAND", "flags, defaults and examples of a command");
  line("  saturn --version", "version, revision and compiler");
  return text + R"(
Examples:
  saturn localhost:8000/hello -c 100 -d 30s
  saturn run plan.json -o result.json
)";
}

std::string version_text() {
  return "saturn " + std::string(version()) + " (" + std::string(git()) + ", " + std::string(compiler()) +
         ")\n";
}

int print_text(const std::string& text) {
  return print(stdout, text) ? 0 : kUsage;
}

/// A flag, a URL, "host:port", a name with a dot, "-" or a file: that is run.
bool can_be_run(const std::string& word) {
  std::error_code ignored;
  return word[0] == '-' || word == "localhost" || word.find_first_of("/:.") != std::string::npos ||
         std::filesystem::is_regular_file(word, ignored);
}

Error not_a_command(const std::string& word) {
  for (const char* later : kLater)
    if (word == later)
      return {word, "not in this version yet", "see saturn --help for the commands there are"};
  Arguments names;
  for (const auto& command : commands()) names.emplace_back(command.table().name);
  if (const auto near = did_you_mean(word, names))
    return {word, "no such command", "did you mean saturn " + *near + "?"};
  return {word, "no such command", "see saturn --help for those there are; a URL begins with http://"};
}

/// "--verson" alone: nothing else that begins with a dash makes sense without a URL.
std::optional<std::string> meant_flag(const Arguments& words) {
  const Arguments own{"--version", "--help"};
  return words.size() == 1 ? did_you_mean(words.front(), own) : std::nullopt;
}

/// "saturn help", "saturn help run".
int help_command(const Arguments& words) {
  if (words.empty()) return print_text(help());
  if (words.front() == "--flags-json") return print_text(flags_json(flag_tables()));  // for documents
  if (const Command* command = find_command(words.front())) return print_help(command->table());
  return print_errors({not_a_command(words.front())}, "");
}

int dispatch(const Arguments& argv) {
  const Arguments words(argv.begin() + (argv.empty() ? 0 : 1), argv.end());
  if (words.empty()) {
    std::fputs(help().c_str(), stderr);
    return kUsage;
  }
  const std::string& name = words.front();
  const Arguments rest(words.begin() + 1, words.end());
  if (name == "--help" || name == "-h" || name == "help") return help_command(rest);
  if (name == "--version" || name == "-V" || name == "version") return print_text(version_text());
  if (const Command* command = find_command(name)) return command->run(rest, argv);
  if (const auto meant = meant_flag(words))
    return print_errors({{name, "no such flag", "did you mean saturn " + *meant + "?"}}, "");
  if (!name.empty() && can_be_run(name)) return cmd_run(words, argv);
  return print_errors({not_a_command(name)}, "");
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
