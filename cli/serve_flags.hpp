// The flags of `saturn serve`, one row each, and what they write into. Pure; tested in
// tests/loopback/serve_command_test.py and tests/cli/flags_test.py.
#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "flag_row.hpp"
#include "saturn/error.hpp"
#include "target/server.hpp"

namespace saturn::cli {

struct ServeDraft {
  target::Options options;
  std::vector<std::string> listen;  ///< as typed
  std::optional<std::uint32_t> processes;
  std::vector<std::string> seconds;  ///< what bare numbers were taken for, to be said
  Arguments arguments;
  Errors errors;
};

std::span<const FlagOf<ServeDraft>> serve_flags();

/// The addresses, once all flags are there.
void check_serve(ServeDraft& draft);

}  // namespace saturn::cli
