#include "describe.hpp"

#include <gtest/gtest.h>

namespace saturn::cli {
namespace {

RunArguments run_of(const Arguments& arguments) {
  auto parsed = parse_run(arguments);
  EXPECT_TRUE(parsed.errors.empty());
  return parsed.run;
}

TEST(Describe, TheFirstLineSpellsOutTheDefaults) {
  EXPECT_EQ(first_line(run_of({"http://127.0.0.1:8000/"}), "127.0.0.1:8000", 1),
            "saturn: GET http://127.0.0.1:8000/ · 50 connections · 10 s · 1 thread · timeout 30 s");
}

TEST(Describe, TheFirstLineSaysWhatWasAskedForAndWhichAddressWasTaken) {
  EXPECT_EQ(
      first_line(run_of({"u:secret@localhost:8000/x", "-b", "{}", "-c", "1", "-n", "12345", "-d", "1m",
                         "--warmup", "2s", "--no-keepalive", "--timeout", "500ms"}),
                 "[::1]:8000", 2),
      "saturn: POST http://***@localhost:8000/x · 1 connection · 1 request per connection · 2 s of warm-up · "
      "12,345 requests · at most 60 s · 2 threads · timeout 500 ms · address [::1]:8000");
}

TEST(Describe, TheFirstLineNamesTheSourceAddresses) {
  EXPECT_EQ(first_line(run_of({"http://127.0.0.1:8000/", "--source-ip", "127.0.0.2,127.0.0.3"}),
                       "127.0.0.1:8000", 1),
            "saturn: GET http://127.0.0.1:8000/ · 50 connections · 10 s · 1 thread · timeout 30 s · from "
            "127.0.0.2, 127.0.0.3");
}

TEST(Describe, AScheduleSaysItsRateAndWhetherConnectionsAreAdded) {
  EXPECT_EQ(
      first_line(run_of({"http://127.0.0.1:8000/", "-R", "10/ms"}), "127.0.0.1:8000", 1),
      "saturn: GET http://127.0.0.1:8000/ · 10,000 requests/s · 100 connections, more when needed: up to "
      "10,000 · 10 s · 1 thread · timeout 30 s");
  EXPECT_EQ(
      first_line(run_of({"http://127.0.0.1:8000/", "-R", "2.5", "-c", "64", "--warmup", "1s", "-n", "10"}),
                 "127.0.0.1:8000", 1),
      "saturn: GET http://127.0.0.1:8000/ · 2.5 requests/s · 64 connections, no more are opened · 1 s of "
      "warm-up · 10 requests · 1 thread · timeout 30 s");
}

TEST(Describe, IterationsAreNotCalledRequests) {
  RunArguments run;
  run.source = "plan.json";
  run.plan_file = true;
  run.plan.base_url = "http://127.0.0.1:80";
  Scenario& scenario = run.plan.scenarios.emplace_back();
  scenario.name = "crud";
  scenario.vus = 4;
  scenario.flow.resize(4);
  scenario.iterations = 25;
  const auto line = [&] { return first_line(run, "127.0.0.1:80", 1); };
  const std::string head = "saturn: plan.json at http://127.0.0.1/ · crud · ";
  scenario.executor = Executor::per_vu_iterations;
  EXPECT_EQ(line(), head + "4 VUs · 25 iterations a VU of 4 requests (400 requests) · 1 thread");
  scenario.executor = Executor::shared_iterations;
  EXPECT_EQ(line(), head + "4 VUs · 25 iterations of 4 requests (100 requests) · 1 thread");
  scenario.iterations.reset();
  scenario.duration = std::chrono::seconds(10);
  EXPECT_EQ(line(), head + "4 VUs · iterations of 4 requests · 10 s · 1 thread");
  scenario.executor = Executor::constant_arrival_rate;
  scenario.rate = Rate{100};
  EXPECT_EQ(line(), head +
                        "100 iterations/s of 4 requests (400 requests/s) · 4 connections, more when needed: "
                        "up to 10,000 · 10 s · 1 thread");
}

TEST(Describe, APlanIsNamed) {
  RunArguments run;
  run.source = "plan.json";
  run.plan_file = true;
  run.plan.base_url = "http://127.0.0.1:80/api";
  run.plan.gap = std::chrono::seconds(3);
  run.plan.scenarios.resize(2);
  EXPECT_EQ(
      first_line(run, "127.0.0.1:80", 1),
      "saturn: plan.json at http://127.0.0.1/api · 2 scenarios, one after another, 3 s apart · 1 thread");
  run.plan.scenarios.resize(1);
  run.plan.scenarios[0].duration = std::chrono::seconds(1);
  EXPECT_EQ(first_line(run, "127.0.0.1:80", 1),
            "saturn: plan.json at http://127.0.0.1/api · 50 VUs · 1 s · 1 thread");
}

TEST(Describe, APlanThatFlagsChangedSaysSo) {
  RunArguments run;
  run.source = "plan.json";
  run.plan_file = true;
  run.plan.base_url = "http://127.0.0.1:80";
  run.plan.scenarios.resize(1);
  run.plan.scenarios[0].duration = std::chrono::seconds(1);
  run.changed = {"vus 50 (plan: 5)", "duration 1s (plan: 30s)"};
  EXPECT_EQ(first_line(run, "127.0.0.1:80", 1),
            "saturn: plan.json at http://127.0.0.1/ · 50 VUs · 1 s · by flags: vus 50 (plan: 5), "
            "duration 1s (plan: 30s) · 1 thread");
}

TEST(Describe, ABareNumberIsSeenToBeSeconds) {
  EXPECT_EQ(first_line(run_of({"http://127.0.0.1:8000/", "-d", "30", "--timeout", "5", "--connect-timeout",
                               "3", "--graceful-stop", "1", "--expect", "200,404"}),
                       "127.0.0.1:8000", 1),
            "saturn: GET http://127.0.0.1:8000/ · 50 connections · 30 s · 1 thread · timeout 5 s · connect "
            "timeout 3 s · graceful stop 1 s · ok: 200, 404");
}

TEST(Describe, TheLastLineRunsTheSameAgain) {
  const Arguments argv{"/usr/bin/saturn", "run", "http://u:p@h/?a&b", "-H", "Cookie: c"};
  EXPECT_EQ(again_line(run_of({"http://u:p@h/?a&b", "-H", "Cookie: c"}), argv, 7),
            "/usr/bin/saturn run 'http://***@h/?a&b' -H 'Cookie: ***'");
}

TEST(Describe, TheSeedIsPartOfItWhereRandomValuesWereDrawn) {
  const std::string url = "http://h/{{random_int(1, 9)}}";
  const Arguments argv{"saturn", "run", url};
  EXPECT_EQ(again_line(run_of({url}), argv, 7), "saturn run 'http://h/{{random_int(1, 9)}}' --seed 7");
  EXPECT_EQ(again_line(run_of({url, "--seed", "3"}), argv, 3), "saturn run 'http://h/{{random_int(1, 9)}}'");
}

}  // namespace
}  // namespace saturn::cli
