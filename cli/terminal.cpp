#include "terminal.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdlib>
#include <string_view>

namespace saturn::cli {
namespace {

bool set_in_environment(const char* name) {
  const char* const value = std::getenv(name);
  return value != nullptr && *value != '\0';
}

}  // namespace

Terminal terminal_of(std::FILE* out, bool no_color) {
  Terminal found;
  const char* const type = std::getenv("TERM");
  const bool dumb = type != nullptr && std::string_view(type) == "dumb";
  found.terminal = ::isatty(::fileno(out)) == 1 && !dumb;
  found.colour = found.terminal && !no_color && !set_in_environment("NO_COLOR");
  if (found.terminal) found.width = width_of(out);
  return found;
}

std::size_t width_of(std::FILE* out) {
  struct winsize size {};
  const bool known = ::ioctl(::fileno(out), TIOCGWINSZ, &size) == 0 && size.ws_col > 0;
  return known ? size.ws_col : Terminal{}.width;
}

}  // namespace saturn::cli
