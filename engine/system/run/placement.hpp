// Which CPUs the shards are pinned to, beside where the target may run on this machine; and what follows from
// that: whether a shard may stay awake there, and what a reader of the result must know. Pure; owner: the
// coordinator, before the threads start. Tested in tests/unit/placement_test.cpp.
#pragma once
#include <optional>
#include <vector>

#include "core/load/wait_choice.hpp"
#include "saturn/result.hpp"
#include "system/host/topology.hpp"

namespace saturn {

class Placement {
 public:
  /// `target`: CPUs that its processes may run on; nullopt: they were not found, or may not be looked into.
  Placement(std::vector<int> allowed, Topology topology, std::optional<std::vector<int>> target);

  /// CPUs for shards, in the order in which they are taken.
  const std::vector<int>& cpus() const { return cpus_; }
  /// How many of `count` shards there is room for without two threads of one physical core, or more.
  unsigned room_for(unsigned count) const;
  /// CPUs that shards run on; not pinned: any that is allowed.
  std::vector<int> taken(unsigned shards, bool pinned) const;
  /// The other threads of their physical cores, which nobody of saturn's is pinned to.
  std::vector<int> siblings_of(const std::vector<int>& taken) const;

  /// What of the facts for waiting depends on the cores.
  void put_into(WaitFacts& facts, const std::vector<int>& taken, bool target_here) const;
  /// Physical core of each shard, and whether the target is held to another thread of it.
  void put_into(RunResult& result) const;

 private:
  std::vector<int> allowed_;
  Topology topology_;
  std::optional<std::vector<int>> target_;
  std::vector<int> held_;  ///< `target_` where it leaves saturn a CPU of its own; else empty
  std::vector<int> cpus_;
};

}  // namespace saturn
