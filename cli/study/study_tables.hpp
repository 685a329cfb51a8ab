// The study's tables as values, before anybody decides how they look: for each target its rows (mean, range,
// deviation, ratio to the baseline beside the published one) and the footnotes that what is shown needs.
// Pure. Tested through text, Markdown and CSV in tests/unit/study_report_test.cpp.
#pragma once
#include <string>
#include <vector>

#include "study/study_result.hpp"

namespace saturn::study {

struct TableCell {
  std::string text, marks;
};

struct TableRow {
  enum class Kind {
    target,  ///< its name and its means
    detail,  ///< more about the target above
    note,    ///< the target's name and why it has no numbers
    reason,  ///< why a run of the target above failed
    rule,    ///< a line between the stacks and the ceiling
  };
  Kind kind = Kind::detail;
  std::string label;
  std::vector<TableCell> cells{};  ///< one for each scenario; none in notes, reasons and rules
  std::string text{};              ///< of notes and reasons
};

struct Table {
  std::string title;
  std::vector<std::string> scenarios;
  std::vector<TableRow> rows;
};

struct StudyTables {
  std::string heading, machine;
  std::vector<Table> tables;
  std::vector<std::string> footnotes;
};

/// Tables of at most `most_cells` scenarios each.
StudyTables study_tables(const StudyResult& result, std::size_t most_cells);

inline constexpr std::size_t kMarkColumns = 2;  ///< marks beside a number, at most

/// Three significant digits, more only before the point: "0.052" "1.70" "36.2" "168.8" "8,364".
std::string figure(double value);
/// The marks of every counted sample, one character each; more than kMarkColumns end in a plus.
std::string symbols_of(const StudyCell& cell);

}  // namespace saturn::study
