#include "study/guarded_process.hpp"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <fstream>
#include <thread>

#include "study/files.hpp"
#include "system/host/processes.hpp"

namespace saturn::study {
namespace {

using namespace std::chrono_literals;

Command shell(const std::string& script) {
  return {{"sh", "-c", script}, environment_with({}), ""};
}

/// A zombie that its new parent has not reaped yet is gone for us.
bool exists(pid_t pid) {
  std::ifstream stat("/proc/" + std::to_string(pid) + "/stat");
  std::string text;
  std::getline(stat, text);
  const auto bracket = text.rfind(')');
  return bracket != std::string::npos && text.substr(bracket + 2, 1) != "Z";
}

/// Waits for a state that another process brings about; the limit only bounds a failure.
template <class Condition>
bool eventually(Condition condition) {
  const auto deadline = std::chrono::steady_clock::now() + 10s;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    std::this_thread::sleep_for(5ms);
  }
  return true;
}

/// The numbers a script printed, once there are `count` of them.
std::vector<pid_t> printed_pids(int fd, std::size_t count) {
  std::vector<pid_t> pids;
  EXPECT_TRUE(eventually([&] {
    pids.clear();
    std::istringstream in(read_memory(fd));
    for (pid_t pid; in >> pid;) pids.push_back(pid);
    return pids.size() == count && read_memory(fd).ends_with('\n');
  }));
  return pids;
}

TEST(GuardedProcess, TellsTheExitCodeAndKeepsTheOutput) {
  const OwnedFd output(open_memory());
  auto process = GuardedProcess::start(shell("echo out; echo err >&2; exit 3"), output.get());
  ASSERT_TRUE(process);
  const auto status = process->wait(10s, nullptr);
  ASSERT_TRUE(status);
  EXPECT_EQ(describe_exit(*status), "exit code 3");
  EXPECT_EQ(process->exit_status(), status);
  EXPECT_EQ(read_memory(output.get()), "out\nerr\n");
}

TEST(GuardedProcess, ACommandThatIsNotThereIsRefusedByName) {
  const OwnedFd output(open_memory());
  const auto process =
      GuardedProcess::start({{"no-such-command-of-anyone"}, environment_with({}), ""}, output.get());
  ASSERT_FALSE(process);
  EXPECT_EQ(process.errors().front().place, "no-such-command-of-anyone");
  EXPECT_EQ(process.errors().front().message, "command not found");
}

TEST(GuardedProcess, AWorkingDirectoryThatIsNotThereIsRefused) {
  const OwnedFd output(open_memory());
  const auto process =
      GuardedProcess::start({{"sh", "-c", "exit 0"}, environment_with({}), "/no/such/folder"}, output.get());
  ASSERT_FALSE(process);
  EXPECT_EQ(process.errors().front().message, "cannot execute it: No such file or directory");
}

TEST(GuardedProcess, LeadsAGroupAndSessionOfItsOwn) {
  const OwnedFd output(open_memory());
  auto process = GuardedProcess::start(shell("exec sleep 60"), output.get());
  ASSERT_TRUE(process);
  EXPECT_EQ(getpgid(process->pid()), process->pid());
  EXPECT_EQ(getsid(process->pid()), process->pid());
  EXPECT_NE(getsid(0), process->pid());
}

TEST(GuardedProcess, StopEndsTheWholeGroup) {
  const OwnedFd output(open_memory());
  auto process = GuardedProcess::start(shell("sleep 60 & echo $$ $!; wait"), output.get());
  ASSERT_TRUE(process);
  const auto pids = printed_pids(output.get(), 2);
  ASSERT_EQ(pids.front(), process->pid());
  process->stop();
  for (const pid_t pid : pids) EXPECT_FALSE(exists(pid)) << pid;
  process->stop();  // again: nothing happens
}

TEST(GuardedProcess, StopKillsWhatIgnoresTheRequest) {
  const OwnedFd output(open_memory());
  auto process = GuardedProcess::start(shell("trap '' TERM; echo $$; while :; do sleep 0.05; done"),
                                       output.get(), 100ms);
  ASSERT_TRUE(process);
  printed_pids(output.get(), 1);
  process->stop();
  EXPECT_FALSE(exists(process->pid()));
}

TEST(GuardedProcess, StopEndsADescendantThatLeftTheGroup) {
  const OwnedFd output(open_memory());
  auto process = GuardedProcess::start(shell("setsid sh -c 'echo $$; exec sleep 60' & wait"), output.get());
  ASSERT_TRUE(process);
  const auto pids = printed_pids(output.get(), 1);
  ASSERT_NE(getpgid(pids.front()), process->pid());
  process->stop();
  EXPECT_FALSE(exists(pids.front()));
}

TEST(GuardedProcess, AKilledOwnerTakesTheCommandWithIt) {
  const OwnedFd output(open_memory());
  const pid_t owner = fork();
  if (owner == 0) {
    auto process = GuardedProcess::start(shell("sleep 60 & echo $$ $!; wait"), output.get());
    pause();  // until it is killed: no destructor runs
    _exit(0);
  }
  const auto pids = printed_pids(output.get(), 2);
  ASSERT_EQ(kill(owner, SIGKILL), 0);
  ASSERT_EQ(waitpid(owner, nullptr, 0), owner);
  for (const pid_t pid : pids) EXPECT_TRUE(eventually([&] { return !exists(pid); })) << pid;
}

TEST(GuardedProcess, WhenTheGuardIsKilledStopStillEndsTheGroup) {
  const OwnedFd output(open_memory());
  auto process = GuardedProcess::start(shell("sleep 60 & echo $PPID $$ $!; wait"), output.get());
  ASSERT_TRUE(process);
  const auto pids = printed_pids(output.get(), 3);
  ASSERT_EQ(kill(pids[0], SIGKILL), 0);
  ASSERT_TRUE(eventually([&] { return process->exit_status().has_value(); }));
  process->stop();
  for (const pid_t pid : pids) EXPECT_TRUE(eventually([&] { return !exists(pid); })) << pid;
}

TEST(GuardedProcess, TheCommandGetsTheGivenEnvironment) {
  const OwnedFd output(open_memory());
  const Command command{
      {"sh", "-c", "echo $PATH $ADDED"}, environment_with({"PATH=/usr/bin:/bin", "ADDED=yes"}), ""};
  auto process = GuardedProcess::start(command, output.get());
  ASSERT_TRUE(process);
  ASSERT_EQ(process->wait(10s, nullptr), 0);
  EXPECT_EQ(read_memory(output.get()), "/usr/bin:/bin yes\n");
}

TEST(GuardedProcess, WaitingStopsWhenAsked) {
  const OwnedFd output(open_memory());
  auto process = GuardedProcess::start(shell("exec sleep 60"), output.get());
  ASSERT_TRUE(process);
  const std::atomic<bool> stop{true};
  EXPECT_EQ(process->wait(1h, &stop), std::nullopt);
}

}  // namespace
}  // namespace saturn::study
