// values.csv and attempts.csv: one line a value, for spreadsheets and R.
#include <fmt/format.h>

#include <algorithm>

#include "study/csv_field.hpp"
#include "study/study_report.hpp"

namespace saturn::study {
namespace {

/// Where the sample's run stood in the study, from 1; 0: its run is unknown.
std::size_t order_of(const StudyResult& result, const StudyTarget& target, const StudySample& sample) {
  const auto run = std::find_if(result.runs.begin(), result.runs.end(), [&](const StudyRun& r) {
    return r.target == target.name && r.repeat == sample.repeat && r.attempt == sample.attempt;
  });
  return run == result.runs.end() ? 0 : static_cast<std::size_t>(run - result.runs.begin()) + 1;
}

std::string joined(const std::vector<std::string>& marks) {
  std::string text;
  for (const auto& mark : marks) text += (text.empty() ? "" : ";") + mark;
  return text;
}

std::string lines_of(const StudyResult& result, const StudyTarget& target, const StudyCell& cell,
                     const StudySample& sample) {
  std::string lines;
  const std::string tail = fmt::format("{},{},{},{}\n", sample.attempt, sample.counted ? "true" : "false",
                                       csv_field(joined(sample.marks)), order_of(result, target, sample));
  const auto line = [&](std::string_view metric, std::string_view unit, const std::optional<double>& value) {
    if (value)
      lines += fmt::format("{},{},{},{},{},{:.9g},{}", csv_field(target.name), csv_field(cell.scenario),
                           sample.repeat, metric, unit, *value, tail);
  };
  const bool rps_first = cell.metric == Metric::rps;
  const Metric other = rps_first ? Metric::mean_latency : Metric::rps;
  line(to_name(cell.metric), unit_of(cell.metric), sample.value);
  line(to_name(other), unit_of(other), rps_first ? sample.mean_ms : sample.rps);
  line("p50_latency", "ms", sample.p50_ms);
  line("p99_latency", "ms", sample.p99_ms);
  line("completed", "requests", static_cast<double>(sample.completed));
  line("failed", "requests", static_cast<double>(sample.failed));
  line("not_ok", "requests", static_cast<double>(sample.not_ok));
  line("target_cpu", "cores", sample.target_cpu_cores);
  line("generator_cpu", "cores", sample.generator_cpu_cores);
  line("foreign_cpu", "cores", sample.foreign_cpu_cores);
  line("busiest_worker_share", "ratio", sample.busiest_worker_share);
  return lines;
}

}  // namespace

std::string to_csv(const StudyResult& result, Samples which) {
  std::string csv = "target,scenario,repeat,metric,unit,value,attempt,counted,marks,order\n";
  for (const auto& target : result.targets)
    for (const auto& cell : target.cells)
      for (const auto& sample : cell.samples)
        if (sample.counted == (which == Samples::counted)) csv += lines_of(result, target, cell, sample);
  return csv;
}

}  // namespace saturn::study
