// Fixed run results of what newcomers run into: redirects, a single request, a server that closes, a flow,
// far too high a rate. For the golden files, like sample_results.hpp.
#pragma once
#include "golden/sample_results.hpp"

namespace saturn {

/// A site that only says "over there".
inline RunResult only_redirects() {
  ScenarioResult s = sample_scenario("default", 47'830);
  s.url = "http://127.0.0.1:8000/";
  s.status = {{301, 47'830}};
  return sample_run({std::move(s)});
}

/// `-n 1`: a single latency, which has no percentiles.
inline RunResult one_request() {
  ScenarioResult s = sample_scenario("default", 31);
  s.url = "http://127.0.0.1:8000/";
  Distribution one;
  one.count = 1;
  one.mean_us = one.min_us = one.p50_us = one.p75_us = one.p90_us = one.p95_us = one.p99_us = one.p99_9_us =
      one.p99_99_us = one.max_us = 312.4;
  s.vus = 1;
  s.measured_s = 0.0003124;
  s.connections = {1, 1, 0, 1, 0, 0.0004, 0, 0, 1};
  s.requests = {};
  s.requests.started = s.requests.completed = s.requests.ok = s.requests.measured = s.requests.in_window =
      s.requests.in_window_ok = 1;
  s.rps = s.ok_rps = 1 / s.measured_s;
  s.bytes_sent = 67;
  s.bytes_received = 270;
  s.latency = s.service = s.ttfb = one;
  s.latency_user = s.lag = s.observe = s.connect = one;
  s.status = {{200, 1}};
  s.steps.front().completed = 1;
  s.steps.front().latency = one;
  s.iterations = Iterations{1, 1, s.rps};
  return sample_run({std::move(s)});
}

/// HTTP/1.0: the server closes after each answer.
inline RunResult closing_server() {
  ScenarioResult s = sample_scenario("default", 4'000);
  s.connections = {50, 50, 0, 4'049, 3'999, 0.00402, 0, 0, 1};
  s.connect = sample_distribution(4'049, 120);
  return sample_run({std::move(s)});
}

/// Iterations of three requests with a schedule, and a name that fits no column.
inline RunResult flow_of_three_steps() {
  ScenarioResult s = sample_scenario("checkout", 3'000);
  s.executor = Executor::constant_arrival_rate;
  s.schedule = Schedule{100, 10'000, 1'000};
  s.latency_from = "due";
  s.requests.due = 3'000;
  s.requests.dropped = s.requests.backlog_at_stop = 0;
  s.iterations = Iterations{1'000, 990, 99.0};
  s.steps = {{"log in", 1'000, sample_distribution(1'000, 12'000)},
             {"put an item of the catalogue into the basket", 1'000, sample_distribution(1'000, 800)},
             {"pay", 990, sample_distribution(990, 8'000)}};
  return sample_run({std::move(s)});
}

/// Far more than the target can do: latencies of seconds beside service times of microseconds.
inline RunResult overload_at_two_million() {
  ScenarioResult s = sample_scenario("default", 1'500'000);
  s.executor = Executor::constant_arrival_rate;
  s.schedule = Schedule{2'000'000, 10'000, 20'000'000};
  s.latency_from = "due";
  s.requests.due = 20'000'000;
  s.requests.dropped = 0;
  s.requests.backlog_at_stop = 18'500'000;
  s.latency = sample_distribution(1'500'000, 4'600'000);
  s.service = sample_distribution(1'500'000, 900);
  s.ttfb = sample_distribution(1'500'000, 900);
  s.lag = sample_distribution(1'500'000, 45);
  s.generator.utilisation = s.shards[0].utilisation = s.shards[0].busy = 0.98;
  return sample_run({std::move(s)});
}

/// The first run of everybody: the server on the same laptop.
inline RunResult shared_machine() {
  ScenarioResult s = sample_scenario("default", 300'000);
  s.latency = s.service = sample_distribution(300'000, 160);
  s.latency_user = sample_distribution(300'000, 250);
  s.lag = sample_distribution(300'000, 30);
  s.generator.utilisation = s.shards[0].utilisation = s.shards[0].busy = 0.83;
  s.target = TargetCost{};
  s.target->source = "process group of the listener";
  s.target->cpu_s = 11.3;
  s.target->over_s = 10;
  s.target->cpu_us_per_request = 37.7;
  s.target->rss_max_bytes = 12'000'000;
  s.target->workers = 2;
  s.target->processes = {{811, "nginx", 5.7, 6'000'000}, {812, "nginx", 5.6, 6'000'000}};
  s.host_load = HostLoad{0.04, 0.02, 1.9};
  RunResult r = sample_run({std::move(s)});
  r.host.cpus_online = r.host.cpus_allowed = 2;
  judge(r);
  return r;
}

}  // namespace saturn
