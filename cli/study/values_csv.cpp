// values.csv: one line a value, for spreadsheets and R.
#include <fmt/format.h>

#include "study/study_report.hpp"

namespace saturn::study {
namespace {

/// RFC 4180: quoted where it must be.
std::string field(std::string_view text) {
  if (text.find_first_of(",\"\r\n") == std::string_view::npos) return std::string(text);
  std::string quoted = "\"";
  for (const char c : text) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
  return quoted + '"';
}

}  // namespace

std::string to_csv(const StudyResult& result) {
  std::string csv = "target,scenario,repeat,metric,unit,value\n";
  for (const auto& target : result.targets) {
    for (const auto& cell : target.cells) {
      for (const auto& sample : cell.samples) {
        const auto line = [&](std::string_view metric, std::string_view unit,
                              const std::optional<double>& value) {
          if (value && sample.counted)
            csv += fmt::format("{},{},{},{},{},{:.9g}\n", field(target.name), field(cell.scenario),
                               sample.repeat, metric, unit, *value);
        };
        line(to_name(cell.metric), unit_of(cell.metric), sample.value);
        line("p50_latency", "ms", sample.p50_ms);
        line("p99_latency", "ms", sample.p99_ms);
        line("failed", "requests", static_cast<double>(sample.failed));
        line("not_ok", "requests", static_cast<double>(sample.not_ok));
        line("target_cpu", "cores", sample.target_cpu_cores);
        line("generator_cpu", "cores", sample.generator_cpu_cores);
        line("foreign_cpu", "cores", sample.foreign_cpu_cores);
        line("busiest_worker_share", "ratio", sample.busiest_worker_share);
      }
    }
  }
  return csv;
}

}  // namespace saturn::study
