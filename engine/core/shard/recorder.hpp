// The only writer of a scenario's results. Everything it touches was allocated before the first request;
// recording one exchange is a few counters and two histogram entries. Owner: one shard. Tested in
// tests/unit/recorder_test.cpp and by every simulation.
#pragma once
#include <algorithm>

#include "core/load/wait_trial.hpp"
#include "core/plan/program.hpp"
#include "core/session/arrival.hpp"
#include "core/session/slot.hpp"
#include "core/shard/shard_result.hpp"

namespace saturn {

class Recorder {
 public:
  explicit Recorder(const ScenarioProgram& scenario) : scheduled_(scenario.rate.has_value()) {
    tally_.steps.resize(scenario.steps.size());
    for (const auto& step : scenario.steps) tally_.checks.emplace_back(step.check_names.size());
    tally_.connections_requested = 0;
    last_step_ = static_cast<std::uint32_t>(scenario.steps.size()) - 1;
  }

  /// From now on responses fall into the window [start, end) that the rate is made from; end is kNoEnd for
  /// count-limited scenarios.
  void set_window(Nanos start, Nanos end) {
    tally_.measure_start_at = start;
    window_end_ = end;
  }

  /// Where answers of the warm-up are shown to; nullptr: nowhere.
  void set_trial(WaitTrial* trial) { trial_ = trial; }

  void started(std::uint32_t step) {
    ++tally_.started;
    tally_.iterations_started += step == 0;
  }

  /// Bytes of an answer came, whole or not: the target lives. `sent_at` is its request's.
  void heard(Nanos sent_at, Nanos at) {
    const Nanos since = at - tally_.measure_start_at;
    if (silence_.ends_silence(since)) end_silence(since);
    silence_.heard(sent_at - tally_.measure_start_at, since);
  }

  void completed(const Exchange& exchange, int status, bool ok, const Arrival& arrival) {
    const Nanos done_at = arrival.at;
    const bool scheduled = exchange.due_at.count() != 0;
    const Nanos sent = exchange.sent_from(), from = scheduled ? exchange.due_at : sent;
    ++tally_.completed;
    ++(ok ? tally_.ok : tally_.not_ok);
    ++tally_.status[static_cast<std::size_t>(status) % tally_.status.size()];
    const bool last_step = exchange.step == last_step_;
    tally_.iterations_completed += last_step;
    if (done_at >= tally_.measure_start_at && done_at < window_end_) {
      ++tally_.in_window;
      tally_.iterations_in_window += last_step;
      if (ok) ++tally_.in_window_ok;
    }
    if (!exchange.measured) {
      ++tally_.warmup;
      if (trial_ != nullptr)
        trial_->answered(static_cast<std::uint64_t>(exchange.turnaround().count()), span(sent, done_at));
      return;
    }
    ++tally_.measured;
    tally_.iterations_measured += last_step;
    if (silence_.waited_through(exchange.sent_at - tally_.measure_start_at)) ++waited_through_;
    if (ok) ++tally_.measured_ok;
    const std::uint64_t latency = span(from, done_at);
    if (scheduled) {
      tally_.service.record(span(sent, done_at));
      tally_.turnaround += exchange.turnaround();
    }
    tally_.lag.record(static_cast<std::uint64_t>(exchange.lag().count()));
    if (exchange.inexact) doubt(sent, exchange.sent_at);
    if (arrival.by_kernel) {
      tally_.observe.record(span(done_at, arrival.seen_at));
      tally_.latency_user.record(span(from, arrival.seen_at));
    } else {
      ++tally_.missing_stamps;
    }
    if (done_at - sent >= FreezeTally::kWorthCounting)
      frozen(std::max(sent, tally_.last_response_at), done_at, arrival.by_kernel);
    StepTally& step = tally_.steps[exchange.step];
    ++step.completed;
    (ok ? step.latency_ok : step.latency_not_ok).record(latency);
    step.ttfb.record(span(sent, exchange.first_byte_at));
    tally_.series.completed(done_at - tally_.measure_start_at, latency, ok);
    if (tally_.first_start_at.count() == 0 || sent < tally_.first_start_at) tally_.first_start_at = sent;
    if (done_at > tally_.last_response_at) tally_.last_response_at = done_at;
  }

  /// `since`: when it was sent, or its connect began.
  void failed(const Exchange& exchange, Failure kind, Nanos since, Nanos at) {
    ++tally_.failed;
    ++tally_.errors[static_cast<std::size_t>(kind)];
    if (exchange.measured) tally_.series.failed(at - tally_.measure_start_at);
    const Nanos start = tally_.measure_start_at;
    const bool timed_out = kind == Failure::response_timeout || kind == Failure::connect_timeout;
    const bool connecting = kind == Failure::connect_refused || kind == Failure::connect_timeout;
    if (timed_out && kOwnPart * silence_.stalled_between(since - start, at - start) >= at - since)
      ++tally_.stalled_timeouts;
    if (kind == Failure::connect_error || kind == Failure::send_error) return;  // may be this machine's
    silence_.failed(since - start, at - start, timed_out || connecting,
                    connecting ? SilenceLog::kRefusedHolds : SilenceLog::kFailureHolds);
  }
  /// Asked since then, and cut off by the end.
  void cut_off(Nanos since, Nanos at) {
    silence_.unanswered(since - tally_.measure_start_at, at - tally_.measure_start_at);
  }
  /// The shard was to run at `from` and did at `to`.
  void stalled(Nanos from, Nanos to) {
    stalled_from_ = from;
    stalled_to_ = to;
    if (to - from < kLongStall || tally_.measure_start_at.count() == 0) return;
    silence_.stalled(from - tally_.measure_start_at, to - tally_.measure_start_at);
  }
  /// The scenario is over.
  void finish(Nanos at) {
    if (tally_.measure_start_at.count() == 0) return;  // it never began
    const auto [time, answers] = usual();
    tally_.silence = silence_.finish(at - tally_.measure_start_at, time, answers);
  }

  void check(std::uint32_t step, std::size_t index, bool passed) {
    CheckTally& check = tally_.checks[step][index];
    ++(passed ? check.passed : check.failed);
  }

  ScenarioTally& tally() { return tally_; }
  const ScenarioTally& tally() const { return tally_; }

  static constexpr Nanos kNoEnd = Nanos::max();
  static constexpr Nanos kLongStall = std::chrono::milliseconds(150);
  /// A time-out is saturn's own where the shard stood still for a tenth of the wait. One short stall in a
  /// wait of half a minute is not why the target did not answer.
  static constexpr int kOwnPart = 10;

 private:
  static std::uint64_t span(Nanos from, Nanos to) {
    return to > from ? static_cast<std::uint64_t>((to - from).count()) : 0;
  }

  struct Usual {
    Nanos p99{0};
    std::uint64_t answers = 0;
  };
  /// The service time so far. What waited through a silence is among the longest, and left out. Looks through
  /// histograms: for after a second of silence.
  Usual usual() const;
  [[gnu::noinline]] void end_silence(Nanos since) {
    const auto [time, answers] = usual();
    silence_.silence_ends(since, time, answers);
  }

  [[gnu::cold, gnu::noinline]] void doubt(Nanos from, Nanos to) {
    tally_.send_uncertainty.record(span(from, to));
  }

  /// A request waited from `from` to `to`, and nothing else was answered meanwhile.
  [[gnu::cold, gnu::noinline]] void frozen(Nanos from, Nanos to, bool stamped) {
    Nanos held_up = std::max(Nanos(0), std::min(to, stalled_to_) - std::max(from, stalled_from_));
    if (!stamped) {  // who does not run sees late what came meanwhile
      to -= held_up;
      held_up = Nanos(0);
    }
    if (to - from < FreezeTally::kWorthCounting) return;
    FreezeTally& freezes = tally_.freezes;
    ++freezes.times;
    freezes.total += to - from;
    freezes.longest = std::max(freezes.longest, to - from);
    freezes.held_up += held_up;
  }

  ScenarioTally tally_;
  WaitTrial* trial_ = nullptr;
  Nanos window_end_ = kNoEnd;
  std::uint32_t last_step_ = 0;  ///< of the flow: its answer completes an iteration
  SilenceLog silence_;
  std::uint64_t waited_through_ = 0;
  bool scheduled_;
  Nanos stalled_from_{0}, stalled_to_{0};  ///< the last time
};

inline Recorder::Usual Recorder::usual() const {
  const std::uint64_t answers = tally_.measured - std::min(tally_.measured, waited_through_);
  if (answers == 0) return {};
  const std::uint64_t rank = Histogram::rank_of(99, answers);
  const auto nanos = [](std::uint64_t ns) { return Nanos(static_cast<std::int64_t>(ns)); };
  if (scheduled_) return {nanos(tally_.service.value_at_rank(rank)), answers};
  std::uint64_t seen = 0, longest = 0;
  std::size_t first = Histogram::Layout::size(), last = 0;
  const auto each = [&](auto&& f) {
    for (const StepTally& step : tally_.steps)
      for (const Histogram* times : {&step.latency_ok, &step.latency_not_ok})
        if (times->count() > 0) f(*times);
  };
  each([&](const Histogram& times) {
    first = std::min(first, Histogram::Layout::clamped_index_of(times.min()));
    last = std::max(last, Histogram::Layout::clamped_index_of(times.max()));
    longest = std::max(longest, times.max());
  });
  std::size_t i = first;
  for (; i < last && seen < rank; ++i) each([&](const Histogram& times) { seen += times.counts()[i]; });
  return {nanos(std::min(longest, Histogram::Layout::highest_in(seen < rank ? last : i - 1))), answers};
}

}  // namespace saturn
