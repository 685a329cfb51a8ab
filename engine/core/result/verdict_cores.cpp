#include "core/result/verdict_cores.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <utility>

#include "core/result/verdict_figures.hpp"

namespace saturn::verdict {
namespace {

constexpr double kBesideTarget = 0.1;   ///< of the time: below, the target hardly meets saturn there
constexpr double kBusyTogether = 0.5;   ///< of the time: below, two shards hardly meet
constexpr double kOwnWorthAWord = 0.1;  ///< of a request's time: what slow shards may cost

const ShardFacts* most_beside_the_target(const ScenarioResult& s) {
  const ShardFacts* most = nullptr;
  for (const ShardFacts& shard : s.shards)
    if (shard.beside_target && (most == nullptr || shard.utilisation > most->utilisation)) most = &shard;
  return most;
}

/// The second of two busy shards on different CPUs of one physical core; nullptr: there are none.
const ShardFacts* doubled_shard(const ScenarioResult& s) {
  for (const ShardFacts& a : s.shards)
    for (const ShardFacts& b : s.shards)
      if (a.core && a.core == b.core && a.cpu < b.cpu &&
          std::min(a.utilisation, b.utilisation) > kBusyTogether)
        return &b;
  return nullptr;
}

Finding finding(bool decides, std::string reason, std::string remedy) {
  return {decides ? std::optional(LimitedBy::generator) : std::nullopt,
          decides,
          std::move(reason),
          {std::move(remedy)}};
}

}  // namespace

std::optional<Finding> shared_core_threads(const VerdictCase& c) {
  const ScenarioResult& s = c.scenario;
  if (const ShardFacts* beside = most_beside_the_target(s))
    return finding(
        beside->utilisation > kBesideTarget,
        fmt::format("saturn ran {} of the time on {}, whose physical core the target is held to as well",
                    percent(beside->utilisation), cpu_name(*beside)),
        "hold them to different cores with taskset -c (lscpu -e shows them)");
  const ShardFacts* doubled = doubled_shard(s);
  if (doubled == nullptr) return std::nullopt;
  const unsigned cores = c.host.physical_cores.value_or(1);
  return finding(own_share(s).value_or(1) >= kOwnWorthAWord,
                 fmt::format("two busy threads of saturn shared one physical core ({} and its sibling)",
                             cpu_name(*doubled)),
                 cores < s.shards.size() ? fmt::format("type -t {}", cores)
                                         : std::string("give saturn more cores with taskset -c"));
}

}  // namespace saturn::verdict
