#include "system/run/placement.hpp"

#include <algorithm>
#include <utility>

namespace saturn {
namespace {

bool contains(const std::vector<int>& list, int value) {
  return std::find(list.begin(), list.end(), value) != list.end();
}

bool meet(const std::vector<int>& a, const std::vector<int>& b) {
  return std::any_of(a.begin(), a.end(), [&](int value) { return contains(b, value); });
}

}  // namespace

Placement::Placement(std::vector<int> allowed, Topology topology, std::optional<std::vector<int>> target)
    : allowed_(std::move(allowed)), topology_(std::move(topology)), target_(std::move(target)) {
  const bool leaves_some = target_ && std::any_of(allowed_.begin(), allowed_.end(),
                                                  [&](int cpu) { return !contains(*target_, cpu); });
  if (leaves_some) held_ = *target_;
  cpus_ = cpus_for_shards(allowed_, topology_, held_);
}

unsigned Placement::room_for(unsigned count) const {
  const auto cores = topology_.physical_cores(cpus_).value_or(static_cast<unsigned>(cpus_.size()));
  return std::clamp(count, 1U, std::max(1U, cores));
}

std::vector<int> Placement::taken(unsigned shards, bool pinned) const {
  if (!pinned) return allowed_;
  const auto count = static_cast<std::ptrdiff_t>(std::min<std::size_t>(shards, cpus_.size()));
  return {cpus_.begin(), cpus_.begin() + count};
}

std::vector<int> Placement::siblings_of(const std::vector<int>& taken) const {
  std::vector<int> others;
  for (const int cpu : taken)
    for (const int sibling : topology_.siblings_of(cpu))
      if (!contains(taken, sibling) && !contains(others, sibling)) others.push_back(sibling);
  return others;
}

void Placement::put_into(WaitFacts& facts, const std::vector<int>& taken, bool target_here) const {
  facts.target_here = target_here;
  facts.target_unknown = target_here && !target_;
  facts.target_may_share = target_ && meet(*target_, taken);
  facts.target_may_share_core = target_ && meet(*target_, siblings_of(taken));
}

void Placement::put_into(RunResult& result) const {
  for (ScenarioResult& scenario : result.scenarios)
    for (ShardFacts& shard : scenario.shards) {
      const CpuPlace* place = topology_.place_of(shard.cpu);
      if (place == nullptr) continue;
      shard.core = place->core();
      shard.beside_target = meet(held_, topology_.siblings_of(shard.cpu));
    }
}

}  // namespace saturn
