#include "core/result/merge.hpp"

#include <algorithm>
#include <utility>

#include "core/stats/hdr_encode.hpp"

namespace saturn {
namespace {

constexpr std::uint64_t ScenarioTally::*kCounters[] = {
    &ScenarioTally::started,
    &ScenarioTally::completed,
    &ScenarioTally::ok,
    &ScenarioTally::not_ok,
    &ScenarioTally::failed,
    &ScenarioTally::in_flight_at_stop,
    &ScenarioTally::retried,
    &ScenarioTally::warmup,
    &ScenarioTally::measured,
    &ScenarioTally::in_window,
    &ScenarioTally::in_window_ok,
    &ScenarioTally::measured_ok,
    &ScenarioTally::established,
    &ScenarioTally::connections_requested,
    &ScenarioTally::opened_total,
    &ScenarioTally::connections_failed,
    &ScenarioTally::reconnects,
    &ScenarioTally::bytes_sent,
    &ScenarioTally::bytes_received,
};

/// Zero means "never happened" for a stamp of a tally.
Nanos earliest(Nanos a, Nanos b) {
  if (a == Nanos{0}) return b;
  return b == Nanos{0} ? a : std::min(a, b);
}

void add_steps(ScenarioTally& sum, const ScenarioTally& tally) {
  for (std::size_t s = 0; s < std::min(sum.steps.size(), tally.steps.size()); ++s) {
    sum.steps[s].completed += tally.steps[s].completed;
    sum.steps[s].latency_ok.merge(tally.steps[s].latency_ok);
    sum.steps[s].latency_not_ok.merge(tally.steps[s].latency_not_ok);
    sum.steps[s].ttfb.merge(tally.steps[s].ttfb);
  }
  for (std::size_t s = 0; s < std::min(sum.checks.size(), tally.checks.size()); ++s)
    for (std::size_t c = 0; c < std::min(sum.checks[s].size(), tally.checks[s].size()); ++c) {
      sum.checks[s][c].passed += tally.checks[s][c].passed;
      sum.checks[s][c].failed += tally.checks[s][c].failed;
    }
}

void add(ScenarioTally& sum, const ScenarioTally& tally) {
  for (const auto counter : kCounters) sum.*counter += tally.*counter;
  for (std::size_t i = 0; i < sum.status.size(); ++i) sum.status[i] += tally.status[i];
  for (std::size_t i = 0; i < sum.errors.size(); ++i) sum.errors[i] += tally.errors[i];
  add_steps(sum, tally);
  sum.connect.merge(tally.connect);
  sum.series.merge(tally.series);
  sum.setup = std::max(sum.setup, tally.setup);
  sum.measure_start_at = earliest(sum.measure_start_at, tally.measure_start_at);
  sum.measure_end_at = std::max(sum.measure_end_at, tally.measure_end_at);
  sum.first_start_at = earliest(sum.first_start_at, tally.first_start_at);
  sum.last_response_at = std::max(sum.last_response_at, tally.last_response_at);
  sum.first_idle_at = earliest(sum.first_idle_at, tally.first_idle_at);
}

ScenarioTally empty_tally(const ScenarioProgram& program) {
  ScenarioTally sum;
  sum.steps.resize(program.steps.size());
  for (const auto& step : program.steps) sum.checks.emplace_back(step.check_names.size());
  return sum;
}

Counts counts_of(const ScenarioTally& sum) {
  Counts counts;
  counts.started = sum.started;
  counts.completed = sum.completed;
  counts.ok = sum.ok;
  counts.not_ok = sum.not_ok;
  counts.failed = sum.failed;
  counts.in_flight_at_stop = sum.in_flight_at_stop;
  counts.retried = sum.retried;
  counts.warmup = sum.warmup;
  counts.measured = sum.measured;
  counts.in_window = sum.in_window;
  counts.in_window_ok = sum.in_window_ok;
  return counts;
}

Connections connections_of(const ScenarioTally& sum) {
  Connections connections;
  connections.requested = sum.connections_requested;
  connections.established = sum.established;
  connections.failed = sum.connections_failed;
  connections.opened_total = sum.opened_total;
  connections.reconnects = sum.reconnects;
  connections.setup_s = to_seconds(sum.setup);
  return connections;
}

/// With both limits the count ended the run where the measured phase of every shard closed with its last
/// response.
bool limited_by_time(const ScenarioProgram& program, const std::vector<const ShardScenario*>& parts) {
  if (!program.duration) return false;
  if (!program.total_iterations) return true;
  return !std::all_of(parts.begin(), parts.end(), [](const ShardScenario* part) {
    return part->tally.measured == 0 || part->tally.measure_end_at == part->tally.last_response_at;
  });
}

/// CONTRACT's rps: what arrived inside the window by the window's length (cut short by an interrupt), or,
/// where a count is the limit, all that was measured by the time from its first start to its last response.
void set_rates(ScenarioResult& result, const ScenarioTally& sum, bool by_time) {
  const Nanos from = by_time ? sum.measure_start_at : sum.first_start_at;
  const Nanos to = by_time ? sum.measure_end_at : sum.last_response_at;
  if (from == Nanos{0} || to <= from) return;
  result.measured_s = to_seconds(to - from);
  const auto rate = [&](std::uint64_t count) { return static_cast<double>(count) / result.measured_s; };
  result.rps = rate(by_time ? sum.in_window : sum.measured);
  result.ok_rps = rate(by_time ? sum.in_window_ok : sum.measured_ok);
}

/// The closed loop's distributions: latency and service time are both done − sent.
void set_distributions(ScenarioResult& result, const ScenarioTally& sum, std::uint64_t& latency_count) {
  Histogram latency_ok, latency, ttfb;
  for (const auto& step : sum.steps) {
    latency_ok.merge(step.latency_ok);
    latency.merge(step.latency_ok);
    latency.merge(step.latency_not_ok);
    ttfb.merge(step.ttfb);
  }
  latency_count = latency.count();
  result.latency = summarise(latency, true);
  if (sum.not_ok > 0) result.latency_ok = summarise(latency_ok, true);
  result.service = result.latency;
  result.ttfb = summarise(ttfb, true);
  result.connect = summarise(sum.connect, true);
}

void set_steps_and_checks(ScenarioResult& result, const ScenarioProgram& program, const ScenarioTally& sum) {
  const bool several = program.steps.size() > 1;
  for (std::size_t s = 0; s < program.steps.size(); ++s) {
    const StepProgram& step = program.steps[s];
    Histogram latency = sum.steps[s].latency_ok;
    latency.merge(sum.steps[s].latency_not_ok);
    result.steps.push_back({step.name, sum.steps[s].completed, summarise(latency, true)});
    for (std::size_t c = 0; c < step.check_names.size(); ++c)
      result.checks.push_back({several ? step.name + ": " + step.check_names[c] : step.check_names[c],
                               sum.checks[s][c].passed, sum.checks[s][c].failed});
  }
}

struct CostSum {
  ShardCost cost;
  std::uint64_t shards = 0;
  bool run_queue_known = true;

  void add(const ShardCost& other) {
    cost.cpu += other.cpu;
    cost.wall += other.wall;
    cost.run_queue_wait += other.run_queue_wait;
    cost.context_switches += other.context_switches;
    cost.turns += other.turns;
    cost.batches += other.batches;
    cost.buffers_short += other.buffers_short;
    run_queue_known = run_queue_known && other.run_queue_known;
  }
};

GeneratorCost cost_of(const CostSum& sum, std::uint64_t shards, std::uint64_t completed) {
  GeneratorCost cost;
  cost.shards = shards;
  cost.cpu_s = to_seconds(sum.cost.cpu);
  if (completed > 0) cost.cpu_us_per_request = to_micros(sum.cost.cpu) / static_cast<double>(completed);
  if (sum.cost.wall > Nanos{0}) cost.utilisation = cost.cpu_s / to_seconds(sum.cost.wall);
  if (sum.run_queue_known && shards > 0) cost.run_queue_wait_s = to_seconds(sum.cost.run_queue_wait);
  cost.context_switches = sum.cost.context_switches;
  cost.turns = sum.cost.turns;
  cost.batches = sum.cost.batches;
  cost.buffers_short = sum.cost.buffers_short;
  return cost;
}

void set_shards(ScenarioResult& result, const std::vector<ShardResult>& shards, std::size_t index,
                Nanos measure_start_at) {
  for (const auto& shard : shards) {
    if (index >= shard.scenarios.size()) continue;
    const ScenarioTally& tally = shard.scenarios[index].tally;
    const bool ended = tally.last_response_at > measure_start_at;
    result.shards.push_back(
        {shard.cpu, tally.completed, ended ? to_seconds(tally.last_response_at - measure_start_at) : 0.0});
  }
}

struct Merged {
  ScenarioResult result;
  std::uint64_t latency_count = 0;
};

Merged merge_scenario(const ScenarioProgram& program, const std::vector<const ShardScenario*>& parts) {
  ScenarioTally sum = empty_tally(program);
  CostSum cost;
  for (const ShardScenario* part : parts) {
    add(sum, part->tally);
    cost.add(part->cost);
  }
  Merged merged;
  ScenarioResult& result = merged.result;
  result.name = program.name;
  result.executor = program.executor;
  result.url = program.url;
  result.warmup_s = to_seconds(program.warmup);
  result.vus = program.vus;
  result.connections = connections_of(sum);
  result.requests = counts_of(sum);
  set_rates(result, sum, limited_by_time(program, parts));
  result.bytes_sent = sum.bytes_sent;
  result.bytes_received = sum.bytes_received;
  set_distributions(result, sum, merged.latency_count);
  for (std::size_t i = 0; i < sum.status.size(); ++i)
    if (sum.status[i] > 0) result.status[static_cast<int>(i)] = sum.status[i];
  result.errors = sum.errors;
  set_steps_and_checks(result, program, sum);
  const Nanos end = std::max(sum.measure_end_at, sum.last_response_at);
  if (end > sum.measure_start_at) result.series = sum.series.points(end - sum.measure_start_at);
  if (sum.first_idle_at > Nanos{0} && sum.last_response_at >= sum.first_idle_at)
    result.tail_s = to_seconds(sum.last_response_at - sum.first_idle_at);
  result.generator = cost_of(cost, parts.size(), sum.completed);
  return merged;
}

}  // namespace

RunResult merge(const Program& program, const std::vector<ShardResult>& shards) {
  RunResult run;
  run.seed = program.seed;
  CostSum total;
  std::uint64_t completed = 0;
  std::vector<std::vector<LedgerCheck>> ledgers;
  for (std::size_t i = 0; i < program.scenarios.size(); ++i) {
    std::vector<const ShardScenario*> parts;
    for (const auto& shard : shards)
      if (i < shard.scenarios.size()) parts.push_back(&shard.scenarios[i]);
    if (parts.empty()) continue;
    Merged merged = merge_scenario(program.scenarios[i], parts);
    Nanos start{0};
    for (const auto* part : parts) {
      start = earliest(start, part->tally.measure_start_at);
      total.add(part->cost);
    }
    set_shards(merged.result, shards, i, start);
    completed += merged.result.requests.completed;
    ledgers.push_back(check_ledger(merged.result, merged.latency_count));
    run.scenarios.push_back(std::move(merged.result));
  }
  run.generator = cost_of(total, shards.size(), completed);
  for (std::size_t i = 0; i < ledgers.size(); ++i)
    for (auto& check : ledgers[i]) {
      if (ledgers.size() > 1) check.name = run.scenarios[i].name + ": " + check.name;
      run.ledger.push_back(std::move(check));
    }
  return run;
}

}  // namespace saturn
