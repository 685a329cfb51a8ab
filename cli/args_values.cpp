#include "args_values.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstdio>
#include <cstring>
#include <memory>
#include <optional>

#include "core/plan/limits.hpp"
#include "core/plan/parse.hpp"
#include "core/plan/text.hpp"

namespace saturn::cli {
namespace {

constexpr std::size_t kLargestInput = std::size_t{256} << 20U;

Error bad(std::string_view place, std::string message, std::string remedy) {
  return Error{std::string(place), std::move(message), std::move(remedy)};
}

std::string in_quotes(std::string_view text) {
  return "\"" + std::string(text) + "\"";
}

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

/// The number that people mean by "10k" or "1e6", where there is one.
std::optional<std::uint64_t> meant_number(std::string_view text) {
  double value = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, code] = std::from_chars(text.data(), end, value);
  if (code != std::errc{} || value < 0) return std::nullopt;
  const std::string_view unit(stop, static_cast<std::size_t>(end - stop));
  if (unit == "k" || unit == "K")
    value *= 1e3;
  else if (unit == "M")
    value *= 1e6;
  else if (!unit.empty())
    return std::nullopt;
  if (!(value <= 1e15) || value != static_cast<double>(static_cast<std::uint64_t>(value)))
    return std::nullopt;
  return static_cast<std::uint64_t>(value);
}

}  // namespace

Result<Nanos> parse_time(std::string_view text, std::string_view place) {
  const bool bare = !text.empty() && text.find_first_not_of("0123456789.") == std::string_view::npos &&
                    text.find_first_of("0123456789") != std::string_view::npos;
  if (!bare) return parse_duration(text, place);
  const auto time = parse_duration(std::string(text) + "s", place);
  return time ? time : parse_duration(text, place);  // "1.2.3": the error shows what was typed
}

Result<std::uint64_t> parse_count(std::string_view text, std::string_view place, std::uint64_t low,
                                  std::uint64_t high) {
  const std::string range = high > UINT32_MAX ? std::to_string(low) + " or more"
                                              : std::to_string(low) + " to " + std::to_string(high);
  if (text.empty() || text.find_first_not_of("0123456789") != std::string_view::npos) {
    const auto meant = meant_number(text);
    return bad(place, in_quotes(text) + " is not a whole number",
               meant && *meant >= low && *meant <= high
                   ? "type " + std::string(place) + " " + std::to_string(*meant)
                   : "write " + range);
  }
  std::uint64_t value = 0;
  const auto [stop, code] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (code != std::errc{} || value < low || value > high)
    return bad(place, std::string(text) + " is out of range", "write " + range);
  return value;
}

Result<std::uint64_t> parse_size(std::string_view text, std::string_view place, std::uint64_t low,
                                 std::uint64_t high) {
  static constexpr std::array<std::pair<std::string_view, std::uint64_t>, 5> kUnits{
      {{"", 1}, {"B", 1}, {"KiB", 1024}, {"kB", 1000}, {"MiB", 1024 * 1024}}};
  const auto digits = std::min(text.find_first_not_of("0123456789"), text.size());
  const auto unit = std::find_if(kUnits.begin(), kUnits.end(),
                                 [&](const auto& u) { return u.first == text.substr(digits); });
  std::uint64_t value = 0;
  const auto [stop, code] = std::from_chars(text.data(), text.data() + digits, value);
  const bool known = digits != 0 && unit != kUnits.end() && code == std::errc{};
  if (!known) return bad(place, in_quotes(text) + " is not a size", "write for example 16384, 64KiB or 1MiB");
  if (value > high / unit->second || value * unit->second < low)
    return bad(place, std::string(text) + " is out of range",
               "write " + std::to_string(low) + " to " + std::to_string(high) + " bytes");
  return value * unit->second;
}

Result<Header> parse_header(std::string_view text, std::string_view place) {
  const auto colon = text.find(':');
  if (!text.empty() && text.front() == '@')
    return bad(place, in_quotes(text) + ": headers are not read from a file",
               "give each one: -H 'Name: value'");
  if (colon == std::string_view::npos)
    return bad(place, in_quotes(text) + " is not a header", "write -H 'Name: value'");
  return Header{std::string(text.substr(0, colon)), std::string(trimmed(text.substr(colon + 1)))};
}

Result<std::string> parse_method(std::string_view text, std::string_view place) {
  if (!is_token(text) || text.size() > limits::kMethodBytes)
    return bad(place, in_quotes(text) + " is not a method",
               "write for example " + std::string(place) + " PUT");
  if (text == "CONNECT")
    return bad(place, "CONNECT makes a tunnel, which is not load", "choose another method");
  std::string upper(text);
  for (char& c : upper)
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  if (upper != text)
    return bad(place, in_quotes(text) + ": methods are case-sensitive and in capitals",
               "type " + std::string(place) + " " + upper);
  return upper;
}

Result<std::pair<std::string, std::string>> parse_label(std::string_view text, std::string_view place) {
  const auto equals = text.find('=');
  if (equals == std::string_view::npos || equals == 0)
    return bad(place, in_quotes(text) + " is not a label", "write --label key=value");
  return std::pair{std::string(text.substr(0, equals)), std::string(text.substr(equals + 1))};
}

Result<std::string> body_of(const std::string& text, std::string_view place) {
  if (text.empty() || text.front() != '@') return text;
  if (text.size() == 1)
    return bad(place, "\"@\" names no file", "write -b @body.json, or -b '…' for the text itself");
  return read_input(text.substr(1), place);
}

Result<std::string> read_input(const std::string& path, std::string_view place) {
  const auto failed = [&](const char* why) {
    return bad(place, "cannot read " + in_quotes(path) + ": " + why, "check the name of the file");
  };
  struct Closer {
    void operator()(std::FILE* file) const {
      if (file != stdin) std::fclose(file);
    }
  };
  const std::unique_ptr<std::FILE, Closer> file(path == "-" ? stdin : std::fopen(path.c_str(), "rbe"));
  if (!file) return failed(std::strerror(errno));
  std::string content;
  std::array<char, 65536> chunk{};
  while (const auto length = std::fread(chunk.data(), 1, chunk.size(), file.get())) {
    content.append(chunk.data(), length);
    if (content.size() > kLargestInput) return failed("larger than 256 MiB");
  }
  if (std::ferror(file.get())) return failed(std::strerror(errno));
  return content;
}

}  // namespace saturn::cli
