#include "system/host/target_finder.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <thread>

namespace saturn {
namespace {

using Pids = std::vector<pid_t>;

// A shell (100) that started saturn (150) and, as another job, a server of a master (200) and two workers
// with a helper each; a process manager (300) whose workers opened their own sockets.
constexpr pid_t kShell = 100, kSaturn = 150, kMaster = 200, kManager = 300;
const std::vector<ProcessStat> kAll{
    {1, 0, 1},       {kShell, 1, 100}, {kSaturn, kShell, 150}, {151, kSaturn, 150}, {kMaster, kShell, 200},
    {201, 200, 200}, {202, 200, 200},  {203, 202, 200},        {kManager, 1, 300},  {301, 300, 300},
    {302, 300, 300}, {303, 300, 300},  {400, 1, 400},
};

TEST(FamilyOfTheListener, IsTheMasterAndAllItStarted) {
  EXPECT_EQ(family_of({kMaster, 201, 202}, kAll, kSaturn), (Pids{kMaster, 201, 202, 203}));
  EXPECT_EQ(family_of({400}, kAll, kSaturn), Pids{400});
}

TEST(FamilyOfTheListener, AMasterWithoutASocketIsTheParentOfSeveralThatHaveOne) {
  EXPECT_EQ(family_of({301, 302}, kAll, kSaturn), (Pids{kManager, 301, 302}));
  EXPECT_EQ(family_of({301}, kAll, kSaturn), Pids{301});
}

TEST(FamilyOfTheListener, SaturnAndWhatStartedItAreLeftOutWhereSomebodyElseServes) {
  EXPECT_EQ(family_of({1, kShell, kSaturn, 400}, kAll, kSaturn), Pids{400});
  EXPECT_EQ(family_of({kSaturn}, kAll, kSaturn), Pids{});
}

TEST(FamilyOfTheListener, AProgramThatServesAndStartsSaturnIsItselfTheTarget) {
  EXPECT_EQ(family_of({kShell}, kAll, kSaturn), Pids{kShell});
}

TEST(FamilyOfTheListener, NobodyHasNoFamily) {
  EXPECT_EQ(family_of({}, kAll, kSaturn), Pids{});
}

TEST(WithoutOwn, TakesOutThisProcessAndItsChildren) {
  EXPECT_EQ(without_own({kShell, kSaturn, 151, 400}, kAll, kSaturn), (Pids{kShell, 400}));
}

std::string refusal(const TargetSelection& selection) {
  const auto finder = TargetFinder::create(selection);
  return finder ? "" : to_text(finder.errors().front());
}

TEST(TargetFinder, RefusesWhatCannotBeATarget) {
  using How = TargetSelection::How;
  EXPECT_EQ(refusal({How::pids, {getpid()}}),
            "--target-pid: " + std::to_string(getpid()) +
                " is this saturn, not its target (give the server's process)");
  EXPECT_EQ(refusal({How::pids, {2'147'483'647}}).substr(0, 61),
            "--target-pid: there is no process 2147483647 that saturn can ");
  EXPECT_EQ(refusal({How::cgroup, {}, "no/such/group"}).substr(0, 60),
            "--target-cgroup: there is no control group \"no/such/group\" (");
  EXPECT_EQ(refusal({How::pids, {getppid()}}), "");
  EXPECT_EQ(refusal({}), "");
}

TEST(TargetFinder, AThreadIsNoProcess) {
  pid_t thread_id = 0;
  std::atomic<bool> known{false}, done{false};
  std::thread thread([&] {
    thread_id = gettid();
    known = true;
    known.notify_all();
    done.wait(false);
  });
  known.wait(false);
  EXPECT_EQ(refusal({TargetSelection::How::pids, {thread_id}}),
            "--target-pid: " + std::to_string(thread_id) + " is a thread of process " +
                std::to_string(getpid()) + " (type --target-pid " + std::to_string(getpid()) + ")");
  done = true;
  done.notify_all();
  thread.join();
}

}  // namespace
}  // namespace saturn
