// A JSON number as it stands in a text: is it one, is it an integer, and do two of them mean the same value?
// Exact for integers of any length. No allocation. Tested through json_value_test and json_equal_test.
#pragma once
#include <cstdint>
#include <optional>
#include <string_view>

namespace saturn::json {

struct Number {
  std::string_view text;  ///< the whole token
  bool negative = false;
  bool integer = false;              ///< neither fraction nor exponent
  std::string_view whole{}, fraction{};  ///< digits before and after the point
  std::int64_t exponent = 0;         ///< clamped to ±10^12, far beyond any double
};

std::optional<Number> read_number(std::string_view token);  ///< nullopt: not JSON's grammar of numbers
bool same_value(const Number& a, const Number& b);

}  // namespace saturn::json
