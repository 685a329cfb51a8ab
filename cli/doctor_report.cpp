#include "doctor_report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/result/text_format.hpp"
#include "saturn/version.hpp"

namespace saturn::cli {
namespace {

using doctor::Finding;
using doctor::Level;
using Json = nlohmann::ordered_json;

constexpr std::size_t kLevelColumns = 9, kNameColumns = 22;
constexpr Level kLevels[] = {Level::good, Level::unknown, Level::warn, Level::bad};

text::Paint paint_of(Level level) {
  if (level == Level::bad) return text::Paint::red;
  return level == Level::warn ? text::Paint::yellow : text::Paint::plain;
}

/// Words in lines of at most `width` columns, the first behind `head`, the others under its end.
void write_wrapped(text::Page& page, const std::string& head, const std::string& words, std::size_t width,
                   text::Paint paint) {
  const std::string indent(text::columns(head), ' ');
  std::string line = head;
  bool any = false;
  for (const std::string& word : text::words(words)) {
    if (any && text::columns(line) + 1 + text::columns(word) > width) {
      page.line(line, paint);
      line = indent;
      any = false;
    }
    line += (any ? " " : "") + word;
    any = true;
  }
  page.line(line, paint);
}

std::size_t count_of(const std::vector<Finding>& findings, Level level) {
  return static_cast<std::size_t>(
      std::count_if(findings.begin(), findings.end(), [&](const Finding& f) { return f.level == level; }));
}

}  // namespace

std::string doctor_text(const std::vector<Finding>& findings, const TextStyle& style) {
  // Remedies hold commands: a line that is too long for the terminal is better than one that is cut off.
  text::Page page({style.colour, 1000});
  const std::size_t width = std::max(style.width, 80U);
  for (const Finding& finding : findings) {
    const std::string head = text::left("  " + std::string(to_name(finding.level)), kLevelColumns + 2) +
                             text::left(finding.name, kNameColumns);
    write_wrapped(page, head, finding.found, width, paint_of(finding.level));
    if (!finding.remedy.empty())
      write_wrapped(page, std::string(kLevelColumns + 2 + kNameColumns, ' ') + "→ ", finding.remedy, width,
                    text::Paint::plain);
  }
  std::string sum;
  for (const Level level : kLevels)
    if (const auto count = count_of(findings, level); count > 0)
      sum += fmt::format("{}{} {}", sum.empty() ? "" : " · ", count, to_name(level));
  page.blank();
  page.line(sum + (worst(findings) == Level::bad ? ": saturn cannot run here as it is" : ""),
            text::Paint::bold);
  return page.take();
}

std::string doctor_json(const std::vector<Finding>& findings) {
  Json list = Json::array(), counts = Json::object();
  for (const Finding& finding : findings)
    list.push_back({{"name", finding.name},
                    {"level", to_name(finding.level)},
                    {"found", finding.found},
                    {"remedy", finding.remedy.empty() ? Json(nullptr) : Json(finding.remedy)}});
  for (const Level level : kLevels) counts[std::string(to_name(level))] = count_of(findings, level);
  const Json document = {{"schema", "saturn.doctor/1"},
                         {"saturn", {{"version", version()}, {"git", git()}, {"compiler", compiler()}}},
                         {"worst", to_name(worst(findings))},
                         {"counts", std::move(counts)},
                         {"findings", std::move(list)}};
  return document.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace saturn::cli
