// How numbers and lines look in reports for people: thousands separators, four significant digits, one unit a
// table, lines that stay within the width. Pure. Tested in tests/unit/text_format_test.cpp.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/result/report.hpp"

namespace saturn::text {

std::string count(std::uint64_t value);                    ///< "47,830"
std::string significant(double value);                     ///< "0.052" "12.34" "123.4" "12,345"
std::string with_sign(double value);                       ///< "+1.50" "-0.25": significant, of a difference
std::string rate(double per_s);                            ///< "4,783.0"; three decimals below 10
std::string per_second(double rate);                       ///< what was asked for: "1,000 requests/s"
std::string share(std::uint64_t part, std::uint64_t all);  ///< "1.25 %"; neither 0 nor 100 unless exact
std::string bytes(double value);                           ///< "12.34 MiB"
std::string duration(double seconds);                      ///< "10 s", "4.02 ms"

/// The unit in which a table's times are shown: by its median, larger where the maximum would not fit.
struct TimeUnit {
  double us = 1;
  std::string_view name = "µs";
};
TimeUnit time_unit(double p50_us, double max_us);

std::size_t columns(std::string_view utf8);  ///< code points
std::string left(std::string_view text, std::size_t width);
std::string right(std::string_view text, std::size_t width);
std::string clipped(std::string_view text, std::size_t width);  ///< ends in "…" where it had to be cut
std::vector<std::string> words(std::string_view text);

enum class Paint { plain, bold, red, yellow, green };

/// The page being written. Every line stays within the width; control characters of names and URLs never
/// reach the terminal.
class Page {
 public:
  static constexpr std::size_t kLabel = 15;  ///< column where values start

  explicit Page(const TextStyle& style) : style_(style) {}
  void blank() { text_ += '\n'; }
  void line(std::string_view text, Paint paint = Paint::plain);
  /// "  label   item · item · item": continued under the first item where they don't fit one line.
  void field(std::string_view label, const std::vector<std::string>& items, Paint paint = Paint::plain,
             std::string_view separator = " · ");
  std::string take() { return std::move(text_); }

 private:
  void put(std::string_view text, Paint paint);

  TextStyle style_;
  std::string text_;
};

}  // namespace saturn::text
