#include "core/json/number.hpp"

#include <algorithm>
#include <charconv>

namespace saturn::json {
namespace {

std::string_view take_digits(std::string_view& rest) {
  const auto length = std::min(rest.find_first_not_of("0123456789"), rest.size());
  const auto digits = rest.substr(0, length);
  rest.remove_prefix(length);
  return digits;
}

bool take(std::string_view& rest, std::string_view any_of) {
  if (rest.empty() || any_of.find(rest.front()) == std::string_view::npos) return false;
  rest.remove_prefix(1);
  return true;
}

/// The digits of a number without its point, the zeros at both ends taken off, and the power of ten of the
/// last digit: two numbers are the same decimal when these are.
struct Decimal {
  std::string_view whole, fraction;
  std::size_t first = 0, end = 0;  ///< significant digits, as positions in whole + fraction
  std::int64_t power = 0;

  explicit Decimal(const Number& number) : whole(number.whole), fraction(number.fraction) {
    end = whole.size() + fraction.size();
    power = number.exponent - static_cast<std::int64_t>(fraction.size());
    while (first < end && digit(first) == '0') ++first;
    while (end > first && digit(end - 1) == '0') {
      --end;
      ++power;
    }
  }
  char digit(std::size_t i) const { return i < whole.size() ? whole[i] : fraction[i - whole.size()]; }
  bool zero() const { return first == end; }
};

bool same_decimal(const Number& a, const Number& b) {
  const Decimal x(a), y(b);
  if (x.zero() || y.zero()) return x.zero() && y.zero();  // -0 is 0
  if (a.negative != b.negative || x.power != y.power || x.end - x.first != y.end - y.first) return false;
  for (std::size_t i = 0; i < x.end - x.first; ++i)
    if (x.digit(x.first + i) != y.digit(y.first + i)) return false;
  return true;
}

std::optional<double> to_double(const Number& number) {
  double value = 0;
  const auto code = std::from_chars(number.text.data(), number.text.data() + number.text.size(), value).ec;
  if (code != std::errc{}) return std::nullopt;
  return value;
}

}  // namespace

std::optional<Number> read_number(std::string_view token) {
  Number number{.text = token};
  std::string_view rest = token;
  number.negative = take(rest, "-");
  number.whole = take_digits(rest);
  if (number.whole.empty() || (number.whole.size() > 1 && number.whole.front() == '0')) return std::nullopt;
  number.integer = rest.empty();
  if (take(rest, ".")) {
    number.fraction = take_digits(rest);
    if (number.fraction.empty()) return std::nullopt;
  }
  if (take(rest, "eE")) {
    const bool below_zero = !rest.empty() && rest.front() == '-';
    take(rest, "+-");
    const auto digits = take_digits(rest);
    if (digits.empty()) return std::nullopt;
    constexpr std::int64_t kFar = 1'000'000'000'000;
    std::int64_t exponent = 0;
    const auto code = std::from_chars(digits.data(), digits.data() + digits.size(), exponent).ec;
    if (code != std::errc{} || exponent > kFar) exponent = kFar;
    number.exponent = below_zero ? -exponent : exponent;
  }
  if (!rest.empty()) return std::nullopt;
  return number;
}

bool same_value(const Number& a, const Number& b) {
  if (same_decimal(a, b)) return true;
  // Fractions are doubles on the other side: what it prints may differ in digits that a double does not keep.
  // An integer is never rounded: 9007199254740993 is not 9007199254740992.0.
  if (a.integer || b.integer) return false;
  const auto x = to_double(a), y = to_double(b);
  return x && y && *x == *y;
}

}  // namespace saturn::json
