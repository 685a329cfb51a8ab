// `saturn report FILE|DIR`: prints the summary of a result file or the tables of a study again, or their
// JSON. Main thread only. Tested in tests/cli/report_test.py.
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <memory>

#include "commands.hpp"
#include "core/json/value.hpp"
#include "core/result/report.hpp"
#include "print.hpp"
#include "read_words.hpp"
#include "redact.hpp"
#include "report_output.hpp"
#include "study/study_report.hpp"
#include "terminal.hpp"

namespace saturn::cli {
namespace {

constexpr std::size_t kMostBytes = std::size_t{256} << 20U;  ///< far more than any result
constexpr std::size_t kMostErrors = 10;

constexpr const char* kExamples =
    "Examples:\n"
    "  saturn report result.json\n"
    "  saturn report study-python-web-20261123-080000\n"
    "  saturn report study-python-web-20261123-080000 -o tables.md     or .csv\n"
    "  saturn report --json result.json      the same result, as this version writes it\n"
    "  ssh host cat result.json | saturn report -\n";

struct Options {
  std::string file, output;
  bool json = false, no_color = false;
  Arguments arguments;
  Errors errors;
};
using Text = const std::string&;

constexpr FlagOf<Options> kFlags[] = {
    {"-o,--output", "FILE", "Output",
     "write a study's tables to it: FILE.md as Markdown, FILE.csv as CSV (none)", nullptr, false,
     [](Options& o, Text, Text v) { o.output = v; }},
    {"--json", nullptr, "Output", "print the result as JSON instead", nullptr, false,
     [](Options& o, Text, Text) { o.json = true; }},
    {"--no-color", nullptr, "Output", "text without colour (also by the environment variable NO_COLOR)",
     nullptr, false, [](Options& o, Text, Text) { o.no_color = true; }},
};

constexpr ForeignFlag kForeign[] = {
    {"--format,--type", true, "there are two formats, text and JSON", "leave it out, or type --json"},
    {"--figures", true, "not in this version yet", "leave it out"},
};

Error cannot(const std::string& place, const std::string& why, const std::string& remedy = "") {
  return {place, why, remedy, ErrorKind::setup};
}

/// A directory is a study's, or nothing that could be reported.
Result<std::string> file_of(const std::string& path) {
  std::error_code ignored;
  if (path == "-" || !std::filesystem::is_directory(path, ignored)) return path;
  const auto file = std::filesystem::path(path) / "study-result.json";
  if (std::filesystem::exists(file, ignored)) return file.string();
  return cannot(path, "is a directory without a study-result.json", "name the file that saturn run -o wrote");
}

Result<std::string> read_all(const std::string& path) {
  const auto close = [](std::FILE* file) {
    if (file != stdin) std::fclose(file);
  };
  const std::unique_ptr<std::FILE, decltype(close)> file(path == "-" ? stdin : std::fopen(path.c_str(), "rb"),
                                                         close);
  if (!file)
    return cannot(path, std::string("cannot be read: ") + std::strerror(errno),
                  "name the file that saturn run -o wrote, or the folder of a study");
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
    named.push_back(cannot(error.place.empty() ? path : path + error.place, error.message,
                           with_file(error.remedy, path)));
  }
  return named;
}

bool is_study(const std::string& text) {
  const auto root = json::parse(text);
  const json::Value* schema = root ? root->find("schema") : nullptr;
  return schema != nullptr && schema->as_string() != nullptr &&
         schema->as_string()->starts_with("saturn.study-result/");
}

/// What is printed for the text of a result file.
Result<std::string> render(const std::string& text, const Options& options) {
  const Terminal terminal = terminal_of(stdout, options.no_color);
  if (is_study(text)) {
    const auto result = study::study_result_from_json(text);
    if (!result) return result.errors();
    return options.json ? text : study::to_text(*result, {terminal.colour, study::kTableColumns});
  }
  const auto result = from_json(text);
  if (!result) return result.errors();
  return options.json ? to_json(*result)
                      : to_text(*result, {terminal.colour, static_cast<unsigned>(terminal.width)});
}

const Error kNoStudy{"-o", "writes the tables of a study, and this is the result of a run",
                     "leave it out, or name the folder of a study"};

int report(const Options& options) {
  const auto file = file_of(options.file);
  if (!file) return print_errors(file.errors(), "report");
  const auto text = read_all(*file);
  if (!text) return print_errors(text.errors(), "report");
  if (!options.output.empty()) {
    if (!is_study(*text)) return print_errors({kNoStudy}, "report");
    const Errors errors = write_tables(*text, options.output);
    return errors.empty() ? 0 : print_errors(errors, "report");
  }
  const auto output = render(*text, options);
  if (!output)
    return print_errors(in_file(*file == "-" ? "standard input" : *file, output.errors()), "report");
  return print(stdout, *output) ? 0 : 1;
}

}  // namespace

const CommandTable& report_table() {
  static const CommandTable table{
      "report",
      "RESULT.json|DIR|-",
      "Prints the summary of a run or the tables of a study again from their files.\n"
      "DIR is the folder of a study; - is a result on standard input.",
      kExamples,
      rows_of(std::span<const FlagOf<Options>>(kFlags)),
      kForeign};
  return table;
}

int cmd_report(const Arguments& arguments, const Arguments&) {
  Options options;
  const std::span<const FlagOf<Options>> flags = kFlags;
  if (const auto code = read_words(report_table(), flags, arguments, options)) return *code;
  options.file = options.arguments.front();
  return report(options);
}

}  // namespace saturn::cli
