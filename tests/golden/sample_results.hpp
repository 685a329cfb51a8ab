// Fixed run results for the golden files of the reports. Figures are invented but balance, except where the
// case is that they don't.
#pragma once
#include "core/result/merge.hpp"
#include "core/result/verdict.hpp"

namespace saturn {

inline Distribution sample_distribution(std::uint64_t count, double scale_us) {
  Distribution d;
  d.count = count;
  d.mean_us = 1.045 * scale_us;
  d.stddev_us = 0.0901 * scale_us;
  d.min_us = 0.08 * scale_us;
  d.p50_us = 1.02 * scale_us;
  d.p75_us = 1.09 * scale_us;
  d.p90_us = 1.14 * scale_us;
  d.p95_us = 1.17 * scale_us;
  d.p99_us = 1.21 * scale_us;
  d.p99_9_us = 1.4002 * scale_us;
  d.p99_99_us = 1.51 * scale_us;
  d.max_us = 1.5204 * scale_us;
  d.histogram = "HISTFAAAABh42pNpmSzMwMDAyAABzFCaEUoz2X+AsQA/awKA";
  return d;
}

/// A shard that measured for 10 s and was nearly idle.
inline ShardFacts sample_shard(int cpu, std::uint64_t completed, double ended_s) {
  ShardFacts shard;
  shard.cpu = cpu;
  shard.completed = completed;
  shard.ended_s = ended_s;
  shard.wall_s = 10.0002;
  shard.utilisation = shard.busy = 0.031;
  shard.run_queue_wait_s = 0.0012;
  if (cpu >= 0) shard.steal = 0.001;
  shard.context_switches = 10;
  shard.involuntary_switches = 2;
  return shard;
}

/// 10 s of constant-vus with every answer ok.
inline ScenarioResult sample_scenario(const std::string& name, std::uint64_t completed) {
  ScenarioResult s;
  s.name = name;
  s.url = "http://127.0.0.1:8000/" + name;
  s.measured_s = 10;
  s.vus = 50;
  s.connections = {50, 50, 0, 50, 0, 0.00402, 0, 0, 1};
  s.requests.started = s.requests.completed = s.requests.ok = completed;
  s.requests.measured = completed;
  s.requests.in_window = s.requests.in_window_ok = completed - 30;
  s.rps = s.ok_rps = static_cast<double>(completed - 30) / 10;
  s.bytes_sent = completed * 67;
  s.bytes_received = completed * 270;
  s.latency_source = "kernel-rx";
  s.latency = s.service = sample_distribution(completed, 10'000);
  s.latency_user = sample_distribution(completed, 10'005);
  s.lag = sample_distribution(completed, 5);
  s.observe = sample_distribution(completed, 4);
  s.ttfb = sample_distribution(completed, 9'900);
  s.connect = sample_distribution(50, 120);
  s.status = {{200, completed}};
  s.iterations = Iterations{completed, completed, s.rps};
  s.steps = {{"GET /" + name, completed, s.latency}};
  s.series = {{0, 1, 4790.5, 10'200, 12'100, 0, 0, 50}, {1, 1, 0, std::nullopt, std::nullopt, 0, 0, 50}};
  s.shards = {sample_shard(1, completed, 10.004)};
  s.generator.shards = 1;
  s.generator.cpu_s = 0.31;
  s.generator.cpu_us_per_request = 310'000.0 / static_cast<double>(completed);
  s.generator.utilisation = 0.031;
  s.generator.run_queue_wait_s = 0.0012;
  s.generator.steal = 0.001;
  s.generator.context_switches = 10;
  s.generator.involuntary_switches = 2;
  s.generator.completions_per_turn = 10.5;
  s.generator.completions_most = 50;
  s.generator.bytes_sent = s.bytes_sent;
  s.generator.bytes_received = s.bytes_received;
  s.generator.turns = 9000;
  s.generator.batches = 8900;
  return s;
}

/// A run of these scenarios with its ledger and the facts of an imaginary machine.
inline RunResult sample_run(std::vector<ScenarioResult> scenarios) {
  RunResult r;
  r.build = {"0.1.0", "abc1234", "gnu 12.2.0"};
  r.transport = {"uring", "", {"SINGLE_ISSUER", "DEFER_TASKRUN"}, {"RECVMSG_MULTISHOT", "PBUF_RING"}};
  r.host = {"6.18.0", "Imaginary CPU", "docker", 12, 11, std::nullopt, 16'777'216'000};
  r.host.physical_cores = 6;
  r.host.threads_per_core = 2;
  r.argv = {"saturn", "run", "http://127.0.0.1:8000/hello", "-c", "50"};
  r.labels = {{"branch", "main"}, {"note", "läuft"}};
  r.seed = 7;
  r.run_id = "01JD2";
  r.started_at = "2026-11-23T08:00:00.123456Z";
  r.ended_at = "2026-11-23T08:00:10.143456Z";
  r.elapsed_s = 10.02;
  r.address = "127.0.0.1:8000";
  r.target_here = true;
  r.plan_json = R"({"schema":"saturn.plan/1","base_url":"http://127.0.0.1:8000","gap":"3s"})";
  for (const auto& s : scenarios)
    for (auto check : check_ledger(s, s.latency ? s.latency->count : 0)) {
      if (scenarios.size() > 1) check.name = s.name + ": " + check.name;
      r.ledger.push_back(check);
    }
  r.generator = scenarios.empty() ? GeneratorCost{} : scenarios.front().generator;
  r.generator.rss_max_bytes = 20'000'000;
  r.scenarios = std::move(scenarios);
  judge(r);
  return r;
}

inline RunResult fast_ok_run() {
  return sample_run({sample_scenario("hello", 47'830)});
}

inline ScenarioResult scenario_with_not_ok() {
  ScenarioResult s = sample_scenario("echo", 47'830);
  s.warmup_s = 1;
  s.requests.warmup = 4'830;
  s.requests.measured = 43'000;
  s.requests.ok = 41'000;
  s.requests.not_ok = 6'830;
  s.rps = 4297;
  s.ok_rps = 3684.5;
  s.requests.in_window = 42'970;
  s.requests.in_window_ok = 36'845;
  s.latency = s.service = sample_distribution(43'000, 52);
  s.latency->max_us = 2'345.678;
  s.latency_user = sample_distribution(43'000, 56);
  s.lag = sample_distribution(43'000, 4.5);
  s.latency_ok = sample_distribution(36'850, 54);
  s.ttfb = sample_distribution(43'000, 50);
  s.status = {{200, 42'000}, {404, 1'000}, {500, 4'830}};
  s.checks = {{"status is 200", 42'000, 5'830}, {"json equals request", 46'830, 1'000}};
  s.steps.front() = {"POST /echo", 43'000, s.latency};
  return s;
}

inline RunResult not_ok_responses() {
  return sample_run({scenario_with_not_ok()});
}

inline ScenarioResult scenario_with_failures() {
  ScenarioResult s = sample_scenario("items", 9'000);
  s.requests.started = 9'042;
  s.requests.failed = 40;
  s.requests.in_flight_at_stop = 2;
  s.requests.retried = 3;
  s.connections = {50, 45, 5, 71, 26, 1.2, 4, 1, 0};
  s.errors[static_cast<std::size_t>(Failure::connect_refused)] = 5;
  s.errors[static_cast<std::size_t>(Failure::response_timeout)] = 4;
  s.errors[static_cast<std::size_t>(Failure::reset)] = 30;
  s.errors[static_cast<std::size_t>(Failure::malformed)] = 1;
  s.latency->max_us = 31'000'000;
  s.latency->clamped = 1;
  s.generator.shards = 2;
  s.generator.buffers_short = 12;
  s.generator.throttled = Throttling{3, 0.0625};
  s.generator.steal.reset();
  s.shards = {sample_shard(1, 4'500, 10.1), sample_shard(-1, 4'500, 9.9)};
  return s;
}

inline RunResult failures_of_several_kinds() {
  RunResult r = sample_run({scenario_with_failures()});
  r.notes = {
      "only 1,000 of 5,000 connections fit the limit of file descriptors: raise it with ulimit -n 6000 and "
      "run again"};
  return r;
}

inline RunResult interrupted_run() {
  ScenarioResult s = sample_scenario("hello", 15'000);
  s.measured_s = 3.139;
  s.rps = s.ok_rps = 14'970 / 3.139;
  s.requests.started += 50;
  s.requests.in_flight_at_stop = 50;
  RunResult r = sample_run({std::move(s)});
  r.interrupted = true;
  r.elapsed_s = 3.2145;
  return r;
}

/// As an older version wrote it: without a verdict and arrival stamps.
inline RunResult unbalanced_run() {
  ScenarioResult s = sample_scenario("hello", 47'830);
  s.requests.started += 1;
  s.iterations.reset();
  s.status[200] -= 30;
  s.latency_source = "user";
  s.latency_user.reset();
  s.observe.reset();
  RunResult r = sample_run({std::move(s)});
  r.scenarios[0].verdict.reset();
  r.verdict.reset();
  return r;
}

/// More connections than one shard can serve: the answers wait in the kernel.
inline RunResult busy_generator() {
  ScenarioResult s = sample_scenario("hello", 1'600'000);
  s.bytes_discarded = s.bytes_received / 4;
  s.vus = 64;
  s.connections.requested = s.connections.established = s.connections.opened_total = 64;
  s.latency = s.service = sample_distribution(1'600'000, 30);
  s.latency_user = sample_distribution(1'600'000, 275);
  s.lag = sample_distribution(1'600'000, 260);
  s.observe = sample_distribution(1'600'000, 245);
  s.turnaround_mean_us = s.lag->mean_us;
  s.generator.inexact_sends = 900;
  s.send_uncertainty = sample_distribution(880, 2'900);
  s.freezes = Freezes{1, 0.0231, 0.0231, 0.002};
  s.ttfb = sample_distribution(1'600'000, 29);
  s.generator.utilisation = s.shards[0].utilisation = s.shards[0].busy = 0.97;
  s.shards[0].run_queue_wait_s = 0.25;
  return sample_run({std::move(s)});
}

/// An open loop whose rate was reached, by a shard that spins.
inline RunResult load_reached() {
  ScenarioResult s = sample_scenario("hello", 10'000);
  s.executor = Executor::constant_arrival_rate;
  s.latency_from = "due";
  s.requests.due = 10'000;
  s.requests.dropped = s.requests.backlog_at_stop = 0;
  s.generator.wait = "spin";
  s.generator.wait_reason = "asked for";
  s.generator.send_time_error = SendTimeError{160, -2.125, 0.412, 6.75, -2.5, 31.04};
  s.generator.cpu_s = 10;
  s.generator.spun_s = 9.25;
  s.generator.utilisation = s.shards[0].utilisation = 1;
  s.shards[0].busy = 0.075;
  return sample_run({std::move(s)});
}

/// Iterations of two steps, the first scenario fine, the others not.
inline RunResult several_scenarios() {
  ScenarioResult update = sample_scenario("update", 2'000);
  update.executor = Executor::shared_iterations;
  update.vus = 10;
  update.measured_s = 0.5123;
  update.rps = update.ok_rps = 2'000 / 0.5123;
  update.tail_s = 0.012;
  update.iterations = Iterations{1'000, 1'000, 1'000 / 0.5123};
  update.steps = {{"create", 1'000, sample_distribution(1'000, 12'000)},
                  {"fetch", 1'000, sample_distribution(1'000, 8'000)}};
  update.checks = {{"create: status is 201", 1'000, 0}, {"fetch: status is 200", 1'000, 0}};
  update.target = {"process group of the listener",
                   0.4638,
                   0.5123,
                   231.9,
                   90'000'000,
                   2,
                   0.91,
                   {{811, "gunicorn", 0.0018, 21'000'000},
                    {812, "gunicorn", 0.4204, 36'000'000},
                    {813, "gunicorn", 0.0416, 33'000'000}}};
  return sample_run({sample_scenario("hello", 1'247'830), std::move(update), scenario_with_not_ok(),
                     scenario_with_failures()});
}

/// A schedule that its target did not keep up with.
inline RunResult schedule_not_kept() {
  ScenarioResult s = sample_scenario("hello", 8'700);
  s.executor = Executor::constant_arrival_rate;
  s.vus = 64;
  s.schedule = Schedule{1'000, 64, 500};
  s.connections = {64, 64, 0, 64, 0, 0.004, 0, 0, 0};
  s.requests.due = 10'000;
  s.requests.dropped = 800;
  s.requests.backlog_at_stop = 500;
  s.latency_from = "due";
  s.latency_source = "kernel-rx";
  s.latency = sample_distribution(8'700, 500'000);
  s.service = sample_distribution(8'700, 65'000);
  s.lag = sample_distribution(8'700, 2);
  s.observe = sample_distribution(8'700, 9);
  s.latency_user = sample_distribution(8'700, 500'009);
  s.ttfb = sample_distribution(8'700, 64'900);
  s.generator.wait = "hybrid";
  return sample_run({std::move(s)});
}

/// Thresholds of each outcome, and answers of which none was ok.
inline RunResult thresholds_judged() {
  ScenarioResult s = sample_scenario("hello", 47'830);
  s.requests.ok = s.requests.in_window_ok = 0;
  s.requests.not_ok = s.requests.completed;
  s.ok_rps = 0;
  s.status = {{404, 47'000}, {500, 830}};
  RunResult run = sample_run({std::move(s)});
  run.thresholds = {{"p(99)<200ms", "hello", "latency", 12.1, "ms", true},
                    {"rps>1000", "hello", "rps", 4780.0, "", true},
                    {"checks rate==1", "hello", "checks", std::nullopt, "", false},
                    {"ok_rps>=0.5/s", "hello", "ok_rps", 0.0, "/s", false}};
  return run;
}

inline RunResult nothing_completed() {
  ScenarioResult s;
  s.name = "hello";
  s.url = "http://127.0.0.1:8000/hello";
  s.executor = Executor::per_vu_iterations;
  s.vus = 50;
  s.connections = {50, 0, 50, 0, 0, 0.0004, 50, 0, 0};
  s.requests.started = s.requests.failed = 1'150;
  s.errors[static_cast<std::size_t>(Failure::connect_refused)] = 1'150;
  s.steps = {{"GET /hello", 0, std::nullopt}};
  s.shards = {sample_shard(1, 0, 0)};
  s.generator.shards = 1;
  s.generator.cpu_s = 0.01;
  s.generator.utilisation = 0.005;
  return sample_run({std::move(s)});
}

}  // namespace saturn
