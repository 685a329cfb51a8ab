// `saturn report FILE`: prints the summary of a result file again, or its JSON in canonical form. Main thread
// only. Tested in tests/cli/report_test.py.
#include <sys/ioctl.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <memory>

#include "commands.hpp"
#include "core/result/report.hpp"
#include "print.hpp"

namespace saturn::cli {
namespace {

constexpr std::size_t kMostBytes = std::size_t{256} << 20U;  ///< far more than any result
constexpr std::size_t kMostErrors = 10;

constexpr const char* kExamples =
    "Examples:\n"
    "  saturn report result.json\n"
    "  saturn report --json result.json      the same result, as this version writes it\n"
    "  ssh host cat result.json | saturn report -\n";

struct Options {
  std::string file;
  bool json = false, no_color = false;
};

Error cannot(const std::string& place, const std::string& why, const std::string& remedy = "") {
  return {place, why, remedy, ErrorKind::setup};
}

Result<std::string> read_all(const std::string& path) {
  const auto close = [](std::FILE* file) {
    if (file != stdin) std::fclose(file);
  };
  const std::unique_ptr<std::FILE, decltype(close)> file(path == "-" ? stdin : std::fopen(path.c_str(), "rb"),
                                                         close);
  if (!file) return cannot(path, std::string("cannot be read: ") + std::strerror(errno));
  std::string text;
  char buffer[65536];
  for (std::size_t got = 0; (got = std::fread(buffer, 1, sizeof buffer, file.get())) > 0;) {
    text.append(buffer, got);
    if (text.size() > kMostBytes) return cannot(path, "is larger than any result: more than 256 MiB");
  }
  if (std::ferror(file.get()) != 0)
    return cannot(path, std::string("cannot be read: ") + std::strerror(errno));
  return text;
}

/// Errors of the file's content, with the file in front of each place.
Errors in_file(const std::string& path, const Errors& errors) {
  Errors named;
  for (const Error& error : errors) {
    if (named.size() == kMostErrors) {
      named.push_back(cannot(path, "and " + std::to_string(errors.size() - kMostErrors) + " more"));
      break;
    }
    named.push_back(cannot(error.place.empty() ? path : path + error.place, error.message, error.remedy));
  }
  return named;
}

TextStyle style_of_output(bool no_color) {
  const auto set = [](const char* name) {
    const char* const value = std::getenv(name);
    return value != nullptr && *value != '\0';
  };
  const char* const terminal = std::getenv("TERM");
  const bool dumb = terminal != nullptr && std::strcmp(terminal, "dumb") == 0;
  TextStyle style;
  style.colour = ::isatty(STDOUT_FILENO) == 1 && !dumb && !no_color && !set("NO_COLOR");
  struct winsize size {};
  if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) style.width = size.ws_col;
  return style;
}

int report(const Options& options) {
  const std::string name = options.file == "-" ? "standard input" : options.file;
  const auto text = read_all(options.file);
  if (!text) return print_errors(text.errors(), "report");
  const auto result = from_json(*text);
  if (!result) return print_errors(in_file(name, result.errors()), "report");
  const std::string output =
      options.json ? to_json(*result) : to_text(*result, style_of_output(options.no_color));
  if (std::fwrite(output.data(), 1, output.size(), stdout) == output.size() && std::fflush(stdout) == 0)
    return 0;
  return print_errors({cannot("standard output", std::string("cannot be written: ") + std::strerror(errno))},
                      "report");
}

}  // namespace

int cmd_report(const Arguments& arguments, const Arguments&) {
  Options options;
  CLI::App app("Prints the summary of a run again from the file that saturn run -o wrote.", "saturn report");
  app.add_option("FILE", options.file, "a result; - reads standard input")->required();
  app.add_flag("--json", options.json, "print the result as JSON instead");
  app.add_flag("--no-color", options.no_color, "(also by the environment variable NO_COLOR)");
  app.footer(kExamples);
  try {
    app.parse(Arguments(arguments.rbegin(), arguments.rend()));  // CLI11 takes them from the back
  } catch (const CLI::CallForHelp&) {
    std::fputs(app.help().c_str(), stdout);
    return 0;
  } catch (const CLI::ParseError& error) {
    return print_errors({{"", error.what(), "", ErrorKind::usage}}, "report");
  }
  return report(options);
}

}  // namespace saturn::cli
