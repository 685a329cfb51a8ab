// saturn.result/1 as JSON: key names are the contract (tools/schema/result.schema.json), what was not
// measured is null. Tested with golden files by tests/golden/report_test.cpp.
#include "core/result/json_figures.hpp"
#include "core/result/report.hpp"
#include "core/result/report_json_verdict.hpp"

namespace saturn {
namespace {

using namespace json_figures;  // NOLINT(google-build-using-namespace)

Json distribution(const MaybeDistribution& maybe_distribution) {
  if (!maybe_distribution) return nullptr;
  const Distribution& d = *maybe_distribution;
  return {{"count", d.count},
          {"mean", micros(d.mean_us)},
          {"stddev", micros(d.stddev_us)},
          {"min", micros(d.min_us)},
          {"p50", micros(d.p50_us)},
          {"p75", micros(d.p75_us)},
          {"p90", micros(d.p90_us)},
          {"p95", micros(d.p95_us)},
          {"p99", micros(d.p99_us)},
          {"p99_9", micros(d.p99_9_us)},
          {"p99_99", micros(d.p99_99_us)},
          {"max", micros(d.max_us)},
          {"clamped", d.clamped}};
}

Json histogram(const MaybeDistribution& d) {
  if (!d || d->histogram.empty()) return nullptr;
  return {{"encoding", "HdrHistogram V2 compressed base64"}, {"unit", "ns"}, {"data", d->histogram}};
}

Json connections(const Connections& c) {
  return {{"requested", c.requested},   {"established", c.established},  {"failed", c.failed},
          {"refused", c.refused},       {"timed_out", c.timed_out},      {"opened_total", c.opened_total},
          {"reconnects", c.reconnects}, {"setup_s", seconds(c.setup_s)}, {"probes", c.probes}};
}

Json iterations(const Iterations& i) {
  return {{"started", i.started}, {"completed", i.completed}, {"per_s", maybe(i.per_s, micros)}};
}

Json schedule(const std::optional<Schedule>& s) {
  if (!s) return nullptr;
  return {{"rate", figure(s->rate)}, {"max_in_flight", s->max_in_flight}, {"backlog", s->backlog}};
}

Json requests(const Counts& c) {
  return {{"due", maybe(c.due)},
          {"started", c.started},
          {"completed", c.completed},
          {"ok", c.ok},
          {"not_ok", c.not_ok},
          {"failed", c.failed},
          {"dropped", maybe(c.dropped)},
          {"in_flight_at_stop", c.in_flight_at_stop},
          {"backlog_at_stop", maybe(c.backlog_at_stop)},
          {"retried", c.retried},
          {"warmup", c.warmup},
          {"measured", c.measured},
          {"in_window", c.in_window},
          {"in_window_ok", c.in_window_ok}};
}

Json calibration(const CalibratedShare& c) {
  return {{"rps_per_shard", micros(c.rps_per_shard)}, {"share", figure(c.share)}, {"date", c.date}};
}

Json send_time_error(const SendTimeError& e) {
  return {{"samples", e.samples},    {"p1", micros(e.p1_us)},   {"p50", micros(e.p50_us)},
          {"p99", micros(e.p99_us)}, {"min", micros(e.min_us)}, {"max", micros(e.max_us)}};
}

Json throttled(const std::optional<Throttling>& t) {
  if (!t) return nullptr;
  return {{"periods", t->periods}, {"time_s", seconds(t->seconds)}};
}

Json generator(const GeneratorCost& g) {
  return {{"shards", g.shards},
          {"cpu_s", seconds(g.cpu_s)},
          {"spun_s", seconds(g.spun_s)},
          {"cpu_us_per_request", maybe(g.cpu_us_per_request, micros)},
          {"utilisation", figure(g.utilisation)},
          {"run_queue_wait_s", maybe(g.run_queue_wait_s, seconds)},
          {"steal", maybe(g.steal, figure)},
          {"throttled", throttled(g.throttled)},
          {"context_switches", g.context_switches},
          {"involuntary_switches", g.involuntary_switches},
          {"turns", g.turns},
          {"completions_per_turn", maybe(g.completions_per_turn, figure)},
          {"completions_most", g.completions_most},
          {"batches", g.batches},
          {"bytes", {{"sent", g.bytes_sent}, {"received", g.bytes_received}}},
          {"buffers_short", g.buffers_short},
          {"inexact_sends", g.inexact_sends},
          {"missing_stamps", g.missing_stamps},
          {"clock_steps", g.clock_steps},
          {"stalled_timeouts", g.stalled_timeouts},
          {"send_time_error_us", maybe(g.send_time_error, send_time_error)},
          {"rss_max_bytes", known(g.rss_max_bytes)},
          {"wait", g.wait},
          {"wait_reason", g.wait_reason.empty() ? Json(nullptr) : Json(g.wait_reason)},
          {"calibration", maybe(g.calibration, calibration)}};
}

Json target(const std::optional<TargetCost>& t) {
  if (!t) return nullptr;
  Json processes = Json::array();
  for (const auto& p : t->processes)
    processes.push_back(
        {{"pid", p.pid}, {"name", p.name}, {"cpu_s", seconds(p.cpu_s)}, {"rss_bytes", known(p.rss_bytes)}});
  return {{"source", t->source},
          {"cpu_s", seconds(t->cpu_s)},
          {"over_s", seconds(t->over_s)},
          {"cpu_us_per_request", maybe(t->cpu_us_per_request, micros)},
          {"rss_max_bytes", known(t->rss_max_bytes)},
          {"workers", known(t->workers)},
          {"busiest_worker_share", maybe(t->busiest_worker_share, figure)},
          {"steal", maybe(t->steal, figure)},
          {"processes", std::move(processes)}};
}

Json freezes(const Freezes& s) {
  return {{"times", s.times},
          {"total_s", seconds(s.total_s)},
          {"longest_s", seconds(s.longest_s)},
          {"held_up_s", seconds(s.held_up_s)}};
}

Json steps(const std::vector<StepResult>& all) {
  Json list = Json::array();
  for (const auto& s : all)
    list.push_back({{"name", s.name},
                    {"completed", s.completed},
                    {"latency_us", distribution(s.latency)},
                    {"histograms", {{"latency", histogram(s.latency)}}}});
  return list;
}

Json series(const std::vector<SeriesPoint>& all) {
  Json list = Json::array();
  for (const auto& p : all)
    list.push_back({{"t_s", seconds(p.t_s)},
                    {"width_s", seconds(p.width_s)},
                    {"rps", micros(p.rps)},
                    {"p50_us", maybe(p.p50_us, micros)},
                    {"p99_us", maybe(p.p99_us, micros)},
                    {"errors", p.errors},
                    {"not_ok", p.not_ok},
                    {"in_flight", p.in_flight},
                    {"clock_step", p.clock_step}});
  return list;
}

Json status(const std::map<int, std::uint64_t>& all) {
  Json object = Json::object();
  for (const auto& [code, count] : all) object[std::to_string(code)] = count;
  return object;
}

Json errors(const std::array<std::uint64_t, kFailureKinds>& all) {
  Json object = Json::object();
  for (std::size_t i = 0; i < kFailureKinds; ++i)
    if (all[i] > 0) object[std::string(to_name(static_cast<Failure>(i)))] = all[i];
  return object;
}

Json checks(const std::vector<CheckResult>& all) {
  Json list = Json::array();
  for (const auto& c : all) list.push_back({{"name", c.name}, {"passed", c.passed}, {"failed", c.failed}});
  return list;
}

Json shards(const std::vector<ShardFacts>& all) {
  Json list = Json::array();
  for (const auto& s : all)
    list.push_back({{"cpu", s.cpu < 0 ? Json(nullptr) : Json(s.cpu)},
                    {"completed", s.completed},
                    {"ended_s", seconds(s.ended_s)},
                    {"wall_s", seconds(s.wall_s)},
                    {"utilisation", figure(s.utilisation)},
                    {"busy", figure(s.busy)},
                    {"run_queue_wait_s", maybe(s.run_queue_wait_s, seconds)},
                    {"steal", maybe(s.steal, figure)},
                    {"context_switches", s.context_switches},
                    {"involuntary_switches", s.involuntary_switches},
                    {"core", s.core ? Json(*s.core) : Json(nullptr)},
                    {"beside_target", s.beside_target}});
  return list;
}

Json scenario(const ScenarioResult& s) {
  return {
      {"name", s.name},
      {"executor", to_name(s.executor)},
      {"url", s.url},
      {"warmup_s", seconds(s.warmup_s)},
      {"measured_s", seconds(s.measured_s)},
      {"vus", s.vus},
      {"schedule", schedule(s.schedule)},
      {"connections", connections(s.connections)},
      {"requests", requests(s.requests)},
      {"iterations", maybe(s.iterations, iterations)},
      {"rps", maybe(s.rps, micros)},
      {"ok_rps", maybe(s.ok_rps, micros)},
      {"bytes", {{"sent", s.bytes_sent}, {"received", s.bytes_received}, {"discarded", s.bytes_discarded}}},
      {"latency_from", s.latency_from},
      {"latency_source", s.latency_source},
      {"latency_us", distribution(s.latency)},
      {"latency_ok_us", distribution(s.latency_ok)},
      {"latency_user_us", distribution(s.latency_user)},
      {"service_us", distribution(s.service)},
      {"ttfb_us", distribution(s.ttfb)},
      {"connect_us", distribution(s.connect)},
      {"lag_us", distribution(s.lag)},
      {"turnaround_mean_us", maybe(s.turnaround_mean_us, micros)},
      {"send_uncertainty_us", distribution(s.send_uncertainty)},
      {"freezes", maybe(s.freezes, freezes)},
      {"observe_us", distribution(s.observe)},
      {"status", status(s.status)},
      {"errors", errors(s.errors)},
      {"checks", checks(s.checks)},
      {"steps", steps(s.steps)},
      {"series", series(s.series)},
      {"shards", shards(s.shards)},
      {"tail_s", maybe(s.tail_s, seconds)},
      {"histograms",
       {{"latency", histogram(s.latency)},
        {"latency_ok", histogram(s.latency_ok)},
        {"latency_user", histogram(s.latency_user)},
        {"service", histogram(s.service)},
        {"ttfb", histogram(s.ttfb)},
        {"connect", histogram(s.connect)},
        {"lag", histogram(s.lag)},
        {"observe", histogram(s.observe)}}},
      {"dead", dead_json(s.dead)},
      {"generator", generator(s.generator)},
      {"target", target(s.target)},
      {"host_load", host_load_json(s.host_load)},
      {"verdict", verdict_json(s.verdict)}};
}

Json summary(const std::vector<ScenarioResult>& all) {
  Json object = Json::object();
  for (const auto& s : all)
    object[s.name] = {{"rps", maybe(s.rps, micros)},
                      {"ok_rps", maybe(s.ok_rps, micros)},
                      {"failed", s.requests.failed},
                      {"not_ok", s.requests.not_ok},
                      {"p50_us", s.latency ? micros(s.latency->p50_us) : Json(nullptr)},
                      {"p99_us", s.latency ? micros(s.latency->p99_us) : Json(nullptr)},
                      {"limited_by", s.verdict ? Json(to_name(s.verdict->limited_by)) : Json(nullptr)}};
  return object;
}

Json conservation(const RunResult& result) {
  Json list = Json::array();
  for (const auto& check : result.ledger)
    list.push_back({{"name", check.name}, {"left", check.left}, {"right", check.right}, {"ok", check.ok()}});
  return {{"balanced", result.balanced()}, {"checks", std::move(list)}};
}

Json thresholds(const std::vector<ThresholdResult>& all) {
  Json list = Json::array();
  for (const auto& t : all)
    list.push_back({{"expression", t.expression},
                    {"scenario", t.scenario},
                    {"metric", t.metric},
                    {"value", maybe(t.value, figure)},
                    {"unit", t.unit},
                    {"passed", t.passed}});
  return list;
}

Json build(const RunResult& r) {
  return {{"version", r.build.version},
          {"git", r.build.git},
          {"compiler", r.build.compiler},
          {"transport", r.transport.name},
          {"transport_reason", r.transport.reason},
          {"ring", {{"setup_flags", r.transport.setup_flags}, {"features", r.transport.features}}}};
}

Json host(const HostFacts& h) {
  return {{"kernel", h.kernel},
          {"cpu_model", h.cpu_model},
          {"cpus_online", known(h.cpus_online)},
          {"cpus_allowed", known(h.cpus_allowed)},
          {"physical_cores", known(h.physical_cores.value_or(0))},
          {"threads_per_core", known(h.threads_per_core.value_or(0))},
          {"cpu_quota", maybe(h.cpu_quota, figure)},
          {"memory_bytes", known(h.memory_bytes)},
          {"container", h.container}};
}

/// The redacted plan is JSON text of our own making, laid out again with the rest; nothing is read from it.
Json plan(const std::string& text) {
  Json value = text.empty() ? Json(nullptr) : Json::parse(text, nullptr, false);
  return value.is_discarded() ? Json(nullptr) : value;
}

}  // namespace

std::string to_json(const RunResult& r) {
  Json scenarios = Json::array();
  for (const auto& s : r.scenarios) scenarios.push_back(scenario(s));
  const Json document = {{"schema", "saturn.result/1"},
                         {"saturn", build(r)},
                         {"host", host(r.host)},
                         {"argv", r.argv},
                         {"labels", r.labels},
                         {"seed", r.seed},
                         {"run_id", r.run_id},
                         {"started_at", r.started_at},
                         {"ended_at", r.ended_at},
                         {"elapsed_s", seconds(r.elapsed_s)},
                         {"address", r.address},
                         {"target_here", r.target_here},
                         {"interrupted", r.interrupted},
                         {"notes", r.notes},
                         {"plan", plan(r.plan_json)},
                         {"summary", summary(r.scenarios)},
                         {"scenarios", std::move(scenarios)},
                         {"generator", generator(r.generator)},
                         {"conservation", conservation(r)},
                         {"verdict", verdict_json(r.verdict)},
                         {"thresholds", thresholds(r.thresholds)}};
  return document.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace saturn
