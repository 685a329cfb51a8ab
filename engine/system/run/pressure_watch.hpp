// What the machine kept from the shards in each scenario's measured phase: read by the coordinator at its
// edges, put into the shards' costs before they are merged, and into the result after. Owner: the
// coordinator. Tested in tests/unit/pressure_watch_test.cpp.
#pragma once
#include <map>
#include <vector>

#include "core/shard/shard_result.hpp"
#include "system/host/pressure.hpp"

namespace saturn {

class PressureWatch {
 public:
  explicit PressureWatch(Pressure (*read)() = read_pressure) : read_(read) {}

  void starts(std::size_t scenario) { edges_[scenario].start = edges_[scenario].end = read_(); }
  void ends(std::size_t scenario) { edges_[scenario].end = read_(); }

  /// Stolen time, to each shard that is pinned to a CPU.
  void put_into(std::vector<ShardResult>& shards) const;
  /// Stolen time, to each target whose cost is known: of the CPUs that it may use.
  void put_targets_into(RunResult& result, const std::vector<int>& cpus) const;
  /// Stops by a quota, which are the whole process's: of each scenario and in all.
  void put_into(RunResult& result) const;

 private:
  struct Edges {
    Pressure start, end;
  };
  Pressure (*read_)();
  std::map<std::size_t, Edges> edges_;
};

}  // namespace saturn
