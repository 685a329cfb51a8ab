#include "core/result/verdict_figures.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/result/text_format.hpp"

namespace saturn::verdict {
namespace {

/// Below this no lag is worth a word: a sleeping timer of a virtual machine is late by half of it.
constexpr double kLagOfNoAccount_us = 200;
constexpr double kMissedShare = 0.01;  ///< of the arrivals
constexpr double kOthersShare = 0.1;   ///< of all cores: from here others disturb what is measured
constexpr double kExplained = 1.5;   ///< times lag + service time: beyond, a slot's time is something else's
constexpr double kWaitedFactor = 2;  ///< from here most of a late answer's latency was waiting for a slot

/// By Little's law a request takes a slot for slots ÷ rate. Where that clearly exceeds what lag and service
/// time explain, slots were idle, were lost to requests without an answer, or waited for their connections.
bool explains_slots(const ScenarioResult& s, const Cycle& c) {
  if (s.rps.value_or(0) <= 0) return false;
  const double tail = s.measured_s > 0 ? std::min(1.0, s.tail_s.value_or(0) / s.measured_s) : 0;
  const double slots = s.vus * (1 - tail);  // those without work any more are not waited for
  return slots / *s.rps * 1e6 <= kExplained * (c.own_us + c.target_us);
}

/// A new connection for at most two requests each: the time it takes is in neither lag nor service time.
bool replaces_connections(const ScenarioResult& s) {
  const std::uint64_t opened = s.connections.opened_total;
  return opened > s.vus && 2 * (opened - s.vus) >= s.requests.completed;
}

/// VUs with iterations of their own end one by one: nobody knows how many slots were in use.
bool hides_connecting(const ScenarioResult& s, const Cycle& c) {
  return s.executor != Executor::per_vu_iterations && replaces_connections(s) && !explains_slots(s, c);
}

std::optional<Cycle> means(const ScenarioResult& s) {
  if (!s.lag || !s.observe || !s.service) return std::nullopt;
  const Cycle found{s.turnaround_mean_us.value_or(s.lag->mean_us), s.service->mean_us};
  if (found.own_us + found.target_us <= 0 || hides_connecting(s, found)) return std::nullopt;
  return found;
}

}  // namespace

/// In an open loop lag leaves out the wait for a slot that the target held: it is late without being in it.
bool waited_for_slots(const ScenarioResult& s) {
  return s.latency && s.lag && s.service &&
         s.latency->p99_us > kWaitedFactor * (s.lag->p99_us + s.service->p99_us);
}

std::optional<Cycle> cycle(const ScenarioResult& s) {
  const auto found = means(s);
  const bool slots_were_short = found && missed_many(s.requests) && explains_slots(s, *found);
  return !s.requests.due || slots_were_short ? found : std::nullopt;
}

std::optional<double> late_share(const ScenarioResult& s) {
  if (!s.requests.due || !s.lag || !s.latency || s.latency->p99_us <= 0) return std::nullopt;
  return s.lag->p99_us <= kLagOfNoAccount_us ? 0 : s.lag->p99_us / s.latency->p99_us;
}

std::optional<double> own_share(const ScenarioResult& s) {
  if (s.requests.due && !missed_many(s.requests) && !waited_for_slots(s))
    return s.observe ? late_share(s) : std::nullopt;
  const auto in_a_slot = means(s);
  return in_a_slot ? std::optional(in_a_slot->share()) : std::nullopt;
}

const ShardFacts* busiest_shard(const ScenarioResult& s) {
  const auto busier = [](const ShardFacts& a, const ShardFacts& b) { return a.busy < b.busy; };
  const auto found = std::max_element(s.shards.begin(), s.shards.end(), busier);
  return found == s.shards.end() ? nullptr : &*found;
}

double busiest_core(const ScenarioResult& s) {
  double most = 0;
  for (const ShardFacts& shard : s.shards) {
    double busy = 0;
    for (const ShardFacts& other : s.shards)
      if (&other == &shard || (shard.cpu >= 0 && other.cpu == shard.cpu)) busy += other.busy;
    most = std::max(busy, most);
  }
  return most;
}

double waited_share(const ShardFacts& shard) {
  return shard.wall_s > 0 ? shard.run_queue_wait_s.value_or(0) / shard.wall_s : 0;
}

double generator_cores(const ScenarioResult& s) {
  double cores = 0;
  for (const ShardFacts& shard : s.shards) cores += shard.utilisation;
  return cores;
}

std::optional<double> target_cores(const ScenarioResult& s) {
  if (!s.target || s.target->over_s <= 0) return std::nullopt;
  return s.target->cpu_s / s.target->over_s;
}

std::uint64_t missed_arrivals(const Counts& c) {
  return c.dropped.value_or(0) + c.backlog_at_stop.value_or(0);
}

bool missed_many(const Counts& c) {
  return c.due && static_cast<double>(missed_arrivals(c)) > kMissedShare * static_cast<double>(*c.due);
}

std::string percent(double share) {
  const double value = std::clamp(share, 0.0, 1.0) * 100;
  return value < 9.95 ? fmt::format("{:.1f} %", value) : fmt::format("{:.0f} %", value);
}

std::string time(double us) {
  const text::TimeUnit unit = text::time_unit(us, 0);
  const double value = us / unit.us;
  std::string digits = fmt::format("{:.{}f}", value, value < 9.995 ? 2 : value < 99.95 ? 1 : 0);
  if (digits.find('.') != std::string::npos) digits.resize(digits.find_last_not_of('0') + 1);
  if (digits.back() == '.') digits.pop_back();
  return fmt::format("{} {}", digits, unit.name);
}

std::string cpu_name(const ShardFacts& shard) {
  return shard.cpu < 0 ? "its core" : fmt::format("CPU {}", shard.cpu);
}

Remedy more_cpu(const VerdictCase& c) {
  const std::size_t shards = std::max<std::size_t>(1, c.scenario.shards.size());
  const std::size_t cores = c.host.cpus_allowed;
  const std::size_t free =
      cores - std::min(cores, c.local ? 1 : std::size_t{0});  // one is left to the target
  const std::size_t possible = std::min<std::size_t>({shards * 2, free, c.scenario.vus});
  if (possible > shards) return {fmt::format("type -t {}", possible)};
  if (c.scenario.vus <= shards) return {"type a higher -c, and -t with it"};
  if (cores < c.host.cpus_online)
    return {fmt::format("let saturn use more than {} of this machine's {} cores", cores, c.host.cpus_online)};
  if (c.local)
    return {fmt::format("run the target on another machine, this one has {} for both",
                        cores == 1 ? "1 core" : fmt::format("{} cores", cores)),
            true};
  return {"run saturn on a machine with more cores, or on several"};
}

std::string busy_with_others(const VerdictCase& c) {
  const auto& load = c.scenario.host_load;
  if (!load || load->other_share.value_or(0) < kOthersShare) return "";
  const std::string cores = c.host.cpus_online == 1 ? "1 core" : fmt::format("{} cores", c.host.cpus_online);
  return fmt::format("the machine was busy with other things ({}{:.2f} of {})",
                     load->loadavg ? fmt::format("load {:.1f}, ", *load->loadavg) : "",
                     load->other_cores.value_or(0), cores);
}

}  // namespace saturn::verdict
