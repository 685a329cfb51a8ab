#include "core/result/saturation.hpp"

#include <gtest/gtest.h>

#include <sstream>

#include "core/result/text_format.hpp"
#include "support/schema.hpp"

namespace saturn {
namespace {

constexpr SaturationTry kTry{.stage = "grow", .rate = 400};

/// 3 s at 400/s, all of it started and answered.
RunResult kept() {
  ScenarioResult s;
  s.name = "default";
  s.measured_s = 3;
  s.requests.due = 1600;
  s.requests.dropped = s.requests.backlog_at_stop = 0;
  s.requests.started = s.requests.completed = s.requests.ok = 1600;
  s.rps = s.ok_rps = 400;
  s.latency.emplace().p50_us = 20'000;
  s.latency->p99_us = 21'000;
  s.generator.shards = 1;
  s.verdict = Verdict{true, LimitedBy::load, {"all was reached"}, {"load_reached"}};
  RunResult run;
  run.thresholds = {{"p(99)<50ms", "default", "latency", 21.0, "ms", true}};
  run.scenarios = {s};
  return run;
}

RunResult slow(std::string rule = "load_reached", LimitedBy limit = LimitedBy::load) {
  RunResult run = kept();
  run.thresholds[0] = {"p(99)<50ms", "default", "latency", 61.234, "ms", false};
  run.scenarios[0].verdict = Verdict{limit != LimitedBy::generator, limit, {"busy 98 %"}, {std::move(rule)}};
  return run;
}

TEST(SaturationPoint, IsSustainedWhereAllWasStartedAnsweredAndGoodEnough) {
  const SaturationPoint p = point_of(kTry, kept());
  EXPECT_TRUE(p.sustained);
  EXPECT_TRUE(p.slo_met);
  EXPECT_EQ(p.stage, "grow");
  EXPECT_EQ(p.rate, 400);
  EXPECT_EQ(p.rps, 400);
  EXPECT_EQ(p.p50_us, 20'000);
  EXPECT_EQ(p.p99_us, 21'000);
  EXPECT_EQ(p.errors_rate, 0);
  EXPECT_EQ(p.limited_by, LimitedBy::load);
  EXPECT_EQ(p.why, "");
  EXPECT_EQ(p.shards, 1U);
}

TEST(SaturationPoint, IsMissedWhereTheSloIs) {
  const SaturationPoint p = point_of(kTry, slow());
  EXPECT_FALSE(p.sustained);
  EXPECT_FALSE(p.slo_met);
  EXPECT_EQ(p.limited_by, LimitedBy::target);
  EXPECT_EQ(p.why, "p(99)<50ms: 61.23 ms");
}

TEST(SaturationPoint, MayHaveOnePercentNotStarted) {
  RunResult run = kept();
  run.scenarios[0].requests.dropped = 10;
  run.scenarios[0].requests.backlog_at_stop = 6;
  EXPECT_TRUE(point_of(kTry, run).sustained);
  run.scenarios[0].requests.backlog_at_stop = 7;
  const SaturationPoint p = point_of(kTry, run);
  EXPECT_FALSE(p.sustained);
  EXPECT_TRUE(p.slo_met);
  EXPECT_EQ(p.why, "1.1 % of the requests could not be started");
}

TEST(SaturationPoint, AnswersMayBeTwoPercentFewerAndTwoMoreAtTheEnds) {
  RunResult run = kept();
  run.scenarios[0].rps = 391.4;
  EXPECT_TRUE(point_of(kTry, run).sustained);
  run.scenarios[0].rps = 391;
  const SaturationPoint p = point_of(kTry, run);
  EXPECT_FALSE(p.sustained);
  EXPECT_EQ(p.why, "391.0 of 400.0 a second were answered");
}

TEST(SaturationPoint, OfAFlowCountsIterations) {
  RunResult run = kept();
  run.scenarios[0].rps = 1200;
  SaturationTry tried = kTry;
  tried.steps = 3;
  EXPECT_EQ(point_of(tried, run).rps, 400);
  EXPECT_TRUE(point_of(tried, run).sustained);
}

TEST(SaturationPoint, SaysWhenTheGeneratorWasTheLimit) {
  const SaturationPoint p = point_of(kTry, slow("generator_busy", LimitedBy::generator));
  EXPECT_TRUE(generator_limited(p));
  EXPECT_FALSE(p.valid);
  EXPECT_EQ(p.why, "p(99)<50ms: 61.23 ms; busy 98 %");
  // What saturn adds is no harm where the SLO is met with it.
  RunResult run = kept();
  run.scenarios[0].verdict = Verdict{false, LimitedBy::generator, {"late"}, {"generator_late"}};
  EXPECT_TRUE(point_of(kTry, run).sustained);
  EXPECT_FALSE(generator_limited(point_of(kTry, run)));
}

TEST(SaturationPoint, AnSloThatTheTargetMissesByItselfIsItsLimitWhateverSaturnAdded) {
  RunResult run = slow("generator_late", LimitedBy::generator);
  run.scenarios[0].service.emplace().p99_us = 50'000;
  EXPECT_EQ(point_of(kTry, run).limited_by, LimitedBy::target);
  EXPECT_EQ(point_of(kTry, run).why, "p(99)<50ms: 61.23 ms");
  run.scenarios[0].service->p99_us = 49'900;
  EXPECT_EQ(point_of(kTry, run).limited_by, LimitedBy::generator);
}

TEST(SaturationPoint, WhatMayBeInFlightIsNoLimitOfTheGeneratorsHere) {
  const RunResult run = slow("in_flight", LimitedBy::generator);
  EXPECT_EQ(point_of(kTry, run).limited_by, LimitedBy::target);
  RunResult good = run;
  good.thresholds[0].passed = true;
  good.scenarios[0].requests.dropped = 100;
  EXPECT_EQ(point_of(kTry, good).limited_by, LimitedBy::target);
  SaturationTry fixed = kTry;
  fixed.connections_fixed = true;
  EXPECT_EQ(point_of(fixed, good).limited_by, LimitedBy::load);
  EXPECT_EQ(point_of(fixed, good).why,
            "6.2 % of the requests could not be started; all connections of -c were in use");
}

TEST(SaturationPoint, OfNothingIsNotSustained) {
  EXPECT_FALSE(point_of(kTry, RunResult{}).sustained);
  RunResult run;
  run.scenarios.emplace_back();
  EXPECT_FALSE(point_of(kTry, run).sustained);
  EXPECT_EQ(point_of(kTry, run).why, "0 of 400.0 a second were answered");
}

SaturationPoint point(double rate, bool sustained, const std::string& stage = "grow") {
  RunResult run = sustained ? kept() : slow();
  run.scenarios[0].rps = rate;
  SaturationPoint p = point_of({.stage = stage, .rate = rate}, run);
  p.sustained = sustained;
  p.rps = rate - 0.5;
  if (!sustained) p.p99_us = 61'234;
  return p;
}

SaturationResult found() {
  SaturationResult r;
  r.build = {"0.1.0", "abc1234", "gnu 12.2.0"};
  r.url = "http://127.0.0.1:8000/hello";
  r.slos = {"p(99)<50ms", "errors rate<0.1%"};
  r.default_slos = {"errors rate<0.1%"};
  r.one_at_a_time = OneAtATime{49.1, 20'100, 20'400};
  r.points = {point(200, true), point(400, true), point(800, false), point(400, true, "confirm")};
  r.points[1].rps = 399.8;
  r.confirmed = r.answered = true;
  conclude(r, 400, 800);
  return r;
}

TEST(Saturation, TheRateIsTheLesserOfAskedForAndAnswered) {
  SaturationResult r = found();
  EXPECT_EQ(r.max_rate, 399.5);
  EXPECT_EQ(r.limited_by, LimitedBy::target);
  EXPECT_EQ(r.reason, "at 800.0/s: p(99)<50ms: 61.23 ms");
  EXPECT_EQ(exit_code(r), 0);
  r.points[0].rps = r.points[1].rps = r.points[3].rps = 401;
  conclude(r, 400, 800);
  EXPECT_EQ(r.max_rate, 400);
}

TEST(Saturation, ExitCodes) {
  SaturationResult r = found();
  conclude(r, 400, std::nullopt);
  EXPECT_EQ(r.limited_by, LimitedBy::load);
  EXPECT_EQ(exit_code(r), 0);
  r.points[2].limited_by = LimitedBy::generator;
  conclude(r, 400, 800);
  EXPECT_EQ(exit_code(r), 97);
  r.points[2].limited_by = LimitedBy::target;
  conclude(r, std::nullopt, 800);
  EXPECT_EQ(r.max_rate, std::nullopt);
  EXPECT_EQ(exit_code(r), 99);
  r.balanced = false;
  EXPECT_EQ(exit_code(r), 98);
  r.carried_out = false;
  EXPECT_EQ(exit_code(r), 2);
  r.carried_out = true;
  r.answered = false;
  EXPECT_EQ(exit_code(r), 2);
  r.interrupted = true;
  EXPECT_EQ(exit_code(r), 105);
}

TEST(Saturation, TheSchemaHolds) {
  const auto schema = test::read_schema("saturation.schema.json");
  SaturationResult interrupted;
  interrupted.interrupted = true;
  for (const auto& result : {found(), interrupted}) {
    const auto document = json::parse(to_json(result));
    ASSERT_TRUE(document);
    EXPECT_EQ(test::SchemaValidator(schema).run(*document), std::vector<std::string>{});
  }
}

TEST(Saturation, TheTextNamesRateLimitAndEveryTry) {
  EXPECT_EQ(to_text(found(), {false, 80}),
            "saturate  http://127.0.0.1:8000/hello\n"
            "\n"
            "  max rate     399.5/s sustained · confirmed\n"
            "  limited by   the target: at 800.0/s: p(99)<50ms: 61.23 ms\n"
            "  SLO          p(99)<50ms · errors rate<0.1%\n"
            "  unloaded     49.1/s · p50 20.1 ms · p99 20.4 ms · one request at a time\n"
            "\n"
            "      asked/s  answered/s       p50       p99   errors         log of p99\n"
            "        200.0       199.5     20 ms     21 ms      0 %  ok   █\n"
            "        400.0       399.8     20 ms     21 ms      0 %  ok   █\n"
            "        400.0       399.5     20 ms     21 ms      0 %  ok   █\n"
            "        800.0       799.5     20 ms  61.23 ms      0 %  miss ██████████████████\n");
}

TEST(Saturation, TheTextFitsEightyColumnsWhateverTheFigures) {
  SaturationResult r = found();
  for (const double scale : {1e-6, 1.0, 1e4, 1e9}) {
    for (auto& p : r.points) {
      p.rate = 123'456.7 * scale;
      p.rps = 98'765.4 * scale;
      p.p99_us = 1'234.5 * scale;
      p.errors_rate = 0.0123456;
    }
    std::istringstream lines(to_text(r, {false, 80}));
    for (std::string line; std::getline(lines, line);) EXPECT_LE(text::columns(line), 80U) << line;
  }
}

TEST(Saturation, ProgressIsALineATry) {
  EXPECT_EQ(progress_line(point(400, true)), "  400.0/s: p99 21 ms, ok");
  SaturationPoint missed = point(800, false);
  missed.shards = 2;
  EXPECT_EQ(progress_line(missed), "  800.0/s: p99 61.23 ms, miss (p(99)<50ms: 61.23 ms), 2 threads");
}

}  // namespace
}  // namespace saturn
