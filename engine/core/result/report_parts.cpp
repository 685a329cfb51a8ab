#include "core/result/report_parts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/result/report_dead.hpp"

namespace saturn {
namespace {

using text::Item;
using text::Page;
using text::Paint;

/// Arrivals that were not served in time: the target (or the number of connections) did not keep up.
void write_not_started(Page& page, const Counts& c) {
  if (c.dropped.value_or(0) > 0)
    page.field("DROPPED",
               {fmt::format("{} of due requests: {} of {}", text::share(*c.dropped, *c.due),
                            text::count(*c.dropped), text::count(*c.due)),
                "the backlog was full"},
               Paint::red);
  if (c.backlog_at_stop.value_or(0) > 0)
    page.sentence("backlog",
                  fmt::format("{} still waited for a connection at the end",
                              counted(*c.backlog_at_stop, "due request")),
                  Paint::yellow);
}

std::string statuses_of(const ScenarioResult& s) {
  std::string list;
  for (const auto& [code, count] : s.status)
    list += fmt::format("{}{} × {}", list.empty() ? "" : ", ", code, text::count(count));
  return list;
}

/// "connect refused": as in JSON, but for the underscore.
std::string in_words(Failure failure) {
  std::string name(to_name(failure));
  std::replace(name.begin(), name.end(), '_', ' ');
  return name;
}

/// They count as ok, but nobody wants to know how fast a server says "over there".
void write_redirects(Page& page, const ScenarioResult& s) {
  if (!s.only_redirects()) return;
  page.sentence("REDIRECTED",
                fmt::format("every answer was a redirect, not followed: {}. The figures are those of the "
                            "redirect. Run the address that it leads to: curl -sI '{}' shows it as Location",
                            statuses_of(s), s.url),
                Paint::yellow);
}

}  // namespace

std::string counted(std::uint64_t number, std::string_view noun) {
  return fmt::format("{} {}{}", text::count(number), noun, number == 1 ? "" : "s");
}

void write_alarms(Page& page, const RunResult& r) {
  if (r.interrupted)
    page.line(fmt::format("INTERRUPTED after {}: the figures are of the part that ran.",
                          text::duration(r.elapsed_s)),
              Paint::yellow);
  if (!r.balanced()) {
    page.line("SATURN'S OWN ACCOUNTS DO NOT BALANCE: trust none of these figures, please report", Paint::red);
    for (const auto& check : r.ledger)
      if (!check.ok())
        page.line(
            fmt::format("  {}: {} is not {}", check.name, text::count(check.left), text::count(check.right)),
            Paint::red);
  }
}

void write_notes(Page& page, const RunResult& r) {
  for (std::string_view note : r.notes) {
    constexpr std::string_view kNoName = "default: ";  // of a scenario that nobody named
    if (r.scenarios.size() == 1 && note.starts_with(kNoName)) note.remove_prefix(kNoName.size());
    page.sentence("note", note, Paint::yellow);
  }
}

void write_bad_news(Page& page, const ScenarioResult& s) {
  const Counts& c = s.requests;
  write_dead_time(page, s);
  write_not_started(page, c);
  if (c.not_ok > 0) {
    page.field("NOT OK",
               {fmt::format("{} of answers: {} of {}", text::share(c.not_ok, c.completed),
                            text::count(c.not_ok), text::count(c.completed)),
                "status " + statuses_of(s)},
               Paint::red);
  }
  if (c.failed > 0) {
    std::vector<std::string> items;
    for (std::size_t i = 0; i < kFailureKinds; ++i)
      if (s.errors[i] > 0)
        items.push_back(fmt::format("{} {}", text::count(s.errors[i]), in_words(static_cast<Failure>(i))));
    if (items.empty()) items.emplace_back("no kinds known");
    page.field(
        "FAILED",
        std::vector<std::string>{fmt::format("{} of requests: {} of {}", text::share(c.failed, c.started),
                                             text::count(c.failed), text::count(c.started))},
        Paint::red);
    page.field("", items, Paint::red);
  }
  write_redirects(page, s);
}

void write_rate(Page& page, const ScenarioResult& s) {
  const auto say = [&](const std::string& words, Paint paint) { page.sentence("requests/s", words, paint); };
  if (s.requests.completed == 0)
    return say(s.requests.started == 0 ? "none: nothing was started" : "none: nothing was answered",
               Paint::red);
  if (!s.rps) return say("none: nothing was measured", Paint::yellow);
  const auto answers = static_cast<std::uint64_t>(std::llround(*s.rps * s.measured_s));
  if (answers == 1)
    return say(fmt::format("one answer in {}, which is no rate yet", text::duration(s.measured_s)),
               Paint::plain);
  std::vector<std::string> items = {text::rate(*s.rps)};
  if (s.requests.not_ok > 0 && s.ok_rps) items.push_back(fmt::format("{} of them ok", text::rate(*s.ok_rps)));
  items.push_back(fmt::format("{} in {}", counted(answers, "answer"), text::duration(s.measured_s)));
  page.field("requests/s", items, Paint::bold);
}

void write_iterations(Page& page, const ScenarioResult& s) {
  if (s.steps.size() < 2 || !s.iterations) return;
  const Iterations& i = *s.iterations;
  std::vector<std::string> items;
  items.push_back(i.per_s ? text::rate(*i.per_s) : "none");
  items.push_back(i.started == i.completed ? fmt::format("{}, all completed", text::count(i.started))
                                           : fmt::format("{} started", text::count(i.started)));
  if (i.started != i.completed) items.push_back(fmt::format("{} completed", text::count(i.completed)));
  items.push_back(fmt::format("{} each", counted(s.steps.size(), "request")));
  page.field("iterations/s", items);
}

void write_counts(Page& page, const ScenarioResult& s, bool all) {
  const Counts& c = s.requests;
  const bool due_started = !c.due || *c.due == c.started;
  std::vector<std::string> items;
  if (c.due) items.push_back(fmt::format("{} due", text::count(*c.due)));
  items.push_back(c.due && due_started ? "all started" : fmt::format("{} started", text::count(c.started)));
  const auto add = [&](std::uint64_t count, std::string_view what) {
    items.push_back(fmt::format("{} {}", text::count(count), what));
  };
  const auto add_any = [&](std::uint64_t count, std::string_view what) {
    if (count > 0) add(count, what);
  };
  if (!due_started) add(*c.due - std::min(*c.due, c.started), "never sent");
  if (s.all_ok()) {
    items.emplace_back(c.ok == 1 ? "ok" : "all ok");
  } else {
    add(c.ok, "ok");
    add(c.not_ok, "not ok");
    add(c.failed, "failed");
  }
  add_any(c.in_flight_at_stop, "cut off by the end");
  if (all) add_any(c.warmup, "in the warm-up");
  if (all) add_any(c.retried, "sent again after an idle close");
  page.field("requests", items);
}

bool replaces_every_connection(const ScenarioResult& s) {
  const std::uint64_t opened = s.connections.opened_total, asked = s.connections.requested;
  return opened > asked && s.requests.completed > 1 && (opened - asked + 1) * 10 >= s.requests.completed * 9;
}

void write_overview(Page& page, const std::vector<ScenarioResult>& all) {
  const bool judged = std::any_of(all.begin(), all.end(), [](const auto& s) { return s.verdict; });
  page.row({{text::left("  scenario", 14) + "  requests/s    p50    p99    max       not ok   failed" +
             (judged ? " limit" : "")}},
           Paint::bold);
  for (const auto& s : all) {
    std::string name = "  " + s.name;
    if (text::columns(name) > 14) {  // figures on a line of their own rather than a name that is cut
      page.line(name);
      name.clear();
    }
    std::string times(24, ' '), p50 = std::string(7, ' '), p99 = p50, max = p50, unit = "   ";
    if (s.latency) {
      const text::TimeUnit row = text::time_unit(s.latency->p50_us, 0);
      p50 = text::time_cell(s.latency->p50_us, row, 7);
      p99 = text::time_cell(s.latency->p99_us, row, 7);
      max = text::time_cell(s.latency->max_us, row, 7);
      unit = text::left(fmt::format(" {}", row.name), 3);
    }
    std::string tail = max + unit + text::right(text::count(s.requests.not_ok), 10) +
                       text::right(text::count(s.requests.failed), 9) +
                       (s.verdict ? fmt::format(" {}", to_name(s.verdict->limited_by)) : "");
    while (tail.back() == ' ') tail.pop_back();
    const bool failed = s.requests.not_ok > 0 || s.requests.failed > 0 || s.requests.completed == 0 ||
                        s.requests.dropped.value_or(0) > 0;
    const bool doubtful = s.verdict && !s.verdict->valid;
    const Paint paint = failed ? Paint::red : doubtful ? Paint::yellow : Paint::plain;
    const Paint strong = paint == Paint::plain ? Paint::bold : paint;
    page.row({{text::left(name, 14)},
              {text::right(s.rps ? text::rate(*s.rps) : "none", 12), strong},
              {p50},
              {p99, strong},
              {tail}},
             paint);
  }
}

}  // namespace saturn
