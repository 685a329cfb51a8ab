#include "core/result/report_latency.hpp"

#include <fmt/format.h>

#include <array>

namespace saturn {
namespace {

using text::Item;
using text::Page;
using text::Paint;

constexpr std::size_t kName = 18;  ///< "  waited in saturn"
/// Four digits and a comma fit 6 columns, five 7: the rare large ones have room, the others leave it to the
/// names.
constexpr std::array<std::size_t, 9> kWidths = {6, 6, 6, 6, 6, 7, 7, 7, 7};
constexpr std::size_t kP99 = 5;

struct Row {
  std::string_view name, key;
  const MaybeDistribution& value;
  std::string meaning;
  bool may_be_as_above = false;  ///< left out where its figures are those of the row above
};

std::vector<std::string> cells(const Distribution& d, const text::TimeUnit& unit) {
  const std::array values = {d.min_us, d.p50_us,   d.p75_us,    d.p90_us, d.p95_us,
                             d.p99_us, d.p99_9_us, d.p99_99_us, d.max_us};
  std::vector<std::string> row;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const bool shown = d.count > 1 || values.size() - 1 == i;  // of a single value there are no percentiles
    row.push_back(shown ? text::time_cell(values[i], unit, kWidths[i]) : std::string(kWidths[i], ' '));
  }
  return row;
}

std::vector<Row> rows_of(const ScenarioResult& s) {
  static const MaybeDistribution none;
  const bool due = s.latency_from == "due";
  const std::string end =
      s.latency_source == "user" ? "to the last byte, as user space saw it" : "to the answer's last byte";
  return {{"latency", "latency_us", s.latency, fmt::format("from {} {}", due ? "the due time" : "send", end)},
          {"latency (ok)", "latency_ok_us", s.latency_ok, "of ok answers only"},
          {"service", "service_us", s.schedule ? s.service : none, "from send " + end, true},
          {"first byte", "ttfb_us", s.ttfb, "from send to the answer's first byte", true},
          {"connect", "connect_us", s.connect, "to open a connection"},
          {"sent late by", "lag_us", s.lag, due ? "after it was due" : "after the answer before it"},
          {"waited in saturn", "observe_us", s.observe, "from arrival until saturn looked"}};
}

void write_row(Page& page, std::string_view name, const std::vector<std::string>& cells,
               const text::TimeUnit& unit, bool headline) {
  std::string before = text::left(fmt::format("  {}", name), kName), after;
  for (std::size_t i = 0; i < kP99; ++i) before += cells[i];
  for (std::size_t i = kP99 + 1; i < cells.size(); ++i) after += cells[i];
  page.row({{before},
            {cells[kP99], headline ? Paint::bold : Paint::plain},
            {fmt::format("{} {}", after, unit.name)}});
}

}  // namespace

void write_latency_table(Page& page, const ScenarioResult& s) {
  if (!s.latency && !s.connect) return;
  page.blank();
  page.row({{std::string(kName, ' ') + "   min   p50   p75   p90   p95    p99  p99.9 p99.99    max"}});
  std::vector<std::string> meanings, above;
  std::string_view above_name;
  for (const Row& row : rows_of(s)) {
    if (!row.value) continue;
    const text::TimeUnit unit = text::time_unit(row.value->p50_us, 0);
    std::vector<std::string> figures = cells(*row.value, unit);
    figures.emplace_back(unit.name);
    const std::string key = fmt::format("{} = {}", row.name, row.key);
    if (row.may_be_as_above && figures == above) {
      meanings.push_back(fmt::format("{}: as {}", key, above_name));
      continue;
    }
    above = figures;
    above_name = row.name;
    figures.pop_back();
    write_row(page, row.name, figures, unit, row.key == "latency_us" && row.value->count > 1);
    meanings.push_back(fmt::format("{}: {}", key, row.meaning));
  }
  page.blank();
  if (s.latency && s.latency->count > 1)
    page.field("mean",
               {fmt::format("{} ± {}", text::time(s.latency->mean_us), text::time(s.latency->stddev_us))});
  if (s.latency && s.latency->clamped > 0)
    page.sentence("", fmt::format("{} above one hour", text::count(s.latency->clamped)), Paint::yellow);
  bool first = true;
  for (const std::string& meaning : meanings) {
    page.sentence(first ? "rows" : "", meaning);
    first = false;
  }
  page.blank();
}

void write_steps(Page& page, const ScenarioResult& s) {
  if (s.steps.size() < 2 || !s.latency) return;
  page.blank();
  page.row({{text::left("  step", 28) + "   completed     mean      p50      p99      max"}});
  for (const auto& step : s.steps) {
    std::string name = "  " + step.name;
    if (text::columns(name) > 28) {  // figures on a line of their own rather than a name that is cut
      page.line(name);
      name.clear();
    }
    std::string line = text::left(name, 28) + text::right(text::count(step.completed), 12);
    if (!step.latency) {
      page.row({{line}});
      continue;
    }
    const Distribution& d = *step.latency;
    const text::TimeUnit unit = text::time_unit(d.p50_us, 0);
    page.row({{line + text::time_cell(d.mean_us, unit, 9) + text::time_cell(d.p50_us, unit, 9)},
              {text::time_cell(d.p99_us, unit, 9), Paint::bold},
              {text::time_cell(d.max_us, unit, 9) + fmt::format(" {}", unit.name)}});
  }
}

void write_latency_line(Page& page, std::string_view label, const MaybeDistribution& d) {
  if (!d) return;
  if (d->count == 1) return page.field(label, {Item{text::time(d->max_us), Paint::bold}});
  page.field(label,
             {Item{"p50 " + text::time(d->p50_us)}, Item{"p90 " + text::time(d->p90_us)},
              Item{"p99 " + text::time(d->p99_us), Paint::bold}, Item{"max " + text::time(d->max_us)}});
}

}  // namespace saturn
