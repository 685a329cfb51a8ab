// Numbers as they stand in a result's JSON: rounded to what they are good for, null where nothing was
// measured. Pure. Tested with golden files by tests/golden/report_test.cpp.
#pragma once
#include <cmath>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>

namespace saturn::json_figures {

using Json = nlohmann::ordered_json;

/// Times keep nanoseconds, rates and shares six significant decimals at most; what is no number becomes null.
inline Json rounded(double value, double steps) {
  if (!std::isfinite(value)) return nullptr;
  const double scaled = std::round(value * steps) / steps;
  return std::isfinite(scaled) ? Json(scaled) : Json(value);
}
inline Json micros(double value) {
  return rounded(value, 1e3);
}
inline Json seconds(double value) {
  return rounded(value, 1e9);
}
inline Json figure(double value) {
  return rounded(value, 1e6);
}

template <class T>
Json maybe(const std::optional<T>& value) {
  return value ? Json(*value) : Json(nullptr);
}
template <class T, class Format>
Json maybe(const std::optional<T>& value, Format format) {
  return value ? format(*value) : Json(nullptr);
}
/// Facts of a machine that cannot be 0: there it means that nobody could look.
inline Json known(std::uint64_t value) {
  return value == 0 ? Json(nullptr) : Json(value);
}

}  // namespace saturn::json_figures
