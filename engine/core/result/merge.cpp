#include "core/result/merge.hpp"

#include <algorithm>
#include <utility>

#include "core/load/wait_choice.hpp"
#include "core/result/tally_sum.hpp"
#include "core/stats/hdr_encode.hpp"
#include "saturn/version.hpp"

namespace saturn {
namespace {

/// What one shard did in the scenario being merged. One without VUs only stood by (shared-iterations, or
/// fewer VUs than shards): its CPU time counts, its wall time does not.
struct Part {
  int cpu = -1;
  const ShardScenario* scenario = nullptr;
  bool took_part() const { return scenario->tally.connections_requested > 0 || scenario->tally.due > 0; }
};

Counts counts_of(const ScenarioTally& sum, bool scheduled) {
  Counts counts;
  if (scheduled) {
    counts.due = sum.due;
    counts.dropped = sum.dropped;
    counts.backlog_at_stop = sum.backlog_at_stop;
  }
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
  connections.refused = sum.connections_refused;
  connections.timed_out = sum.connections_timed_out;
  return connections;
}

/// With both limits the count ended the scenario if it ended every shard's part.
bool limited_by_time(const ScenarioProgram& program, const std::vector<Part>& parts) {
  return program.duration && !std::all_of(parts.begin(), parts.end(), [](const Part& part) {
           return part.scenario->tally.ended_by_count;
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
  result.iterations->per_s = rate(by_time ? sum.iterations_in_window : sum.iterations_measured);
}

/// A few answers may miss their stamp (the end of a stream carries none) without being anything to worry
/// about.
std::string_view latency_source(const ScenarioTally& sum) {
  constexpr std::uint64_t kTolerated = 1000;  // one in
  if (sum.observe.count() == 0) return "user";
  return sum.missing_stamps * kTolerated <= sum.measured ? "kernel-rx" : "mixed";
}

/// In a closed loop latency and service time are both done − sent.
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
  result.latency_from = result.schedule ? "due" : "sent";
  result.latency_source = latency_source(sum);
  result.latency_user = summarise(sum.latency_user, true);
  result.service = result.schedule ? summarise(sum.service, true) : result.latency;
  result.lag = summarise(sum.lag, true);
  if (!result.schedule && result.lag)
    result.turnaround_mean_us = result.lag->mean_us;
  else if (sum.lag.count() > 0)
    result.turnaround_mean_us = to_micros(sum.turnaround) / static_cast<double>(sum.lag.count());
  if (sum.measured > 0)
    result.freezes = Freezes{sum.freezes.times, to_seconds(sum.freezes.total),
                             to_seconds(sum.freezes.longest), to_seconds(sum.freezes.held_up)};
  result.send_uncertainty = summarise(sum.send_uncertainty, false);
  result.observe = summarise(sum.observe, true);
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

double ratio(Nanos part, Nanos whole) {
  return whole > Nanos{0} ? to_seconds(part) / to_seconds(whole) : 0;
}

std::optional<double> steal_of(const ShardCost& cost) {
  if (!cost.steal_known || cost.stolen_of == Nanos{0}) return std::nullopt;
  return ratio(cost.stolen, cost.stolen_of);
}

GeneratorCost cost_of(const ShardCost& sum, std::uint64_t shards) {
  GeneratorCost cost;
  cost.shards = shards;
  cost.cpu_s = to_seconds(sum.cpu);
  cost.spun_s = to_seconds(sum.spun);
  if (sum.completed > 0) cost.cpu_us_per_request = to_micros(sum.cpu) / static_cast<double>(sum.completed);
  cost.utilisation = ratio(sum.cpu, sum.wall);
  if (sum.run_queue_known && shards > 0) cost.run_queue_wait_s = to_seconds(sum.run_queue_wait);
  cost.steal = steal_of(sum);
  cost.context_switches = sum.context_switches;
  cost.involuntary_switches = sum.involuntary_switches;
  cost.turns = sum.turns;
  if (sum.turns > 0)
    cost.completions_per_turn = static_cast<double>(sum.completions) / static_cast<double>(sum.turns);
  cost.completions_most = sum.completions_most;
  cost.batches = sum.batches;
  cost.buffers_short = sum.buffers_short;
  cost.clock_steps = sum.clock_steps;
  return cost;
}

std::optional<SendTimeError> error_of(const SignedHistogram& errors) {
  if (errors.count() == 0) return std::nullopt;
  const auto us = [](std::int64_t ns) { return to_micros(Nanos(ns)); };
  const auto percentile = [&](double p) { return us(errors.value_at_percentile(p)); };
  return SendTimeError{errors.count(), percentile(1),    percentile(50),
                       percentile(99), us(errors.min()), us(errors.max())};
}

/// Dead time within the measured phase; what began before it or went on after it is cut.
std::optional<DeadTime> dead_time(const ScenarioTally& sum, const MaybeDistribution& service) {
  const Nanos over = sum.measure_end_at - sum.measure_start_at;
  if (sum.measure_start_at == Nanos{0} || over <= Nanos{0}) return std::nullopt;
  DeadTime dead;
  const Nanos median(service ? static_cast<std::int64_t>(service->p50_us * 1000) : 0);
  Nanos all{0};
  for (TimeSpan span : sum.silence.dead(median)) {
    dead.at_end = span.to >= over;
    span = {std::max(span.from, Nanos{0}), std::min(span.to, over)};
    if (span.from >= span.to) continue;
    all += span.to - span.from;
    if (dead.windows.size() < DeadTime::kMostWindows) {
      dead.windows.push_back({to_seconds(span.from), to_seconds(span.to)});
    } else {
      ++dead.more_windows;
      dead.more_windows_s += to_seconds(span.to - span.from);
    }
  }
  dead.time_s = to_seconds(all);
  dead.over_s = to_seconds(over);
  dead.share = dead.time_s / dead.over_s;
  dead.gone = dead.at_end && sum.silence.last_unreachable > sum.silence.last_heard;
  if (sum.silence.last_heard > Silence::kAlways) dead.last_answer_s = to_seconds(sum.silence.last_heard);
  return dead;
}

struct Merged {
  ScenarioResult result;
  SignedHistogram send_error;
  ShardCost cost = no_cost();
  std::uint64_t latency_count = 0;
};

void set_facts_of_program(ScenarioResult& result, const ScenarioProgram& program) {
  result.name = program.name;
  result.executor = program.executor;
  result.url = program.url;
  result.warmup_s = to_seconds(program.warmup);
  result.vus = program.vus;
  if (program.rate) result.schedule = Schedule{program.rate->per_second(), program.vus, program.backlog};
}

/// All shards wait in one way; the first has the figures that decided it.
WaitChoice wait_of(const ScenarioProgram& program, const std::vector<Part>& parts) {
  return parts.front().scenario->tally.wait.value_or(program.wait);
}

/// What needs times from the start of the measured phase; all but the tail is empty if it never began.
void set_times(ScenarioResult& result, const ScenarioTally& sum, const std::vector<Part>& parts) {
  const Nanos start = sum.measure_start_at;
  const Nanos end = std::max(sum.measure_end_at, sum.last_response_at);
  if (end > start) result.series = sum.series.points(end - start);
  for (const Part& part : parts) {
    if (!part.took_part()) continue;
    const Nanos last = part.scenario->tally.last_response_at;
    const ShardCost& cost = part.scenario->cost;
    ShardFacts& facts = result.shards.emplace_back();
    facts.cpu = part.cpu;
    facts.completed = part.scenario->tally.completed;
    facts.ended_s = last > start ? to_seconds(last - start) : 0;
    facts.wall_s = to_seconds(cost.wall);
    facts.utilisation = ratio(cost.cpu, cost.wall);
    facts.busy = ratio(std::max(Nanos{0}, cost.cpu - cost.spun), cost.wall);
    if (cost.run_queue_known) facts.run_queue_wait_s = to_seconds(cost.run_queue_wait);
    facts.steal = steal_of(cost);
    facts.context_switches = cost.context_switches;
    facts.involuntary_switches = cost.involuntary_switches;
  }
  if (result.executor == Executor::shared_iterations && sum.first_idle_at > Nanos{0} &&
      sum.last_response_at >= sum.first_idle_at)
    result.tail_s = to_seconds(sum.last_response_at - sum.first_idle_at);
}

Merged merge_scenario(const ScenarioProgram& program, const std::vector<Part>& parts) {
  Merged merged;
  ScenarioTally sum = empty_tally(program);
  for (const Part& part : parts) {
    add(sum, part.scenario->tally);
    ShardCost cost = part.scenario->cost;
    if (!part.took_part()) cost.wall = Nanos{0};
    add(merged.cost, cost);
  }
  ScenarioResult& result = merged.result;
  set_facts_of_program(result, program);
  result.connections = connections_of(sum);
  result.requests = counts_of(sum, program.rate.has_value());
  result.iterations = Iterations{sum.iterations_started, sum.iterations_completed, std::nullopt};
  set_rates(result, sum, limited_by_time(program, parts));
  result.bytes_sent = sum.bytes_sent;
  result.bytes_received = sum.bytes_received;
  result.bytes_discarded = sum.bytes_discarded;
  set_distributions(result, sum, merged.latency_count);
  for (std::size_t i = 0; i < sum.status.size(); ++i)
    if (sum.status[i] > 0) result.status[static_cast<int>(i)] = sum.status[i];
  result.errors = sum.errors;
  result.dead = dead_time(sum, result.service);
  set_steps_and_checks(result, program, sum);
  set_times(result, sum, parts);
  result.generator = cost_of(merged.cost, result.shards.size());
  result.generator.bytes_sent = sum.bytes_sent;
  result.generator.bytes_received = sum.bytes_received;
  const WaitChoice wait = wait_of(program, parts);
  result.generator.wait = to_name(wait.mode);
  result.generator.wait_reason = to_words(wait);
  result.generator.inexact_sends = sum.inexact_sends;
  result.generator.missing_stamps = sum.missing_stamps;
  result.generator.stalled_timeouts = sum.stalled_timeouts;
  result.generator.send_time_error = error_of(sum.send_error);
  merged.send_error = std::move(sum.send_error);
  return merged;
}

/// What the tallies say of the generator, not its shards' costs.
void add_counted(GeneratorCost& sum, const GeneratorCost& of_a_scenario) {
  for (const auto counter :
       {&GeneratorCost::bytes_sent, &GeneratorCost::bytes_received, &GeneratorCost::inexact_sends,
        &GeneratorCost::missing_stamps, &GeneratorCost::stalled_timeouts})
    sum.*counter += of_a_scenario.*counter;
}

std::vector<Part> parts_of(const std::vector<ShardResult>& shards, std::size_t scenario) {
  std::vector<Part> parts;
  for (const auto& shard : shards)
    if (scenario < shard.scenarios.size()) parts.push_back({shard.cpu, &shard.scenarios[scenario]});
  return parts;
}

}  // namespace

RunResult merge(const Program& program, const std::vector<ShardResult>& shards) {
  RunResult run;
  run.build = {std::string(version()), std::string(git()), std::string(compiler())};
  run.seed = program.seed;
  ShardCost total = no_cost();
  SignedHistogram send_error;
  WaitChoice wait = program.scenarios.empty() ? WaitChoice{} : program.scenarios.front().wait;
  const bool several = program.scenarios.size() > 1;
  for (std::size_t i = 0; i < program.scenarios.size(); ++i) {
    const std::vector<Part> parts = parts_of(shards, i);
    if (parts.empty()) continue;
    Merged merged = merge_scenario(program.scenarios[i], parts);
    for (auto& check : check_ledger(merged.result, merged.latency_count)) {
      if (several) check.name = merged.result.name + ": " + check.name;
      run.ledger.push_back(std::move(check));
    }
    merged.cost.clock_steps += total.clock_steps;  // shards see the same step, scenarios each its own
    add(total, merged.cost);
    send_error.merge(merged.send_error);
    if (const WaitChoice chosen = wait_of(program.scenarios[i], parts); chosen.mode >= wait.mode)
      wait = chosen;
    run.scenarios.push_back(std::move(merged.result));
  }
  run.generator = cost_of(total, shards.size());
  for (const ScenarioResult& scenario : run.scenarios) add_counted(run.generator, scenario.generator);
  run.generator.wait = to_name(wait.mode);
  run.generator.wait_reason = to_words(wait);
  run.generator.send_time_error = error_of(send_error);
  return run;
}

}  // namespace saturn
