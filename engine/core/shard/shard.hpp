// The turn loop of one shard, and a scenario's way through its phases: opening → (all shards ready) → warm-up
// → measure → drain → closed. A turn has a fixed number of clock reads: one after each wait, two around each
// batch of sends. It allocates nothing and takes no lock. Owner thread: the shard's own. Tested in tests/sim
// with virtual time; its cost in bench/micro/turn_bench.cpp.
#pragma once
#include <algorithm>
#include <atomic>
#include <vector>

#include "core/plan/program.hpp"
#include "core/session/session.hpp"
#include "core/shard/live.hpp"
#include "core/shard/recorder.hpp"
#include "core/shard/shard_result.hpp"
#include "core/transport/transport.hpp"

namespace saturn {

template <class T, class C>
class Shard {
 public:
  static constexpr Nanos kSnapshotEvery = std::chrono::milliseconds(100);
  static constexpr Nanos kGateStep =
      std::chrono::milliseconds(1);  ///< longest sleep while waiting for the other shards
  static constexpr std::size_t kCompletionsPerTurn = 512;
  static constexpr Nanos kPatience =
      std::chrono::milliseconds(100);  ///< for what lies in the ring, before deadlines are looked at

  Shard(T& transport, C& clock, const Program& program, const Share& share)
      : transport_(transport), clock_(clock), program_(program), share_(share) {
    completions_.reserve(kCompletionsPerTurn);
  }

  /// Runs one scenario from opening its connections to closing them. Returns early, with what there is, when
  /// `stop` is set.
  ShardScenario run(std::size_t index, Gate& gate, Live& live, const std::atomic<bool>& stop);

 private:
  using Intake = typename Session<T>::Intake;

  void turn(Session<T>& session, Nanos until);
  template <class Until>
  void turn_until(Session<T>& session, Nanos deadline, Nanos longest, Until&& over);
  void open(Session<T>& session, Gate& gate);
  void load(Session<T>& session, const ScenarioProgram& scenario, Gate& gate);
  void warm_up(Session<T>& session, const ScenarioProgram& scenario, Gate& gate, Nanos measure_start);
  WaitChoice decide_wait_before(Session<T>& session, const ScenarioProgram& scenario, Gate& gate,
                                Nanos measure_start);
  void mark();
  ShardCost cost_since_mark();
  void drain(Session<T>& session, const ScenarioProgram& scenario, const Gate& gate);
  void publish(const Session<T>& session);
  /// Nothing waits for an answer but its own slot, and each has its own arrival stamp.
  static bool answers_may_wait(const ScenarioProgram& scenario) {
    return scenario.rate && scenario.pipeline == 1 && scenario.steps.size() == 1;
  }
  bool stopped() const { return stop_->load(std::memory_order_relaxed); }

  T& transport_;
  C& clock_;
  const Program& program_;
  const Share& share_;
  Recorder* recorder_ = nullptr;
  Live* live_ = nullptr;
  const std::atomic<bool>* stop_ = nullptr;
  Nanos now_{0}, snapshot_at_{0}, next_snapshot_{0};
  std::uint64_t turns_ = 0, handled_ = 0, most_handled_ = 0;  ///< completions; most of a turn since the mark
  struct Mark {  ///< the start of the measured phase, for what it costs
    CostReading cost;
    TransportTally transport;
    std::uint64_t turns = 0, handled = 0, completed = 0;
    Nanos at{0};
  } mark_;
  ShardCost cost_;
  std::uint64_t clock_steps_ = 0;  ///< of the transport, at the last snapshot
  std::uint32_t generation_ = 0;   ///< first of the next scenario's connections
  std::vector<Completion> completions_;
};

template <class T, class C>
void Shard<T, C>::turn(Session<T>& session, Nanos until) {
  for (Submitted batch = transport_.submit(); batch.count > 0; batch = transport_.submit())
    session.stamp(batch);
  completions_.clear();
  const Nanos other = std::min({until, session.next_timer_at(), next_snapshot_}),
              arrival = session.next_arrival_at();
  // Only a request that a slot is free for is worth being awake for.
  transport_.wait(std::min(other, arrival), completions_, session.has_free_slot() ? arrival : Nanos::max());
  const Nanos awake_by = std::max(now_, std::min(other, arrival));
  now_ = clock_.now();
  if (now_ - awake_by >= FreezeTally::kWorthCounting) recorder_->stalled(awake_by, now_);
  std::uint64_t handled = completions_.size();
  for (const Completion& completion : completions_) session.on(completion, now_);
  const Nanos looked_at = now_;
  if (session.next_timer_at() <= looked_at) {
    // Answers that lie in the ring count before deadlines: a generator that was held up must not book that on
    // the target. What they lead to may complete here too (thousands of connects, one after another). Bodies
    // without an end that come faster than they are read would never leave the ring empty.
    for (completions_.clear(); now_ < looked_at + kPatience; completions_.clear()) {
      transport_.wait(now_, completions_);
      if (completions_.empty()) break;
      now_ = clock_.now();
      handled += completions_.size();
      for (const Completion& completion : completions_) session.on(completion, now_);
    }
  }
  session.on_timers(looked_at);
  session.on_arrivals(now_);
  ++turns_;
  handled_ += handled;
  most_handled_ = std::max(most_handled_, handled);
  if (now_ >= next_snapshot_) publish(session);
}

/// Turns until `deadline`, until over() or until stopped; `longest` bounds a single sleep.
template <class T, class C>
template <class Until>
void Shard<T, C>::turn_until(Session<T>& session, Nanos deadline, Nanos longest, Until&& over) {
  while (now_ < deadline && !over() && !stopped()) {
    turn(session, longest == Nanos::max() ? deadline : std::min(deadline, now_ + longest));
  }
}

template <class T, class C>
void Shard<T, C>::publish(const Session<T>& session) {
  const ScenarioTally& tally = recorder_->tally();
  transport_.keep_time();
  live_->started.store(tally.started, std::memory_order_relaxed);
  live_->completed.store(tally.completed, std::memory_order_relaxed);
  live_->not_ok.store(tally.not_ok, std::memory_order_relaxed);
  live_->failed.store(tally.failed, std::memory_order_relaxed);
  live_->connections.store(session.connections(), std::memory_order_relaxed);
  live_->dropped.store(tally.dropped, std::memory_order_relaxed);
  live_->backlog.store(session.backlog(), std::memory_order_relaxed);
  live_->iterations.store(tally.iterations_started, std::memory_order_relaxed);
  live_->recent_p99_ns.store(tally.series.recent_p99_ns(now_ - tally.measure_start_at),
                             std::memory_order_relaxed);
  if (tally.measure_start_at.count() != 0) {
    Series& series = recorder_->tally().series;
    series.in_flight(now_ - tally.measure_start_at, session.under_way());
    if (transport_.tally().clock_steps != clock_steps_)
      series.clock_step(snapshot_at_ - tally.measure_start_at, now_ - tally.measure_start_at);
  }
  clock_steps_ = transport_.tally().clock_steps;
  snapshot_at_ = now_;
  next_snapshot_ = now_ + kSnapshotEvery;
}

template <class T, class C>
void Shard<T, C>::open(Session<T>& session, Gate& gate) {
  const Nanos began = now_;
  session.open_all(now_);
  while (!session.opened() && !stopped()) {
    turn(session, session.may_open_next() ? now_ : Nanos::max());
    session.open_next(now_);
  }
  session.abandon_opening();
  recorder_->tally().setup = now_ - began;
  gate.ready.fetch_add(1);
  gate.tell();
  turn_until(session, Nanos::max(), kGateStep, [&] { return gate.start_at.load() != Gate::kNotYet; });
}

template <class T, class C>
void Shard<T, C>::load(Session<T>& session, const ScenarioProgram& scenario, Gate& gate) {
  const Nanos start(gate.start_at.load());
  const Nanos measure_start = start + scenario.warmup;
  const Nanos measure_end = scenario.duration ? measure_start + *scenario.duration : Recorder::kNoEnd;
  recorder_->set_window(measure_start, measure_end);
  mark();
  session.schedule(start, measure_start, measure_end);
  transport_.set_wait(scenario.wait.mode, answers_may_wait(scenario));
  turn_until(session, start, Nanos::max(), [] { return false; });
  if (scenario.warmup.count() > 0 && !stopped()) warm_up(session, scenario, gate, measure_start);
  live_->phase.store(Phase::measure);
  ScenarioTally& tally = recorder_->tally();
  transport_.check_sends(&tally.send_error);
  if (!stopped()) session.set_intake(Intake::measured, now_);
  turn_until(session, measure_end, Nanos::max(), [&] { return session.finished(); });
  transport_.check_sends(nullptr);
  tally.ended_by_count = session.finished();
  tally.measure_end_at = std::min(now_, measure_end);
  cost_ = cost_since_mark();
}

template <class T, class C>
void Shard<T, C>::warm_up(Session<T>& session, const ScenarioProgram& scenario, Gate& gate,
                          Nanos measure_start) {
  const auto never = [] { return false; };
  live_->phase.store(Phase::warmup);
  session.set_intake(Intake::warmup, now_);
  if (scenario.wait.why == WaitWhy::trial) {
    const WaitChoice choice = decide_wait_before(session, scenario, gate, measure_start);
    recorder_->tally().wait = choice;
    transport_.set_wait(choice.mode, answers_may_wait(scenario));
  }
  turn_until(session, measure_start, Nanos::max(), never);
  mark();
}

/// The first shard's word holds for all: the others ask for it later, but before the measured time, so that
/// its first request finds them waiting in this way. Where it comes too late for one, or the measured time
/// has begun without it, all of them go on sleeping.
template <class T, class C>
WaitChoice Shard<T, C>::decide_wait_before(Session<T>& session, const ScenarioProgram& scenario, Gate& gate,
                                           Nanos measure_start) {
  const auto never = [] { return false; };
  const Nanos lead = decision_lead(scenario.warmup);
  WaitChoice choice = scenario.wait;
  if (share_.shard != 0) {
    turn_until(session, measure_start - lead / 2, Nanos::max(), never);
    if (!stopped()) choice.mode = gate.agree_on(WaitMode::sleep);
    return choice;
  }
  WaitTrial trial;
  recorder_->set_trial(&trial);
  turn_until(session, measure_start - lead, Nanos::max(), never);
  recorder_->set_trial(nullptr);
  if (stopped()) return choice;
  WaitSamples seen = trial.samples();
  seen.sibling_busy = gate.sibling_busy.load();
  choice = decide_wait(scenario.wait, seen);
  const WaitMode wanted = now_ < measure_start ? choice.mode : WaitMode::sleep;
  if (const WaitMode agreed = gate.agree_on(wanted); agreed != choice.mode) {
    choice.mode = agreed;
    choice.why = WaitWhy::undecided;
  }
  return choice;
}

/// Reads files, so not in a turn; what happened meanwhile is found with the time after it.
template <class T, class C>
void Shard<T, C>::mark() {
  mark_ = {clock_.cost(), transport_.tally(), turns_, handled_, recorder_->tally().completed, clock_.now()};
  most_handled_ = 0;
  now_ = mark_.at;
}

template <class T, class C>
ShardCost Shard<T, C>::cost_since_mark() {
  const CostReading reading = clock_.cost();
  const TransportTally& transport = transport_.tally();
  ShardCost cost;
  cost.cpu = reading.cpu - mark_.cost.cpu;
  cost.wall = clock_.now() - mark_.at;
  cost.spun = transport.spun - mark_.transport.spun;
  cost.run_queue_wait = reading.run_queue_wait - mark_.cost.run_queue_wait;
  cost.run_queue_known = reading.run_queue_known;
  cost.completed = recorder_->tally().completed - mark_.completed;
  cost.context_switches = reading.context_switches - mark_.cost.context_switches;
  cost.involuntary_switches = reading.involuntary_switches - mark_.cost.involuntary_switches;
  cost.turns = turns_ - mark_.turns;
  cost.batches = transport.batches - mark_.transport.batches;
  cost.buffers_short = transport.buffers_short - mark_.transport.buffers_short;
  cost.clock_steps = transport.clock_steps - mark_.transport.clock_steps;
  cost.completions = handled_ - mark_.handled;
  cost.completions_most = most_handled_;
  return cost;
}

template <class T, class C>
void Shard<T, C>::drain(Session<T>& session, const ScenarioProgram& scenario, const Gate& gate) {
  live_->phase.store(Phase::drain);
  gate.tell();
  session.set_intake(Intake::none, now_);
  turn_until(session, now_ + scenario.graceful_stop, Nanos::max(), [&] { return session.under_way() == 0; });
}

template <class T, class C>
ShardScenario Shard<T, C>::run(std::size_t index, Gate& gate, Live& live, const std::atomic<bool>& stop) {
  const ScenarioProgram& scenario = program_.scenarios[index];
  Recorder recorder(scenario);
  Session<T> session(transport_, program_, index, share_.scenarios[index], recorder, generation_);
  recorder_ = &recorder;
  live_ = &live;
  stop_ = &stop;
  live.phase.store(Phase::opening);
  now_ = clock_.now();
  publish(session);
  open(session, gate);
  const bool started =
      gate.start_at.load() > 0;  // not where the run was stopped, or abandoned, before its start
  cost_ = {};
  if (started) {
    load(session, scenario, gate);
    drain(session, scenario, gate);
  }

  transport_.set_wait(WaitMode::sleep, false);
  session.close_all(now_);
  recorder.finish(now_);
  turn(session, now_);  // also what the transport only queued of it
  const Nanos patience = now_ + std::chrono::seconds(1);
  while (!session.quiet() && now_ < patience) turn(session, std::min(patience, now_ + kGateStep));
  generation_ = std::max(generation_, session.next_generation());
  publish(session);
  live.phase.store(Phase::finished);
  gate.done.fetch_add(1);
  gate.tell();
  return {std::move(recorder.tally()), cost_};
}

}  // namespace saturn
