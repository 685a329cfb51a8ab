// What standard output (or another stream) is: a terminal or not, colours, width. Main thread only.
// Tested through the commands in tests/cli.
#pragma once
#include <cstdio>

namespace saturn::cli {

struct Terminal {
  bool terminal = false, colour = false;
  std::size_t width = 80;  ///< the terminal's where there is one
};

/// NO_COLOR and a dumb TERM are respected.
Terminal terminal_of(std::FILE* out, bool no_color);
/// Its width now, which changes when its window does; 80 where it has none.
std::size_t width_of(std::FILE* out);

}  // namespace saturn::cli
