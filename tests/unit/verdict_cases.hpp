// Results to judge: a closed loop that waits for its target, the same without arrival stamps, an open loop
// whose rate was reached, and one that no generator would have sent. Tests change one figure.
#pragma once
#include <gtest/gtest.h>

#include <string_view>
#include <vector>

#include "core/result/verdict.hpp"

namespace saturn::test {

/// Mean and median `us`, 99th percentile `p99_us`.
inline Distribution latency_of(double us, double p99_us) {
  Distribution d;
  d.count = 10'000;
  d.mean_us = d.p50_us = us;
  d.p99_us = p99_us;
  return d;
}

/// 50 connections for 10 s, one shard on CPU 1 that is nearly idle.
inline ScenarioResult healthy() {
  ScenarioResult s;
  s.name = "hello";
  s.measured_s = 10;
  s.vus = 50;
  s.connections.requested = s.connections.established = 50;
  s.requests.started = s.requests.completed = s.requests.measured = 10'000;
  s.rps = 1000;
  s.latency_source = "kernel-rx";
  s.latency = s.service = latency_of(10'400, 12'100);
  s.latency_user = latency_of(10'404, 12'120);
  s.lag = latency_of(5, 6);
  s.observe = latency_of(4, 5);
  ShardFacts& shard = s.shards.emplace_back();
  shard.cpu = 1;
  shard.wall_s = 10;
  shard.utilisation = shard.busy = 0.031;
  shard.run_queue_wait_s = 0.001;
  shard.steal = 0;
  return s;
}

inline ScenarioResult without_stamps() {
  ScenarioResult s = healthy();
  s.latency_source = "user";
  s.latency_user.reset();
  s.observe.reset();
  return s;
}

/// 1,000/s.
inline ScenarioResult open_loop() {
  ScenarioResult s = healthy();
  s.executor = Executor::constant_arrival_rate;
  s.latency_from = "due";
  s.requests.due = 10'000;
  s.requests.dropped = s.requests.backlog_at_stop = 0;
  return s;
}

/// -R 1000000 -c 64 -d 3s: most of the arrivals wait for a slot, which the one shard has no time to fill.
inline ScenarioResult unreachable_rate() {
  ScenarioResult s = open_loop();
  s.measured_s = 3;
  s.vus = 64;
  s.connections.requested = s.connections.established = 64;
  s.requests.due = 3'000'000;
  s.requests.backlog_at_stop = 2'490'000;
  s.requests.started = s.requests.completed = s.requests.measured = 510'000;
  s.rps = 170'000;
  s.latency = latency_of(1'250'000, 2'500'000);
  s.lag = latency_of(350, 500);
  s.service = latency_of(25, 60);
  s.shards[0].wall_s = 3;
  s.shards[0].utilisation = s.shards[0].busy = 1;
  return s;
}

/// Processes that used so many CPU seconds of 10; the first of several is called master.
inline TargetCost target_with(const std::vector<double>& cpu_s) {
  TargetCost target;
  target.over_s = 10;
  for (const double used : cpu_s) {
    const auto number = static_cast<int>(target.processes.size());
    TargetProcess& process = target.processes.emplace_back();
    process.pid = 810 + number;
    process.name = number == 0 && cpu_s.size() > 1 ? "master" : "worker";
    process.cpu_s = used;
    target.cpu_s += used;
  }
  target.workers = cpu_s.size() > 1 ? cpu_s.size() - 1 : cpu_s.size();
  return target;
}

inline HostFacts host() {
  HostFacts facts;
  facts.cpus_online = facts.cpus_allowed = 8;
  return facts;
}

/// What the rule of this name says of it.
inline std::optional<Finding> asked(std::string_view name, const ScenarioResult& s,
                                    const HostFacts& machine = host(), bool local = true) {
  for (const VerdictRule& rule : verdict_rules())
    if (rule.name == name) return rule.find({s, machine, local});
  ADD_FAILURE() << "no rule is called " << name;
  return std::nullopt;
}

}  // namespace saturn::test
