#include "system/host/target_monitor.hpp"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

namespace saturn {
namespace {

using namespace std::chrono_literals;

constexpr pid_t kMaster = 800, kFirst = 812, kSecond = 813;

std::vector<ProcessSample> master_and_two(Nanos master, Nanos first, Nanos second) {
  return {{kMaster, "gunicorn", master, 1, 1000, 5},
          {kFirst, "gunicorn", first, kMaster, 2000, 6},
          {kSecond, "gunicorn", second, kMaster, 3000, 7}};
}

TEST(TargetReading, SharesCpuBetweenWorkersAndLeavesTheMasterOut) {
  const auto reading = reading_between(master_and_two(7s, 1s, 2s), master_and_two(8s, 1250ms, 2750ms));
  EXPECT_DOUBLE_EQ(reading.cost.cpu_s, 2.0);
  EXPECT_EQ(reading.cost.workers, 2U);
  EXPECT_DOUBLE_EQ(reading.cost.busiest_worker_share.value(), 0.75);
  EXPECT_FALSE(reading.processes_changed);
  ASSERT_EQ(reading.cost.processes.size(), 3U);
  EXPECT_EQ(reading.cost.processes[0].pid, kMaster);
  EXPECT_EQ(reading.cost.processes[2].name, "gunicorn");
  EXPECT_DOUBLE_EQ(reading.cost.processes[2].cpu_s, 0.75);
  EXPECT_EQ(reading.cost.processes[2].rss_bytes, 3000U);
}

TEST(TargetReading, AWorkerThatDoesEverythingHasAShareOfOne) {
  const auto reading = reading_between(master_and_two(0s, 0s, 0s), master_and_two(1ms, 0s, 4s));
  EXPECT_DOUBLE_EQ(reading.cost.busiest_worker_share.value(), 1.0);
}

TEST(TargetReading, WithoutAMasterEveryProcessIsAWorker) {
  const auto reading = reading_between({{1, "a", 0s}, {2, "b", 0s}}, {{1, "a", 3s}, {2, "b", 1s}});
  EXPECT_DOUBLE_EQ(reading.cost.busiest_worker_share.value(), 0.75);
}

TEST(TargetReading, WithFewerThanTwoWorkersThereIsNoShare) {
  EXPECT_EQ(reading_between({{1, "server", 1s}}, {{1, "server", 2s}}).cost.busiest_worker_share,
            std::nullopt);
  const std::vector<ProcessSample> start{{1, "master", 0s}, {2, "worker", 0s, 1}};
  const std::vector<ProcessSample> end{{1, "master", 1s}, {2, "worker", 1s, 1}};
  EXPECT_EQ(reading_between(start, end).cost.busiest_worker_share, std::nullopt);
}

TEST(TargetReading, AHelperWithoutTheSocketIsNoWorker) {
  const std::vector<ProcessSample> start{{1, "nginx", 0s}, {2, "worker", 0s, 1}, {3, "cache", 0s, 1}};
  const std::vector<ProcessSample> end{{1, "nginx", 0s}, {2, "worker", 2s, 1}, {3, "cache", 0s, 1}};
  EXPECT_DOUBLE_EQ(reading_between(start, end).cost.busiest_worker_share.value(), 1.0);
  EXPECT_EQ(reading_between(start, end, {1, 2}).cost.busiest_worker_share, std::nullopt);
  EXPECT_EQ(reading_between(start, end, {1, 2}).cost.workers, 1U);
  // Where only the master holds it, it hands connections on: all children are workers.
  EXPECT_DOUBLE_EQ(reading_between(start, end, {1}).cost.busiest_worker_share.value(), 1.0);
}

TEST(TargetReading, IdleWorkersHaveNoShare) {
  const auto still = master_and_two(1s, 1s, 1s);
  EXPECT_EQ(reading_between(still, still).cost.busiest_worker_share, std::nullopt);
}

TEST(TargetReading, AReplacedWorkerIsNamedAndTheNewOneCountsFromItsBirth) {
  std::vector<ProcessSample> end = master_and_two(7s, 2s, 0s);
  end[2] = {899, "gunicorn", 500ms, kMaster, 0, 9};
  const auto reading = reading_between(master_and_two(7s, 1s, 2s), end);
  EXPECT_TRUE(reading.processes_changed);
  EXPECT_EQ(reading.ended, std::vector<std::string>{"813 (gunicorn)"});
  EXPECT_DOUBLE_EQ(reading.cost.cpu_s, 1.5);
}

TEST(TargetReading, ANumberThatIsUsedAgainIsAnotherProcess) {
  const auto reading = reading_between({{5, "old", 9s, 1, 0, 100}}, {{5, "new", 1s, 1, 0, 200}});
  EXPECT_DOUBLE_EQ(reading.cost.cpu_s, 1.0);
  EXPECT_EQ(reading.ended, std::vector<std::string>{"5 (old)"});
}

TEST(TargetCostOfAScenario, IsDividedByTheResponsesOfTheSameTime) {
  ScenarioResult scenario;
  scenario.requests.completed = 5000;  // 1000 of them in the warm-up
  scenario.requests.in_window = 4000;
  TargetCost cost;
  cost.cpu_s = 2.0;
  set_target(scenario, cost);
  EXPECT_DOUBLE_EQ(scenario.target->cpu_us_per_request.value(), 500.0);
  scenario.requests.in_window = 0;
  set_target(scenario, cost);
  EXPECT_EQ(scenario.target->cpu_us_per_request, std::nullopt);
}

/// A child that waits until it is ended.
class Child {
 public:
  Child() : pid_(fork()) {
    if (pid_ == 0)
      for (;;) pause();
  }
  ~Child() { end(); }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;
  pid_t pid() const { return pid_; }
  void end() {
    if (ended_) return;
    kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
    ended_ = true;
  }

 private:
  pid_t pid_;
  bool ended_ = false;
};

TEST(TargetMonitor, AProcessThatVanishesIsNamedAndTheOthersStillCount) {
  const Child stays;
  Child goes;
  TargetMonitor monitor([&] { return FoundTarget{"test", {stays.pid(), goes.pid()}}; });
  monitor.look();
  monitor.start();
  goes.end();
  monitor.look_at_memory();
  monitor.stop();
  const auto reading = monitor.reading();
  ASSERT_TRUE(reading);
  ASSERT_EQ(reading->cost.processes.size(), 1U);
  EXPECT_EQ(reading->cost.processes[0].pid, stays.pid());
  EXPECT_GT(reading->cost.processes[0].rss_bytes, 10'000U);
  EXPECT_GE(reading->cost.rss_max_bytes, reading->cost.processes[0].rss_bytes);
  EXPECT_EQ(reading->cost.source, "test");
  ASSERT_EQ(reading->ended.size(), 1U);
  EXPECT_EQ(reading->ended[0].substr(0, reading->ended[0].find(' ')), std::to_string(goes.pid()));
}

TEST(TargetMonitor, AProcessThatIsBornMeanwhileIsFound) {
  const Child first;
  std::vector<pid_t> pids{first.pid()};
  TargetMonitor monitor([&] { return FoundTarget{"test", pids}; });
  monitor.look();
  monitor.start();
  const Child second;
  pids.push_back(second.pid());
  monitor.stop();
  const auto reading = monitor.reading();
  ASSERT_TRUE(reading);
  EXPECT_EQ(reading->cost.processes.size(), 2U);
  EXPECT_TRUE(reading->processes_changed);
  EXPECT_TRUE(reading->ended.empty());
}

TEST(TargetMonitor, WithoutAnyProcessThereIsNoReading) {
  TargetMonitor monitor([] { return FoundTarget{}; });
  monitor.look();
  monitor.start();
  monitor.stop();
  EXPECT_FALSE(monitor.reading());
}

}  // namespace
}  // namespace saturn
