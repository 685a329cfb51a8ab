#include "system/host/processes.hpp"

#include <gtest/gtest.h>
#include <sched.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <ctime>
#include <stdexcept>
#include <thread>

#include "study/files.hpp"
#include "study/guarded_process.hpp"

namespace saturn {
namespace {

using namespace std::chrono_literals;

TEST(ProcessStat, ReadsWhatALineOfProcPidStatHolds) {
  const auto stat = parse_process_stat(
      "16932 (cat) R 16930 16931 13448 0 -1 4194304 105 0 0 0 1 2 0 0 20 0 1 0 1160734 3133440 422 "
      "18446744073709551615 1 1 0 0 0\n");
  ASSERT_TRUE(stat);
  EXPECT_EQ(stat->pid, 16932);
  EXPECT_EQ(stat->name, "cat");
  EXPECT_EQ(stat->parent, 16930);
  EXPECT_EQ(stat->group, 16931);
  EXPECT_EQ(stat->started_ticks, 1160734U);
  EXPECT_EQ(stat->resident_pages, 422U);
}

TEST(ProcessStat, ANameMayHoldBracketsBlanksAndLineFeeds) {
  const auto stat =
      parse_process_stat("7 (a) b\n(c)) S 1 7 7 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 99 4096 3 4294967295\n");
  ASSERT_TRUE(stat);
  EXPECT_EQ(stat->name, "a) b\n(c)");
  EXPECT_EQ(stat->parent, 1);
  EXPECT_EQ(stat->started_ticks, 99U);
}

TEST(ProcessStat, WhatIsNoSuchLineIsNothing) {
  for (const char* text : {"", "7", "7 (a", "(a) S 1 7", "7 (a) S", "x (a) S 1 7 7 0 -1", "7 (a) S 1 7 7 0"})
    EXPECT_FALSE(parse_process_stat(text)) << text;
}

TEST(Processes, DescendantsComeOnceAndAfterTheirParents) {
  const std::vector<ProcessStat> all{{10, 1, 10}, {11, 10, 10}, {12, 11, 10}, {13, 10, 10}, {20, 1, 20}};
  EXPECT_EQ(descendants(all, {10}), (std::vector<pid_t>{10, 11, 13, 12}));
  EXPECT_EQ(descendants(all, {11, 10, 11}), (std::vector<pid_t>{11, 10, 12, 13}));
  EXPECT_EQ(descendants(all, {99}), std::vector<pid_t>{});
}

TEST(Processes, TheTreeStartsAtTheRootAndHoldsItsChildren) {
  const study::OwnedFd output(study::open_memory());
  auto process = study::GuardedProcess::start(
      {{"sh", "-c", "sleep 60 & sh -c 'sleep 60 & echo; wait' & wait"}, study::environment_with({}), ""},
      output.get());
  ASSERT_TRUE(process);
  while (study::read_memory(output.get()).empty()) ASSERT_EQ(process->wait(1ms, nullptr), std::nullopt);
  std::vector<pid_t> tree;
  while ((tree = process_tree(process->pid())).size() < 4)
    ASSERT_EQ(process->wait(1ms, nullptr), std::nullopt);
  EXPECT_EQ(tree.size(), 4U);
  EXPECT_EQ(tree.front(), process->pid());
  EXPECT_EQ(std::count(tree.begin(), tree.end(), getpid()), 0);
}

TEST(Processes, ASampleKnowsCpuNameParentAndMemory) {
  const auto before = sample_processes({getpid()});
  ASSERT_EQ(before.size(), 1U);
  EXPECT_EQ(before[0].parent, getppid());
  EXPECT_EQ(before[0].name, "saturn_unit_tes");  // the kernel keeps 15 bytes
  EXPECT_GT(before[0].rss_bytes, 100'000U);
  EXPECT_GT(resident_bytes(getpid()), 100'000U);
  timespec now{};
  do clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  while (std::chrono::seconds(now.tv_sec) + Nanos(now.tv_nsec) < before[0].cpu + 2ms);
  const auto after = sample_processes({getpid()});
  EXPECT_GE(after[0].cpu - before[0].cpu, 2ms);  // finer than a tick of 10 ms
  EXPECT_EQ(after[0].started_ticks, before[0].started_ticks);
}

/// A machine with 5,000 CPUs: its kernel takes no mask with fewer bits.
int ask_large_machine(pid_t, std::size_t bytes, cpu_set_t* set) {
  if (bytes * 8 < 5000) {
    errno = EINVAL;
    return -1;
  }
  for (const std::size_t cpu : {3U, 1024U, 4999U}) CPU_SET_S(cpu, bytes, set);
  return 0;
}

TEST(Affinity, OfALargeMachineIsReadWhole) {
  EXPECT_EQ(affinity_of(0, ask_large_machine), (std::vector<int>{3, 1024, 4999}));
}

TEST(Affinity, OfNoThreadIsUnknown) {
  EXPECT_EQ(affinity_of(2'147'483'647), std::nullopt);
}

/// A process whose first thread is held to `cpu`, and where asked for a second one that is not.
class HeldProcess {
 public:
  HeldProcess(int cpu, bool second_thread) {
    int ready[2];
    if (pipe(ready) != 0) throw std::runtime_error("no pipe");
    pid_ = fork();
    if (pid_ == 0) {
      std::optional<std::thread> other;
      if (second_thread) other.emplace([] { pause(); });
      cpu_set_t one;
      CPU_ZERO(&one);
      CPU_SET(static_cast<std::size_t>(cpu), &one);
      const char held = sched_setaffinity(0, sizeof one, &one) == 0 ? 'y' : 'n';
      if (write(ready[1], &held, 1) == 1)
        for (;;) pause();
      _exit(1);
    }
    close(ready[1]);  // a child that ends without a word ends the read
    char held = 'n';
    const bool told = read(ready[0], &held, 1) == 1;
    close(ready[0]);
    if (!told || held != 'y') throw std::runtime_error("no held process");
  }
  ~HeldProcess() {
    kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
  }
  HeldProcess(const HeldProcess&) = delete;
  HeldProcess& operator=(const HeldProcess&) = delete;
  pid_t pid() const { return pid_; }

 private:
  pid_t pid_ = -1;
};

TEST(Affinity, SaysWhereTheThreadsOfProcessesMayRun) {
#if defined(__SANITIZE_THREAD__)
  GTEST_SKIP() << "the sanitizer has a thread of its own in each process, which is held nowhere";
#endif
  const auto cpus = affinity_of(0);
  ASSERT_TRUE(cpus);
  const int first = cpus->front();
  const HeldProcess held(first, false), loose(first, true);
  EXPECT_EQ(cpus_of({held.pid()}), std::vector<int>{first});
  EXPECT_EQ(cpus_of({loose.pid()}), cpus);  // its second thread
  EXPECT_EQ(cpus_of({held.pid(), loose.pid()}), cpus);
}

TEST(Affinity, OfAProcessThatCannotBeLookedIntoOrOfNoneItIsUnknown) {
  EXPECT_EQ(cpus_of({2'147'483'647}), std::nullopt);
  EXPECT_EQ(cpus_of({getpid(), 2'147'483'647}), std::nullopt);
  EXPECT_EQ(cpus_of({}), std::nullopt);
}

TEST(Processes, AProcessThatIsGoneIsLeftOut) {
  const pid_t gone = fork();
  if (gone == 0) _exit(0);
  ASSERT_EQ(waitpid(gone, nullptr, 0), gone);
  EXPECT_TRUE(process_tree(gone).empty());
  EXPECT_TRUE(sample_processes({gone}).empty());
  EXPECT_EQ(resident_bytes(gone), 0U);
}

}  // namespace
}  // namespace saturn
