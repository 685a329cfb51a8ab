#include "study/record.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/result/report.hpp"

namespace saturn::study {
namespace {

using Json = nlohmann::ordered_json;

void add_watch(StudySample& sample, const ScenarioWatch& watch, unsigned cpus) {
  sample.target_cpu_cores = watch.target_cpu_cores;
  sample.generator_cpu_cores = watch.generator_cpu_cores;
  sample.foreign_cpu_cores = watch.foreign_cpu_cores;
  sample.busiest_worker_share = watch.target.busiest_worker_share;
  sample.target_rss_max_bytes = watch.target.rss_max_bytes;
  if (watch.target.busiest_worker_share.value_or(0) > kOneWorkerShare)
    sample.marks.emplace_back(mark::kOneWorker);
  if (cpus > 0 && watch.foreign_cpu_cores.value_or(0) > kForeignShare * cpus)
    sample.marks.emplace_back(mark::kForeignLoad);
  if (watch.workers_changed) sample.marks.emplace_back(mark::kWorkersChanged);
}

StudySample sample_of(const ScenarioResult& scenario, Metric metric) {
  StudySample sample;
  // Where all were ok there is no separate distribution of ok ones.
  const MaybeDistribution& latency = scenario.requests.not_ok > 0 ? scenario.latency_ok : scenario.latency;
  if (scenario.requests.ok > 0) {
    sample.rps = scenario.ok_rps;
    if (latency) sample.mean_ms = latency->mean_us / 1000;
  }
  sample.value = metric == Metric::rps ? sample.rps : sample.mean_ms;
  if (latency) sample.p50_ms = latency->p50_us / 1000;
  if (latency) sample.p99_ms = latency->p99_us / 1000;
  sample.completed = scenario.requests.completed;
  sample.ok = scenario.requests.ok;
  sample.not_ok = scenario.requests.not_ok;
  sample.failed = scenario.requests.failed;
  if (scenario.verdict) sample.limited_by = to_name(scenario.verdict->limited_by);
  sample.reconnects = scenario.connections.reconnects;
  if (sample.failed + sample.not_ok > 0) sample.marks.emplace_back(mark::kFailures);
  return sample;
}

/// "12 CPUs (6 cores × 2 threads)"; where saturn may not use all of them only their number is known.
std::string cpus_line(const HostFacts& host) {
  std::string line = fmt::format("{} CPUs", host.cpus_online);
  if (host.physical_cores && host.threads_per_core && host.cpus_allowed == host.cpus_online)
    line += fmt::format(" ({} physical {} × {} {})", *host.physical_cores,
                        *host.physical_cores == 1 ? "core" : "cores", *host.threads_per_core,
                        *host.threads_per_core == 1 ? "thread" : "threads");
  return line;
}

std::string machine_line(const HostFacts& host) {
  return fmt::format("{} · {} · {:.0f} GB · kernel {}{}{}", host.cpu_model, cpus_line(host),
                     static_cast<double>(host.memory_bytes) / 1e9, host.kernel,
                     host.container.empty() ? "" : " · in ", host.container);
}

void add_host(StudyResult& result, const RunResult& run) {
  const Json document = Json::parse(to_json(run));
  result.host_json = document.at("host").dump();
  result.saturn_json = document.at("saturn").dump();
  result.machine = machine_line(run.host);
  result.cpus = run.host.cpus_online;
}

/// Whether its time or its count was reached; a stop cuts the scenario that it meets.
bool measured_to_its_end(const ScenarioResult& scenario, const StudyCell& cell) {
  if (cell.duration_s && scenario.measured_s >= *cell.duration_s * 0.999) return true;
  const Counts& requests = scenario.requests;
  return cell.iterations && requests.completed + requests.failed >= *cell.iterations;
}

}  // namespace

std::vector<StudyTarget> empty_targets(const StudyPlan& study, const Profile& profile,
                                       const std::vector<const TargetPlan*>& targets) {
  std::vector<StudyTarget> result;
  for (const TargetPlan* plan : targets) {
    StudyTarget target{plan->name, plan->role, "", {}, plan->settings, {}};
    target.environment = plan->process.requirements.filename().string();
    for (const auto& scenario : scenarios_for(study.plan.scenarios, *plan, profile)) {
      StudyCell cell;
      cell.scenario = scenario.name;
      for (const auto& [name, metric] : study.metrics)
        if (name == scenario.name) cell.metric = metric;
      cell.vus = scenario.vus;
      cell.iterations = scenario.iterations;
      if (scenario.duration) cell.duration_s = to_seconds(*scenario.duration);
      if (const auto value = plan->published.find(scenario.name); value != plan->published.end())
        cell.published = value->second;
      target.cells.push_back(std::move(cell));
    }
    result.push_back(std::move(target));
  }
  return result;
}

void record(StudyResult& result, const RunOutcome& outcome, const std::string& target_name, unsigned repeat,
            const std::string& file) {
  result.runs.push_back({target_name, repeat, 1, file, outcome.reason.empty(), outcome.reason});
  if (!outcome.measured) return;
  result.balanced &= outcome.measured->balanced();
  if (result.host_json.empty()) add_host(result, *outcome.measured);
  const auto target = std::find_if(result.targets.begin(), result.targets.end(),
                                   [&](const StudyTarget& t) { return t.name == target_name; });
  for (std::size_t i = 0; i < outcome.measured->scenarios.size(); ++i) {
    const ScenarioResult& scenario = outcome.measured->scenarios[i];
    const auto cell = std::find_if(target->cells.begin(), target->cells.end(),
                                   [&](const StudyCell& c) { return c.scenario == scenario.name; });
    if (!measured_to_its_end(scenario, *cell)) continue;
    StudySample sample = sample_of(scenario, cell->metric);
    sample.repeat = repeat;
    sample.counted = outcome.reason.empty() || outcome.interrupted;
    sample.file = file;
    if (const auto watch = outcome.watches.find(i); watch != outcome.watches.end())
      add_watch(sample, watch->second, result.cpus);
    if (outcome.unverified.contains(scenario.name)) sample.marks.emplace_back(mark::kNotVerified);
    cell->samples.push_back(std::move(sample));
  }
}

std::string run_file(const RunOutcome& outcome, const std::string& study, const std::string& profile,
                     const std::string& target, unsigned repeat) {
  Json document = Json::parse(to_json(*outcome.measured));
  Json around = Json::object();
  for (const auto& [index, watch] : outcome.watches) {
    if (index >= outcome.measured->scenarios.size()) continue;
    around[outcome.measured->scenarios[index].name] = {
        {"wall_s", watch.wall_s},
        {"target_cpu_cores", watch.target_cpu_cores},
        {"generator_cpu_cores", watch.generator_cpu_cores},
        {"foreign_cpu_cores", watch.foreign_cpu_cores ? Json(*watch.foreign_cpu_cores) : Json(nullptr)},
        {"workers_changed", watch.workers_changed}};
  }
  document["study"] = {{"name", study},
                       {"profile", profile},
                       {"target", target},
                       {"repeat", repeat},
                       {"attempt", 1},
                       {"ok", outcome.reason.empty()},
                       {"reason", outcome.reason},
                       {"not_verified", outcome.unverified},
                       {"around", around}};
  document["warmup"] = outcome.warmup ? Json::parse(to_json(*outcome.warmup)) : Json(nullptr);
  return document.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace saturn::study
