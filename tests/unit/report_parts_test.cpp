// What the summaries say of counts and bad news, case by case.
#include "core/result/report_parts.hpp"

#include <gtest/gtest.h>

#include "golden/sample_results.hpp"

namespace saturn {
namespace {

using text::Page;

template <class Write>
std::string written(Write&& write) {
  Page page({false, 80});
  write(page);
  return page.take();
}

std::string counts_of(const ScenarioResult& s) {
  return written([&](Page& page) { write_counts(page, s, false); });
}

std::string bad_news_of(const ScenarioResult& s) {
  return written([&](Page& page) { write_bad_news(page, s); });
}

ScenarioResult of_100(std::uint64_t started, std::uint64_t ok) {
  ScenarioResult s = sample_scenario("default", ok);
  s.requests.due = 100;
  s.requests.started = started;
  s.requests.dropped = 100 - started;
  s.requests.failed = started - ok;
  return s;
}

TEST(ReportParts, AllOkIsSaidOnlyWhereAllThatWasDueWasStartedAndAnsweredWell) {
  EXPECT_EQ(counts_of(of_100(100, 100)), "  requests     100 due · all started · all ok\n");
  EXPECT_EQ(counts_of(of_100(10, 10)),
            "  requests     100 due · 10 started · 90 never sent · 10 ok · 0 not ok ·\n"
            "               0 failed\n");
  EXPECT_EQ(counts_of(of_100(100, 99)),
            "  requests     100 due · all started · 99 ok · 0 not ok · 1 failed\n");
}

TEST(ReportParts, AClosedLoopHasNothingDue) {
  ScenarioResult s = sample_scenario("default", 31);
  EXPECT_EQ(counts_of(s), "  requests     31 started · all ok\n");
  s.requests.in_flight_at_stop = 2;
  s.requests.started = 33;
  EXPECT_EQ(counts_of(s), "  requests     33 started · 31 ok · 0 not ok · 0 failed · 2 cut off by the end\n");
}

TEST(ReportParts, RedirectsAreSaidOnlyWhereEveryAnswerIsOne) {
  ScenarioResult s = sample_scenario("default", 40);
  s.status = {{301, 30}, {308, 10}};
  EXPECT_NE(bad_news_of(s).find("every answer was a redirect, not followed: 301 × 30, 308 × 10."),
            std::string::npos);
  s.status = {{301, 30}, {200, 10}};
  EXPECT_EQ(bad_news_of(s), "");
  s.status = {{304, 40}};  // "not modified" leads nowhere
  EXPECT_EQ(bad_news_of(s), "");
}

TEST(ReportParts, WhatWasNotOkIsSaidWithItsStatus) {
  ScenarioResult s = sample_scenario("default", 40);
  s.requests.ok = 0;
  s.requests.not_ok = 40;
  s.status = {{404, 40}};
  EXPECT_EQ(bad_news_of(s), "  NOT OK       100 % of answers: 40 of 40 · status 404 × 40\n");
}

TEST(ReportParts, IterationsAreSaidOfFlowsOnly) {
  ScenarioResult s = sample_scenario("default", 40);
  const auto line = [&] { return written([&](Page& page) { write_iterations(page, s); }); };
  EXPECT_EQ(line(), "");
  s.steps.push_back(s.steps.front());
  s.iterations = Iterations{20, 20, 2.0};
  EXPECT_EQ(line(), "  iterations/s 2.000 · 20, all completed · 2 requests each\n");
  s.iterations = Iterations{20, 18, 1.8};
  EXPECT_EQ(line(), "  iterations/s 1.800 · 20 started · 18 completed · 2 requests each\n");
}

TEST(ReportParts, AScenarioThatNobodyNamedIsNotCalledDefault) {
  RunResult r = sample_run({sample_scenario("default", 40)});
  r.notes = {"default: something to know"};
  EXPECT_EQ(written([&](Page& page) { write_notes(page, r); }), "  note         something to know\n");
}

TEST(ReportParts, AConnectionForEachAnswerIsSeen) {
  ScenarioResult s = sample_scenario("default", 1'000);
  EXPECT_FALSE(replaces_every_connection(s));
  s.connections.opened_total = 50 + 899;
  EXPECT_TRUE(replaces_every_connection(s));
  s.connections.opened_total = 50 + 898;
  EXPECT_FALSE(replaces_every_connection(s));
}

}  // namespace
}  // namespace saturn
