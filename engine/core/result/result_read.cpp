// Reads a saturn.result/1 again: the mirror of report_json.cpp. Every key that is missing or of another type
// is reported with its place; keys it does not know are passed over. Tested in
// tests/unit/result_read_test.cpp and tests/golden.
#include <charconv>

#include "core/result/json_node.hpp"
#include "core/result/report.hpp"
#include "core/result/result_read_cost.hpp"
#include "core/result/result_read_verdict.hpp"

namespace saturn {
namespace {

void read(const JsonNode& node, MaybeDistribution& out, const JsonNode& histogram) {
  if (node.is_null()) return;
  Distribution& d = out.emplace();
  node["count"].read(d.count);
  node["mean"].read(d.mean_us);
  node["stddev"].read(d.stddev_us);
  node["min"].read(d.min_us);
  node["p50"].read(d.p50_us);
  node["p75"].read(d.p75_us);
  node["p90"].read(d.p90_us);
  node["p95"].read(d.p95_us);
  node["p99"].read(d.p99_us);
  node["p99_9"].read(d.p99_9_us);
  node["p99_99"].read(d.p99_99_us);
  node["max"].read(d.max_us);
  node["clamped"].read(d.clamped);
  if (!histogram.is_null()) histogram["data"].read(d.histogram);
}

void read(const JsonNode& node, Connections& c) {
  node["requested"].read(c.requested);
  node["established"].read(c.established);
  node["failed"].read(c.failed);
  node.added("refused").read(c.refused);
  node.added("timed_out").read(c.timed_out);
  node["opened_total"].read(c.opened_total);
  node["reconnects"].read(c.reconnects);
  node["setup_s"].read(c.setup_s);
  node.added("probes").read(c.probes);
}

void read(const JsonNode& node, Counts& c) {
  node["due"].read(c.due);
  node["started"].read(c.started);
  node["completed"].read(c.completed);
  node["ok"].read(c.ok);
  node["not_ok"].read(c.not_ok);
  node["failed"].read(c.failed);
  node["dropped"].read(c.dropped);
  node["in_flight_at_stop"].read(c.in_flight_at_stop);
  node["backlog_at_stop"].read(c.backlog_at_stop);
  node["retried"].read(c.retried);
  node["warmup"].read(c.warmup);
  node["measured"].read(c.measured);
  node["in_window"].read(c.in_window);
  node["in_window_ok"].read(c.in_window_ok);
}

void read(const JsonNode& node, SeriesPoint& p) {
  node["t_s"].read(p.t_s);
  node["width_s"].read(p.width_s);
  node["rps"].read(p.rps);
  node["p50_us"].read(p.p50_us);
  node["p99_us"].read(p.p99_us);
  node["errors"].read(p.errors);
  node["not_ok"].read(p.not_ok);
  node["in_flight"].read(p.in_flight);
  node.added("clock_step").read(p.clock_step);
}

void read_status(const JsonNode& node, std::map<int, std::uint64_t>& status) {
  node.members([&](const std::string& key, const JsonNode& count) {
    int code = 0;
    const auto [end, error] = std::from_chars(key.data(), key.data() + key.size(), code);
    if (error != std::errc{} || end != key.data() + key.size()) return count.complain("is no HTTP status");
    count.read(status[code]);
  });
}

void read_errors(const JsonNode& node, std::array<std::uint64_t, kFailureKinds>& errors) {
  node.members([&](const std::string& key, const JsonNode& count) {
    for (std::size_t i = 0; i < kFailureKinds; ++i)
      if (key == to_name(static_cast<Failure>(i))) return count.read(errors[i]);
    count.complain("is no kind of failure that this saturn knows");
  });
}

void read_executor(const JsonNode& node, Executor& executor) {
  std::string name;
  node.read(name);
  for (const Executor known :
       {Executor::constant_vus, Executor::per_vu_iterations, Executor::shared_iterations,
        Executor::ramping_vus, Executor::constant_arrival_rate, Executor::ramping_arrival_rate})
    if (name == to_name(known)) {
      executor = known;
      return;
    }
  if (!name.empty()) node.complain("is no executor that this saturn knows: " + name);
}

void read(const JsonNode& node, std::optional<Freezes>& out) {
  if (node.is_null()) return;
  Freezes& s = out.emplace();
  node["times"].read(s.times);
  node["total_s"].read(s.total_s);
  node["longest_s"].read(s.longest_s);
  node["held_up_s"].read(s.held_up_s);
}

void read_distributions(const JsonNode& node, ScenarioResult& s) {
  const JsonNode histograms = node["histograms"];
  read(node["latency_us"], s.latency, histograms["latency"]);
  read(node["latency_ok_us"], s.latency_ok, histograms["latency_ok"]);
  read(node["latency_user_us"], s.latency_user, histograms["latency_user"]);
  read(node["service_us"], s.service, histograms["service"]);
  read(node["ttfb_us"], s.ttfb, histograms["ttfb"]);
  read(node["connect_us"], s.connect, histograms["connect"]);
  read(node["lag_us"], s.lag, histograms["lag"]);
  read(node["observe_us"], s.observe, histograms["observe"]);
  read(node.added("freezes"), s.freezes);
  node.added("turnaround_mean_us").read(s.turnaround_mean_us);
  read(node.added("send_uncertainty_us"), s.send_uncertainty, histograms.added("send_uncertainty"));
}

void read_lists(const JsonNode& node, ScenarioResult& s) {
  node["checks"].each([&](const JsonNode& item) {
    CheckResult& check = s.checks.emplace_back();
    item["name"].read(check.name);
    item["passed"].read(check.passed);
    item["failed"].read(check.failed);
  });
  node["steps"].each([&](const JsonNode& item) {
    StepResult& step = s.steps.emplace_back();
    item["name"].read(step.name);
    item["completed"].read(step.completed);
    read(item["latency_us"], step.latency, item["histograms"]["latency"]);
  });
  node["series"].each([&](const JsonNode& item) { read(item, s.series.emplace_back()); });
  node["shards"].each([&](const JsonNode& item) {
    ShardFacts& shard = s.shards.emplace_back();
    if (const JsonNode cpu = item["cpu"]; !cpu.is_null()) cpu.read(shard.cpu);
    item["completed"].read(shard.completed);
    item["ended_s"].read(shard.ended_s);
    item.added("wall_s").read(shard.wall_s);
    item.added("utilisation").read(shard.utilisation);
    item.added("busy").read(shard.busy);
    item.added("run_queue_wait_s").read(shard.run_queue_wait_s);
    item.added("steal").read(shard.steal);
    item.added("context_switches").read(shard.context_switches);
    item.added("involuntary_switches").read(shard.involuntary_switches);
    item.added("core").read(shard.core);
    item.added("beside_target").read(shard.beside_target);
  });
}

void read(const JsonNode& node, ScenarioResult& s) {
  node["name"].read(s.name);
  read_executor(node["executor"], s.executor);
  node["url"].read(s.url);
  node["warmup_s"].read(s.warmup_s);
  node["measured_s"].read(s.measured_s);
  node["vus"].read(s.vus);
  if (const JsonNode schedule = node.added("schedule"); !schedule.is_null()) {
    Schedule& asked = s.schedule.emplace();
    schedule["rate"].read(asked.rate);
    schedule["max_in_flight"].read(asked.max_in_flight);
    schedule["backlog"].read(asked.backlog);
  }
  read(node["connections"], s.connections);
  read(node["requests"], s.requests);
  if (const JsonNode counted = node.added("iterations"); !counted.is_null()) {
    Iterations& iterations = s.iterations.emplace();
    counted["started"].read(iterations.started);
    counted["completed"].read(iterations.completed);
    counted["per_s"].read(iterations.per_s);
  }
  node["rps"].read(s.rps);
  node["ok_rps"].read(s.ok_rps);
  node["bytes"]["sent"].read(s.bytes_sent);
  node["bytes"]["received"].read(s.bytes_received);
  node["bytes"].added("discarded").read(s.bytes_discarded);
  node["latency_from"].read(s.latency_from);
  node["latency_source"].read(s.latency_source);
  read_distributions(node, s);
  read_status(node["status"], s.status);
  read_errors(node["errors"], s.errors);
  read_lists(node, s);
  node["tail_s"].read(s.tail_s);
  read_dead(node.added("dead"), s.dead);
  read_generator(node["generator"], s.generator);
  read_target(node["target"], s.target);
  read_host_load(node.added("host_load"), s.host_load);
  read_verdict(node["verdict"], s.verdict);
}

void read_strings(const JsonNode& node, std::vector<std::string>& out) {
  node.each([&](const JsonNode& item) { item.read(out.emplace_back()); });
}

void read_facts(const JsonNode& node, RunResult& r) {
  const JsonNode saturn = node["saturn"], host = node["host"];
  saturn["version"].read(r.build.version);
  saturn["git"].read(r.build.git);
  saturn["compiler"].read(r.build.compiler);
  saturn["transport"].read(r.transport.name);
  saturn["transport_reason"].read(r.transport.reason);
  read_strings(saturn["ring"]["setup_flags"], r.transport.setup_flags);
  read_strings(saturn["ring"]["features"], r.transport.features);
  host["kernel"].read(r.host.kernel);
  host["cpu_model"].read(r.host.cpu_model);
  host["cpus_online"].read_or_zero(r.host.cpus_online);
  host["cpus_allowed"].read_or_zero(r.host.cpus_allowed);
  host.added("physical_cores").read(r.host.physical_cores);
  host.added("threads_per_core").read(r.host.threads_per_core);
  host["cpu_quota"].read(r.host.cpu_quota);
  host["memory_bytes"].read_or_zero(r.host.memory_bytes);
  host["container"].read(r.host.container);
}

void read(const JsonNode& node, RunResult& r) {
  read_facts(node, r);
  read_strings(node["argv"], r.argv);
  node["labels"].members([&](const std::string& key, const JsonNode& value) { value.read(r.labels[key]); });
  node["seed"].read(r.seed);
  node["run_id"].read(r.run_id);
  node["started_at"].read(r.started_at);
  node["ended_at"].read(r.ended_at);
  node["elapsed_s"].read(r.elapsed_s);
  node["address"].read(r.address);
  node.added("target_here").read(r.target_here);
  node["interrupted"].read(r.interrupted);
  read_strings(node["notes"], r.notes);
  if (const JsonNode plan = node["plan"]; !plan.is_null()) r.plan_json = json::to_text(*plan.value());
  node["scenarios"].each([&](const JsonNode& item) { read(item, r.scenarios.emplace_back()); });
  read_generator(node["generator"], r.generator);
  read_verdict(node["verdict"], r.verdict);
  node["thresholds"].each([&](const JsonNode& item) {
    ThresholdResult& t = r.thresholds.emplace_back();
    item["expression"].read(t.expression);
    item.added("scenario").read(t.scenario);
    item.added("metric").read(t.metric);
    item["value"].read(t.value);
    item["unit"].read(t.unit);
    item["passed"].read(t.passed);
  });
  node["conservation"]["checks"].each([&](const JsonNode& item) {
    LedgerCheck& check = r.ledger.emplace_back();
    item["name"].read(check.name);
    item["left"].read(check.left);
    item["right"].read(check.right);
  });
}

/// What the document is, where it is no result of ours.
std::optional<Error> not_a_result(const json::Value& document) {
  static constexpr std::string_view kOurs = "saturn.result/1";
  const json::Value* schema = document.find("schema");
  const std::string* name = schema == nullptr ? nullptr : schema->as_string();
  if (name == nullptr && document.find("scenarios") != nullptr && document.find("summary") == nullptr)
    return Error{"", "this looks like a plan, not a result", "run it with: saturn run FILE",
                 ErrorKind::usage};
  if (name == nullptr)
    return Error{"", "this JSON is no result of saturn: it has no \"schema\": \"saturn.result/1\"",
                 "saturn run -o FILE writes results", ErrorKind::usage};
  if (*name == kOurs) return std::nullopt;
  const char* remedy = "";
  if (name->starts_with("saturn.result/"))
    remedy = "it was written by another version of saturn, whose report command reads it";
  if (name->starts_with("saturn.plan/")) remedy = "run it with: saturn run FILE";
  if (name->starts_with("saturn.study/")) remedy = "run it with: saturn study FILE";
  return Error{"/schema", "this is " + json::quoted(*name) + ", not \"saturn.result/1\"", remedy,
               ErrorKind::usage};
}

}  // namespace

Result<RunResult> from_json(std::string_view text) {
  const Result<json::Value> document = json::parse(text);
  if (!document) return document.errors();
  if (auto error = not_a_result(*document)) return *error;
  Errors errors;
  RunResult result;
  read(JsonNode(&*document, "", errors), result);
  if (!errors.empty()) return errors;
  return result;
}

}  // namespace saturn
