#include "system/run/pressure_watch.hpp"

namespace saturn {

void PressureWatch::put_into(std::vector<ShardResult>& shards) const {
  for (ShardResult& shard : shards)
    for (const auto& [scenario, edges] : edges_) {
      if (shard.cpu < 0 || scenario >= shard.scenarios.size()) continue;
      const auto time = between(edges.start, edges.end, shard.cpu);
      if (!time) continue;
      ShardCost& cost = shard.scenarios[scenario].cost;
      cost.stolen = time->stolen;
      cost.stolen_of = time->all;
      cost.steal_known = true;
    }
}

void PressureWatch::put_targets_into(RunResult& result, const std::vector<int>& cpus) const {
  for (const auto& [scenario, edges] : edges_) {
    if (scenario >= result.scenarios.size() || !result.scenarios[scenario].target) continue;
    CpuTime sum;
    for (const int cpu : cpus) {
      const auto time = between(edges.start, edges.end, cpu).value_or(CpuTime{});
      sum.all += time.all;
      sum.stolen += time.stolen;
    }
    if (sum.all > Nanos(0))
      result.scenarios[scenario].target->steal = to_seconds(sum.stolen) / to_seconds(sum.all);
  }
}

void PressureWatch::put_into(RunResult& result) const {
  for (const auto& [scenario, edges] : edges_) {
    const auto throttled = throttled_between(edges.start, edges.end);
    if (!throttled || scenario >= result.scenarios.size()) continue;
    result.scenarios[scenario].generator.throttled = throttled;
    Throttling& sum =
        result.generator.throttled ? *result.generator.throttled : result.generator.throttled.emplace();
    sum.periods += throttled->periods;
    sum.seconds += throttled->seconds;
  }
}

}  // namespace saturn
