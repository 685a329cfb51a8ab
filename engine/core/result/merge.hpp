// Shard results → one RunResult: exact sums, merged histograms, rates, and the ledger of conservation. Pure.
// Facts of host, time and transport are filled in by the caller (system/run). Tested in
// tests/unit/merge_test.cpp.
#pragma once
#include <vector>

#include "core/plan/program.hpp"
#include "core/shard/shard_result.hpp"
#include "saturn/result.hpp"

namespace saturn {

/// scenarios, generator totals and ledger of the result; scenarios that never began are left out.
RunResult merge(const Program& program, const std::vector<ShardResult>& shards);

/// Every line of CONTRACT's ledger for one scenario.
std::vector<LedgerCheck> check_ledger(const ScenarioResult& scenario, std::uint64_t latency_count);

/// CONTRACT's exit code of a finished run: 105, 2, 98, 97, 99 or 0, in that order of precedence. 97, figures
/// that are not the target's, only with `strict`. 99: a threshold was not met, or, where no threshold has a
/// say in it, a check failed or no answer was ok.
int exit_code(const RunResult& result, bool strict = false);

}  // namespace saturn
