#include "parse_words.hpp"

#include <CLI/CLI.hpp>
#include <cstdio>

#include "print.hpp"

namespace saturn::cli {

std::optional<int> parse_words(CLI::App& app, const Arguments& arguments, std::string_view command) {
  try {
    app.parse(Arguments(arguments.rbegin(), arguments.rend()));  // CLI11 takes them from the back
  } catch (const CLI::CallForHelp&) {
    return print(stdout, app.help()) ? 0 : 1;
  } catch (const CLI::ParseError& error) {
    return print_errors({{"", error.what(), "", ErrorKind::usage}}, command);
  }
  return std::nullopt;
}

}  // namespace saturn::cli
