// The only writer of a scenario's results. Everything it touches was allocated before the first request;
// recording one exchange is a few counters and two histogram entries. Owner: one shard. Tested in
// tests/unit/recorder_test.cpp and by every simulation.
#pragma once
#include <algorithm>

#include "core/plan/program.hpp"
#include "core/session/arrival.hpp"
#include "core/session/slot.hpp"
#include "core/shard/shard_result.hpp"

namespace saturn {

class Recorder {
 public:
  explicit Recorder(const ScenarioProgram& scenario) {
    tally_.steps.resize(scenario.steps.size());
    for (const auto& step : scenario.steps) tally_.checks.emplace_back(step.check_names.size());
    tally_.connections_requested = 0;
  }

  /// From now on responses fall into the window [start, end) that the rate is made from; end is kNoEnd for
  /// count-limited scenarios.
  void set_window(Nanos start, Nanos end) {
    tally_.measure_start_at = start;
    window_end_ = end;
  }

  void started() { ++tally_.started; }

  void completed(const Exchange& exchange, int status, bool ok, const Arrival& arrival) {
    const Nanos done_at = arrival.at;
    const bool scheduled = exchange.due_at.count() != 0;
    const Nanos from = scheduled ? exchange.due_at : exchange.sent_at;
    ++tally_.completed;
    ++(ok ? tally_.ok : tally_.not_ok);
    ++tally_.status[static_cast<std::size_t>(status) % tally_.status.size()];
    if (done_at >= tally_.measure_start_at && done_at < window_end_) {
      ++tally_.in_window;
      if (ok) ++tally_.in_window_ok;
    }
    if (!exchange.measured) {
      ++tally_.warmup;
      return;
    }
    ++tally_.measured;
    if (ok) ++tally_.measured_ok;
    const std::uint64_t latency = span(from, done_at);
    if (scheduled) tally_.service.record(span(exchange.sent_at, done_at));
    tally_.lag.record(span(std::max(exchange.due_at, exchange.free_at), exchange.sent_at));
    if (arrival.by_kernel) {
      tally_.observe.record(span(done_at, arrival.seen_at));
      tally_.latency_user.record(span(from, arrival.seen_at));
    } else {
      ++tally_.missing_stamps;
    }
    StepTally& step = tally_.steps[exchange.step];
    ++step.completed;
    (ok ? step.latency_ok : step.latency_not_ok).record(latency);
    step.ttfb.record(span(exchange.sent_at, exchange.first_byte_at));
    tally_.series.completed(done_at - tally_.measure_start_at, latency, ok);
    if (tally_.first_start_at.count() == 0 || exchange.sent_at < tally_.first_start_at)
      tally_.first_start_at = exchange.sent_at;
    if (done_at > tally_.last_response_at) tally_.last_response_at = done_at;
  }

  void failed(const Exchange& exchange, Failure kind, Nanos at) {
    ++tally_.failed;
    ++tally_.errors[static_cast<std::size_t>(kind)];
    if (exchange.measured) tally_.series.failed(at - tally_.measure_start_at);
  }

  void check(std::uint32_t step, std::size_t index, bool passed) {
    CheckTally& check = tally_.checks[step][index];
    ++(passed ? check.passed : check.failed);
  }

  ScenarioTally& tally() { return tally_; }
  const ScenarioTally& tally() const { return tally_; }

  static constexpr Nanos kNoEnd = Nanos::max();

 private:
  static std::uint64_t span(Nanos from, Nanos to) {
    return to > from ? static_cast<std::uint64_t>((to - from).count()) : 0;
  }

  ScenarioTally tally_;
  Nanos window_end_ = kNoEnd;
};

}  // namespace saturn
