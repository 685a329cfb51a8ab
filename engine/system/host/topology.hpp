// Which CPUs are threads of one physical core, how fast each is and which memory is near: from
// /sys/devices/system/cpu. And the order in which shards take them: one a physical core first, never beside a
// core that the target is held to while there is another. Reading is all it does; the order is a pure
// function. Read by the coordinator before a run. Tested in tests/unit/topology_test.cpp on made folders.
#pragma once
#include <filesystem>
#include <map>
#include <optional>
#include <string_view>
#include <vector>

namespace saturn {

struct CpuPlace {
  std::vector<int> threads{};     ///< all CPUs of its physical core, itself too, in order
  std::optional<int> capacity{};  ///< 1024 is the fastest; nullopt: all are the same
  int node = 0;                   ///< of memory
  int core() const { return threads.front(); }
};

class Topology {
 public:
  Topology() = default;
  explicit Topology(std::map<int, CpuPlace> places) : places_(std::move(places)) {}
  /// Of the machine whose /sys is below `root`. A CPU of which nothing is told is not in it.
  static Topology read(const std::filesystem::path& root = "/");

  const CpuPlace* place_of(int cpu) const;
  /// Other CPUs of its physical core.
  std::vector<int> siblings_of(int cpu) const;
  /// Of these CPUs; nullopt where one of them is not known.
  std::optional<unsigned> physical_cores(const std::vector<int>& cpus) const;
  /// The most that one of them has; nullopt likewise.
  std::optional<unsigned> threads_per_core(const std::vector<int>& cpus) const;

 private:
  std::map<int, CpuPlace> places_;
};

/// "0-3,8,10-11"; empty where it is something else.
std::vector<int> parse_cpu_list(std::string_view text);

/// The CPUs for shards, in the order in which they are taken: of `allowed` those on no core of `target` (the
/// CPUs that it is held to; empty: it is not). Where there is none other, all: first those beside the
/// target's own. Fast cores first, then those near the target's memory, then from the last: the first CPU
/// takes most interrupts. A second thread of a core comes after the first of every other.
std::vector<int> cpus_for_shards(const std::vector<int>& allowed, const Topology& topology,
                                 const std::vector<int>& target);

}  // namespace saturn
