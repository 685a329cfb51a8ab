// Groups as folders with the files of version 1 and 2.
#include "system/host/cgroup.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>

namespace saturn {
namespace {

namespace fs = std::filesystem;
using Pids = std::vector<pid_t>;

class Cgroup : public testing::Test {
 protected:
  Cgroup() { fs::remove_all(mount_); }
  ~Cgroup() override { fs::remove_all(mount_); }

  void write(const std::string& path, const std::string& text) const {
    fs::create_directories((mount_ / path).parent_path());
    std::ofstream(mount_ / path) << text;
  }
  std::string found(const std::string& name) const {
    const auto group = find_cgroup(name, "--target-cgroup", mount_);
    return group ? group->lexically_relative(mount_).string() : to_text(group.errors().front());
  }

  const fs::path mount_ = fs::path(testing::TempDir()) / ("saturn-cgroup-" + std::to_string(getpid()));
};

TEST_F(Cgroup, OfVersion2IsFoundByItsNameAndByItsFolder) {
  write("system.slice/app.service/cgroup.procs", "812\n");
  for (const std::string& name :
       {std::string("system.slice/app.service"), std::string("/system.slice/app.service"),
        (mount_ / "system.slice/app.service").string()})
    EXPECT_EQ(found(name), "system.slice/app.service") << name;
}

TEST_F(Cgroup, OfVersion1IsTheOneThatKnowsTheCpu) {
  write("pids/app/cgroup.procs", "812\n");
  write("cpuacct/app/cgroup.procs", "812\n");
  EXPECT_EQ(found("app"), "cpuacct/app");
}

TEST_F(Cgroup, InAMixedSetUpIsTheOneThatIsInUse) {
  write("cpuacct/app/cgroup.procs", "");
  write("unified/app/cgroup.procs", "812\n");
  EXPECT_EQ(found("app"), "unified/app");
}

TEST_F(Cgroup, ThatIsEmptyOrAbsentIsRefused) {
  write("app/cgroup.procs", "");
  EXPECT_EQ(found("app"),
            "--target-cgroup: no process is in the control group " + (mount_ / "app").string() +
                " (start the server first; cat /proc/PID/cgroup names the groups of a process)");
  EXPECT_EQ(found("nope"), "--target-cgroup: there is no control group \"nope\" (give its folder below " +
                               mount_.string() + "; cat /proc/PID/cgroup names it)");
}

TEST_F(Cgroup, HoldsTheProcessesOfTheGroupsBelowIt) {
  write("app/cgroup.procs", "812\n813\n");
  write("app/worker/cgroup.procs", "900\n0\n813\n");
  write("other/cgroup.procs", "1\n");
  EXPECT_EQ(cgroup_processes(mount_ / "app"), (Pids{812, 813, 900}));
  EXPECT_EQ(cgroup_processes(mount_ / "nope"), Pids{});
}

TEST_F(Cgroup, TellsWhatItUsed) {
  write("v1/cpuacct.usage", "1234567890\n");
  write("v2/cpu.stat", "usage_usec 16246\nuser_usec 13724\nsystem_usec 2522\n");
  write("none/cpu.stat", "nr_periods 0\n");
  EXPECT_EQ(cgroup_cpu(mount_ / "v1"), Nanos(1'234'567'890));
  EXPECT_EQ(cgroup_cpu(mount_ / "v2"), Nanos(16'246'000));
  EXPECT_EQ(cgroup_cpu(mount_ / "none"), std::nullopt);
  EXPECT_EQ(cgroup_cpu(mount_ / "nope"), std::nullopt);
}

TEST_F(Cgroup, WhoseLimitsHoldForAProcessAreItsOwnAndThoseAroundIt) {
  using Paths = std::vector<fs::path>;
  EXPECT_EQ(
      cpu_groups("0::/system.slice/app.service\n"),
      (Paths{"/sys/fs/cgroup/system.slice/app.service", "/sys/fs/cgroup/system.slice", "/sys/fs/cgroup"}));
  EXPECT_EQ(cpu_groups("4:memory:/m\n3:cpuset:/s\n2:cpu,cpuacct:/docker/1f\n0::/\n", "/g"),
            (Paths{"/g/cpu,cpuacct/docker/1f", "/g/cpu,cpuacct/docker", "/g/cpu,cpuacct", "/g/cpu/docker/1f",
                   "/g/cpu/docker", "/g/cpu", "/g"}));
  EXPECT_EQ(cpu_groups("1:cpu:/\n"), Paths{"/sys/fs/cgroup/cpu"});
  EXPECT_TRUE(cpu_groups("").empty());
  EXPECT_TRUE(cpu_groups("nonsense\n").empty());
}

TEST_F(Cgroup, OfVersion2LimitsAProcessByTheSmallestQuotaAboveIt) {
  const auto quota = [&] { return smallest_cpu_quota(cpu_groups("0::/a.slice/b.service\n", mount_)); };
  EXPECT_EQ(quota(), std::nullopt);
  write("a.slice/b.service/cpu.max", "max 100000\n");
  EXPECT_EQ(quota(), std::nullopt);
  write("a.slice/cpu.max", "50000 100000\n");
  EXPECT_EQ(quota(), 0.5);
  write("a.slice/b.service/cpu.max", "150000 100000\n");
  EXPECT_EQ(quota(), 0.5);
  write("a.slice/b.service/cpu.max", "20000 100000\n");
  EXPECT_EQ(quota(), 0.2);
}

TEST_F(Cgroup, OfVersion1LimitsAProcessByTheSmallestQuotaAboveIt) {
  const auto quota = [&] { return smallest_cpu_quota(cpu_groups("2:cpu,cpuacct:/a/b\n0::/\n", mount_)); };
  for (const char* group : {"cpu/", "cpu/a/", "cpu/a/b/"}) {
    write(group + std::string("cpu.cfs_quota_us"), "-1\n");
    write(group + std::string("cpu.cfs_period_us"), "100000\n");
  }
  EXPECT_EQ(quota(), std::nullopt);
  write("cpu/a/cpu.cfs_quota_us", "150000\n");
  EXPECT_EQ(quota(), 1.5);
  write("cpu/a/b/cpu.cfs_quota_us", "25000\n");
  EXPECT_EQ(quota(), 0.25);
}

TEST_F(Cgroup, InAContainerTheMountIsTheGroupItself) {
  write("cpu/cpu.cfs_quota_us", "200000\n");
  write("cpu/cpu.cfs_period_us", "100000\n");
  EXPECT_EQ(smallest_cpu_quota(cpu_groups("2:cpu,cpuacct:/docker/1f\n", mount_)), 2.0);
  write("cpu.max", "50000 100000\n");
  EXPECT_EQ(smallest_cpu_quota(cpu_groups("0::/\n", mount_)), 0.5);
}

TEST(CgroupCpuMax, IsANumberOfCpus) {
  EXPECT_EQ(parse_cpu_max("50000 100000\n"), 0.5);
  EXPECT_EQ(parse_cpu_max("400000 100000\n"), 4.0);
  EXPECT_EQ(parse_cpu_max("max 100000\n"), std::nullopt);
  EXPECT_EQ(parse_cpu_max(""), std::nullopt);
}

TEST(CgroupCpuStat, ReadsTheUsageOnly) {
  EXPECT_EQ(parse_cpu_stat("nr_periods 5\nusage_usec 7\n"), Nanos(7'000));
  EXPECT_EQ(parse_cpu_stat("core_sched.usage_usec 7\n"), std::nullopt);
  EXPECT_EQ(parse_cpu_stat("usage_usec many"), std::nullopt);
  EXPECT_EQ(parse_cpu_stat(""), std::nullopt);
}

}  // namespace
}  // namespace saturn
