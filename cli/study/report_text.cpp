// The study's tables for people: a block of rows for each target, the ceiling under a rule, why a target has
// no numbers, and footnotes that say what a marked number is worth.
#include <fmt/format.h>

#include <algorithm>

#include "core/result/text_format.hpp"
#include "study/study_report.hpp"
#include "study/study_tables.hpp"

namespace saturn::study {
namespace {

constexpr std::size_t kNameColumns = 20, kCellColumns = 16;
constexpr std::size_t kValueColumns = kCellColumns - kMarkColumns;
constexpr std::size_t kCellsPerTable = 5;  // 20 + 5 × 16 = 100 columns

std::string trimmed(std::string line) {
  while (line.ends_with(' ')) line.pop_back();
  return line;
}

class Text {
 public:
  explicit Text(const TextStyle& style) : style_(style), page_(style) {}

  std::string of(const StudyTables& tables, bool interrupted) {
    page_.line(tables.heading, text::Paint::bold);
    if (!tables.machine.empty()) page_.line(tables.machine);
    if (interrupted) page_.line("interrupted: only what had been measured by then", text::Paint::red);
    for (const Table& table : tables.tables) write(table);
    page_.blank();
    for (const auto& note : tables.footnotes) paragraph(note, 2);
    return page_.take();
  }

 private:
  void write(const Table& table) {
    page_.blank();
    page_.line(table.title, text::Paint::bold);
    std::string head(kNameColumns, ' ');
    for (const auto& name : table.scenarios)
      head += text::right(text::clipped(name, kValueColumns), kValueColumns) + std::string(kMarkColumns, ' ');
    page_.line(trimmed(head));
    for (const TableRow& row : table.rows) write(row, table.scenarios.size());
  }

  void write(const TableRow& row, std::size_t columns) {
    switch (row.kind) {
      case TableRow::Kind::target:
        return cells(row.label, row);
      case TableRow::Kind::detail:
        return cells("  " + row.label, row);
      case TableRow::Kind::note:
        return page_.line(trimmed(text::left(row.label, kNameColumns) + row.text));
      case TableRow::Kind::reason:
        return paragraph("  " + row.text, 4, text::Paint::red);
      case TableRow::Kind::rule:
        return page_.line(std::string(kNameColumns + columns * kCellColumns, '-'));
    }
  }

  void cells(const std::string& label, const TableRow& row) {
    std::string line = text::left(text::clipped(label, kNameColumns - 1), kNameColumns);
    for (const TableCell& cell : row.cells)
      line += text::right(cell.text, kValueColumns) + text::left(cell.marks, kMarkColumns);
    page_.line(trimmed(line));
  }

  void paragraph(std::string_view content, std::size_t indent, text::Paint paint = text::Paint::plain) {
    std::string line(content.substr(0, content.find_first_not_of(' ')));
    const std::size_t start = line.size();
    bool empty = true;
    for (const auto& word : text::words(content)) {
      if (!empty && text::columns(line) + 1 + text::columns(word) > style_.width) {
        page_.line(line, paint);
        line = std::string(std::max(indent, start), ' ');
        empty = true;
      }
      line += (empty ? "" : " ") + word;
      empty = false;
    }
    if (!empty) page_.line(line, paint);
  }

  TextStyle style_;
  text::Page page_;
};

}  // namespace

std::string to_text(const StudyResult& result, const TextStyle& style) {
  return Text(style).of(study_tables(result, kCellsPerTable), result.interrupted);
}

std::string run_row(const StudyResult& result, std::string_view target_name, unsigned repeat) {
  std::string row;
  for (const auto& target : result.targets) {
    if (target.name != target_name) continue;
    for (const auto& cell : target.cells)
      for (const auto& sample : cell.samples) {
        if (sample.repeat != repeat || !sample.value) continue;
        StudyCell alone;
        alone.samples = {sample};
        row += fmt::format("{}{} {}{}{}", row.empty() ? "" : " · ", cell.scenario, figure(*sample.value),
                           symbols_of(alone), cell.metric == Metric::rps ? "/s" : " ms");
      }
  }
  return row;
}

}  // namespace saturn::study
