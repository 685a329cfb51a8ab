#include "core/result/verdict_target_rules.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/result/text_format.hpp"
#include "core/result/verdict_failures.hpp"
#include "core/result/verdict_figures.hpp"

namespace saturn::verdict {
namespace {

constexpr double kStolenShare = 0.05;  ///< of its cores' time
constexpr double kFullShare = 0.9;     ///< of the machine's cores, or of one
constexpr double kThreads = 1.1;  ///< a process that uses more has several threads: one core is not its limit
constexpr double kRealWorker = 0.2;      ///< of a core: below, a worker competes for nothing
constexpr double kTakenShare = 0.1;      ///< of the CPU used by both: what the generator took from the target
constexpr double kOneWorkerShare = 0.9;  ///< of the workers' CPU time
constexpr std::uint32_t kDefaultInFlight = 10'000;  ///< to which an open loop grows by itself

/// Threads that the target would keep busy: one a worker, more where a process uses more than a core.
std::size_t busy_workers(const ScenarioResult& s) {
  std::size_t workers = 0;
  for (const TargetProcess& process : s.target->processes) {
    const double cores = process.cpu_s / s.target->over_s;
    if (cores >= kRealWorker) workers += static_cast<std::size_t>(std::max(1.0, std::ceil(cores - 0.1)));
  }
  return workers;
}

}  // namespace

Found target_steal(const VerdictCase& c) {
  const auto& target = c.scenario.target;
  if (!target || target->steal.value_or(0) <= kStolenShare) return std::nullopt;
  return Finding{
      std::nullopt,
      false,
      fmt::format("the hypervisor took {} of the time of the target's cores for others, so it is slower here",
                  percent(*target->steal)),
      {"use a machine with cores of its own"},
      Severity::warning};
}

Found shared_cores(const VerdictCase& c) {
  const auto target = target_cores(c.scenario);
  const std::size_t shards = c.scenario.shards.size();
  const auto cores = static_cast<double>(c.host.cpus_online);
  if (!c.local || !target || cores == 0) return std::nullopt;
  const std::size_t workers = busy_workers(c.scenario);
  const double own = generator_cores(c.scenario), used = own + *target;
  if (shards + workers <= c.host.cpus_online || used < kFullShare * cores) return std::nullopt;
  const bool taken = own > kTakenShare * used;
  return Finding{
      taken ? std::optional(LimitedBy::generator) : std::nullopt,
      taken,
      fmt::format(
          "{} of saturn and {} busy workers of the target shared this machine's {} cores; saturn took "
          "{:.2f} of the {:.2f} in use",
          shards == 1 ? "1 thread" : fmt::format("{} threads", shards), workers, c.host.cpus_online, own,
          used),
      {"run saturn on another machine", true}};
}

Found one_worker(const VerdictCase& c) {
  const ScenarioResult& s = c.scenario;
  if (!s.target || s.target->busiest_worker_share.value_or(0) <= kOneWorkerShare) return std::nullopt;
  const std::uint64_t workers = s.target->workers;
  if (workers < 2 || s.connections.established < workers) return std::nullopt;
  // Where a rate was asked for, one worker may have been enough for it.
  return Finding{
      s.requests.due ? std::nullopt : std::optional(LimitedBy::target),
      false,
      fmt::format("one of the target's {} workers did {} of the work, so the figures are those of one worker",
                  workers, percent(*s.target->busiest_worker_share)),
      {"run again, or type a higher -c, until connections spread"}};
}

Found target_cpu(const VerdictCase& c) {
  const ScenarioResult& s = c.scenario;
  const auto used = target_cores(s);
  if (!used) return std::nullopt;
  if (const auto cores = static_cast<double>(c.host.cpus_online); cores > 0 && *used >= kFullShare * cores)
    return Finding{
        LimitedBy::target, false,
        fmt::format("the target used {:.2f} of this machine's {} cores", *used, c.host.cpus_online)};
  const auto& all = s.target->processes;
  const auto busiest = std::max_element(all.begin(), all.end(),
                                        [](const auto& a, const auto& b) { return a.cpu_s < b.cpu_s; });
  const double one = busiest == all.end() ? 0 : busiest->cpu_s / s.target->over_s;
  if (one < kFullShare || one > kThreads) return std::nullopt;
  return Finding{LimitedBy::target,
                 false,
                 fmt::format("the target's process {} ({}) was busy {} of a core", busiest->pid,
                             busiest->name, percent(one)),
                 {"more workers there would do more"}};
}

/// Little's law: so many requests have to be in flight for this rate at this service time. Where the limit is
/// the default, nobody but the target is to blame.
Found in_flight(const VerdictCase& c) {
  const ScenarioResult& s = c.scenario;
  const double asked_s = s.warmup_s + s.measured_s;
  if (!s.requests.due || !s.service || asked_s <= 0) return std::nullopt;
  const auto due = static_cast<double>(*s.requests.due);
  const double rate = due / asked_s, needed = rate * s.service->mean_us / 1e6;
  const auto missed = static_cast<double>(missed_arrivals(s.requests));
  if (!missed_many(s.requests) || needed < kFullShare * s.vus || dead_makes_figures(s)) return std::nullopt;
  const bool chosen = s.vus < kDefaultInFlight;
  const std::string reason = fmt::format(
      "{}/s with answers after {} need {} requests in flight, but at most {} may be; {} of the arrivals were "
      "never sent",
      rate < 100 ? text::rate(rate) : text::count(static_cast<std::uint64_t>(std::llround(rate))),
      time(s.service->mean_us), text::count(static_cast<std::uint64_t>(std::ceil(needed))),
      text::count(s.vus), percent(missed / due));
  return Finding{chosen ? LimitedBy::generator : LimitedBy::target,
                 chosen,
                 reason,
                 {chosen ? fmt::format("type -c {}", std::ceil(needed * 1.2)) : "type a lower -R"}};
}

}  // namespace saturn::verdict
