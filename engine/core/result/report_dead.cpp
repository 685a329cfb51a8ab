#include "core/result/report_dead.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace saturn {
namespace {

constexpr std::size_t kNamed = 4;  ///< windows; more are only counted

/// Always in seconds, with one decimal: enough for what takes at least one.
std::string seconds(double s) {
  const auto tenths = static_cast<std::uint64_t>(std::llround(std::max(0.0, s) * 10));
  const std::string whole = text::count(tenths / 10);
  return tenths % 10 == 0 ? whole + " s" : fmt::format("{}.{} s", whole, tenths % 10);
}

}  // namespace

std::string dead_in_words(const DeadTime& dead) {
  if (dead.windows.empty()) return "";
  const bool one = dead.windows.size() == 1 && dead.more_windows == 0;
  if (one && dead.at_end && dead.windows[0].from_s <= 0)
    return fmt::format("in all of the {}", seconds(dead.over_s));
  return fmt::format("in {}{} of {}", one && dead.at_end ? "the last " : "", seconds(dead.time_s),
                     seconds(dead.over_s));
}

std::vector<std::string> dead_windows(const DeadTime& dead) {
  std::vector<std::string> named;
  const std::size_t count = std::min(dead.windows.size(), kNamed);
  for (std::size_t i = 0; i < count; ++i)
    named.push_back(
        fmt::format("from {} to {}", seconds(dead.windows[i].from_s), seconds(dead.windows[i].to_s)));
  const std::uint64_t others = dead.windows.size() - count + dead.more_windows;
  if (others > 0) named.push_back(fmt::format("and {} more times", text::count(others)));
  return named;
}

void write_dead_time(text::Page& page, const ScenarioResult& s) {
  if (!s.dead || s.dead->windows.empty()) return;
  const DeadTime& dead = *s.dead;
  page.field("NO ANSWER", {dead_in_words(dead), fmt::format("{:.0f} % of the time", dead.share * 100)},
             text::Paint::red);
  std::vector<std::string> items = dead_windows(dead);
  if (dead.gone) items.emplace_back("it did not come back");
  page.field("", items, text::Paint::red);
}

}  // namespace saturn
