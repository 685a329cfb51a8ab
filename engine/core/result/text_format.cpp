#include "core/result/text_format.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace saturn::text {
namespace {

bool begins_code_point(char c) {
  return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
}

std::string printable(std::string_view text) {
  std::string clean(text);
  for (char& c : clean)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) c = '?';
  return clean;
}

std::string_view escape(Paint paint) {
  switch (paint) {
    case Paint::plain:
      return "";
    case Paint::bold:
      return "\x1b[1m";
    case Paint::red:
      return "\x1b[1;31m";
    case Paint::yellow:
      return "\x1b[33m";
    case Paint::green:
      return "\x1b[32m";
  }
  return "";
}

}  // namespace

std::string count(std::uint64_t value) {
  std::string digits = std::to_string(value);
  for (std::size_t place = digits.size(); place > 3; place -= 3) digits.insert(place - 3, ",");
  return digits;
}

std::string significant(double value) {
  if (value == 0) return "0";
  if (value < 9.9995) return fmt::format("{:.3f}", value);
  if (value < 99.995) return fmt::format("{:.2f}", value);
  if (value < 999.95) return fmt::format("{:.1f}", value);
  return count(static_cast<std::uint64_t>(std::llround(value)));
}

std::string with_sign(double value) {
  return (value < 0 ? "-" : "+") + significant(std::abs(value));
}

std::string rate(double per_s) {
  if (per_s == 0) return "0";
  if (per_s < 9.9995) return fmt::format("{:.3f}", per_s);
  const auto tenths = static_cast<std::uint64_t>(std::llround(per_s * 10));
  return fmt::format("{}.{}", count(tenths / 10), tenths % 10);
}

std::string per_second(double rate) {
  const double whole = std::round(rate);
  if (std::abs(rate - whole) < 1e-9 * whole)
    return count(static_cast<std::uint64_t>(whole)) + (whole == 1 ? " request/s" : " requests/s");
  return fmt::format("{:g} requests/s", rate);
}

std::string share(std::uint64_t part, std::uint64_t all) {
  if (all == 0 || part == 0) return "0 %";
  if (part == all) return "100 %";
  const double percent = 100.0 * static_cast<double>(part) / static_cast<double>(all);
  if (percent < 0.01) return "<0.01 %";
  if (percent >= 99.95) return ">99.9 %";
  return percent < 9.995 ? fmt::format("{:.2f} %", percent) : fmt::format("{:.1f} %", percent);
}

std::string bytes(double value) {
  static constexpr std::string_view units[] = {"B", "KiB", "MiB", "GiB", "TiB", "PiB"};
  std::size_t unit = 0;
  for (; value >= 1000 && unit + 1 < std::size(units); ++unit) value /= 1024;
  if (unit == 0) return fmt::format("{} B", std::llround(value));
  return fmt::format("{} {}", significant(value), units[unit]);
}

std::string duration(double seconds) {
  const TimeUnit unit = time_unit(seconds * 1e6, 0);
  const double value = seconds * 1e6 / unit.us;
  if (value >= 999.95) return fmt::format("{} {}", significant(value), unit.name);
  return fmt::format("{:.4g} {}", value, unit.name);
}

TimeUnit time_unit(double p50_us, double max_us) {
  static constexpr TimeUnit units[] = {{1, "µs"}, {1e3, "ms"}, {1e6, "s"}};
  std::size_t unit = p50_us < 1e3 ? 0 : p50_us < 1e6 ? 1 : 2;
  while (unit + 1 < std::size(units) && max_us / units[unit].us >= 99'999.5) ++unit;
  return units[unit];
}

std::size_t columns(std::string_view utf8) {
  return static_cast<std::size_t>(std::count_if(utf8.begin(), utf8.end(), begins_code_point));
}

std::string left(std::string_view text, std::size_t width) {
  const std::size_t have = columns(text);
  return std::string(text) + std::string(have < width ? width - have : 0, ' ');
}

std::string right(std::string_view text, std::size_t width) {
  const std::size_t have = columns(text);
  return std::string(have < width ? width - have : 0, ' ') + std::string(text);
}

std::string clipped(std::string_view text, std::size_t width) {
  if (columns(text) <= width) return std::string(text);
  std::size_t end = 0, kept = 0;
  while (end < text.size()) {
    if (begins_code_point(text[end])) {
      if (kept + 1 >= width) break;
      ++kept;
    }
    ++end;
  }
  return std::string(text.substr(0, end)) + "…";
}

std::vector<std::string> words(std::string_view text) {
  std::vector<std::string> found;
  while (!text.empty()) {
    const std::size_t space = std::min(text.find(' '), text.size());
    if (space > 0) found.emplace_back(text.substr(0, space));
    text.remove_prefix(std::min(space + 1, text.size()));
  }
  return found;
}

void Page::put(std::string_view text, Paint paint) {
  const std::string_view begin = style_.colour ? escape(paint) : "";
  text_ += fmt::format("{}{}{}", begin, text, begin.empty() ? "" : "\x1b[0m");
}

void Page::line(std::string_view text, Paint paint) {
  put(clipped(printable(text), style_.width), paint);
  text_ += '\n';
}

void Page::field(std::string_view label, const std::vector<std::string>& items, Paint paint,
                 std::string_view separator) {
  const std::size_t room = style_.width > kLabel + 10 ? style_.width - kLabel : 10;
  std::string line;
  bool first = true;
  const auto flush = [&] {
    while (!line.empty() && line.back() == ' ') line.pop_back();
    put(left(first ? fmt::format("  {}", label) : "", kLabel) + line, paint);
    text_ += '\n';
    line.clear();
    first = false;
  };
  for (std::size_t i = 0; i < items.size(); ++i) {
    const bool last = i + 1 == items.size();
    const std::string item = clipped(printable(items[i]), room - columns(separator));
    const std::size_t needed = columns(item) + (last ? 0 : columns(separator));
    if (!line.empty() && columns(line) + needed > room + (last ? 0 : 1)) flush();
    line += item;
    if (!last) line += separator;
  }
  flush();
}

}  // namespace saturn::text
