// How numbers and lines look in reports for people: thousands separators, four significant digits, one unit a
// row, lines that are wrapped within the width, never cut, and never between a number and its unit. Pure.
// Tested in tests/unit/text_format_test.cpp.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/result/report.hpp"

namespace saturn::text {

std::string count(std::uint64_t value);  ///< "47,830"
std::string significant(double value);   ///< "0.052" "12.34" "123.4" "12,345"
std::string with_sign(double value);     ///< "+1.50" "-0.25": significant, of a difference
std::string rate(double per_s);          ///< "4,783.0"; three decimals below 10
/// What was asked for: "1,000 requests/s"
std::string per_second(double rate, std::string_view noun = "request");
std::string share(std::uint64_t part, std::uint64_t all);  ///< "1.25 %"; neither 0 nor 100 unless exact
std::string bytes(double value);                           ///< "12.34 MiB"
std::string duration(double seconds);                      ///< "10 s", "4.02 ms"
std::string about(double seconds);                         ///< "45 s", "5 min", "1 h 20 min"

/// The unit in which times that are read together are shown: by their median, larger where the maximum would
/// not fit.
struct TimeUnit {
  double us = 1;
  std::string_view name = "µs";
};
TimeUnit time_unit(double p50_us, double max_us);
std::string time(double us);  ///< "31.2 µs" "12.1 ms" "1.5 s": three significant digits, in its own unit
/// A cell of a row in `unit`, right in `width` columns; what does not fit there has its own unit: "31s".
std::string time_cell(double us, const TimeUnit& unit, std::size_t width);

std::size_t columns(std::string_view utf8);  ///< code points
std::string left(std::string_view text, std::size_t width);
std::string right(std::string_view text, std::size_t width);
std::string clipped(std::string_view text, std::size_t width);  ///< ends in "…" where it had to be cut
/// The pieces between which a line may break: a number stays with its unit, a flag with its number.
std::vector<std::string> words(std::string_view text);

enum class Paint { plain, bold, red, yellow, green };

struct Item {
  std::string text;
  Paint paint = Paint::plain;  ///< plain: that of its line
};

/// The page being written. Every line stays within the width; control characters of names and URLs never
/// reach the terminal.
class Page {
 public:
  static constexpr std::size_t kLabel = 15;  ///< column where values start

  explicit Page(const TextStyle& style) : style_(style) {}
  const TextStyle& style() const { return style_; }
  void blank() { text_ += '\n'; }
  void line(std::string_view text, Paint paint = Paint::plain);
  /// A row of a table, of pieces that follow each other: never wrapped.
  void row(const std::vector<Item>& pieces, Paint paint = Paint::plain);
  /// "  label   item · item · item": continued under the first item where they don't fit one line.
  void field(std::string_view label, const std::vector<Item>& items, Paint paint = Paint::plain,
             std::string_view separator = " · ");
  void field(std::string_view label, const std::vector<std::string>& items, Paint paint = Paint::plain,
             std::string_view separator = " · ");
  /// A sentence over as many lines as it needs.
  void sentence(std::string_view label, std::string_view text, Paint paint = Paint::plain);
  std::string take() { return std::move(text_); }

 private:
  void put(std::string_view text, Paint paint);

  TextStyle style_;
  std::string text_;
};

}  // namespace saturn::text
