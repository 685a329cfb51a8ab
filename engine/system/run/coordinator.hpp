// Takes the shards through the scenarios, one after another: opens each, names the common start, tells the
// observers. It sleeps until a shard rings or progress is due, and touches nothing that a request touches.
// Lives on the stack of who called run(). Tested in tests/loopback/run_test.cpp.
#pragma once
#include <algorithm>
#include <thread>

#include "core/load/wait_choice.hpp"
#include "core/plan/program.hpp"
#include "saturn/run.hpp"
#include "system/clock/system_clock.hpp"
#include "system/run/pressure_watch.hpp"
#include "system/run/shards.hpp"
#include "system/run/sibling_watch.hpp"

namespace saturn {

class Coordinator {
 public:
  Coordinator(const Program& program, ShardThreads& shards, Observer& observer, PressureWatch& pressure,
              SiblingWatch& siblings, const std::atomic<bool>& stop)
      : program_(program),
        shards_(shards),
        observer_(observer),
        pressure_(pressure),
        siblings_(siblings),
        stop_(stop) {}

  void run_all() {
    for (std::size_t scenario = 0; scenario < program_.scenarios.size() && !stopped() && !shards_.broken();
         ++scenario) {
      if (scenario > 0) sleep_until(monotonic_now() + program_.gap, [] { return false; });
      if (!stopped()) run_one(scenario);
    }
  }

 private:
  static constexpr Nanos kLook = std::chrono::milliseconds(5);  ///< between scenarios
  static constexpr Nanos kProgressEvery = std::chrono::milliseconds(100);
  static constexpr Nanos kLead = std::chrono::milliseconds(1);  ///< from naming the common start to the start

  bool stopped() const { return stop_.load(std::memory_order_relaxed); }

  template <class Over>
  void sleep_until(Nanos deadline, Over&& over) {
    while (!over() && !stopped()) {
      const Nanos left = deadline - monotonic_now();
      if (left.count() <= 0) return;
      std::this_thread::sleep_for(std::min(left, kLook));
    }
  }

  void run_one(std::size_t index) {
    const ScenarioProgram& scenario = program_.scenarios[index];
    Gate& gate = shards_.gate(index);
    began_ = Nanos(0);
    observer_.scenario_opening(index);
    shards_.open(index);
    watch(index, [&] { return gate.ready.load() >= shards_.count(); });
    const bool measured = !stopped() && !shards_.broken();
    if (measured && scenario.warmup.count() == 0) measuring_starts(index);
    began_ = monotonic_now() + kLead;
    std::int64_t not_yet = Gate::kNotYet;
    gate.start_at.compare_exchange_strong(not_yet, began_.count());
    if (measured && scenario.warmup.count() > 0) {
      const Nanos warm_at = began_ + scenario.warmup;
      if (scenario.wait.why == WaitWhy::trial)
        watch_siblings(index, warm_at - 2 * decision_lead(scenario.warmup));
      watch(
          index, [&] { return monotonic_now() >= warm_at || stopped(); }, warm_at);
      measuring_starts(index);
    }
    const auto done = [&] { return gate.done.load() >= shards_.count(); };
    watch(index, [&] { return done() || past_measuring(); });
    if (measured) {
      pressure_.ends(index);
      observer_.measuring_ended(index);
    }
    watch(index, done);
    report(index);
  }

  /// Until shortly before the shards decide how they wait.
  void watch_siblings(std::size_t index, Nanos until) {
    siblings_.start();
    watch(
        index, [&] { return monotonic_now() >= until || stopped(); }, until);
    if (siblings_.busy()) shards_.gate(index).sibling_busy.store(true);
  }
  void measuring_starts(std::size_t index) {
    observer_.measuring_starts(index);
    pressure_.starts(index);
  }
  bool past_measuring() const {
    return std::all_of(shards_.live().begin(), shards_.live().end(), [](const Live& live) {
      return live.phase.load(std::memory_order_relaxed) >= Phase::drain;
    });
  }

  /// Sleeps until over(), which changes when the bell rings or `at` has come; a stop makes the shards finish,
  /// so it needs no look of its own.
  template <class Over>
  void watch(std::size_t index, Over&& over, Nanos at = Nanos::max()) {
    Nanos next = monotonic_now() + kProgressEvery;
    while (!over()) {
      shards_.bell().wait_for(std::min(next, at) - monotonic_now());
      if (monotonic_now() < next) continue;
      report(index);
      next = std::max(next + kProgressEvery, monotonic_now());  // who was stopped has no looks to make up for
    }
  }

  void report(std::size_t index) {
    const ScenarioProgram& scenario = program_.scenarios[index];
    Progress progress;
    progress.scenario = index;
    progress.scenarios = program_.scenarios.size();
    progress.name = scenario.name;
    progress.phase = Phase::finished;
    if (scenario.duration) progress.planned = scenario.warmup + *scenario.duration;
    progress.planned_requests = scenario.total_iterations;
    progress.connections_planned = scenario.rate ? scenario.vus_at_start : scenario.vus;
    progress.steps = scenario.steps.size();
    std::uint64_t p99_ns = 0;
    progress.elapsed = began_.count() == 0 ? Nanos(0) : std::max(Nanos(0), monotonic_now() - began_);
    for (const Live& live : shards_.live()) {
      progress.phase = std::min(progress.phase, live.phase.load(std::memory_order_relaxed));
      progress.started += live.started.load(std::memory_order_relaxed);
      progress.completed += live.completed.load(std::memory_order_relaxed);
      progress.not_ok += live.not_ok.load(std::memory_order_relaxed);
      progress.failed += live.failed.load(std::memory_order_relaxed);
      progress.dropped += live.dropped.load(std::memory_order_relaxed);
      progress.backlog += live.backlog.load(std::memory_order_relaxed);
      progress.connections += live.connections.load(std::memory_order_relaxed);
      progress.iterations += live.iterations.load(std::memory_order_relaxed);
      p99_ns = std::max(p99_ns, live.recent_p99_ns.load(std::memory_order_relaxed));
    }
    if (p99_ns > 0 && progress.phase >= Phase::measure)
      progress.recent_p99_us = static_cast<double>(p99_ns) / 1000.0;
    observer_.progress(progress);
  }

  const Program& program_;
  ShardThreads& shards_;
  Observer& observer_;
  PressureWatch& pressure_;
  SiblingWatch& siblings_;
  const std::atomic<bool>& stop_;
  Nanos began_{0};
};

}  // namespace saturn
