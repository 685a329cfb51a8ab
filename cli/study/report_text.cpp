// The study's tables for people: a block of rows for each stack (mean, range, ratio to the baseline beside
// the paper's), the ceiling under a rule, footnotes that say what a marked number is worth, and why a stack
// has none.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "core/result/text_format.hpp"
#include "study/study_cells.hpp"
#include "study/study_report.hpp"

namespace saturn::study {
namespace {

constexpr std::size_t kNameColumns = 20, kCellColumns = 16, kMarkColumns = 2;
constexpr std::size_t kValueColumns = kCellColumns - kMarkColumns;
constexpr std::size_t kCellsPerTable = 5;  // 20 + 5 × 16 = 100 columns

struct MarkText {
  std::string_view mark, symbol, meaning;
};
constexpr MarkText kMarks[] = {
    {mark::kFailures, "!", "failed or not-ok requests; the number is of the ok ones"},
    {mark::kOneWorker, "*", "one worker did over 90 % of the work, so the number is one worker's"},
    {mark::kForeignLoad, "~", "other processes used over 10 % of the machine meanwhile (in cores)"},
    {mark::kWorkersChanged, "^", "a process of the target ended or began in the middle"},
};

std::string trimmed(std::string line) {
  while (line.ends_with(' ')) line.pop_back();
  return line;
}

/// Three significant digits, more only before the point: "0.052" "1.70" "36.2" "168.8" "8,364".
std::string figure(double value) {
  if (value < 0.9995) return fmt::format("{:.3f}", value);
  if (value < 9.995) return fmt::format("{:.2f}", value);
  if (value < 999.95) return fmt::format("{:.1f}", value);
  return text::count(static_cast<std::uint64_t>(std::llround(value)));
}

bool has(const StudySample& sample, std::string_view mark) {
  return std::find(sample.marks.begin(), sample.marks.end(), mark) != sample.marks.end();
}

std::string detail(const StudySample& sample, std::string_view mark) {
  if (mark == mark::kFailures)
    return fmt::format("{} of {}", text::count(sample.failed + sample.not_ok),
                       text::count(sample.failed + sample.completed));
  if (mark == mark::kOneWorker) return fmt::format("{:.0f}%", 100 * sample.busiest_worker_share.value_or(0));
  if (mark == mark::kForeignLoad) return fmt::format("{:.1f}", sample.foreign_cpu_cores.value_or(0));
  return fmt::format("repeat {}", sample.repeat);
}

class Tables {
 public:
  Tables(const StudyResult& result, const TextStyle& style) : result_(result), style_(style), page_(style) {}

  std::string take() {
    heading();
    for (const Metric metric : {Metric::rps, Metric::mean_latency}) {
      const auto scenarios = scenarios_of(metric);
      for (std::size_t first = 0; first < scenarios.size(); first += kCellsPerTable)
        table(metric, {scenarios.begin() + static_cast<std::ptrdiff_t>(first),
                       scenarios.begin() +
                           static_cast<std::ptrdiff_t>(std::min(first + kCellsPerTable, scenarios.size()))});
    }
    footnotes();
    return page_.take();
  }

 private:
  using Names = std::vector<std::string>;
  using Cells = std::vector<const StudyCell*>;

  void heading() {
    page_.line(
        fmt::format("{} · {} profile · {} repeat{} · order seed {} · {}", result_.name, result_.profile,
                    result_.repeats, result_.repeats == 1 ? "" : "s", result_.order_seed, result_.started_at),
        text::Paint::bold);
    if (!result_.machine.empty()) page_.line(result_.machine);
    if (result_.interrupted) page_.line("interrupted: only what had been measured by then", text::Paint::red);
  }

  Names scenarios_of(Metric metric) const {
    Names names;
    for (const auto& target : result_.targets)
      for (const auto& cell : target.cells)
        if (cell.metric == metric && std::find(names.begin(), names.end(), cell.scenario) == names.end())
          names.push_back(cell.scenario);
    return names;
  }

  void table(Metric metric, const Names& scenarios) {
    page_.blank();
    page_.line(metric == Metric::rps ? "Requests per second (higher is better)"
                                     : "Mean response time in milliseconds (lower is better)",
               text::Paint::bold);
    std::string head(kNameColumns, ' ');
    for (const auto& name : scenarios)
      head += text::right(text::clipped(name, kValueColumns), kValueColumns) + std::string(kMarkColumns, ' ');
    page_.line(trimmed(head));
    for (const auto& target : result_.targets)
      if (target.role != Role::ceiling) rows(target, scenarios);
    const bool ceiling = std::any_of(result_.targets.begin(), result_.targets.end(),
                                     [](const auto& target) { return target.role == Role::ceiling; });
    if (ceiling) page_.line(std::string(kNameColumns + scenarios.size() * kCellColumns, '-'));
    for (const auto& target : result_.targets)
      if (target.role == Role::ceiling) rows(target, scenarios);
  }

  void rows(const StudyTarget& target, const Names& scenarios) {
    Cells cells;
    for (const auto& name : scenarios) cells.push_back(find_cell(target, name));
    if (std::all_of(cells.begin(), cells.end(), [](const StudyCell* cell) { return cell == nullptr; }))
      return;
    const bool measured = std::any_of(cells.begin(), cells.end(), [](const StudyCell* cell) {
      return cell != nullptr && saturn::study::summary_of(*cell);
    });
    const bool explained = !explained_.insert(target.name).second;
    if (measured) {
      row(target.name, cells, &Tables::mean);
      row("  min–max", cells, &Tables::range);
      if (target.name != result_.baseline) row("  x " + result_.baseline, cells, &Tables::ratio);
    } else {
      const bool tried = std::any_of(result_.runs.begin(), result_.runs.end(),
                                     [&](const StudyRun& run) { return run.target == target.name; });
      const char* why = !tried ? "not run" : explained ? "nothing to show, see above" : "";
      page_.line(trimmed(text::left(target.name, kNameColumns) + why));
    }
    if (!explained) reasons(target);
  }

  /// Why runs failed; repeats with the same reason share a line.
  void reasons(const StudyTarget& target) {
    std::vector<std::pair<std::string, std::string>> found;  // reason, repeats
    for (const auto& run : result_.runs) {
      if (run.target != target.name || run.ok) continue;
      const auto known = std::find_if(found.begin(), found.end(),
                                      [&](const auto& reason) { return reason.first == run.reason; });
      if (known == found.end())
        found.emplace_back(run.reason, "repeat " + std::to_string(run.repeat));
      else
        known->second += ", " + std::to_string(run.repeat);
    }
    for (const auto& [reason, repeats] : found)
      paragraph(fmt::format("  failed ({}): {}", repeats, reason), 4, text::Paint::red);
  }

  /// A line with one value in each column; left out where no column has one.
  void row(const std::string& name, const Cells& cells,
           std::string (Tables::*value)(const StudyCell&) const) {
    std::string line = text::left(text::clipped(name, kNameColumns - 1), kNameColumns);
    bool any = false;
    for (const StudyCell* cell : cells) {
      const std::string text = cell != nullptr ? (this->*value)(*cell) : "";
      any |= !text.empty();
      const std::string marks = value == &Tables::mean && cell != nullptr ? symbols(*cell) : "";
      line += text::right(text.empty() && value == &Tables::mean ? "–" : text, kValueColumns) +
              text::left(marks, kMarkColumns);
    }
    if (any) page_.line(trimmed(line));
  }

  std::string mean(const StudyCell& cell) const {
    const auto summary = saturn::study::summary_of(cell);
    return summary ? figure(summary->mean) : "";
  }

  std::string range(const StudyCell& cell) const {
    const auto summary = saturn::study::summary_of(cell);
    if (!summary || summary->count < 2) return "";
    return figure(summary->min) + "–" + figure(summary->max);
  }

  std::string ratio(const StudyCell& cell) const {
    const Ratio ratio = ratio_to_baseline(result_, cell);
    if (!ratio.measured) return "";
    const std::string measured = fmt::format("{:.2f}", *ratio.measured);
    return ratio.published ? measured + fmt::format(" ({:.2f})", *ratio.published) : measured;
  }

  /// The marks of every counted repeat; more than fit become a plus.
  std::string symbols(const StudyCell& cell) const {
    std::string found;
    for (const auto& known : kMarks)
      if (std::any_of(cell.samples.begin(), cell.samples.end(),
                      [&](const auto& sample) { return sample.counted && has(sample, known.mark); }))
        found += known.symbol;
    return found.size() > kMarkColumns ? found.substr(0, kMarkColumns - 1) + "+" : found;
  }

  void footnotes() {
    page_.blank();
    if (!result_.baseline.empty())
      paragraph(
          fmt::format("x {}: ratio to it on this machine, in brackets as published. Ratios travel between "
                      "machines, absolute numbers don't.",
                      result_.baseline),
          2);
    for (const auto& known : kMarks) {
      const std::string where = places(known.mark);
      if (!where.empty()) paragraph(fmt::format("{} {} – {}", known.symbol, known.meaning, where), 2);
    }
    for (const auto& note : result_.notes) paragraph(note, 2);
  }

  /// "django-drf: hello 97%/95%, echo 96%; flask-sqlite3: …": one figure for each repeat that has the
  /// mark.
  std::string places(std::string_view mark) const {
    std::string all;
    std::set<std::string> single;  // one user has one connection, so one worker: nothing to tell apart
    for (const auto& target : result_.targets) {
      std::string cells;
      for (const auto& cell : target.cells) {
        const std::string details = marked_repeats(cell, mark);
        if (details.empty()) continue;
        if (mark == mark::kOneWorker && cell.vus == 1)
          single.insert(cell.scenario);
        else
          cells += fmt::format("{}{} {}", cells.empty() ? "" : ", ", cell.scenario, details);
      }
      if (!cells.empty()) all += fmt::format("{}{}: {}", all.empty() ? "" : "; ", target.name, cells);
    }
    for (const auto& scenario : single)
      all += fmt::format("{}{}: always, one user has one connection", all.empty() ? "" : "; ", scenario);
    return all;
  }

  static std::string marked_repeats(const StudyCell& cell, std::string_view mark) {
    std::string details;
    for (const auto& sample : cell.samples)
      if (sample.counted && has(sample, mark)) details += (details.empty() ? "" : "/") + detail(sample, mark);
    return details;
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

  const StudyResult& result_;
  TextStyle style_;
  text::Page page_;
  std::set<std::string> explained_;  ///< targets whose failures have been told in an earlier table
};

}  // namespace

std::string to_text(const StudyResult& result, const TextStyle& style) {
  return Tables(result, style).take();
}

}  // namespace saturn::study
