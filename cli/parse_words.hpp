// What every command but `run` does with its words: CLI11 reads them, help is printed, mistakes are told.
// Main thread only. Tested through the commands, in tests/cli.
#pragma once
#include <optional>
#include <string_view>

#include "commands.hpp"

namespace CLI {
class App;
}

namespace saturn::cli {

/// The exit code where the command is over already (help, or words that make no sense); nullopt: it can
/// begin.
std::optional<int> parse_words(CLI::App& app, const Arguments& arguments, std::string_view command);

}  // namespace saturn::cli
