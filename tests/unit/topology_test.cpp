#include "system/host/topology.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>
#include <string>

namespace saturn {
namespace {

namespace fs = std::filesystem;
using Cpus = std::vector<int>;

/// A machine's /sys as far as it tells of CPUs.
class MadeSys {
 public:
  MadeSys() {
    static int number = 0;
    root_ = fs::path(testing::TempDir()) /
            ("topology" + std::to_string(getpid()) + "-" + std::to_string(++number));
    fs::remove_all(root_);
    fs::create_directories(root_ / kCpus);
  }
  ~MadeSys() { fs::remove_all(root_); }

  MadeSys& cpu(int number, const std::string& siblings, const std::string& capacity = "", int node = 0) {
    const fs::path folder = root_ / kCpus / ("cpu" + std::to_string(number));
    fs::create_directories(folder / "topology");
    fs::create_directories(folder / ("node" + std::to_string(node)));
    std::ofstream(folder / "topology/thread_siblings_list") << siblings << "\n";
    if (!capacity.empty()) std::ofstream(folder / "cpu_capacity") << capacity << "\n";
    return *this;
  }
  /// Folders that are not of one CPU.
  MadeSys& others() {
    fs::create_directories(root_ / kCpus / "cpufreq");
    fs::create_directories(root_ / kCpus / "cpuidle");
    fs::create_directories(root_ / kCpus / "cpu7");  // offline: it tells nothing
    return *this;
  }
  Topology read() const { return Topology::read(root_); }

 private:
  static constexpr const char* kCpus = "sys/devices/system/cpu";
  fs::path root_;
};

/// Six cores of two threads as Intel numbers them: 0 and 6, 1 and 7 …
Topology six_by_two() {
  MadeSys sys;
  for (int cpu = 0; cpu < 12; ++cpu)
    sys.cpu(cpu, std::to_string(cpu % 6) + "," + std::to_string(cpu % 6 + 6));
  return sys.read();
}
const Cpus kTwelve{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11};

TEST(CpuList, IsNumbersAndRanges) {
  EXPECT_EQ(parse_cpu_list("0"), Cpus{0});
  EXPECT_EQ(parse_cpu_list("0,6"), (Cpus{0, 6}));
  EXPECT_EQ(parse_cpu_list("0-2,8,10-11"), (Cpus{0, 1, 2, 8, 10, 11}));
  for (const char* wrong : {"", "a", "1-", "3-1", "0,,2", "0-99999999"})
    EXPECT_EQ(parse_cpu_list(wrong), Cpus{}) << wrong;
}

TEST(Topology, ReadsThreadsCapacityAndNode) {
  const Topology topology =
      MadeSys().cpu(0, "0-1", "1024").cpu(1, "0-1", "1024").cpu(2, "2", "446", 1).others().read();
  ASSERT_NE(topology.place_of(1), nullptr);
  EXPECT_EQ(topology.place_of(1)->threads, (Cpus{0, 1}));
  EXPECT_EQ(topology.place_of(1)->core(), 0);
  EXPECT_EQ(topology.place_of(2)->capacity, 446);
  EXPECT_EQ(topology.place_of(2)->node, 1);
  EXPECT_EQ(topology.place_of(7), nullptr);
  EXPECT_EQ(topology.siblings_of(0), Cpus{1});
  EXPECT_EQ(topology.siblings_of(2), Cpus{});
  EXPECT_EQ(topology.siblings_of(7), Cpus{});
}

TEST(Topology, CountsPhysicalCoresOfTheCpusThatMayBeUsed) {
  const Topology topology = six_by_two();
  EXPECT_EQ(topology.physical_cores(kTwelve), 6U);
  EXPECT_EQ(topology.threads_per_core(kTwelve), 2U);
  EXPECT_EQ(topology.physical_cores({0, 6}), 1U);
  EXPECT_EQ(topology.physical_cores({0, 6, 1}), 2U);
  EXPECT_EQ(topology.threads_per_core({0}), 2U);  // its other thread is there, if not for us
  EXPECT_EQ(topology.physical_cores({0, 12}), std::nullopt);
  EXPECT_EQ(topology.threads_per_core({12}), std::nullopt);
  EXPECT_EQ(Topology::read("/nonexistent").physical_cores({0}), std::nullopt);
  EXPECT_EQ(Topology().threads_per_core({}), std::nullopt);
}

TEST(CpusForShards, OneAPhysicalCoreFirstFromTheLast) {
  EXPECT_EQ(cpus_for_shards(kTwelve, six_by_two(), {}), (Cpus{11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0}));
  MadeSys neighbours;  // 0 and 1 are one core, as AMD and many virtual machines number them
  for (int cpu = 0; cpu < 4; ++cpu) neighbours.cpu(cpu, cpu < 2 ? "0-1" : "2-3");
  EXPECT_EQ(cpus_for_shards({0, 1, 2, 3}, neighbours.read(), {}), (Cpus{3, 1, 2, 0}));
}

TEST(CpusForShards, NeverOnACoreThatTheTargetIsHeldTo) {
  EXPECT_EQ(cpus_for_shards(kTwelve, six_by_two(), {5}), (Cpus{10, 9, 8, 7, 6, 4, 3, 2, 1, 0}));
  EXPECT_EQ(cpus_for_shards({0, 5, 6, 11}, six_by_two(), {11}), (Cpus{6, 0}));
  EXPECT_EQ(cpus_for_shards({0, 1}, Topology(), {1}), Cpus{0});
}

TEST(CpusForShards, WhereThereIsNoOtherCoreItIsSharedAllTheSame) {
  EXPECT_EQ(cpus_for_shards({0, 6}, six_by_two(), {0}), (Cpus{6, 0}));
  EXPECT_EQ(cpus_for_shards({0, 6}, six_by_two(), {6}), (Cpus{0, 6})) << "the target's own CPU is the last";
  EXPECT_EQ(cpus_for_shards({0, 1, 6, 7}, six_by_two(), {1, 6}), (Cpus{7, 0, 6, 1}));
  EXPECT_EQ(cpus_for_shards({3}, Topology(), {3}), Cpus{3});
}

TEST(CpusForShards, FastCoresFirstThenThoseNearTheTarget) {
  const Topology big_little =
      MadeSys().cpu(0, "0", "1024").cpu(1, "1", "1024").cpu(2, "2", "446").cpu(3, "3", "446").read();
  EXPECT_EQ(cpus_for_shards({0, 1, 2, 3}, big_little, {}), (Cpus{1, 0, 3, 2}));
  const Topology two_nodes = MadeSys().cpu(0, "0").cpu(1, "1").cpu(2, "2", "", 1).cpu(3, "3", "", 1).read();
  EXPECT_EQ(cpus_for_shards({0, 1, 2, 3}, two_nodes, {}), (Cpus{3, 2, 1, 0}));
  EXPECT_EQ(cpus_for_shards({0, 1, 2, 3}, two_nodes, {0}), (Cpus{1, 3, 2}));
}

TEST(CpusForShards, OfAMachineThatTellsNothingEveryCpuIsACore) {
  EXPECT_EQ(cpus_for_shards({0, 1, 2}, Topology(), {}), (Cpus{2, 1, 0}));
  EXPECT_EQ(cpus_for_shards({}, Topology(), {}), Cpus{});
}

}  // namespace
}  // namespace saturn
