// A study with invented figures: two stacks, a variant and the ceiling, two repeats, one failed run and every
// mark. Used by study_report_test and study_schema_test.
#pragma once
#include <string>
#include <utility>
#include <vector>

#include "study/study_result.hpp"

namespace saturn::study {

inline StudySample study_sample(unsigned repeat, double value, std::vector<std::string> marks = {}) {
  StudySample sample;
  sample.repeat = repeat;
  sample.value = value;
  sample.p50_ms = 5;
  sample.p99_ms = 12.5;
  sample.completed = sample.ok = 1000;
  sample.target_cpu_cores = 1.5;
  sample.generator_cpu_cores = 0.1;
  sample.foreign_cpu_cores = 0.05;
  sample.busiest_worker_share = 0.55;
  sample.target_rss_max_bytes = 90'000'000;
  sample.marks = std::move(marks);
  return sample;
}

inline StudyCell study_cell(const std::string& scenario, Metric metric, std::optional<double> published,
                            std::vector<StudySample> samples) {
  StudyCell cell;
  cell.scenario = scenario;
  cell.metric = metric;
  cell.vus = scenario == "delete" ? 1 : 10;
  if (metric == Metric::rps)
    cell.duration_s = 10;
  else
    cell.iterations = 1000;
  cell.published = published;
  cell.samples = std::move(samples);
  return cell;
}

inline StudyResult sample_study() {
  StudyResult result;
  result.name = "python-web";
  result.profile = "quick";
  result.started_at = "2026-11-23T08:00:00.000000Z";
  result.baseline = "flask-sqlite3";
  result.elapsed_s = 412.5;
  result.machine = "Imaginary CPU · 2 CPUs · 8 GB · kernel 6.1";
  result.cpus = 2;
  result.repeats = 2;
  result.order_seed = 7;
  result.notes = {"Python 3.12.1 instead of 3.11, which the study names: compare with care"};

  auto one_worker = study_sample(1, 4000, {std::string(mark::kOneWorker)});
  one_worker.busiest_worker_share = 0.97;
  auto failures = study_sample(2, 20, {std::string(mark::kFailures)});
  failures.completed = 990;
  failures.ok = 988;
  failures.not_ok = 2;
  failures.failed = 10;
  auto foreign = study_sample(1, 2.0, {std::string(mark::kForeignLoad), std::string(mark::kOneWorker)});
  foreign.foreign_cpu_cores = 0.4;
  auto lost = study_sample(2, 9'999'999, {std::string(mark::kNotVerified)});
  lost.counted = false;

  result.targets = {
      {"fastapi-sqlite3",
       Role::stack,
       "process",
       {{"python", "3.11.7"}},
       {{"workers", "2", true}, {"event_loop", "uvloop", false}},
       {study_cell("hello", Metric::rps, 4783, {study_sample(1, 9000), study_sample(2, 9500)}),
        study_cell("create", Metric::mean_latency, 78.6, {study_sample(1, 18), failures}),
        study_cell("delete", Metric::mean_latency, 9.0, {foreign, study_sample(2, 2.2)})}},
      {"flask-sqlite3",
       Role::stack,
       "process",
       {},
       {},
       {study_cell("hello", Metric::rps, 2700, {one_worker, lost}),
        study_cell("create", Metric::mean_latency, 111.3, {study_sample(1, 16)}),
        study_cell("delete", Metric::mean_latency, 9.3, {study_sample(1, 1.7)})}},
      {"django-drf",
       Role::stack,
       "process",
       {},
       {},
       {study_cell("hello", Metric::rps, 1660, {}), study_cell("create", Metric::mean_latency, 99.6, {})}},
      {"fastapi-sqlite3-h11",
       Role::variant,
       "process",
       {},
       {},
       {study_cell("hello", Metric::rps, std::nullopt, {study_sample(1, 5000), study_sample(2, 5000)})}},
      {"native",
       Role::ceiling,
       "process",
       {},
       {},
       {study_cell("hello", Metric::rps, std::nullopt, {study_sample(1, 98'000), study_sample(2, 99'000)}),
        study_cell("create", Metric::mean_latency, std::nullopt, {study_sample(1, 3.25)})}}};
  for (const auto& target : result.targets)
    for (const unsigned repeat : {1U, 2U}) {
      result.order.push_back(target.name);
      result.runs.push_back(
          {target.name, repeat, 1, "runs/" + target.name + "-" + std::to_string(repeat) + ".json", true, ""});
    }
  result.runs[3].ok = false;
  result.runs[3].reason = "update: read back, /items/7 does not hold what was written";
  for (const std::size_t run : {4U, 5U}) {
    result.runs[run].ok = false;
    result.runs[run].file = "";
    result.runs[run].reason =
        "ended before it was ready: exit code 1, its last words: No module named 'django'";
  }
  return result;
}

}  // namespace saturn::study
