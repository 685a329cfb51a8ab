// The rules themselves, in their order. Each threshold has its reason; together they leave a generator on a
// noisy machine of two cores in peace, and do not pass one that was really held up. Tested in
// tests/unit/verdict_rules_test.cpp and verdict_target_rules_test.cpp.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "core/result/text_format.hpp"
#include "core/result/verdict_cores.hpp"
#include "core/result/verdict_failures.hpp"
#include "core/result/verdict_figures.hpp"
#include "core/result/verdict_stalls.hpp"
#include "core/result/verdict_target_rules.hpp"

namespace saturn {
namespace {

using namespace verdict;

constexpr double kShortest_s = 0.1;     ///< scheduling ticks and timer slack are small against it
constexpr double kMissingShare = 0.1;   ///< connections: from here it is another load than the one asked for
constexpr double kBusyShare = 0.9;      ///< of a core: what is left is in pieces too short to use
constexpr double kOwnWorthAWord = 0.1;  ///< a rate that could be 11 % higher
constexpr double kOwnExplained = 0.25;  ///< where looking for a cause of the generator's delay is worth while
constexpr double kOwnMost = 0.5;        ///< a request waits longer for the generator than for the target
constexpr double kAsleep = 0.5;         ///< of the time, neither busy nor waiting for a core
constexpr std::string_view kStopOthers = "stop what else runs, or use another machine";
constexpr double kStolenShare = 0.05;     ///< of the core's time
constexpr double kThrottledShare = 0.01;  ///< of the time: each stop is tens of milliseconds at once
constexpr double kShortShare = 0.01;      ///< of the answers

/// The generator's delay is known and small: what else happened to it did no harm.
bool harmless(const ScenarioResult& s, double share) {
  const auto own = own_share(s);
  return own && *own < share;
}

Found too_short(const VerdictCase& c) {
  const ScenarioResult& s = c.scenario;
  if (!s.rps || s.requests.measured == 0)
    return Finding{LimitedBy::unknown, true, "nothing was measured, so there is nothing to judge"};
  if (s.measured_s >= kShortest_s) return std::nullopt;
  return Finding{LimitedBy::unknown,
                 false,
                 fmt::format("{} are too short to see who was at a limit", time(s.measured_s * 1e6)),
                 {"type a longer -d or more -n"}};
}

Found connections(const VerdictCase& c) {
  const Connections& n = c.scenario.connections;
  if (n.established >= n.requested) return std::nullopt;
  const std::uint64_t other = n.failed - std::min(n.failed, n.refused + n.timed_out);
  const bool refused = n.refused > n.timed_out + other;
  std::string reason =
      fmt::format("only {} of {} connections came up{}", text::count(n.established), text::count(n.requested),
                  refused               ? ", the target refused the others"
                  : other > n.timed_out ? ", ports may have run out"
                                        : "");
  const Remedy remedy{refused               ? "raise its backlog or its limit of connections"
                      : other > n.timed_out ? "type --source-ip with several addresses of this host"
                                            : fmt::format("look at the path, or type -c {}", n.established)};
  const double missing = static_cast<double>(n.requested - n.established) / static_cast<double>(n.requested);
  if (missing < kMissingShare) return Finding{std::nullopt, false, std::move(reason), remedy};
  return Finding{refused ? LimitedBy::target : LimitedBy::network, !refused, std::move(reason), remedy,
                 Severity::failure};
}

Found generator_busy(const VerdictCase& c) {
  const ScenarioResult& s = c.scenario;
  const double busy = busiest_core(s);
  if (busy < kBusyShare || harmless(s, kOwnWorthAWord)) return std::nullopt;
  std::string reason = fmt::format("the generator was busy {} of its core", percent(busy));
  if (s.latency_source == "kernel-rx" && s.latency && s.latency_user && s.latency_from == "sent")
    reason += fmt::format(
        ", so the rate is its own; the target's median is at most {}, user space would have said {}",
        time(s.latency->p50_us), time(s.latency_user->p50_us));
  else
    reason += ", so rate and latency are its own";
  return Finding{LimitedBy::generator, true, std::move(reason), more_cpu(c)};
}

Found generator_slow(const VerdictCase& c) {
  const auto of_a_request = cycle(c.scenario);
  if (!of_a_request || of_a_request->share() < kOwnWorthAWord || dead_makes_figures(c.scenario))
    return std::nullopt;
  const double share = of_a_request->share();
  const ShardFacts* shard = busiest_shard(c.scenario);
  const bool asleep = shard != nullptr && shard->busy + waited_share(*shard) < kAsleep;
  const Remedy remedy =
      asleep ? Remedy{"type --spin, or a higher -c that needs fewer wake-ups"} : more_cpu(c);
  if (share > kOwnMost)
    return Finding{
        LimitedBy::generator, true,
        fmt::format("{} of a request's {} ({}) passed in saturn itself and only {} in the target",
                    time(of_a_request->own_us), time(of_a_request->own_us + of_a_request->target_us),
                    percent(share), time(of_a_request->target_us)),
        remedy};
  return Finding{std::nullopt, false,
                 fmt::format("saturn's own part of a request's time was {}; without it the rate could be up "
                             "to {:.1f} times as high",
                             percent(share), 1 / (1 - share)),
                 remedy};
}

Found generator_late(const VerdictCase& c) {
  const ScenarioResult& s = c.scenario;
  // Catching up after the target froze takes time in saturn, too, and where slots limit a rate that is too
  // high each of their turnarounds adds up (see generator_slow): that alone is not why requests were late.
  const bool only_adds = cycle(s) || (freeze_shows(s) && !machine_froze(s));
  if (late_share(s).value_or(0) <= (only_adds ? kOwnMost : kOwnWorthAWord) || dead_makes_figures(s))
    return std::nullopt;
  std::string reason = fmt::format("requests were sent late: lag p99 was {} of a latency p99 of {}",
                                   time(s.lag->p99_us), time(s.latency->p99_us));
  if (machine_froze(s))
    return Finding{LimitedBy::generator,
                   true,
                   fmt::format("{}; the whole machine froze, neither saturn nor the target ran for up to {}",
                               reason, time(s.freezes->longest_s * 1e6)),
                   {"use a machine whose cores nobody else takes"}};
  const std::string others = busy_with_others(c);
  if (others.empty()) return Finding{LimitedBy::generator, true, std::move(reason), more_cpu(c)};
  return Finding{LimitedBy::generator, true, reason + "; " + others, {std::string(kStopOthers)}};
}

Found no_core(const VerdictCase& c) {
  const ShardFacts* worst = nullptr;
  double most = 0;
  for (const ShardFacts& shard : c.scenario.shards) {
    const double share = waited_share(shard);
    if (share > most) worst = &shard;
    most = std::max(most, share);
  }
  if (worst == nullptr || most <= kWaitedShare || harmless(c.scenario, kOwnExplained)) return std::nullopt;
  const std::string waited =
      fmt::format("saturn waited {} of the time for {}", percent(most), cpu_name(*worst));
  const std::size_t threads = c.scenario.shards.size(), cores = c.host.cpus_allowed;
  if (cores > 0 && threads > cores)
    return Finding{LimitedBy::generator,
                   true,
                   fmt::format("{}, its {} threads share {}", waited, threads,
                               cores == 1 ? "1 core" : fmt::format("{} cores", cores)),
                   {fmt::format("type -t {}", cores)}};
  if (const std::string others = busy_with_others(c); !others.empty())
    return Finding{LimitedBy::generator, true, waited + "; " + others, {std::string(kStopOthers)}};
  const bool target_ran = c.local && c.scenario.host_load && c.scenario.host_load->other_share;
  return Finding{LimitedBy::generator,
                 true,
                 waited + (target_ran ? ", where the target ran" : ", where something else ran"),
                 {target_ran ? "run the target on another machine, or hold it to other cores with taskset -c"
                             : "stop that, or give saturn cores of its own with taskset -c",
                  target_ran}};
}

Found machine_busy(const VerdictCase& c) {
  std::string others = busy_with_others(c);
  if (others.empty()) return std::nullopt;
  return Finding{std::nullopt, false, std::move(others), {std::string(kStopOthers)}, Severity::warning};
}

Found steal(const VerdictCase& c) {
  const ShardFacts* worst = nullptr;
  for (const ShardFacts& shard : c.scenario.shards)
    if (shard.steal && (worst == nullptr || *shard.steal > *worst->steal)) worst = &shard;
  if (worst == nullptr || *worst->steal <= kStolenShare || harmless(c.scenario, kOwnExplained))
    return std::nullopt;
  return Finding{LimitedBy::generator,
                 true,
                 fmt::format("the hypervisor took {} of the time of {} for others", percent(*worst->steal),
                             cpu_name(*worst)),
                 {"use a machine with cores of its own"}};
}

Found quota(const VerdictCase& c) {
  const auto& throttled = c.scenario.generator.throttled;
  if (!throttled || c.scenario.measured_s <= 0 || harmless(c.scenario, kOwnExplained)) return std::nullopt;
  if (throttled->seconds <= kThrottledShare * c.scenario.measured_s) return std::nullopt;
  const std::string of =
      c.host.cpu_quota ? fmt::format("a CPU quota of {:.4g} cores", *c.host.cpu_quota) : "a CPU quota";
  return Finding{LimitedBy::generator,
                 true,
                 fmt::format("{} stopped saturn {} times, for {} in all", of, text::count(throttled->periods),
                             text::duration(throttled->seconds)),
                 {"raise it (docker run --cpus, systemd CPUQuota=) or lower the load"}};
}

Found buffers_short(const VerdictCase& c) {
  const ScenarioResult& s = c.scenario;
  const std::uint64_t times = s.generator.buffers_short;
  if (times == 0 || s.requests.completed == 0) return std::nullopt;
  const double share = static_cast<double>(times) / static_cast<double>(s.requests.completed);
  const bool held_up = share > kShortShare && !harmless(s, kOwnExplained);
  return Finding{
      held_up ? std::optional(LimitedBy::generator) : std::nullopt,
      held_up,
      fmt::format("receive buffers ran short {} times, answers waited in the kernel", text::count(times)),
      {"type a larger --recv-memory"}};
}

Found arrivals_missed(const VerdictCase& c) {
  const Counts& n = c.scenario.requests;
  const std::uint64_t missed = missed_arrivals(n);
  if (!missed_many(n)) return std::nullopt;
  return Finding{
      LimitedBy::unknown,
      false,
      fmt::format(
          "{} of {} arrivals were never sent ({} dropped, {} left in the backlog), and nobody was seen at "
          "a limit",
          text::count(missed), text::count(*n.due), text::count(n.dropped.value_or(0)),
          text::count(n.backlog_at_stop.value_or(0))),
      {"type a lower -R"}};
}

Found load_reached(const VerdictCase& c) {
  const ScenarioResult& s = c.scenario;
  if (!s.requests.due) return std::nullopt;
  const std::string lag = s.lag ? fmt::format(" with a lag p99 of {}", time(s.lag->p99_us)) : "";
  if (waited_for_slots(s))
    return Finding{
        LimitedBy::load,
        false,
        fmt::format("the rate asked for was sent{}, but arrivals waited for a free connection: latency "
                    "p99 was {}, service p99 {}",
                    lag, time(s.latency->p99_us), time(s.service->p99_us)),
        {"type a higher -c"}};
  return Finding{LimitedBy::load,
                 false,
                 fmt::format("the rate asked for was sent{}, and nobody was at a limit", lag),
                 {"type a higher -R to find the target's"}};
}

Found facts_unknown(const VerdictCase& c) {
  const ScenarioResult& s = c.scenario;
  if (own_share(s)) return std::nullopt;
  const auto unknown = [](const ShardFacts& shard) { return !shard.run_queue_wait_s; };
  if (std::none_of(s.shards.begin(), s.shards.end(), unknown)) return std::nullopt;
  return Finding{
      LimitedBy::unknown, false,
      s.observe
          ? "whether saturn itself was held up is unknown: replacing connections took much of the time, "
            "and this kernel does not tell how long saturn waited for a core (see saturn doctor)"
          : "whether saturn itself was held up is unknown: there are no arrival stamps of the kernel, "
            "which does not tell either how long saturn waited for a core (see saturn doctor)"};
}

Found target_waited_for(const VerdictCase& c) {
  const ScenarioResult& s = c.scenario;
  const std::string busy = fmt::format("the generator was busy {} of its core", percent(busiest_core(s)));
  if (!s.lag || !s.observe || !s.latency)
    return Finding{LimitedBy::target, false,
                   busy + "; what it added to the latency is not known without arrival stamps of the kernel"};
  return Finding{LimitedBy::target, false,
                 fmt::format("{}; lag p99 was {} and observe p99 {} against a latency p99 of {}", busy,
                             time(s.lag->p99_us), time(s.observe->p99_us), time(s.latency->p99_us))};
}

constexpr auto kFirst = VerdictRule::Kind::first, kUsual = VerdictRule::Kind::usual,
               kLast = VerdictRule::Kind::last_resort;
constexpr std::array kRules = {
    VerdictRule{"dead", kUsual, verdict::dead},
    VerdictRule{"failures", kUsual, verdict::failures},
    VerdictRule{"own_failures", kUsual, verdict::own_failures},
    VerdictRule{"too_short", kFirst, too_short},
    VerdictRule{"connections", kUsual, connections},
    VerdictRule{"generator_busy", kUsual, generator_busy},
    VerdictRule{"no_core", kUsual, no_core},
    VerdictRule{"machine_busy", kUsual, machine_busy},
    VerdictRule{"steal", kUsual, steal},
    VerdictRule{"target_steal", kUsual, target_steal},
    VerdictRule{"quota", kUsual, quota},
    VerdictRule{"generator_slow", kUsual, generator_slow},
    VerdictRule{"generator_late", kUsual, generator_late},
    VerdictRule{"send_uncertainty", kUsual, verdict::send_uncertainty},
    VerdictRule{"buffers_short", kUsual, buffers_short},
    VerdictRule{"shared_cores", kUsual, shared_cores},
    VerdictRule{"shared_core_threads", kUsual, shared_core_threads},
    VerdictRule{"one_worker", kUsual, one_worker},
    VerdictRule{"target_cpu", kUsual, target_cpu},
    VerdictRule{"in_flight", kUsual, in_flight},
    VerdictRule{"target_froze", kLast, verdict::target_froze},
    VerdictRule{"arrivals_missed", kLast, arrivals_missed},
    VerdictRule{"load_reached", kLast, load_reached},
    VerdictRule{"facts_unknown", kLast, facts_unknown},
    VerdictRule{"target_waited_for", kLast, target_waited_for},
};

}  // namespace

std::span<const VerdictRule> verdict_rules() {
  return kRules;
}

}  // namespace saturn
