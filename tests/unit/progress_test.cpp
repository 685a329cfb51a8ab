// The progress line and when it is written, on a virtual clock.
#include "progress.hpp"

#include <gtest/gtest.h>

namespace saturn::cli {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

Progress at(Nanos elapsed, std::uint64_t completed) {
  Progress progress;
  progress.name = "default";
  progress.phase = Phase::measure;
  progress.elapsed = elapsed;
  progress.planned = seconds(10);
  progress.completed = completed;
  return progress;
}

TEST(Progress, ALineSaysTimeRateErrorsAndCount) {
  EXPECT_EQ(progress_line(at(milliseconds(3200), 15400), 4783.4, {}),
            "  3.2 of 10 s · 4,783/s · 0 errors · 15,400 answers");
}

TEST(Progress, ALineSaysTheP99OfTheLastSecondAndTheConnections) {
  auto progress = at(milliseconds(3200), 15400);
  progress.recent_p99_us = 12'120;
  progress.connections = 50;
  EXPECT_EQ(progress_line(progress, 4783.4, {}),
            "  3.2 of 10 s · 4,783/s · p99 12.1 ms · 0 errors · 50 connections · 15,400 answers");
}

TEST(Progress, WhileItOpensItCountsConnections) {
  auto progress = at(Nanos(0), 0);
  progress.phase = Phase::opening;
  progress.connections = 7'000;
  progress.connections_planned = 20'000;
  EXPECT_EQ(progress_line(progress, {}, {}), "  connecting 7,000 of 20,000");
}

TEST(Progress, AFlowCountsIterations) {
  auto progress = at(seconds(1), 80);
  progress.planned.reset();
  progress.planned_requests = 100;
  progress.steps = 4;
  progress.iterations = 20;
  EXPECT_EQ(progress_line(progress, {}, {}), "  1.0 s · 0 errors · 20 of 100 iterations");
}

TEST(Progress, ANarrowerWindowNarrowsTheNextLine) {
  ProgressMeter meter({.terminal = true, .width = 80});
  auto progress = at(seconds(1), 5);
  progress.connections = 50;
  EXPECT_EQ(meter.update(progress, seconds(1)),
            "\r  1.0 of 10 s · 0 errors · 50 connections · 5 answers\x1b[J\r");
  meter.resize(42);
  EXPECT_EQ(meter.update(progress, seconds(1)), "\r  1.0 of 10 s · 0 errors · 50 connections\x1b[J\r");
}

TEST(Progress, BadNewsIsRedOnlyWhereColourIsAllowed) {
  auto progress = at(seconds(1), 10);
  progress.failed = 1;
  progress.not_ok = 1234;
  EXPECT_EQ(progress_line(progress, {}, {.colour = true}),
            "  1.0 of 10 s · \x1b[31m1 error\x1b[0m · \x1b[31m1,234 not ok\x1b[0m · 10 answers");
  EXPECT_EQ(progress_line(progress, {}, {}), "  1.0 of 10 s · 1 error · 1,234 not ok · 10 answers");
}

TEST(Progress, WhatASchedulePutsOffIsSeen) {
  auto progress = at(seconds(1), 10);
  progress.backlog = 1500;
  EXPECT_EQ(progress_line(progress, {}, {}), "  1.0 of 10 s · 0 errors · 1,500 waiting · 10 answers");
  progress.dropped = 7;
  EXPECT_EQ(progress_line(progress, {}, {.colour = true}),
            "  1.0 of 10 s · 0 errors · \x1b[31m7 dropped\x1b[0m · 1,500 waiting · 10 answers");
}

TEST(Progress, CountsScenariosAndPhasesAreNamed) {
  auto progress = at(milliseconds(100), 5);
  progress.planned.reset();
  progress.planned_requests = 1000;
  progress.scenarios = 7;
  progress.scenario = 1;
  progress.name = "echo";
  progress.phase = Phase::drain;
  EXPECT_EQ(progress_line(progress, {}, {}),
            "  echo 2/7 · 0.1 s · waiting for the last answers · 0 errors · 5 of 1,000 requests");
}

TEST(Progress, ATerminalLineNeverWraps) {
  const Terminal narrow{.terminal = true, .width = 40};
  EXPECT_EQ(progress_line(at(milliseconds(3200), 15400), 4783.4, narrow),
            "  3.2 of 10 s · 4,783/s · 0 errors");
}

TEST(Progress, TheRateIsThatOfTheLastSecond) {
  ProgressMeter meter({.terminal = true, .width = 80});
  std::string last;
  for (unsigned tick = 0; tick <= 30; ++tick) {  // every 100 ms: 1,000/s for two seconds, then 5,000/s
    const std::uint64_t completed = 100ULL * tick + (tick > 20 ? 400ULL * (tick - 20) : 0);
    last = meter.update(at(milliseconds(100 * tick), completed), milliseconds(100 * tick));
    if (tick == 1) {
      EXPECT_EQ(last.find("/s"), std::string::npos) << "too early for a rate: " << last;
    }
    if (tick == 20) {
      EXPECT_NE(last.find(" · 1,000/s · "), std::string::npos) << last;
    }
  }
  EXPECT_NE(last.find(" · 5,000/s · "), std::string::npos) << last;
}

TEST(Progress, TheRateStartsAfreshWithTheNextScenario) {
  ProgressMeter meter({.terminal = true, .width = 80});
  for (int tick = 0; tick <= 10; ++tick)
    meter.update(at(milliseconds(100 * tick), 100), milliseconds(100 * tick));
  auto next = at(Nanos(0), 0);
  next.scenario = 1;
  EXPECT_EQ(meter.update(next, milliseconds(1100)).find("/s"), std::string::npos);
  next.completed = 50;
  EXPECT_NE(meter.update(next, milliseconds(1600)).find(" · 100/s · "), std::string::npos);
}

TEST(Progress, ATerminalIsRedrawnAndClearedOnce) {
  ProgressMeter meter({.terminal = true, .width = 80});
  EXPECT_EQ(meter.clear(), "");
  const auto text = meter.update(at(seconds(1), 5), seconds(1));
  EXPECT_EQ(text, "\r  1.0 of 10 s · 0 errors · 5 answers\x1b[J\r");
  EXPECT_EQ(meter.clear(), "\r\x1b[J");
  EXPECT_EQ(meter.clear(), "");
}

TEST(Progress, WithoutATerminalALineEveryTenSeconds) {
  ProgressMeter meter({});
  std::string all;
  for (int tick = 0; tick <= 250; ++tick) {
    const auto text = meter.update(at(milliseconds(100 * tick), 0), milliseconds(100 * tick));
    EXPECT_EQ(!text.empty(), tick == 100 || tick == 200) << tick;
    all += text;
  }
  EXPECT_EQ(all,
            "  10.0 of 10 s · 0/s · 0 errors · 0 answers\n  20.0 of 10 s · 0/s · 0 errors · 0 answers\n");
  EXPECT_EQ(meter.clear(), "");
}

}  // namespace
}  // namespace saturn::cli
