// A whole scenario on one shard over the simulated network: the plan compiled, the shard run in virtual time,
// its tally returned.
#pragma once
#include <gtest/gtest.h>

#include <string>
#include <utility>

#include "core/plan/program.hpp"
#include "core/shard/shard.hpp"
#include "core/transport/sim_transport.hpp"

namespace saturn::test {

inline Plan plan_of(std::uint32_t vus, std::optional<Nanos> duration,
                    std::optional<std::uint64_t> iterations) {
  Plan plan;
  plan.base_url = "http://sim:80";
  Scenario scenario;
  scenario.vus = vus;
  scenario.duration = duration;
  scenario.iterations = iterations;
  Step step;
  step.name = "hello";
  step.path = "/hello";
  scenario.flow.push_back(step);
  plan.scenarios.push_back(scenario);
  return plan;
}

inline std::string response(std::string_view body = "ok", std::string_view extra_headers = "",
                            int status = 200) {
  return "HTTP/1.1 " + std::to_string(status) + " X\r\n" + std::string(extra_headers) +
         "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + std::string(body);
}

inline SimAnswer answer(std::string bytes, Nanos after = std::chrono::microseconds(50)) {
  return {std::move(bytes), after, false, false};
}

struct SimOutcome {
  ScenarioTally tally;
  ShardCost cost;
  std::uint64_t requests_seen = 0, connections_accepted = 0;
  std::size_t buffers_out = 0;
  TransportTally transport;
  Nanos took{0};
};

/// Runs the plan's first scenario as shard `shard` of `shards`.
inline SimOutcome run_sim(const Plan& plan, SimOptions options, std::uint32_t shard = 0,
                          std::uint32_t shards = 1, bool discard_body = false) {
  auto program = compile(plan, plan.seed.value_or(1));
  if (!program) {
    ADD_FAILURE() << to_text(program.errors().front());
    return {};
  }
  program->scenarios[0].discard_body = discard_body;
  const auto share = split(*program, shards)[shard];
  SimTransport network(share.scenarios[0].vus, std::move(options));
  Shard<SimTransport, SimTransport> work(network, network, *program, share);
  Gate gate;
  gate.start_at.store((network.now() + std::chrono::milliseconds(10)).count());  // set-up is over by then
  Live live;
  const std::atomic<bool> stop{false};
  const Nanos began = network.now();
  SimOutcome outcome;
  ShardScenario ran = work.run(0, gate, live, stop);
  outcome.tally = std::move(ran.tally);
  outcome.cost = ran.cost;
  outcome.took = network.now() - began;
  outcome.requests_seen = network.requests_seen();
  outcome.connections_accepted = network.connections_accepted();
  outcome.buffers_out = network.buffers_out();
  outcome.transport = network.tally();
  return outcome;
}

/// Every equation of the ledger that a single shard can hold.
inline void expect_balanced(const ScenarioTally& tally) {
  EXPECT_EQ(tally.started, tally.completed + tally.failed + tally.in_flight_at_stop);
  EXPECT_EQ(tally.completed, tally.ok + tally.not_ok);
  EXPECT_EQ(tally.completed, tally.warmup + tally.measured);
  std::uint64_t statuses = 0, errors = 0, latencies = 0;
  for (const auto count : tally.status) statuses += count;
  for (const auto count : tally.errors) errors += count;
  for (const auto& step : tally.steps) latencies += step.latency_ok.count() + step.latency_not_ok.count();
  EXPECT_EQ(tally.completed, statuses);
  EXPECT_EQ(tally.failed, errors);
  EXPECT_EQ(tally.measured, latencies);
  EXPECT_EQ(tally.connections_requested, tally.established + tally.connections_failed);
}

inline std::uint64_t errors_of(const ScenarioTally& tally, Failure kind) {
  return tally.errors[static_cast<std::size_t>(kind)];
}

}  // namespace saturn::test
