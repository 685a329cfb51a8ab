#include "print.hpp"

#include <algorithm>
#include <cstdio>
#include <string>

namespace saturn::cli {

int print_errors(const Errors& errors, std::string_view command) {
  const auto any = [&](ErrorKind kind) {
    return std::any_of(errors.begin(), errors.end(), [&](const Error& error) { return error.kind == kind; });
  };
  std::string text;
  for (const auto& error : errors) {
    text += "error: ";
    if (!error.place.empty()) text += error.place + ": ";
    text += error.message;
    if (!error.remedy.empty()) text += "; " + error.remedy;
    text += '\n';
  }
  if (any(ErrorKind::usage))
    text += "see saturn " + std::string(command) + (command.empty() ? "" : " ") + "--help\n";
  std::fflush(stdout);
  std::fputs(text.c_str(), stderr);
  return any(ErrorKind::usage) || any(ErrorKind::setup) ? 1 : 2;
}

}  // namespace saturn::cli
