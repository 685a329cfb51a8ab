// What a run found: the value behind result.json and the text summary (shapes: tools/schema, meanings:
// docs/numbers.md). Value types only. What this version does not measure is std::nullopt and becomes null,
// never 0.
#pragma once
#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "saturn/plan.hpp"
#include "saturn/time.hpp"

namespace saturn {

/// Kinds of failed exchanges (no whole response arrived). Order is the order of reports.
enum class Failure : std::uint8_t {
  connect_refused,
  connect_timeout,
  connect_error,
  tls,
  response_timeout,
  reset,
  closed_early,
  malformed,
  too_large,
  send_error,
};
inline constexpr std::size_t kFailureKinds = 10;
std::string_view to_name(Failure failure);

/// Summary of one distribution, in microseconds. mean and stddev come from exact sums, max is exact.
struct Distribution {
  std::uint64_t count = 0;
  double mean_us = 0, stddev_us = 0, min_us = 0, p50_us = 0, p75_us = 0, p90_us = 0, p95_us = 0, p99_us = 0,
         p99_9_us = 0, p99_99_us = 0, max_us = 0;
  std::uint64_t clamped = 0;  ///< values above one hour, counted in the top bucket
  std::string histogram;      ///< HdrHistogram V2 compressed, base64, unit ns; may be empty
};
using MaybeDistribution = std::optional<Distribution>;  ///< nullopt: empty or not measured

struct Counts {  ///< the ledger's left and right sides; nullopt where the load model has no such thing
  std::optional<std::uint64_t> due, dropped, backlog_at_stop;
  std::uint64_t started = 0, completed = 0, ok = 0, not_ok = 0, failed = 0, in_flight_at_stop = 0,
                retried = 0, warmup = 0, measured = 0, in_window = 0, in_window_ok = 0;
};

/// What a schedule asked for.
struct Schedule {
  double rate = 0;                  ///< arrivals a second
  std::uint64_t max_in_flight = 0;  ///< what was possible: fewer than asked for where descriptors were short
  std::uint64_t backlog = 0;        ///< arrivals that may wait
};

struct Connections {
  std::uint64_t requested = 0, established = 0, failed = 0, opened_total = 0, reconnects = 0;
  double setup_s = 0;
  std::uint64_t refused = 0, timed_out = 0;  ///< of those failed
  std::uint64_t probes = 0;  ///< opened and closed before the run, to find an address: in no other count
};

/// Passes through the steps of a flow, warm-up included; one with a single step: requests.
struct Iterations {
  std::uint64_t started = 0, completed = 0;  ///< completed: its last step was answered
  std::optional<double> per_s;               ///< completed ones, counted as `rps` counts responses
};

struct CheckResult {
  std::string name;
  std::uint64_t passed = 0, failed = 0;
};

struct StepResult {
  std::string name;
  std::uint64_t completed = 0;
  MaybeDistribution latency;
};

/// Times of 20 ms and more in which requests of a thread waited and not one of them was answered.
struct Freezes {
  std::uint64_t times = 0;
  double total_s = 0, longest_s = 0;  ///< summed over threads; the longest of one
  double held_up_s = 0;               ///< of the total: saturn did not run either
};

struct SeriesPoint {
  double t_s = 0;  ///< start of the bin, from the start of the scenario's measured phase
  double width_s = 1;
  double rps = 0;
  std::optional<double> p50_us, p99_us;
  std::uint64_t errors = 0, not_ok = 0, in_flight = 0;
  bool clock_step = false;  ///< the wall clock was set in this bin: its arrival stamps may be off
};

struct ShardFacts {
  int cpu = -1;  ///< -1: not pinned
  std::uint64_t completed = 0;
  double ended_s = 0;                      ///< last response, from the start of the measured phase
  double wall_s = 0;                       ///< how long this shard measured
  double utilisation = 0;                  ///< CPU time of its thread ÷ wall time
  double busy = 0;                         ///< the same without the time it spun while it had nothing to do
  std::optional<double> run_queue_wait_s;  ///< ready, but without a core; nullopt: the kernel does not say
  std::optional<double> steal;             ///< share of its CPU's time that the hypervisor took
  std::uint64_t context_switches = 0, involuntary_switches = 0;
  std::optional<int> core{};   ///< its physical core, by the lowest of that core's CPUs; nullopt: not known
  bool beside_target = false;  ///< the target is held to another CPU of that core
};

/// Beside what this machine's generator reached with work like this when it was calibrated.
struct CalibratedShare {
  double rps_per_shard = 0;
  double share = 0;  ///< of it, that was used: 1 is all
  std::string date;  ///< of the calibration, ISO 8601
};

/// The kernel's TX stamp minus the time that a send was given by interpolation, over the sends checked.
struct SendTimeError {
  std::uint64_t samples = 0;
  double p1_us = 0, p50_us = 0, p99_us = 0, min_us = 0, max_us = 0;
};

struct Throttling {           ///< by a CPU quota of this process's cgroup, or of one around it
  std::uint64_t periods = 0;  ///< in which the quota was used up
  double seconds = 0;         ///< threads were kept from running, summed over CPUs
};

/// What the generator itself cost in the measured phase of this scenario (or of all in the run).
struct GeneratorCost {
  std::uint64_t shards = 0;
  double cpu_s = 0;
  double spun_s = 0;  ///< of it: spinning while there was nothing to do
  std::optional<double> cpu_us_per_request;
  double utilisation = 0;  ///< CPU time of the shards ÷ (wall time × shards)
  std::optional<double> run_queue_wait_s;
  std::optional<double> steal;          ///< share of the shards' CPUs' time that the hypervisor took
  std::optional<Throttling> throttled;  ///< nullopt: no quota
  std::uint64_t context_switches = 0, involuntary_switches = 0, turns = 0, batches = 0;
  std::optional<double> completions_per_turn;
  std::uint64_t completions_most = 0;  ///< in one turn
  std::uint64_t bytes_sent = 0, bytes_received = 0, buffers_short = 0, rss_max_bytes = 0;
  std::uint64_t inexact_sends =
      0;  ///< the kernel could not finish them at once, or their batch took longer than it needs
  std::uint64_t missing_stamps = 0;  ///< answers without a credible arrival stamp: user-space time was taken
  std::uint64_t clock_steps = 0;     ///< times the wall clock was set while stamps were converted from it
  std::optional<SendTimeError> send_time_error;  ///< nullopt: not checked, or nothing was stamped
  std::uint64_t stalled_timeouts = 0;            ///< requests that timed out while a shard itself stood still
  std::string wait = "sleep";                    ///< how the shards waited: also "hybrid", "spin"
  std::string wait_reason{};                     ///< why so, in words; empty in results of older versions
  std::optional<CalibratedShare> calibration;    ///< nullopt: this machine is not calibrated
};

/// Whose limit the figures show. `load`: the load asked for was reached and nobody was at a limit.
enum class LimitedBy : std::uint8_t { target, generator, network, load, unknown };
std::string_view to_name(LimitedBy limit);

/// How a reader is to take a verdict: a failure is somebody's fault, a warning limits what the figures are
/// good for.
enum class Severity : std::uint8_t { ok, warning, failure };
std::string_view to_name(Severity severity);

struct Verdict {
  bool valid = true;  ///< false: the figures are not the target's
  LimitedBy limited_by = LimitedBy::unknown;
  std::vector<std::string> reasons{};  ///< plain words, the deciding one first; it ends in its remedy
  std::vector<std::string> rules{};    ///< the rule behind each reason, in step with them; of a run: none
  std::string remedy{};                ///< what lifts the limit that was found; empty: nothing is known to
  std::string summary{};               ///< one line for people
  Severity severity = Severity::ok;
  bool shared_machine = false;  ///< not valid only because saturn and the target run on one machine
};

struct TimeWindow {
  double from_s = 0, to_s = 0;  ///< from the start of the scenario's measured phase
};

/// Time in which the target was asked and gave no answer, so long that it was no slow answer.
struct DeadTime {
  static constexpr std::size_t kMostWindows = 64;
  double time_s = 0, over_s = 0;          ///< dead; of the measured phase
  double share = 0;                       ///< time_s by over_s
  std::vector<TimeWindow> windows{};      ///< in order; at most kMostWindows
  std::uint64_t more_windows = 0;         ///< those behind them …
  double more_windows_s = 0;              ///< … and their time
  bool at_end = false;                    ///< dead when the measured phase ended
  bool gone = false;                      ///< dead at the end, and a later connect or request failed too
  std::optional<double> last_answer_s{};  ///< nullopt: there was none
};

/// What else this machine did in the measured phase.
struct HostLoad {
  std::optional<double> other_cores{};  ///< CPU of what is neither saturn nor the target; nullopt: not known
  std::optional<double> other_share{};  ///< the same, of all the machine's cores
  std::optional<double> loadavg{};      ///< of the last minute, at its end
};

struct TargetProcess {
  int pid = 0;
  std::string name;
  double cpu_s = 0;
  std::uint64_t rss_bytes = 0;  ///< the most that was seen while measuring; 0: could not be read
};
struct TargetCost {    ///< CPU of the server's processes while it was measured, where they are known
  std::string source;  ///< how they were found: "process group of the listener", "--target-pid 812"
  double cpu_s = 0;
  double over_s = 0;  ///< the time that cpu_s was used in: the measured phase, without its drain
  std::optional<double> cpu_us_per_request;
  std::uint64_t rss_max_bytes = 0;
  std::uint64_t workers = 0;                   ///< processes that serve; 0: not known
  std::optional<double> busiest_worker_share;  ///< busiest ÷ sum of the workers, the master left out
  std::vector<TargetProcess> processes;
  std::optional<double> steal{};  ///< share of the time of the CPUs it may use that the hypervisor took
};

struct ScenarioResult {
  std::string name;
  Executor executor = Executor::constant_vus;
  std::string url;
  double warmup_s = 0, measured_s = 0;
  std::uint32_t vus = 0;               ///< connections, at most
  std::optional<Schedule> schedule{};  ///< nullopt: a closed loop
  Connections connections;
  Counts requests;
  std::optional<Iterations> iterations{};  ///< nullopt: not counted, as in results of older versions
  std::optional<double> rps, ok_rps;       ///< nullopt where nothing was measured
  std::uint64_t bytes_sent = 0, bytes_received = 0;
  std::uint64_t bytes_discarded = 0;  ///< of those received: dropped in the kernel, never read
  std::string latency_from = "sent";  ///< or "due", where there is a schedule
  std::string latency_source =
      "user";  ///< "kernel-rx" where the kernel stamped (almost) every answer, "mixed"
  MaybeDistribution latency, latency_ok, latency_user, service, ttfb, connect, lag, observe;
  std::optional<double> turnaround_mean_us;  ///< of the lag: what was not carried over from earlier lateness
  std::optional<Freezes> freezes;            ///< nullopt: nothing was measured
  MaybeDistribution send_uncertainty;        ///< of the inexact sends: between earliest and latest possible
  std::map<int, std::uint64_t> status;
  std::array<std::uint64_t, kFailureKinds> errors{};
  std::vector<CheckResult> checks;
  std::vector<StepResult> steps;
  std::vector<SeriesPoint> series;
  std::vector<ShardFacts> shards;
  std::optional<double> tail_s;  ///< shared-iterations: first VU without work → last response
  std::optional<DeadTime> dead;  ///< nullopt: nothing was measured, or an older version did it
  GeneratorCost generator;
  std::optional<TargetCost> target;
  std::optional<HostLoad> host_load;  ///< nullopt: nobody looked
  std::optional<Verdict> verdict;     ///< nullopt: not judged, as in results of older versions

  /// All that was due was started, and answered well.
  bool all_ok() const {
    return requests.ok > 0 && requests.ok == requests.started &&
           requests.due.value_or(requests.started) == requests.started;
  }
  /// Every answer was a redirect, which saturn does not follow.
  bool only_redirects() const {
    for (const auto& [code, count] : status)
      if (count > 0 && (code < 300 || code > 399 || code == 304)) return false;
    return requests.completed > 0;
  }
};

/// A condition of the plan or of --threshold, judged in one scenario.
struct ThresholdResult {
  std::string expression, scenario;
  std::string metric;           ///< "latency", "errors", …
  std::optional<double> value;  ///< what was measured, in `unit`; nullopt: nothing was, which is not passed
  std::string unit;             ///< that of the expression; empty: a ratio or a count
  bool passed = false;
};

struct LedgerCheck {
  std::string name;
  std::uint64_t left = 0, right = 0;
  bool ok() const { return left == right; }
};

struct HostFacts {
  std::string kernel, cpu_model, container;
  unsigned cpus_online = 0, cpus_allowed = 0;
  std::optional<double> cpu_quota;
  std::uint64_t memory_bytes = 0;
  std::optional<unsigned> physical_cores{};    ///< of the allowed CPUs; nullopt: the machine does not tell
  std::optional<unsigned> threads_per_core{};  ///< the most that one of them has
};

struct TransportFacts {
  std::string name, reason;
  std::vector<std::string> setup_flags, features;
};

struct BuildFacts {  ///< the saturn that measured, which need not be the one that prints the result
  std::string version, git, compiler;
};

struct RunResult {
  BuildFacts build;
  TransportFacts transport;
  HostFacts host;
  std::vector<std::string> argv;
  std::map<std::string, std::string> labels;
  std::uint64_t seed = 0;
  std::string run_id, started_at, ended_at;  ///< ISO 8601, UTC, microseconds
  double elapsed_s = 0;
  std::string address;       ///< "127.0.0.1:8000", the one that accepted
  bool target_here = false;  ///< it is one of this machine's own
  std::string plan_json;     ///< redacted
  bool interrupted = false;
  std::vector<std::string> notes;  ///< things a reader must know: descriptors short, newer Python, …
  std::vector<ScenarioResult> scenarios;
  GeneratorCost generator;
  std::optional<Verdict> verdict;  ///< the worst of the scenarios'
  std::vector<ThresholdResult> thresholds;
  std::vector<LedgerCheck> ledger;
  bool balanced() const {
    for (const auto& check : ledger)
      if (!check.ok()) return false;
    return true;
  }
};

}  // namespace saturn
