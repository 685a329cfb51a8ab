// Reads a saturn.study-result/1 back, as far as the tables need it. Missing and ill-typed keys are errors
// with their place.
#include "core/json/value.hpp"
#include "core/result/json_node.hpp"
#include "study/study_report.hpp"

namespace saturn::study {
namespace {

void read_texts(const JsonNode& node, std::vector<std::string>& out) {
  node.each([&](const JsonNode& item) { item.read(out.emplace_back()); });
}

std::string read_or_empty(const JsonNode& node) {
  std::optional<std::string> text;
  node.read(text);
  return text.value_or("");
}

template <class Name>
void read_name(const JsonNode& node, Name& out, std::initializer_list<Name> known) {
  std::string text;
  node.read(text);
  for (const Name name : known) {
    if (text != to_name(name)) continue;
    out = name;
    return;
  }
  if (node.value() != nullptr) node.complain("is no name that is known here");
}

StudySample read_sample(const JsonNode& node) {
  StudySample sample;
  node["repeat"].read(sample.repeat);
  node["attempt"].read(sample.attempt);
  node["counted"].read(sample.counted);
  node["value"].read(sample.value);
  node.added("rps").read(sample.rps);
  node.added("mean_ms").read(sample.mean_ms);
  node["p50_ms"].read(sample.p50_ms);
  node["p99_ms"].read(sample.p99_ms);
  node["completed"].read(sample.completed);
  node["ok"].read(sample.ok);
  node["not_ok"].read(sample.not_ok);
  node["failed"].read(sample.failed);
  node["reconnects"].read(sample.reconnects);
  node["target_cpu_cores"].read(sample.target_cpu_cores);
  node["busiest_worker_share"].read(sample.busiest_worker_share);
  node["generator_cpu_cores"].read(sample.generator_cpu_cores);
  node["foreign_cpu_cores"].read(sample.foreign_cpu_cores);
  node["target_rss_max_bytes"].read(sample.target_rss_max_bytes);
  sample.limited_by = read_or_empty(node["limited_by"]);
  read_texts(node["marks"], sample.marks);
  node["file"].read(sample.file);
  return sample;
}

StudyCell read_cell(const JsonNode& node) {
  StudyCell cell;
  node["name"].read(cell.scenario);
  read_name(node["metric"], cell.metric, {Metric::rps, Metric::mean_latency});
  node["vus"].read(cell.vus);
  node["iterations"].read(cell.iterations);
  node["duration_s"].read(cell.duration_s);
  node["published"].read(cell.published);
  node["samples"].each([&](const JsonNode& sample) { cell.samples.push_back(read_sample(sample)); });
  return cell;
}

StudyTarget read_target(const JsonNode& node) {
  StudyTarget target;
  node["name"].read(target.name);
  node["launcher"].read(target.launcher);
  read_name(node["role"], target.role, {Role::stack, Role::variant, Role::ceiling});
  node["scenarios"].each([&](const JsonNode& cell) { target.cells.push_back(read_cell(cell)); });
  return target;
}

StudyRun read_run(const JsonNode& node) {
  StudyRun run;
  node["target"].read(run.target);
  node["repeat"].read(run.repeat);
  node["attempt"].read(run.attempt);
  run.file = read_or_empty(node["file"]);
  node["ok"].read(run.ok);
  node["reason"].read(run.reason);
  return run;
}

StudyResult read_study(const JsonNode& root) {
  StudyResult result;
  root["name"].read(result.name);
  root["profile"].read(result.profile);
  root["started_at"].read(result.started_at);
  root["elapsed_s"].read(result.elapsed_s);
  root["interrupted"].read(result.interrupted);
  root["balanced"].read(result.balanced);
  root["machine"].read(result.machine);
  root["cpus"].read(result.cpus);
  root["repeats"].read(result.repeats);
  read_texts(root["order"], result.order);
  root["order_seed"].read(result.order_seed);
  result.baseline = read_or_empty(root["baseline"]);
  read_texts(root["notes"], result.notes);
  root["targets"].each([&](const JsonNode& target) { result.targets.push_back(read_target(target)); });
  root["runs"].each([&](const JsonNode& run) { result.runs.push_back(read_run(run)); });
  return result;
}

}  // namespace

Result<StudyResult> study_result_from_json(std::string_view json) {
  const auto document = json::parse(json);
  if (!document) return document.errors();
  Errors errors;
  const JsonNode root(&*document, "", errors);
  std::string schema;
  root["schema"].read(schema);
  if (!schema.empty() && schema != "saturn.study-result/1")
    root["schema"].complain("is \"" + schema + "\", not saturn.study-result/1");
  if (!errors.empty()) return errors;
  StudyResult result = read_study(root);
  if (!errors.empty()) return errors;
  return result;
}

}  // namespace saturn::study
