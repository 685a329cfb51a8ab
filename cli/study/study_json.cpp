// saturn.study-result/1 (tools/schema/study-result.schema.json). What needs statistics is null yet.
#include <cmath>
#include <nlohmann/json.hpp>

#include "study/study_cells.hpp"
#include "study/study_report.hpp"

namespace saturn::study {
namespace {

using Json = nlohmann::ordered_json;

Json number(double value) {
  if (!std::isfinite(value)) return nullptr;
  return std::round(value * 1e6) / 1e6;
}
Json number(const std::optional<double>& value) {
  return value ? number(*value) : Json(nullptr);
}
template <class T>
Json maybe(const std::optional<T>& value) {
  return value ? Json(*value) : Json(nullptr);
}
Json text_or_null(const std::string& text) {
  return text.empty() ? Json(nullptr) : Json(text);
}
Json embedded(const std::string& json) {
  return json.empty() ? Json(nullptr) : Json::parse(json);
}

Json sample_json(const StudySample& s) {
  return {{"repeat", s.repeat},
          {"attempt", s.attempt},
          {"counted", s.counted},
          {"value", number(s.value)},
          {"rps", number(s.rps)},
          {"mean_ms", number(s.mean_ms)},
          {"p50_ms", number(s.p50_ms)},
          {"p99_ms", number(s.p99_ms)},
          {"completed", s.completed},
          {"ok", s.ok},
          {"not_ok", s.not_ok},
          {"failed", s.failed},
          {"reconnects", s.reconnects},
          {"limited_by", text_or_null(s.limited_by)},
          {"target_cpu_cores", number(s.target_cpu_cores)},
          {"busiest_worker_share", number(s.busiest_worker_share)},
          {"generator_cpu_cores", number(s.generator_cpu_cores)},
          {"foreign_cpu_cores", number(s.foreign_cpu_cores)},
          {"target_rss_max_bytes", maybe(s.target_rss_max_bytes)},
          {"marks", s.marks},
          {"file", s.file}};
}

Json cell_json(const StudyCell& cell) {
  const auto summary = summary_of(cell);
  Json samples = Json::array();
  for (const auto& sample : cell.samples) samples.push_back(sample_json(sample));
  return {{"name", cell.scenario},
          {"metric", to_name(cell.metric)},
          {"unit", unit_of(cell.metric)},
          {"better", cell.metric == Metric::rps ? "higher" : "lower"},
          {"vus", cell.vus},
          {"iterations", maybe(cell.iterations)},
          {"duration_s", maybe(cell.duration_s)},
          {"mean", summary ? number(summary->mean) : Json(nullptr)},
          {"min", summary ? number(summary->min) : Json(nullptr)},
          {"max", summary ? number(summary->max) : Json(nullptr)},
          {"stddev", summary ? number(summary->stddev) : Json(nullptr)},
          {"ci95", nullptr},
          {"published", number(cell.published)},
          {"samples", std::move(samples)}};
}

Json target_json(const StudyTarget& target) {
  Json settings = Json::object(), cells = Json::array();
  for (const auto& setting : target.settings)
    settings[setting.name] = setting.number ? Json::parse(setting.text) : Json(setting.text);
  for (const auto& cell : target.cells) cells.push_back(cell_json(cell));
  Json application = nullptr;
  if (target.application)
    application = {{"sha256", target.application->sha256}, {"files", target.application->files}};
  return {{"name", target.name},
          {"role", to_name(target.role)},
          {"launcher", target.launcher},
          {"versions", target.versions},
          {"environment", text_or_null(target.environment)},
          {"application", std::move(application)},
          {"settings", std::move(settings)},
          {"scenarios", std::move(cells)}};
}

Json environment_json(const StudyEnvironment& environment) {
  return {{"requirements", environment.requirements},
          {"sha256", environment.sha256},
          {"python", environment.python},
          {"packages", environment.packages}};
}

Json run_json(const StudyRun& run) {
  return {{"target", run.target},           {"repeat", run.repeat}, {"attempt", run.attempt},
          {"file", text_or_null(run.file)}, {"ok", run.ok},         {"reason", run.reason}};
}

}  // namespace

std::string to_json(const StudyResult& result) {
  Json targets = Json::array(), runs = Json::array(), environments = Json::array();
  for (const auto& environment : result.environments) environments.push_back(environment_json(environment));
  for (const auto& target : result.targets) targets.push_back(target_json(target));
  for (const auto& run : result.runs) runs.push_back(run_json(run));
  const Json document = {
      {"schema", "saturn.study-result/1"},
      {"name", result.name},
      {"profile", result.profile},
      {"started_at", result.started_at},
      {"elapsed_s", number(result.elapsed_s)},
      {"interrupted", result.interrupted},
      {"balanced", result.balanced},
      {"saturn", embedded(result.saturn_json)},
      {"host", embedded(result.host_json)},
      {"machine", result.machine},
      {"cpus", result.cpus},
      {"repeats", result.repeats},
      {"order", result.order},
      {"order_seed", result.order_seed},
      {"baseline", text_or_null(result.baseline)},
      {"notes", result.notes},
      {"sha256", {{"study", text_or_null(result.study_sha256)}, {"plan", text_or_null(result.plan_sha256)}}},
      {"environments", std::move(environments)},
      {"targets", std::move(targets)},
      {"comparisons", nullptr},
      {"claims", nullptr},
      {"runs", std::move(runs)}};
  return document.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace saturn::study
