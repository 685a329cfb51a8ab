// A program → n exact shares, each computed from its own index alone: no shared counter is needed later.
// Pure; property tests in tests/unit/split_test.cpp.
#include <algorithm>

#include "core/base/assert.hpp"
#include "core/plan/program.hpp"

namespace saturn {
namespace {

struct VuRange {
  std::uint32_t first = 0, count = 0;
};

/// Shards past `shards` have nothing: their range is empty, at the end.
VuRange vus_of(std::uint32_t vus, std::uint32_t shard, std::uint32_t shards) {
  if (shard >= shards) return {vus, 0};
  const std::uint32_t each = vus / shards, left = vus % shards;
  return {shard * each + std::min(shard, left), each + (shard < left ? 1 : 0)};
}

/// floor(total × part / whole) without overflow.
std::uint64_t proportion(std::uint64_t total, std::uint64_t part, std::uint64_t whole) {
  return total / whole * part + total % whole * part / whole;
}

/// One total over the shards in proportion to their VUs, remainder to the lowest. The remainder is smaller
/// than the number of shards that have VUs, and those are the lowest: a shard without VUs gets nothing.
std::vector<std::uint64_t> split_total(std::uint64_t total, std::uint32_t vus, std::uint32_t shards) {
  std::vector<std::uint64_t> parts(shards);
  std::uint64_t given = 0;
  for (std::uint32_t shard = 0; shard < shards; ++shard)
    given += parts[shard] = proportion(total, vus_of(vus, shard, shards).count, vus);
  for (std::uint32_t shard = 0; given < total; ++shard, ++given) ++parts[shard];
  return parts;
}

/// Arrival k belongs to shard k mod `over`: even at every moment, and exact for any number of arrivals.
std::uint64_t arrivals_of(std::uint64_t total, std::uint32_t shard, std::uint32_t over) {
  return shard < over && total > shard ? (total - shard + over - 1) / over : 0;
}

/// What a shard needs of a schedule. Only the shards that have slots have arrivals, and those are the lowest.
void split_arrivals(const ScenarioProgram& scenario, std::uint32_t shard, std::uint32_t over,
                    ScenarioShare& share) {
  share.vus_at_start = vus_of(scenario.vus_at_start, shard, over).count;
  if (shard >= over) return;
  share.backlog = scenario.backlog / over + (shard < scenario.backlog % over ? 1 : 0);
  share.first_arrival = shard;
  share.arrival_stride = over;
}

}  // namespace

std::vector<Share> split(const Program& program, std::uint32_t shards, bool whole_pools) {
  SATURN_ASSERT(shards >= 1);
  std::vector<Share> shares(shards);
  for (std::uint32_t shard = 0; shard < shards; ++shard) {
    shares[shard].shard = shard;
    shares[shard].shards = shards;
  }
  for (const auto& scenario : program.scenarios) {
    SATURN_ASSERT(scenario.vus >= 1);
    const bool whole = whole_pools && scenario.executor == Executor::shared_iterations;
    const std::uint32_t over = whole ? 1 : scenario.rate ? std::min(shards, scenario.vus) : shards;
    std::vector<std::uint64_t> parts;
    if (scenario.total_iterations && scenario.rate)
      for (std::uint32_t shard = 0; shard < shards; ++shard)
        parts.push_back(arrivals_of(*scenario.total_iterations, shard, over));
    else if (scenario.total_iterations && !scenario.iterations_per_vu)
      parts = split_total(*scenario.total_iterations, scenario.vus, over);
    parts.resize(shards);
    std::uint64_t next_seq = 1;
    for (std::uint32_t shard = 0; shard < shards; ++shard) {
      const auto range = vus_of(scenario.vus, shard, over);
      ScenarioShare share{.vus = range.count, .first_vu = range.first, .iterations = {}, .first_seq = 1};
      if (scenario.rate) split_arrivals(scenario, shard, over, share);
      if (scenario.total_iterations) {
        share.iterations =
            scenario.iterations_per_vu ? range.count * *scenario.iterations_per_vu : parts[shard];
        share.first_seq = next_seq;
        next_seq += *share.iterations;
      }
      shares[shard].scenarios.push_back(share);
    }
  }
  return shares;
}

}  // namespace saturn
