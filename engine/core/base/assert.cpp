#include "core/base/assert.hpp"

#include <cstdio>
#include <cstdlib>

namespace saturn {

void assertion_failed(const char* expression, const char* file, int line) noexcept {
  std::fprintf(stderr,
               "saturn: internal error: %s is false at %s:%d. Please report this with the command line.\n",
               expression, file, line);
  std::abort();
}

}  // namespace saturn
