// The short summary, some ten lines: the verdict, the rate, the percentiles that are asked for first, what
// went wrong, the cost, and where the rest is. Tested with golden files by tests/golden/report_test.cpp.
#include <fmt/format.h>

#include <algorithm>

#include "core/result/report.hpp"
#include "core/result/report_cost.hpp"
#include "core/result/report_latency.hpp"
#include "core/result/report_parts.hpp"
#include "core/result/report_thresholds.hpp"
#include "core/result/report_verdict.hpp"
#include "core/result/text_format.hpp"

namespace saturn {
namespace {

using text::Page;
using text::Paint;

/// Of a schedule the generator's own lateness is a part of every latency.
void write_lateness(Page& page, const ScenarioResult& s) {
  if (!s.requests.due || !s.lag || s.lag->count < 2) return;
  page.sentence("sent late", fmt::format("by {} at most, 99 % by less than {}", text::time(s.lag->max_us),
                                         text::time(s.lag->p99_us)));
}

void write_connections(Page& page, const ScenarioResult& s) {
  const Connections& c = s.connections;
  if (c.failed > 0)
    page.sentence("connections",
                  fmt::format("only {} of {} came up", text::count(c.established), text::count(c.requested)),
                  Paint::yellow);
  else if (replaces_every_connection(s))
    page.sentence("connections",
                  fmt::format("{} for {}: each was closed after an answer, by the target or as asked for",
                              text::count(c.opened_total), counted(s.requests.completed, "answer")));
}

void write_failed_checks(Page& page, const ScenarioResult& s) {
  for (const CheckResult& check : s.checks)
    if (check.failed > 0)
      page.sentence("CHECK FAILED",
                    fmt::format("{}: {} of {} answers", check.name, text::count(check.failed),
                                text::count(check.failed + check.passed)),
                    Paint::red);
}

bool has_bad_news(const ScenarioResult& s) {
  const Counts& c = s.requests;
  return c.failed > 0 || c.not_ok > 0 || c.completed == 0 || c.dropped.value_or(0) > 0 ||
         c.backlog_at_stop.value_or(0) > 0 || s.connections.failed > 0 || (s.verdict && !s.verdict->valid);
}

void write_one(Page& page, const RunResult& r, const ScenarioResult& s) {
  write_bad_news(page, s);
  write_failed_checks(page, s);
  if (s.verdict) write_verdict_line(page, *s.verdict);
  write_notes(page, r);
  write_rate(page, s);
  write_iterations(page, s);
  write_latency_line(page, "latency", s.latency);
  write_latency_line(page, "latency (ok)", s.latency_ok);
  write_lateness(page, s);
  write_counts(page, s, false);
  write_connections(page, s);
  write_cost(page, s);
}

/// What the overview has no room for.
void write_rest_of(Page& page, const ScenarioResult& s) {
  if (!has_bad_news(s)) return;
  page.blank();
  page.line(s.name, Paint::bold);
  write_bad_news(page, s);
  write_failed_checks(page, s);
  if (s.verdict) write_verdict_line(page, *s.verdict);
  write_connections(page, s);
}

}  // namespace

std::string to_short_text(const RunResult& r, const TextStyle& style) {
  Page page(style);
  page.blank();
  write_alarms(page, r);
  if (r.scenarios.empty()) page.line("Nothing was started.", Paint::red);
  if (r.scenarios.size() == 1)
    write_one(page, r, r.scenarios.front());
  else
    write_notes(page, r);
  if (r.scenarios.size() > 1) {
    write_overview(page, r.scenarios);
    for (const ScenarioResult& s : r.scenarios) write_rest_of(page, s);
    page.blank();
    write_generator(page, r.generator);
  }
  write_thresholds(page, r);
  page.field("more", {"--full: every figure", "--explain: why", "-o FILE: all as JSON"});
  return page.take();
}

std::string explain(const RunResult& r, const TextStyle& style) {
  Page page(style);
  for (const ScenarioResult& s : r.scenarios) {
    page.blank();
    write_explanation(page, r, s);
  }
  return page.take();
}

}  // namespace saturn
