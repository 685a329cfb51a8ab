// Adding up what shards counted: exact, associative, no rates or summaries yet. Pure; used by merge() only.
// Tested through merge in tests/unit/merge_test.cpp.
#pragma once
#include "core/plan/program.hpp"
#include "core/shard/shard_result.hpp"

namespace saturn {

/// A tally of zeros with the places for the program's steps and checks.
ScenarioTally empty_tally(const ScenarioProgram& program);

void add(ScenarioTally& sum, const ScenarioTally& tally);

/// The run queue's wait, and what the hypervisor took, are known where every part knows them: a sum starts
/// from `no_cost()`.
void add(ShardCost& sum, const ShardCost& cost);

inline ShardCost no_cost() {
  ShardCost cost;
  cost.run_queue_known = cost.steal_known = true;
  return cost;
}

}  // namespace saturn
