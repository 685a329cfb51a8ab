#include "study/study_tables.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "core/result/text_format.hpp"
#include "study/study_cells.hpp"

namespace saturn::study {
namespace {

struct MarkText {
  std::string_view mark, symbol, meaning;
};
constexpr MarkText kMarks[] = {
    {mark::kFailures, "!", "failed or not-ok requests; the number is of the ok ones"},
    {mark::kOneWorker, "*", "one worker did over 90 % of the work, so the number is one worker's"},
    {mark::kForeignLoad, "~", "other processes used over 10 % of the machine meanwhile (in cores)"},
    {mark::kWorkersChanged, "^", "a process of the target ended or began in the middle"},
};

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

class Builder {
 public:
  explicit Builder(const StudyResult& result) : result_(result) {}

  StudyTables build(std::size_t most_cells) {
    heading();
    for (const Metric metric : {Metric::rps, Metric::mean_latency}) {
      const auto scenarios = scenarios_of(metric);
      for (std::size_t first = 0; first < scenarios.size(); first += most_cells)
        table(metric, {scenarios.begin() + static_cast<std::ptrdiff_t>(first),
                       scenarios.begin() +
                           static_cast<std::ptrdiff_t>(std::min(first + most_cells, scenarios.size()))});
    }
    footnotes();
    return std::move(tables_);
  }

 private:
  using Names = std::vector<std::string>;
  using Cells = std::vector<const StudyCell*>;
  using Show = std::string (Builder::*)(const StudyCell&);

  void heading() {
    tables_.heading =
        fmt::format("{} · {} profile · {} repeat{} · order seed {} · {}", result_.name, result_.profile,
                    result_.repeats, result_.repeats == 1 ? "" : "s", result_.order_seed, result_.started_at);
    tables_.machine = result_.machine;
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
    tables_.tables.push_back({metric == Metric::rps ? "Requests per second (higher is better)"
                                                    : "Mean response time in milliseconds (lower is better)",
                              scenarios,
                              {}});
    for (const auto& target : result_.targets)
      if (target.role != Role::ceiling) rows(target, scenarios);
    const bool ceiling = std::any_of(result_.targets.begin(), result_.targets.end(),
                                     [](const auto& target) { return target.role == Role::ceiling; });
    if (ceiling) add({TableRow::Kind::rule, ""});
    for (const auto& target : result_.targets)
      if (target.role == Role::ceiling) rows(target, scenarios);
  }

  void add(TableRow row) { tables_.tables.back().rows.push_back(std::move(row)); }

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
      shown_.insert(target.name);
      means(target.name, cells);
      row("min–max", cells, &Builder::range);
      spread(cells);
      if (target.name != result_.baseline) row("x " + result_.baseline, cells, &Builder::ratio);
    } else {
      const bool tried = std::any_of(result_.runs.begin(), result_.runs.end(),
                                     [&](const StudyRun& run) { return run.target == target.name; });
      add({TableRow::Kind::note,
           target.name,
           {},
           !tried      ? "not run"
           : explained ? "nothing to show, see above"
                       : ""});
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
      add({TableRow::Kind::reason, "", {}, fmt::format("failed ({}): {}", repeats, reason)});
  }

  void means(const std::string& name, const Cells& cells) {
    TableRow row{TableRow::Kind::target, name};
    for (const StudyCell* cell : cells) {
      const auto summary = cell != nullptr ? saturn::study::summary_of(*cell) : std::nullopt;
      row.cells.push_back({summary ? figure(summary->mean) : "–", cell != nullptr ? symbols_of(*cell) : ""});
      crowded_ |= row.cells.back().marks.ends_with('+');
    }
    add(std::move(row));
  }

  /// A row with one value in each column; left out where no column has one.
  void row(const std::string& label, const Cells& cells, Show show) {
    TableRow row{TableRow::Kind::detail, label};
    bool any = false;
    for (const StudyCell* cell : cells) {
      row.cells.push_back({cell != nullptr ? (this->*show)(*cell) : "", ""});
      any |= !row.cells.back().text.empty();
    }
    if (any) add(std::move(row));
  }

  /// The standard deviation, with n in the label where it is the same in every column, else below it.
  void spread(const Cells& cells) {
    std::set<std::size_t> counts;
    for (const StudyCell* cell : cells)
      if (const auto summary = cell != nullptr ? saturn::study::summary_of(*cell) : std::nullopt)
        counts.insert(summary->count);
    const std::size_t most = counts.empty() ? 0 : *counts.rbegin();
    const bool same = counts.size() == 1;
    deviations_ |= most > 1;
    row(same ? fmt::format("sd (n = {})", most) : "sd", cells, &Builder::deviation);
    if (!same || (most == 1 && result_.repeats > 1)) row("n", cells, &Builder::count);
  }

  std::string range(const StudyCell& cell) {
    const auto summary = saturn::study::summary_of(cell);
    if (!summary || summary->count < 2) return "";
    return figure(summary->min) + "–" + figure(summary->max);
  }

  std::string deviation(const StudyCell& cell) {
    const auto summary = saturn::study::summary_of(cell);
    return summary && summary->stddev ? figure(*summary->stddev) : "";
  }

  std::string count(const StudyCell& cell) {
    const auto summary = saturn::study::summary_of(cell);
    return summary ? std::to_string(summary->count) : "";
  }

  std::string ratio(const StudyCell& cell) {
    const Ratio ratio = ratio_to_baseline(result_, cell);
    if (!ratio.measured) return "";
    ratios_ = true;
    const std::string measured = fmt::format("{:.2f}", *ratio.measured);
    if (!ratio.published) return measured;
    published_ = true;
    return measured + fmt::format(" ({:.2f})", *ratio.published);
  }

  void footnotes() {
    auto& notes = tables_.footnotes;
    if (ratios_)
      notes.push_back(
          fmt::format("x {}: ratio to it on this machine{}. Ratios travel between machines, absolute "
                      "numbers don't.",
                      result_.baseline, published_ ? ", in brackets as published" : ""));
    if (deviations_) notes.emplace_back("sd: sample standard deviation over the n repeats that count");
    for (const auto& known : kMarks) {
      const std::string where = places(known.mark);
      if (!where.empty()) notes.push_back(fmt::format("{} {} – {}", known.symbol, known.meaning, where));
    }
    if (crowded_) notes.emplace_back("+ more marks than fit beside the number: the lines above name them");
    for (const auto& note : result_.notes) notes.push_back(note);
  }

  /// "django-drf: hello 97%/95%, echo 96%; flask-sqlite3: …": one figure for each repeat that has the
  /// mark.
  std::string places(std::string_view mark) const {
    std::string all;
    std::set<std::string> single;  // one user has one connection, so one worker: nothing to tell apart
    for (const auto& target : result_.targets) {
      if (!shown_.contains(target.name)) continue;
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

  const StudyResult& result_;
  StudyTables tables_;
  std::set<std::string> explained_;  ///< targets whose failures have been told in an earlier table
  std::set<std::string> shown_;      ///< targets with numbers
  bool ratios_ = false, published_ = false, deviations_ = false, crowded_ = false;
};

}  // namespace

std::string figure(double value) {
  if (value < 0.9995) return fmt::format("{:.3f}", value);
  if (value < 9.995) return fmt::format("{:.2f}", value);
  if (value < 999.95) return fmt::format("{:.1f}", value);
  return text::count(static_cast<std::uint64_t>(std::llround(value)));
}

std::string symbols_of(const StudyCell& cell) {
  std::string found;
  for (const auto& known : kMarks)
    if (std::any_of(cell.samples.begin(), cell.samples.end(),
                    [&](const auto& sample) { return sample.counted && has(sample, known.mark); }))
      found += known.symbol;
  return found.size() > kMarkColumns ? found.substr(0, kMarkColumns - 1) + "+" : found;
}

StudyTables study_tables(const StudyResult& result, std::size_t most_cells) {
  return Builder(result).build(most_cells);
}

}  // namespace saturn::study
