// What several rules of the verdict ask of a result: shares and sums, and how they are put into words. Pure.
// Tested through the rules in tests/unit/verdict_rules_test.cpp and verdict_own_share_test.cpp.
#pragma once
#include <cstdint>
#include <optional>
#include <string>

#include "core/result/verdict.hpp"

namespace saturn::verdict {

/// A request's time in a slot: last answer's arrival in the kernel → sent (turnaround) → arrival (service),
/// and round again. Where every slot is in use the rate is, by Little's law, the slots by this sum, so its
/// parts are shares of the limit.
struct Cycle {
  double own_us = 0;     ///< mean turnaround: the generator's part, from looking late to sending late
  double target_us = 0;  ///< mean service time
  double share() const { return own_us / (own_us + target_us); }
};
/// What limited the rate of a closed loop, or of an open one whose arrivals found no free slot. nullopt:
/// there is no such limit, the kernel's arrival stamps are missing, or slots spent their time elsewhere.
std::optional<Cycle> cycle(const ScenarioResult& s);

/// An open loop's p99 of lag by its p99 of latency; 0 where the lag is of no account. nullopt: not known.
std::optional<double> late_share(const ScenarioResult& s);

/// How much of what was measured is the generator's own delay: of a request's time in a slot where slots were
/// waited for (always in a closed loop), else an open loop's lateness. nullopt: not known, as when the
/// latency's end is user space's, or where much of that time went into new connections.
std::optional<double> own_share(const ScenarioResult& s);

/// Arrivals waited for a free connection, and that made the latency's p99.
bool waited_for_slots(const ScenarioResult& s);

const ShardFacts* busiest_shard(const ScenarioResult& s);  ///< nullptr: no shard is known
/// How much of its core the generator was busy, where it was busiest: shards pinned to one CPU share it. 0:
/// no shard is known.
double busiest_core(const ScenarioResult& s);
/// Of the measured time, ready but without a core; 0 where nobody knows.
double waited_share(const ShardFacts& shard);
inline constexpr double kWaitedShare = 0.1;       ///< from here a shard is short of a core
double generator_cores(const ScenarioResult& s);  ///< CPU of its threads, spinning included
std::optional<double> target_cores(const ScenarioResult& s);
std::uint64_t missed_arrivals(const Counts& c);  ///< due, but never started
bool missed_many(const Counts& c);               ///< so many that the load was not the one asked for

std::string percent(double share);  ///< "3.1 %" "97 %"
std::string time(double us);        ///< "31 µs" "12.1 ms"
std::string cpu_name(const ShardFacts& shard);
/// What gives the generator more CPU on this machine, or where to go when it has all.
Remedy more_cpu(const VerdictCase& c);
/// "the machine was busy with other things (load 4.8 on 2 cores)"; empty where it was not, or nobody knows.
std::string busy_with_others(const VerdictCase& c);

}  // namespace saturn::verdict
