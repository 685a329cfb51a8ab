#include "study/processes.hpp"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <ctime>

#include "study/files.hpp"
#include "study/guarded_process.hpp"
#include "study/process_monitor.hpp"

namespace saturn::study {
namespace {

using namespace std::chrono_literals;

TEST(Processes, TheTreeStartsAtTheRootAndHoldsItsChildren) {
  const OwnedFd output(open_memory());
  auto process = GuardedProcess::start(
      {{"sh", "-c", "sleep 60 & sh -c 'sleep 60 & echo; wait' & wait"}, environment_with({}), ""},
      output.get());
  ASSERT_TRUE(process);
  while (read_memory(output.get()).empty()) ASSERT_EQ(process->wait(1ms, nullptr), std::nullopt);
  std::vector<pid_t> tree;
  while ((tree = process_tree(process->pid())).size() < 4)
    ASSERT_EQ(process->wait(1ms, nullptr), std::nullopt);
  EXPECT_EQ(tree.size(), 4U);
  EXPECT_EQ(tree.front(), process->pid());
  EXPECT_EQ(std::count(tree.begin(), tree.end(), getpid()), 0);
  EXPECT_GT(resident_bytes(tree), resident_bytes({process->pid()}));
}

TEST(Processes, CpuTimeIsFinerThanATick) {
  const auto before = sample_processes({getpid()});
  ASSERT_EQ(before.size(), 1U);
  timespec now{};
  do clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  while (std::chrono::seconds(now.tv_sec) + Nanos(now.tv_nsec) < before[0].cpu + 2ms);
  const auto after = sample_processes({getpid()});
  EXPECT_GE(after[0].cpu - before[0].cpu, 2ms);
}

TEST(Processes, AProcessThatIsGoneIsLeftOut) {
  const pid_t gone = fork();
  if (gone == 0) _exit(0);
  ASSERT_EQ(waitpid(gone, nullptr, 0), gone);
  EXPECT_TRUE(process_tree(gone).empty());
  EXPECT_TRUE(sample_processes({gone}).empty());
}

MonitorSnapshot snapshot(Nanos at, Nanos machine, Nanos own, std::vector<ProcessSample> processes) {
  return {std::move(processes), machine, own, at};
}

TEST(ScenarioWatch, SharesCpuBetweenWorkersAndLeavesTheMasterOut) {
  const auto start = snapshot(10s, 100s, 5s, {{1, "master", 7s}, {2, "worker", 1s}, {3, "worker", 2s}});
  const auto end = snapshot(12s, 104s, 6s, {{1, "master", 8s}, {2, "worker", 1250ms}, {3, "worker", 2750ms}});
  const ScenarioWatch watch = watch_between(start, end);
  EXPECT_DOUBLE_EQ(watch.target.cpu_s, 2.0);
  EXPECT_DOUBLE_EQ(watch.target.busiest_worker_share.value(), 0.75);
  EXPECT_DOUBLE_EQ(watch.wall_s, 2.0);
  EXPECT_DOUBLE_EQ(watch.target_cpu_cores, 1.0);
  EXPECT_DOUBLE_EQ(watch.generator_cpu_cores, 0.5);
  EXPECT_DOUBLE_EQ(watch.foreign_cpu_cores.value(), 0.5);  // 4 s busy - 1 s saturn - 2 s target, over 2 s
  EXPECT_FALSE(watch.workers_changed);
  ASSERT_EQ(watch.target.processes.size(), 3U);
  EXPECT_EQ(watch.target.processes[2].pid, 3);
  EXPECT_DOUBLE_EQ(watch.target.processes[2].cpu_s, 0.75);
}

TEST(ScenarioWatch, AReplacedWorkerIsSeen) {
  const auto start = snapshot(0s, 0s, 0s, {{1, "master", 1s}, {2, "worker", 1s}, {3, "worker", 1s}});
  const auto end = snapshot(1s, 3s, 0s, {{1, "master", 1s}, {2, "worker", 2s}, {9, "worker", 500ms}});
  const ScenarioWatch watch = watch_between(start, end);
  EXPECT_TRUE(watch.workers_changed);
  EXPECT_DOUBLE_EQ(watch.target.cpu_s, 1.5);
}

TEST(ScenarioWatch, WithoutSeveralWorkersThereIsNoShare) {
  const auto start = snapshot(0s, 0s, 0s, {{1, "server", 1s}});
  const auto end = snapshot(1s, 1s, 0s, {{1, "server", 2s}});
  EXPECT_EQ(watch_between(start, end).target.busiest_worker_share, std::nullopt);
}

TEST(ScenarioWatch, TooShortForTicksLeavesForeignCpuOpenAndNoiseIsNeverNegative) {
  const auto start = snapshot(0s, 0s, 0s, {{1, "server", 0s}});
  EXPECT_EQ(watch_between(start, snapshot(100ms, 0s, 0s, {{1, "server", 50ms}})).foreign_cpu_cores,
            std::nullopt);
  EXPECT_DOUBLE_EQ(
      watch_between(start, snapshot(1s, 0s, 0s, {{1, "server", 50ms}})).foreign_cpu_cores.value(), 0.0);
}

}  // namespace
}  // namespace saturn::study
