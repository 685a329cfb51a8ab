// Values of flags: counts, sizes, headers, labels, bodies. Each reader takes the flag it stands behind, for
// its error message. Pure but for body_of (reads a file). Tested in tests/unit/args_test.cpp.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "saturn/error.hpp"
#include "saturn/plan.hpp"
#include "saturn/time.hpp"

namespace saturn::cli {

/// A duration with its unit, or a bare number of seconds: "500ms", "1m30s", "30" (JSON wants the unit).
Result<Nanos> parse_time(std::string_view text, std::string_view place);
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

/// Into a draft: the value, or what is wrong with it.
template <class Draft, class T>
bool keep_errors(Draft& draft, const Result<T>& result) {
  if (!result) draft.errors.insert(draft.errors.end(), result.errors().begin(), result.errors().end());
  return static_cast<bool>(result);
}

template <class T>
struct ValueOf {
  using type = T;
};
template <class T>
struct ValueOf<std::optional<T>> {
  using type = T;
};

template <class Draft, class T>
void count_into(Draft& draft, const std::string& place, const std::string& value, std::uint64_t low,
                std::uint64_t high, T& out) {
  const auto count = parse_count(value, place, low, high);
  if (keep_errors(draft, count)) out = static_cast<typename ValueOf<T>::type>(*count);
}

template <class Draft, class T>
void time_into(Draft& draft, const std::string& place, const std::string& value, T& out) {
  const auto time = parse_time(value, place);
  if (keep_errors(draft, time)) out = *time;
}

}  // namespace saturn::cli
