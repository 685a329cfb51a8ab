// Durations as people write them: a number with a unit, or several ("1m30s"). A bare number is refused,
// because tools disagree about what it means. Pure; tested in tests/unit/duration_test.cpp.
#include <array>
#include <charconv>
#include <cmath>
#include <optional>

#include "core/plan/parse.hpp"

namespace saturn {
namespace {

struct Unit {
  std::string_view name;
  std::int64_t ns;
};
// Longest first where one is the start of another ("ms" before "m").
constexpr std::array<Unit, 6> kUnits{{{"ns", 1},
                                      {"us", 1'000},
                                      {"ms", 1'000'000},
                                      {"s", 1'000'000'000},
                                      {"m", 60'000'000'000},
                                      {"h", 3'600'000'000'000}}};
constexpr double kLargestNs = 9.2e18;

Error bad(std::string_view place, std::string message, std::string remedy) {
  return Error{std::string(place), std::move(message), std::move(remedy)};
}

std::optional<Unit> take_unit(std::string_view& rest) {
  for (const auto& unit : kUnits) {
    if (rest.substr(0, unit.name.size()) != unit.name) continue;
    rest.remove_prefix(unit.name.size());
    return unit;
  }
  return std::nullopt;
}

/// Digits with at most one point. Not from_chars for doubles alone: that would take "1e3", "inf" and "nan".
std::optional<double> take_number(std::string_view& rest) {
  const auto length = std::min(rest.find_first_not_of("0123456789."), rest.size());
  double value = 0;
  const auto [end, code] = std::from_chars(rest.data(), rest.data() + length, value);
  if (code != std::errc{} || end != rest.data() + length) return std::nullopt;
  rest.remove_prefix(length);
  return value;
}

}  // namespace

Result<Nanos> parse_duration(std::string_view text, std::string_view place) {
  const std::string quoted = "\"" + std::string(text) + "\"";
  const std::string examples = "write for example 500ms, 30s, 5m or 1m30s";
  if (text.empty()) return bad(place, "a duration is missing", examples);

  double total_ns = 0;
  for (std::string_view rest = text; !rest.empty();) {
    const auto number = take_number(rest);
    if (!number) return bad(place, quoted + " is not a duration", examples);
    if (rest.empty() && text.find_first_not_of("0123456789.") == std::string_view::npos)
      return bad(place, quoted + " has no unit", "did you mean " + std::string(text) + "s?");
    const auto unit = take_unit(rest);
    if (!unit) return bad(place, quoted + " is not a duration", examples);
    total_ns += *number * static_cast<double>(unit->ns);
    if (total_ns > kLargestNs) return bad(place, quoted + " is too long", examples);
  }
  return Nanos(std::llround(total_ns));
}

std::string format_duration(Nanos duration) {
  const std::int64_t ns = duration.count();
  if (ns == 0) return "0s";
  for (auto unit = kUnits.rbegin(); unit != kUnits.rend(); ++unit)
    if (ns % unit->ns == 0) return std::to_string(ns / unit->ns) + std::string(unit->name);
  return std::to_string(ns) + "ns";
}

}  // namespace saturn
