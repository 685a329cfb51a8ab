// Who used the machine's cores between two looks.
#include "system/doctor/load.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>

namespace saturn::doctor {
namespace {

using namespace std::chrono_literals;

ProcessSample sample(pid_t pid, const char* name, Nanos cpu, std::uint64_t started = 7) {
  ProcessSample one;
  one.pid = pid;
  one.name = name;
  one.cpu = cpu;
  one.started_ticks = started;
  return one;
}

TEST(DoctorLoad, SumsByNameAndNamesTheBusiestFirst) {
  const std::vector<ProcessSample> before{sample(1, "init", 9s), sample(2, "cc1plus", 5s),
                                          sample(3, "python3", 1s), sample(9, "saturn", 0s)};
  const std::vector<ProcessSample> after{sample(1, "init", 9001ms), sample(2, "cc1plus", 5300ms),
                                         sample(3, "python3", 1450ms), sample(4, "cc1plus", 200ms),
                                         sample(9, "saturn", 900ms)};
  const auto busiest = busiest_of(before, after, 500ms, 9);
  ASSERT_EQ(busiest.size(), 2U);
  EXPECT_EQ(busiest[0].name, "cc1plus");  // one began in between: all of its time counts
  EXPECT_EQ(busiest[0].count, 2U);
  EXPECT_NEAR(busiest[0].cores, 1.0, 1e-9);
  EXPECT_EQ(busiest[1].name, "python3");
  EXPECT_NEAR(busiest[1].cores, 0.9, 1e-9);
}

TEST(DoctorLoad, ANumberUsedAgainIsAnotherProcess) {
  const auto busiest = busiest_of({sample(2, "old", 50s, 7)}, {sample(2, "new", 100ms, 8)}, 200ms, 9);
  ASSERT_EQ(busiest.size(), 1U);
  EXPECT_NEAR(busiest[0].cores, 0.5, 1e-9);
}

TEST(DoctorLoad, ALoadAverageIsTheFirstNumber) {
  const auto path = std::filesystem::path(testing::TempDir()) / ("loadavg-" + std::to_string(getpid()));
  std::ofstream(path) << "4.80 3.10 1.02 5/321 4711\n";
  EXPECT_EQ(load_average(path), 4.8);
  std::filesystem::remove(path);
  EXPECT_EQ(load_average(path), std::nullopt);
}

TEST(DoctorLoad, SeesThisMachine) {
  Facts facts;
  look_at_load(facts, 50ms);
  EXPECT_TRUE(facts.load_1min);
  ASSERT_TRUE(facts.others_cores);
  EXPECT_GE(*facts.others_cores, 0);
}

}  // namespace
}  // namespace saturn::doctor
