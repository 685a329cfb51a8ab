// The printed tables for papers and spreadsheets: Markdown with the same rows and footnotes, CSV with a line
// for each target and scenario and its numbers unrounded.
#include <fmt/format.h>

#include <limits>

#include "study/csv_field.hpp"
#include "study/study_cells.hpp"
#include "study/study_report.hpp"
#include "study/study_tables.hpp"

namespace saturn::study {
namespace {

/// What Markdown would take for its own: marks such as * and ~ are among it.
std::string escaped(std::string_view text) {
  std::string safe;
  for (const char c : text) {
    if (std::string_view("\\`*_{}[]<>#|~^!").find(c) != std::string_view::npos) safe += '\\';
    safe += c;
  }
  return safe;
}

std::string markdown_row(const TableRow& row, std::size_t columns) {
  const bool target = row.kind == TableRow::Kind::target || row.kind == TableRow::Kind::note;
  std::string line = target ? "| **" + escaped(row.label) + "** |" : "| " + escaped(row.label) + " |";
  for (std::size_t i = 0; i < columns; ++i)
    line += i < row.cells.size() ? " " + escaped(row.cells[i].text + row.cells[i].marks) + " |" : " |";
  return line + "\n";
}

std::string markdown(const Table& table) {
  std::string text = "\n## " + escaped(table.title) + "\n\n|  |", notes;
  for (const auto& name : table.scenarios) text += " " + escaped(name) + " |";
  text += "\n|:--|";
  for (std::size_t i = 0; i < table.scenarios.size(); ++i) text += "--:|";
  text += "\n";
  std::string target;
  for (const TableRow& row : table.rows) {
    if (row.kind == TableRow::Kind::rule) continue;
    if (row.kind == TableRow::Kind::target || row.kind == TableRow::Kind::note) target = row.label;
    if (row.kind != TableRow::Kind::reason) text += markdown_row(row, table.scenarios.size());
    if (!row.text.empty()) notes += fmt::format("- {}: {}\n", escaped(target), escaped(row.text));
  }
  return notes.empty() ? text : text + "\n" + notes;
}

std::string number(const std::optional<double>& value) {
  return value ? fmt::format("{:.9g}", *value) : "";
}

}  // namespace

std::string to_markdown(const StudyResult& result) {
  const StudyTables tables = study_tables(result, std::numeric_limits<std::size_t>::max() / 2);
  std::string text = "# " + escaped(tables.heading) + "\n";
  if (!tables.machine.empty()) text += "\n" + escaped(tables.machine) + "\n";
  if (result.interrupted) text += "\n**interrupted: only what had been measured by then**\n";
  for (const Table& table : tables.tables) text += markdown(table);
  if (!tables.footnotes.empty()) text += "\n";
  for (const auto& note : tables.footnotes) text += "- " + escaped(note) + "\n";
  return text;
}

std::string tables_to_csv(const StudyResult& result) {
  std::string csv =
      "target,role,scenario,metric,unit,n,mean,stddev,min,max,baseline,ratio,published,published_ratio,"
      "marks\n";
  for (const auto& target : result.targets) {
    for (const auto& cell : target.cells) {
      const auto summary = saturn::study::summary_of(cell);
      const Ratio ratio = ratio_to_baseline(result, cell);
      const auto of = [&](double Summary::*field) {
        return summary ? number((*summary).*field) : std::string();
      };
      csv += fmt::format("{},{},{},{},{},{},{},{},{},{},{},{},{},{},{}\n", csv_field(target.name),
                         to_name(target.role), csv_field(cell.scenario), to_name(cell.metric),
                         unit_of(cell.metric), summary ? summary->count : 0, of(&Summary::mean),
                         number(summary ? summary->stddev : std::nullopt), of(&Summary::min),
                         of(&Summary::max), csv_field(result.baseline), number(ratio.measured),
                         number(cell.published), number(ratio.published), csv_field(marks_of(cell)));
    }
  }
  return csv;
}

}  // namespace saturn::study
