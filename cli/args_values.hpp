// Values of flags: counts, sizes, headers, labels, bodies. Each reader takes the flag it stands behind, for
// its error message. Pure but for body_of (reads a file). Tested in tests/unit/args_test.cpp.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "saturn/error.hpp"
#include "saturn/plan.hpp"

namespace saturn::cli {

/// A whole number in [low, high]; "1k", "1e6", "10s" and signs are refused with what to write instead.
Result<std::uint64_t> parse_count(std::string_view text, std::string_view place, std::uint64_t low,
                                  std::uint64_t high);
/// "65536", "64KiB" or "1MiB" in bytes.
Result<std::uint64_t> parse_size(std::string_view text, std::string_view place, std::uint64_t low,
                                 std::uint64_t high);
Result<Header> parse_header(std::string_view text, std::string_view place);  ///< "Name: value"
Result<std::string> parse_method(std::string_view text, std::string_view place);
Result<std::pair<std::string, std::string>> parse_label(std::string_view text, std::string_view place);
/// The text itself, or with "@" in front the content of the file named (binary-safe; "@-": standard input).
Result<std::string> body_of(const std::string& text, std::string_view place);

/// A whole file; "-" is standard input. The error says which file and why.
Result<std::string> read_input(const std::string& path, std::string_view place);

}  // namespace saturn::cli
