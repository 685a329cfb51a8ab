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

/// As results keep times: what is read back from a file has to look the same.
double whole_nanoseconds(double us) {
  return std::round(us * 1e3) / 1e3;
}

bool is_number(std::string_view word) {
  while (!word.empty() && std::string_view("(<>+-").find(word.front()) != std::string_view::npos)
    word.remove_prefix(1);
  return !word.empty() && word.front() >= '0' && word.front() <= '9' && word.back() >= '0' &&
         word.back() <= '9';
}

/// "2" in "2 cores" and "341" in "341 µs"; "-c" and "--threads" in "-c 64" and "--threads 2".
bool goes_with_the_next(std::string_view word) {
  const bool flag = word.size() > 1 && word.front() == '-' && (word[1] < '0' || word[1] > '9');
  const char end = word.back();
  return is_number(word) || (flag && end != ':' && end != ',' && end != '.' && end != ';');
}

/// The same pieces, those that are longer than a line broken up: at their spaces, and where there are none
/// anywhere.
std::vector<std::string> fitting(const std::vector<std::string>& pieces, std::size_t width) {
  std::vector<std::string> found;
  for (std::string_view rest : pieces) {
    while (columns(rest) > width) {
      std::size_t end = 0, taken = 0, space = std::string_view::npos;
      for (; end < rest.size(); ++end) {
        if (begins_code_point(rest[end]) && taken++ == width) break;
        if (rest[end] == ' ') space = end;
      }
      const bool at_space = space != std::string_view::npos && space > 0;
      found.emplace_back(rest.substr(0, at_space ? space : end));
      rest.remove_prefix(at_space ? space + 1 : end);
    }
    if (!rest.empty()) found.emplace_back(rest);
  }
  return found;
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

std::string per_second(double rate, std::string_view noun) {
  const double whole = std::round(rate);
  if (std::abs(rate - whole) < 1e-9 * whole)
    return fmt::format("{} {}{}/s", count(static_cast<std::uint64_t>(whole)), noun, whole == 1 ? "" : "s");
  return fmt::format("{:g} {}s/s", rate, noun);
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

std::string about(double seconds) {
  const auto whole = static_cast<std::int64_t>(std::ceil(seconds));
  if (whole < 90) return fmt::format("{} s", whole);
  const std::int64_t minutes = (whole + 30) / 60;
  if (minutes < 90) return fmt::format("{} min", minutes);
  return fmt::format("{} h {} min", minutes / 60, minutes % 60);
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

std::string time(double us) {
  us = whole_nanoseconds(us);
  const TimeUnit unit = time_unit(us, 0);
  const double value = us / unit.us;
  std::string digits = value >= 999.5 ? count(static_cast<std::uint64_t>(std::llround(value)))
                                      : fmt::format("{:.{}f}", value,
                                                    value < 9.995   ? 2
                                                    : value < 99.95 ? 1
                                                                    : 0);
  if (digits.find('.') != std::string::npos) digits.resize(digits.find_last_not_of('0') + 1);
  if (digits.back() == '.') digits.pop_back();
  return fmt::format("{} {}", digits, unit.name);
}

std::string time_cell(double us, const TimeUnit& unit, std::size_t width) {
  us = whole_nanoseconds(us);
  const std::string text = significant(us / unit.us);
  if (columns(text) < width) return right(text, width);
  const TimeUnit own = time_unit(us, 0);
  return right(fmt::format("{:.0f}{}", us / own.us, own.name), width);
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
  bool open = false;  // the last piece takes the next word too
  while (!text.empty()) {
    const std::size_t space = std::min(text.find(' '), text.size());
    if (space > 0) {
      const std::string_view word = text.substr(0, space);
      if (open)
        found.back().append(" ").append(word);
      else
        found.emplace_back(word);
      open = !open && goes_with_the_next(word);
    }
    text.remove_prefix(std::min(space + 1, text.size()));
  }
  return found;
}

void Page::put(std::string_view text, Paint paint) {
  const std::string_view begin = style_.colour ? escape(paint) : "";
  text_ += fmt::format("{}{}{}", begin, text, begin.empty() ? "" : "\x1b[0m");
}

void Page::line(std::string_view text, Paint paint) {
  const std::string clean = printable(text);
  if (columns(clean) <= style_.width) {
    put(clean, paint);
    text_ += '\n';
    return;
  }
  std::string indent(std::min(clean.find_first_not_of(' '), clean.size()), ' ');
  std::string line = indent;
  indent += "  ";
  for (const std::string& piece : fitting(words(clean), style_.width - columns(indent))) {
    const bool begun = line.find_first_not_of(' ') != std::string::npos;
    if (begun && columns(line) + 1 + columns(piece) > style_.width) {
      put(line, paint);
      text_ += '\n';
      line = indent + piece;
      continue;
    }
    line += (begun ? " " : "") + piece;
  }
  put(line, paint);
  text_ += '\n';
}

void Page::row(const std::vector<Item>& pieces, Paint paint) {
  std::string joined;
  Paint current = paint;
  const auto flush = [&] {
    if (!joined.empty()) put(joined, current);
    joined.clear();
  };
  for (const Item& piece : pieces) {
    const Paint own = piece.paint == Paint::plain ? paint : piece.paint;
    if (own != current) flush();
    current = own;
    joined += printable(piece.text);
  }
  flush();
  text_ += '\n';
}

void Page::field(std::string_view label, const std::vector<Item>& items, Paint paint,
                 std::string_view separator) {
  const std::size_t room = style_.width > kLabel + 10 ? style_.width - kLabel : 10;
  std::vector<Item> line;
  std::size_t used = 0;
  bool first = true;
  const auto flush = [&] {
    if (!line.empty()) line.back().text.resize(line.back().text.find_last_not_of(' ') + 1);
    line.insert(line.begin(), {left(first ? fmt::format("  {}", label) : "", kLabel), Paint::plain});
    row(line, paint);
    line.clear();
    used = 0;
    first = false;
  };
  for (std::size_t i = 0; i < items.size(); ++i) {
    const bool last = i + 1 == items.size();
    const std::size_t tail = last ? 0 : columns(separator);
    // A separator's own last space may stand beyond the edge: it is taken away there.
    const std::size_t most = room - (last ? 0 : std::min(room - 1, tail - (tail > 0 ? 1 : 0)));
    const std::string text = printable(items[i].text);
    std::vector<std::string> pieces{text};
    if (columns(text) > most) pieces = fitting(words(text), most);
    for (std::size_t p = 0; p < pieces.size(); ++p) {
      const bool end = p + 1 == pieces.size();
      const std::string after = !end ? " " : last ? "" : std::string(separator);
      const std::size_t needed = columns(pieces[p]) + (end && last ? 0 : columns(after));
      if (!line.empty() && used + needed > room + (end && last ? 0 : 1)) flush();
      line.push_back({pieces[p], items[i].paint});
      if (!after.empty()) line.push_back({after, Paint::plain});
      used += needed;
    }
  }
  flush();
}

void Page::field(std::string_view label, const std::vector<std::string>& items, Paint paint,
                 std::string_view separator) {
  std::vector<Item> plain;
  for (const std::string& item : items) plain.push_back({item, Paint::plain});
  field(label, plain, paint, separator);
}

void Page::sentence(std::string_view label, std::string_view text, Paint paint) {
  field(label, words(text), paint, " ");
}

}  // namespace saturn::text
