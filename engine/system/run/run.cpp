// saturn::run(): validate → compile → look up the target → split → shard threads → scenarios one after
// another → merge → facts.
#include "saturn/run.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <random>

#include "core/load/wait_choice.hpp"
#include "core/plan/parse.hpp"
#include "core/plan/plan_json.hpp"
#include "core/plan/program.hpp"
#include "core/result/merge.hpp"
#include "core/result/thresholds.hpp"
#include "core/result/verdict.hpp"
#include "system/clock/system_clock.hpp"
#include "system/host/host.hpp"
#include "system/net/pacing.hpp"
#include "system/net/source.hpp"
#include "system/run/coordinator.hpp"
#include "system/run/placement.hpp"
#include "system/run/pressure_watch.hpp"
#include "system/run/resources.hpp"
#include "system/run/shards.hpp"
#include "system/run/target_watch.hpp"

namespace saturn {
namespace {

std::uint64_t random_seed() {
  std::random_device device;
  return (static_cast<std::uint64_t>(device()) << 32 | device()) >> 12;  // fits a JSON number exactly
}

std::uint32_t most_connections(const Program& program) {
  std::uint32_t most = 1;
  for (const auto& scenario : program.scenarios) most = std::max(most, scenario.vus);
  return most;
}

/// Connections that are there at the start: what the number of threads follows.
std::uint32_t connections_at_start(const Program& program) {
  std::uint32_t most = 1;
  for (const auto& scenario : program.scenarios)
    most = std::max(most, scenario.rate ? scenario.vus_at_start : scenario.vus);
  return most;
}

/// Bytes that a scenario's connections need at least: rendered requests, pipelined copies, bodies gathered
/// for checks.
std::uint64_t memory_of(const ScenarioProgram& scenario) {
  std::uint64_t a_slot = 0, shared = 0, body = 0;
  for (const StepProgram& step : scenario.steps) {
    const std::uint64_t bytes = std::uint64_t{step.request.max_bytes()} * scenario.pipeline;
    if (step.request.is_static()) shared += bytes;
    if (!step.request.is_static()) a_slot = std::max(a_slot, bytes);
    body = std::max<std::uint64_t>(body, step.body_limit);
  }
  return shared + scenario.vus * (a_slot + body);
}

std::optional<Error> short_of_memory(const Program& program, const HostFacts& host) {
  for (const ScenarioProgram& scenario : program.scenarios) {
    const std::uint64_t needed = memory_of(scenario);
    if (host.memory_bytes == 0 || needed <= host.memory_bytes / 2) continue;
    return Error{scenario.name,
                 fmt::format("{} connections with these bodies need {} MB; this machine has {} MB",
                             scenario.vus, needed >> 20, host.memory_bytes >> 20),
                 scenario.rate ? "use a smaller --max-in-flight or a smaller body"
                               : "use fewer connections, a smaller body or less pipelining",
                 ErrorKind::setup};
  }
  return std::nullopt;
}

/// Where the user sets no limit, as many requests may be in flight as this process may open connections.
/// Returns what a reader must know where that is less than usual.
std::optional<std::string> fit_in_flight(Program& program, const Plan& plan, unsigned shards,
                                         const DescriptorLimits& descriptors,
                                         std::optional<SocketForm> form) {
  std::optional<std::string> note;
  for (std::size_t i = 0; i < program.scenarios.size(); ++i) {
    ScenarioProgram& scenario = program.scenarios[i];
    if (!scenario.rate || plan.scenarios[i].max_in_flight) continue;
    const std::uint32_t most = most_in_flight(scenario.vus_at_start, shards, descriptors, form);
    if (scenario.vus <= most) continue;
    scenario.vus = most;
    note = fmt::format(
        "at most {} requests in flight: this process may open {} descriptors (raise it: ulimit -Hn)", most,
        descriptors.limit);
  }
  return note;
}

/// CPUs that the target may run on, where it is one of this machine's processes that may be looked into.
std::optional<std::vector<int>> target_cpus(const TargetFinder& finder, const SocketAddress& address) {
  return cpus_of(finder.find(address).pids);
}

/// How each scenario's shards wait. Where only a trial can decide, and there is no warm-up, it is one.
void choose_waits(Program& program, std::optional<WaitMode> asked, WaitFacts facts) {
  for (ScenarioProgram& scenario : program.scenarios) {
    facts.scheduled = scenario.rate.has_value();
    facts.warmup = scenario.warmup;
    facts.counted = scenario.total_iterations.has_value();
    facts.rate_per_s = scenario.rate ? scenario.rate->per_second() : 0;
    scenario.wait = choose_wait(asked, facts);
    if (scenario.wait.in_trial) scenario.warmup = kWaitTrial;
  }
}

/// What the transport used of this kernel.
std::vector<std::string> features(const UringOptions& uring, int family) {
  std::vector<std::string> used{uring.discards ? "RECVMSG" : "RECVMSG_MULTISHOT", "PBUF_RING"};
  if (uring.direct_descriptors) used.emplace_back("DIRECT_DESCRIPTORS");
  if (uring.linked_sockets) used.emplace_back("SOCKET_LINKED_CONNECT");
  const auto granted =
      Sockets::granted({.family = family, .kernel_stamps = uring.kernel_stamps, .unpaced = uring.unpaced});
  if (granted.kernel_stamps) used.emplace_back("SO_TIMESTAMPNS");
  if (uring.check_send_times && !uring.direct_descriptors && SendCheck::granted(family))
    used.emplace_back("SO_TIMESTAMPING");
  if (granted.unpaced) used.push_back(fmt::format("TCP_CONGESTION={}", kUnpaced));
  return used;
}

/// What --discard-body did, or why it did nothing.
void note_discards(RunResult& result, const Program& program) {
  bool any = false;
  for (std::size_t i = 0; i < result.scenarios.size(); ++i) {
    const ScenarioResult& s = result.scenarios[i];
    any = any || s.bytes_discarded > 0;
    if (s.bytes_discarded > 0 || s.requests.completed == 0) continue;
    result.notes.push_back(
        fmt::format("{}: --discard-body had no effect: {}", s.name,
                    program.scenarios[i].pipeline > 1
                        ? "requests are pipelined"
                        : "no body was large enough, of a length known beforehand and read by no check"));
  }
  if (any) result.transport.features.emplace_back("RECV_TRUNC");
}

/// What a reader must know about the time stamps that were asked for.
void note_stamps(RunResult& result) {
  for (const ScenarioResult& s : result.scenarios) {
    if (s.generator.missing_stamps > 0 && s.latency_source != "kernel-rx")
      result.notes.push_back(fmt::format(
          "{}: {} of {} answers have no arrival stamp of the kernel (refused by a filter, or ended "
          "by closing the connection): their latency is what user space saw",
          s.name, s.generator.missing_stamps, s.requests.measured));
    if (s.generator.clock_steps > 0)
      result.notes.push_back(
          fmt::format("{}: the wall clock was set {} times while arrivals were stamped with it: latencies of "
                      "those intervals may be off (clock_step in the series)",
                      s.name, s.generator.clock_steps));
  }
}

/// Why send times that were to be checked were not.
void note_send_check(RunResult& result, const UringOptions& uring, int family) {
  std::string_view why =
      "too few sends, all of them late or larger than 16 KiB, or a device without TX stamps";
  if (uring.direct_descriptors)
    why = "its sockets are in the ring's own table, out of reach of the option for TX stamps";
  else if (!SendCheck::granted(family))
    why = "this process may not ask for TX stamps (SO_TIMESTAMPING is refused by a filter)";
  for (const ScenarioResult& s : result.scenarios)
    if (!s.generator.send_time_error && s.requests.started > 0)
      result.notes.push_back(fmt::format("{}: send times were not checked: {}", s.name, why));
}

}  // namespace

Result<RunResult> run(const Plan& plan, const RunOptions& options) {
  if (Errors errors = validate(plan); !errors.empty()) return errors;
  const std::uint64_t seed = options.seed ? *options.seed : plan.seed ? *plan.seed : random_seed();
  auto program = compile(plan, seed);
  if (!program) return program.errors();
  program->seed = seed;
  const HostFacts host = host_facts();
  const DescriptorLimits descriptors{raise_descriptor_limit(), open_descriptors()};
  const auto fewer_in_flight = fit_in_flight(
      *program, plan, std::max(host.cpus_allowed, options.threads.value_or(1)), descriptors, options.sockets);
  const auto sockets = plan_sockets(most_connections(*program), options.threads, host, descriptors,
                                    connections_at_start(*program), options.sockets);
  if (!sockets) return sockets.errors();
  make_room_for_descriptors(sockets->descriptors);
  auto receive_bytes = receive_bytes_of_a_shard(options.receive_memory, sockets->shards);
  if (!receive_bytes) return receive_bytes.errors();
  if (auto error = short_of_memory(*program, host)) return *error;
  const auto finder = TargetFinder::create(options.target);
  if (!finder) return finder.errors();

  const std::atomic<bool> never{false};
  const std::atomic<bool>& stop = options.stop != nullptr ? *options.stop : never;
  const auto sources = source_addresses(options.source_ips);
  if (!sources) return sources.errors();
  if (!sources->empty() && options.sockets == SocketForm::linked)
    return Error{"--sockets", "sockets that the ring makes are not bound to --source-ip",
                 "type --sockets table, or leave one of them out", ErrorKind::setup};
  const auto address = reach(program->origin, *sources, program->scenarios.front().connect_timeout, stop);
  if (!address) return address.errors();

  const bool target_here = is_local(*address);
  const std::optional<std::vector<int>> targets_cpus = target_cpus(*finder, *address);
  const Placement placement(allowed_cpus(), Topology::read(), targets_cpus);
  // Threads that nobody asked for keep to cores of their own, but where each ring's table is needed.
  const bool may_be_fewer = !options.threads && options.pin && sockets->form == SocketForm::descriptors;
  const unsigned count = may_be_fewer ? placement.room_for(sockets->shards) : sockets->shards;
  receive_bytes = receive_bytes_of_a_shard(options.receive_memory, count);
  const std::vector<int> taken = placement.taken(count, options.pin);
  WaitFacts waiting{.allowed_cores = host.cpus_allowed, .shards = count, .cpu_quota = host.cpu_quota};
  placement.put_into(waiting, taken, target_here);
  choose_waits(*program, options.wait, waiting);
  for (ScenarioProgram& scenario : program->scenarios) scenario.discard_body = options.discard_body;
  const bool unpaced = target_here && paces(congestion_control());
  const UringOptions uring{.kernel_stamps = options.kernel_stamps,
                           .receive_bytes = *receive_bytes,
                           .direct_descriptors = sockets->form != SocketForm::descriptors,
                           .linked_sockets = sockets->form == SocketForm::linked,
                           .unpaced = unpaced,
                           .sources = *sources,
                           .discards = options.discard_body,
                           .check_send_times = options.check_send_times};
  auto shards = ShardThreads::start(*program, split(*program, count, !options.threads), *address,
                                    options.pin ? placement.cpus() : std::vector<int>{}, uring, stop);
  if (!shards) return shards.errors();

  Observer silent;
  TargetWatch observer(options.observer != nullptr ? *options.observer : silent,
                       [&] { return finder->find(*address); });
  observer.run_starting(to_text(*address), count);
  const std::string started_at = utc_now();
  const Nanos began = monotonic_now();
  PressureWatch pressure;
  SiblingWatch siblings(placement.siblings_of(taken));
  Coordinator(*program, **shards, observer, pressure, siblings, stop).run_all();
  const Nanos elapsed = monotonic_now() - began;
  const RingFacts ring = (*shards)->ring();

  std::vector<ShardResult> counted = (*shards)->finish();
  if ((*shards)->broken()) return (*shards)->errors();
  pressure.put_into(counted);
  RunResult result = merge(*program, counted);
  pressure.put_into(result);
  placement.put_into(result);
  result.transport = {"uring", "", ring.setup_flags, features(uring, address->storage.ss_family)};
  result.host = host;
  result.argv = options.argv;
  result.labels = options.labels;
  result.seed = seed;
  result.run_id = fmt::format("{:016x}{:08x}", static_cast<std::uint64_t>(began.count()),
                              static_cast<std::uint32_t>(random_seed()));
  result.started_at = started_at;
  result.ended_at = utc_now();
  result.elapsed_s = to_seconds(elapsed);
  result.address = to_text(*address);
  result.target_here = target_here;
  result.plan_json = redacted_plan(plan);

  if (count > host.cpus_allowed)
    result.notes.push_back(fmt::format(
        "{} threads share {} allowed cores: they wait for each other, and what they measure shows it", count,
        host.cpus_allowed));
  for (std::string& note : (*shards)->notes()) result.notes.push_back(std::move(note));
  if (options.kernel_stamps) note_stamps(result);
  if (options.discard_body) note_discards(result, *program);
  if (options.check_send_times) note_send_check(result, uring, address->storage.ss_family);
  if (fewer_in_flight) result.notes.push_back(*fewer_in_flight);
  observer.put_into(result);
  pressure.put_targets_into(result, targets_cpus.value_or(std::vector<int>{}));
  if (!result.scenarios.empty()) result.scenarios.front().connections.probes = 1;  // reach()
  result.interrupted = stop.load();
  result.generator.rss_max_bytes = max_rss_bytes();
  judge(result);
  result.thresholds = judge_thresholds(plan, result.scenarios);
  return result;
}

}  // namespace saturn
