// What one shard counted in one scenario: plain counters and histograms, written by its recorder only, merged
// when it is done. merge() in core/result adds them up; merging is exact and associative.
#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "core/plan/wait.hpp"
#include "core/stats/histogram.hpp"
#include "core/stats/series.hpp"
#include "core/stats/signed_histogram.hpp"
#include "core/stats/silence.hpp"
#include "saturn/result.hpp"

namespace saturn {

struct StepTally {
  std::uint64_t completed = 0;  ///< measured
  Histogram latency_ok,
      latency_not_ok;  ///< measured, in ns: done − due where there is a schedule, else − sent
  Histogram ttfb;      ///< first byte − sent
};

/// Times in which requests of a shard waited and not one was answered, by arrival stamps: its own stalls are
/// none.
struct FreezeTally {
  static constexpr Nanos kWorthCounting = std::chrono::milliseconds(20);
  std::uint64_t times = 0;
  Nanos total{0}, longest{0};
  Nanos held_up{0};  ///< of the total: the shard did not run either, as where the whole machine froze
};

struct CheckTally {
  std::uint64_t passed = 0, failed = 0;
};

struct ScenarioTally {
  std::uint64_t started = 0, completed = 0, ok = 0, not_ok = 0, failed = 0, in_flight_at_stop = 0,
                retried = 0;
  std::uint64_t due = 0, dropped = 0, backlog_at_stop = 0;  ///< of a schedule: due = started + the other two
  std::uint64_t warmup = 0, measured = 0, in_window = 0, in_window_ok = 0, measured_ok = 0;
  std::uint64_t iterations_started = 0, iterations_completed = 0, iterations_measured = 0,
                iterations_in_window = 0;  ///< completed: the last step was answered
  std::uint64_t connections_requested = 0, established = 0, connections_failed = 0, opened_total = 0,
                reconnects = 0;
  std::uint64_t connections_refused = 0, connections_timed_out = 0;  ///< of those failed
  std::uint64_t bytes_sent = 0, bytes_received = 0;
  std::uint64_t bytes_discarded = 0;  ///< of those received: dropped in the kernel
  std::array<std::uint64_t, 1000> status{};
  std::array<std::uint64_t, kFailureKinds> errors{};
  std::vector<StepTally> steps;  ///< one a step of the flow
  std::vector<std::vector<CheckTally>>
      checks;         ///< [step][check], in StepProgram::check_names' order; all phases
  Histogram connect;  ///< every established connection, set-up included
  Histogram service;  ///< measured, where there is a schedule: done − sent (else it is the latency)
  Histogram lag;      ///< measured: sent − when a generator that loses no time would have sent it
  Nanos turnaround{
      0};  ///< where there is a schedule, their sum of sent − max(due, slot free), which carries nothing over
  Histogram send_uncertainty;  ///< measured and inexact: between the earliest and the latest it can have left
  Histogram observe;           ///< measured, stamped by the kernel: user space looked − arrival
  Histogram latency_user;      ///< of the same: the latency that user space would have reported
  std::uint64_t missing_stamps =
      0;  ///< measured, but with no credible arrival stamp: user-space time was taken
  std::uint64_t inexact_sends =
      0;  ///< the kernel could not finish them at once, or their batch took longer than it needs
  std::uint64_t stalled_timeouts = 0;  ///< the shard itself stood still for a tenth of the wait
  FreezeTally freezes;                 ///< measured
  Series series;
  Silence silence;
  Nanos setup{0};  ///< first connect queued → every slot established or failed
  Nanos measure_start_at{0},
      measure_end_at{0};  ///< end: duration's end; for a count-limited scenario the last response
  Nanos first_start_at{0}, last_response_at{0};  ///< measured exchanges; 0 where none
  Nanos first_idle_at{0};                        ///< shared-iterations: first VU without work; 0 where none
  std::optional<WaitChoice> wait;  ///< how it waited while it measured; nullopt: as the program says
  bool ended_by_count = false;     ///< the work ran out before the duration did
  SignedHistogram send_error;  ///< measured, of sends checked: the kernel's TX stamp − the time it was given
};

/// What the shard's thread cost in the scenario's measured phase, without warm-up and drain.
struct ShardCost {
  Nanos cpu{0}, wall{0}, run_queue_wait{0};
  Nanos spun{0};  ///< of `cpu`: while there was nothing to do
  Nanos stolen{0},
      stolen_of{
          0};  ///< its CPU's time that the hypervisor took, of all its time; filled in by who reads them
  bool run_queue_known = false, steal_known = false;
  std::uint64_t completed = 0;  ///< responses in this time
  std::uint64_t context_switches = 0, involuntary_switches = 0, turns = 0, batches = 0, buffers_short = 0,
                clock_steps = 0;
  std::uint64_t completions = 0, completions_most = 0;  ///< of the transport: in all turns, in one turn
};

struct ShardScenario {
  ScenarioTally tally;
  ShardCost cost;
};

struct ShardResult {
  std::uint32_t shard = 0;
  int cpu = -1;
  std::vector<ShardScenario> scenarios;  ///< those that ran
};

}  // namespace saturn
