// Facts out of recorded files, and out of none.
#include "system/doctor/collect.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>

namespace saturn::doctor {
namespace {

namespace fs = std::filesystem;

class DoctorFiles : public testing::Test {
 protected:
  DoctorFiles() { fs::remove_all(root_); }
  ~DoctorFiles() override { fs::remove_all(root_); }

  void write(const std::string& path, const std::string& text) const {
    fs::create_directories((root_ / path).parent_path());
    std::ofstream(root_ / path) << text;
  }
  Facts facts() const {
    Facts found;
    read_files(found, root_);
    return found;
  }

  const fs::path root_ = fs::path(testing::TempDir()) / ("saturn-doctor-" + std::to_string(getpid()));
};

TEST_F(DoctorFiles, AreReadAsAMachineHadThem) {
  write("proc/sys/kernel/io_uring_disabled", "2\n");
  write("proc/self/status", "Name:\tsaturn\nNoNewPrivs:\t0\nSeccomp:\t2\nSeccomp_filters:\t1\n");
  write("proc/self/schedstat", "76834 94083 2\n");
  write("proc/stat", "cpu  957900 398933 217502 706414 14585 0 29884 47250 0 0\ncpu0 1 2 3\n");
  write("proc/sys/net/ipv4/ip_local_port_range", "32768\t60999\n");
  write("proc/sys/net/ipv4/tcp_tw_reuse", "2\n");
  write("proc/sys/net/core/somaxconn", "4096\n");
  write("sys/devices/system/clocksource/clocksource0/current_clocksource", "kvm-clock\n");
  for (const char* cpu : {"cpu0", "cpu1", "cpu10"})
    write(std::string("sys/devices/system/cpu/") + cpu + "/cpufreq/scaling_governor", "schedutil\n");
  const Facts found = facts();
  EXPECT_EQ(found.io_uring_disabled, 2);
  EXPECT_EQ(found.seccomp, 2);
  EXPECT_EQ(found.run_queue_wait, true);
  EXPECT_NEAR(found.steal_share.value(), 0.019916, 1e-6);
  EXPECT_EQ(found.ports->first, 32'768U);
  EXPECT_EQ(found.ports->last, 60'999U);
  EXPECT_EQ(found.reuse_time_wait, 2);
  EXPECT_EQ(found.accept_queue, 4096U);
  EXPECT_EQ(found.clock_source, "kvm-clock");
  EXPECT_EQ(found.governors, std::vector<std::string>{"schedutil"});
}

TEST_F(DoctorFiles, ThatAreNotThereLeaveTheFactsOpen) {
  const Facts found = facts();
  EXPECT_EQ(found.io_uring_disabled, std::nullopt);
  EXPECT_EQ(found.seccomp, std::nullopt);
  EXPECT_EQ(found.steal_share, std::nullopt);
  EXPECT_FALSE(found.ports);
  EXPECT_EQ(found.reuse_time_wait, std::nullopt);
  EXPECT_EQ(found.accept_queue, std::nullopt);
  EXPECT_EQ(found.clock_source, "");
  EXPECT_TRUE(found.governors.empty());
  EXPECT_TRUE(found.interfaces.empty());
  EXPECT_EQ(found.run_queue_wait, false);  // the kernel does not count it
}

TEST_F(DoctorFiles, ThatHoldSomethingElseLeaveTheFactsOpen) {
  write("proc/sys/kernel/io_uring_disabled", "off\n");
  write("proc/self/status", "Seccomp:\tstrict\n");
  write("proc/self/schedstat", "0 0 0\n");
  write("proc/stat", "cpu  957900 398933 217502 706414\n");
  write("proc/sys/net/ipv4/ip_local_port_range", "60999\t32768\n");
  write("proc/sys/net/core/somaxconn", "");
  const Facts found = facts();
  EXPECT_EQ(found.io_uring_disabled, std::nullopt);
  EXPECT_EQ(found.seccomp, std::nullopt);
  EXPECT_EQ(found.run_queue_wait, false);
  EXPECT_EQ(found.steal_share, std::nullopt);
  EXPECT_FALSE(found.ports);
  EXPECT_EQ(found.accept_queue, std::nullopt);
}

TEST_F(DoctorFiles, TellCardsFromVirtualInterfaces) {
  write("sys/class/net/lo/ifindex", "1\n");
  write("sys/class/net/eth0/queues/rx-0/rps_cpus", "0\n");
  write("sys/class/net/eth0/queues/rx-1/rps_cpus", "00000000,00000003\n");
  write("sys/class/net/eth0/queues/tx-0/xps_cpus", "0\n");
  write("sys/class/net/eth0/device/msi_irqs/38", "msix\n");
  write("sys/class/net/eth0/device/msi_irqs/39", "msix\n");
  write("proc/irq/38/smp_affinity_list", "1\n");
  write("proc/irq/39/smp_affinity_list", "0\n");
  write("sys/class/net/veth7/iflink", "12\n");
  write("sys/class/net/veth7/ifindex", "13\n");
  write("sys/class/net/docker0/iflink", "5\n");
  write("sys/class/net/docker0/ifindex", "5\n");
  const auto found = facts().interfaces;
  ASSERT_EQ(found.size(), 3U);
  EXPECT_EQ(found[0].name, "docker0");
  EXPECT_FALSE(found[0].card || found[0].elsewhere);
  EXPECT_EQ(found[1].name, "eth0");
  EXPECT_TRUE(found[1].card && found[1].steered);
  EXPECT_EQ(found[1].receive_queues, 2U);
  EXPECT_EQ(found[1].irq_cpus, "0,1");
  EXPECT_EQ(found[2].name, "veth7");
  EXPECT_TRUE(found[2].elsewhere);
}

}  // namespace
}  // namespace saturn::doctor
