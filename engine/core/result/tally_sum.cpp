#include "core/result/tally_sum.hpp"

#include <algorithm>

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
    &ScenarioTally::due,
    &ScenarioTally::dropped,
    &ScenarioTally::backlog_at_stop,
    &ScenarioTally::warmup,
    &ScenarioTally::measured,
    &ScenarioTally::in_window,
    &ScenarioTally::in_window_ok,
    &ScenarioTally::measured_ok,
    &ScenarioTally::iterations_started,
    &ScenarioTally::iterations_completed,
    &ScenarioTally::iterations_measured,
    &ScenarioTally::iterations_in_window,
    &ScenarioTally::established,
    &ScenarioTally::connections_requested,
    &ScenarioTally::opened_total,
    &ScenarioTally::connections_failed,
    &ScenarioTally::connections_refused,
    &ScenarioTally::connections_timed_out,
    &ScenarioTally::reconnects,
    &ScenarioTally::bytes_sent,
    &ScenarioTally::bytes_received,
    &ScenarioTally::bytes_discarded,
    &ScenarioTally::missing_stamps,
    &ScenarioTally::inexact_sends,
    &ScenarioTally::stalled_timeouts,
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

}  // namespace

void add(ScenarioTally& sum, const ScenarioTally& tally) {
  for (const auto counter : kCounters) sum.*counter += tally.*counter;
  for (std::size_t i = 0; i < sum.status.size(); ++i) sum.status[i] += tally.status[i];
  for (std::size_t i = 0; i < sum.errors.size(); ++i) sum.errors[i] += tally.errors[i];
  add_steps(sum, tally);
  sum.connect.merge(tally.connect);
  sum.service.merge(tally.service);
  sum.lag.merge(tally.lag);
  sum.turnaround += tally.turnaround;
  sum.send_uncertainty.merge(tally.send_uncertainty);
  sum.freezes.times += tally.freezes.times;
  sum.freezes.total += tally.freezes.total;
  sum.freezes.held_up += tally.freezes.held_up;
  sum.freezes.longest = std::max(sum.freezes.longest, tally.freezes.longest);
  sum.observe.merge(tally.observe);
  sum.latency_user.merge(tally.latency_user);
  sum.send_error.merge(tally.send_error);
  sum.series.merge(tally.series);
  sum.silence.merge(tally.silence);
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

void add(ShardCost& sum, const ShardCost& cost) {
  sum.cpu += cost.cpu;
  sum.wall += cost.wall;
  sum.spun += cost.spun;
  sum.stolen += cost.stolen;
  sum.stolen_of += cost.stolen_of;
  sum.steal_known = sum.steal_known && cost.steal_known;
  sum.run_queue_wait += cost.run_queue_wait;
  sum.run_queue_known = sum.run_queue_known && cost.run_queue_known;
  sum.completed += cost.completed;
  sum.context_switches += cost.context_switches;
  sum.involuntary_switches += cost.involuntary_switches;
  sum.turns += cost.turns;
  sum.batches += cost.batches;
  sum.buffers_short += cost.buffers_short;
  sum.completions += cost.completions;
  sum.completions_most = std::max(sum.completions_most, cost.completions_most);
  sum.clock_steps = std::max(sum.clock_steps, cost.clock_steps);  // one clock, seen by every shard
}

}  // namespace saturn
