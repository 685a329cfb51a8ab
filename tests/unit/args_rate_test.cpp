// -R and what belongs to it: an open loop from flags, and every combination that makes no sense.
#include <gtest/gtest.h>

#include "args.hpp"

namespace saturn::cli {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

const std::string kUrl = "http://127.0.0.1:8000/";

RunArguments good(const Arguments& arguments) {
  auto parsed = parse_run(arguments);
  for (const auto& error : parsed.errors) ADD_FAILURE() << to_text(error);
  return parsed.run;
}

std::string mistake(const Arguments& arguments) {
  const auto errors = parse_run(arguments).errors;
  EXPECT_EQ(errors.size(), 1U);
  return errors.empty() ? "" : to_text(errors.front());
}

TEST(ArgsRate, ARateIsAnOpenLoop) {
  const auto grows = good({kUrl, "-R", "2000"}).plan.scenarios.at(0);
  EXPECT_EQ(grows.executor, Executor::constant_arrival_rate);
  EXPECT_EQ(grows.rate, (Rate{2000, seconds(1)}));
  EXPECT_EQ(grows.vus, 20U);  // enough for answers within 10 ms
  EXPECT_FALSE(grows.max_in_flight);
  EXPECT_EQ(grows.duration, seconds(10));
  const auto stays = good({kUrl, "--rate=10/ms", "-c", "64", "--backlog", "0"}).plan.scenarios.at(0);
  EXPECT_EQ(stays.rate, (Rate{10, milliseconds(1)}));
  EXPECT_EQ(stays.vus, 64U);
  EXPECT_EQ(stays.max_in_flight, 64U);
  EXPECT_EQ(stays.backlog, 0U);
  const auto bounded = good({kUrl, "-R5", "--max-in-flight", "8", "-t", "8"}).plan.scenarios.at(0);
  EXPECT_EQ(bounded.vus, 8U);
  EXPECT_EQ(bounded.max_in_flight, 8U);
  const auto both = good({kUrl, "-R", "50/s", "-c", "5", "--max-in-flight", "8"}).plan.scenarios.at(0);
  EXPECT_EQ(both.vus, 5U);
  EXPECT_EQ(both.max_in_flight, 8U);
}

TEST(ArgsRate, WhatMakesNoSenseOfARateIsRefusedAtItsFlag) {
  EXPECT_EQ(mistake({kUrl, "-R", "1k"}), "-R: \"1k\" is not a rate (write for example 1000, 50/s or 10/ms)");
  EXPECT_EQ(mistake({kUrl, "-R", "0"}),
            "-R: rate must be more than 0 and at most 10000000/s (write for example \"1000/s\")");
  EXPECT_EQ(mistake({kUrl, "-R", "1k", "--backlog", "5"}).substr(0, 4), "-R: ");
  EXPECT_EQ(mistake({kUrl, "--backlog", "5"}),
            "--backlog: only a rate has this (add one with -R, or leave it out)");
  EXPECT_EQ(mistake({kUrl, "--max-in-flight", "5"}),
            "--max-in-flight: only a rate has this (add one with -R, or leave it out)");
  EXPECT_EQ(
      mistake({kUrl, "-R", "5", "-c", "9", "--max-in-flight", "5"}),
      "--max-in-flight: less in flight (5) than connections at the start (9) (raise it, or open fewer)");
  EXPECT_EQ(mistake({kUrl, "-R", "5", "-p", "2"}),
            "-p: a schedule is not pipelined: behind another request an answer waits for its neighbour (use "
            "pipeline 1; max_in_flight says how many requests may be under way)");
  EXPECT_EQ(mistake({kUrl, "-R", "5", "-c", "2", "-t", "3"}),
            "-t: more threads than connections (3 and 2) (type -t 2, or more connections with -c)");
  EXPECT_EQ(
      mistake({kUrl, "-R", "5", "--max-in-flight", "2", "-t", "3"}),
      "-t: more threads than connections (3 and 2) (type -t 2, or more connections with --max-in-flight)");
}

TEST(ArgsRate, SpinningIsAllowedOrForbidden) {
  EXPECT_FALSE(good({kUrl}).wait);
  EXPECT_EQ(good({kUrl, "--spin"}).wait, WaitMode::spin);
  EXPECT_EQ(good({kUrl, "--no-spin"}).wait, WaitMode::sleep);
  EXPECT_EQ(mistake({kUrl, "--spin", "--no-spin"}), "--spin: contradicts --no-spin (keep one of them)");
  EXPECT_EQ(good({kUrl, "--wait", "sleep"}).wait, WaitMode::sleep);
  EXPECT_EQ(good({kUrl, "--wait=hybrid"}).wait, WaitMode::hybrid);
  EXPECT_EQ(good({"plan.json", "--wait", "spin", "--spin"}).wait, WaitMode::spin);
  EXPECT_EQ(mistake({kUrl, "--no-spin", "--wait", "hybrid"}),
            "--no-spin: contradicts --wait (keep one of them)");
  EXPECT_EQ(mistake({kUrl, "--wait", "awake"}),
            "--wait: \"awake\" is no way to wait (type --wait sleep, hybrid or spin)");
}

}  // namespace
}  // namespace saturn::cli
