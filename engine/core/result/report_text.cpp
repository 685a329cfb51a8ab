// A run result for people, within the width of a terminal. What is bad comes first and in red: a fast 500 is
// no success. Tested with golden files by tests/golden/report_test.cpp.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "core/result/report.hpp"
#include "core/result/report_target.hpp"
#include "core/result/report_thresholds.hpp"
#include "core/result/report_verdict.hpp"
#include "core/result/text_format.hpp"

namespace saturn {
namespace {

using text::Page;
using text::Paint;

/// What does not fit a column of 7 is never produced: text::significant with the table's unit gives at
/// most 6.
std::string cells(const Distribution& d, double unit_us) {
  const std::array values = {d.min_us, d.p50_us,   d.p75_us,    d.p90_us, d.p95_us,
                             d.p99_us, d.p99_9_us, d.p99_99_us, d.max_us};
  std::string line;
  for (const double value : values) line += text::right(text::significant(value / unit_us), 7);
  return line;
}

std::string how_measured(const ScenarioResult& s) {
  const std::string_view from = s.latency_from == "due" ? "due time" : "send";
  const std::string_view to =
      s.latency_source == "user" ? "last byte seen in user space" : "last byte's arrival";
  return fmt::format("from {} to {}", from, to);
}

void write_latency(Page& page, const ScenarioResult& s) {
  struct Row {
    std::string_view label;
    const MaybeDistribution& value;
  };
  const MaybeDistribution service = s.schedule ? s.service : std::nullopt;  // else it is the latency
  const Row rows[] = {{"latency", s.latency}, {"latency (ok)", s.latency_ok}, {"service", service},
                      {"first byte", s.ttfb}, {"connect", s.connect},         {"lag", s.lag},
                      {"observe", s.observe}};
  const MaybeDistribution& head = s.latency ? s.latency : s.connect;
  if (!head) return;
  double max_us = 0;
  for (const Row& row : rows)
    if (row.value) max_us = std::max(max_us, row.value->max_us);
  const text::TimeUnit unit = text::time_unit(head->p50_us, max_us);
  page.blank();
  page.line(text::left(fmt::format("  {}", unit.name), Page::kLabel) +
            "    min    p50    p75    p90    p95    p99  p99.9 p99.99    max");
  for (const Row& row : rows)
    if (row.value)
      page.line(text::left(fmt::format("  {}", row.label), Page::kLabel) + cells(*row.value, unit.us));
  if (s.latency)
    page.field("mean", {fmt::format("{} ± {} {}", text::significant(s.latency->mean_us / unit.us),
                                    text::significant(s.latency->stddev_us / unit.us), unit.name),
                        how_measured(s)});
  if (s.latency && s.latency->clamped > 0)
    page.field("", {fmt::format("{} above one hour", text::count(s.latency->clamped))}, Paint::yellow);
  page.blank();
}

/// Arrivals that were not served in time: the target (or the number of connections) did not keep up.
void write_not_started(Page& page, const Counts& c) {
  if (c.dropped.value_or(0) > 0)
    page.field("DROPPED",
               {fmt::format("{} of due requests: {} of {}", text::share(*c.dropped, *c.due),
                            text::count(*c.dropped), text::count(*c.due)),
                "the backlog was full"},
               Paint::red);
  if (c.backlog_at_stop.value_or(0) > 0)
    page.field("backlog",
               {fmt::format("{} due requests still waited for a connection at the end",
                            text::count(*c.backlog_at_stop))},
               Paint::yellow);
}

void write_bad_news(Page& page, const ScenarioResult& s) {
  const Counts& c = s.requests;
  write_not_started(page, c);
  if (c.not_ok > 0)
    page.field("NOT OK",
               {fmt::format("{} of responses: {} of {}", text::share(c.not_ok, c.completed),
                            text::count(c.not_ok), text::count(c.completed))},
               Paint::red);
  if (c.failed == 0) return;
  std::vector<std::string> items;
  for (std::size_t i = 0; i < kFailureKinds; ++i)
    if (s.errors[i] > 0)
      items.push_back(fmt::format("{} {}", text::count(s.errors[i]), to_name(static_cast<Failure>(i))));
  const std::string head = fmt::format("{} of requests: {} of {}", text::share(c.failed, c.started),
                                       text::count(c.failed), text::count(c.started));
  if (items.empty()) items.emplace_back("no kinds known");
  page.field("FAILED", {head}, Paint::red);
  page.field("", items, Paint::red);
}

void write_rate(Page& page, const ScenarioResult& s) {
  if (s.requests.completed == 0) {
    page.field("requests/s",
               {s.requests.started == 0 ? "none: nothing was started" : "none: nothing completed"},
               Paint::red);
    return;
  }
  if (!s.rps) {
    page.field("requests/s", {"none: nothing was measured"}, Paint::yellow);
    return;
  }
  const auto counted = static_cast<std::uint64_t>(std::llround(*s.rps * s.measured_s));
  std::vector<std::string> items = {text::rate(*s.rps)};
  if (s.requests.not_ok > 0 && s.ok_rps) items.push_back(fmt::format("{} of them ok", text::rate(*s.ok_rps)));
  items.push_back(fmt::format("{} in {}", text::count(counted), text::duration(s.measured_s)));
  page.field("requests/s", items, Paint::bold);
}

void write_counts(Page& page, const ScenarioResult& s) {
  const Counts& c = s.requests;
  std::vector<std::string> items;
  if (c.due) items.push_back(fmt::format("{} due", text::count(*c.due)));
  items.push_back(c.due && *c.due == c.started ? "all started"
                                               : fmt::format("{} started", text::count(c.started)));
  const auto add = [&](std::uint64_t count, std::string_view what) {
    if (count > 0) items.push_back(fmt::format("{} {}", text::count(count), what));
  };
  if (c.ok == c.started && c.ok > 0)
    items.emplace_back("all ok");
  else
    add(c.ok, "ok");
  add(c.not_ok, "not ok");
  add(c.failed, "failed");
  add(c.in_flight_at_stop, "cut off by the end");
  add(c.warmup, "in the warm-up");
  add(c.retried, "sent again after an idle close");
  page.field("requests", items);
}

void write_transfer(Page& page, const ScenarioResult& s) {
  const auto each = [](std::uint64_t all, std::uint64_t count, std::string_view of) {
    return fmt::format("{} a {}", text::bytes(static_cast<double>(all) / static_cast<double>(count)), of);
  };
  const Counts& c = s.requests;
  if (c.started == 0) return;
  if (c.completed > 0) {
    const double response_bytes = static_cast<double>(s.bytes_received) / static_cast<double>(c.completed);
    std::vector<std::string> items = {text::bytes(static_cast<double>(s.bytes_received)),
                                      each(s.bytes_received, c.completed, "response")};
    if (s.rps) items.push_back(text::bytes(response_bytes * *s.rps) + "/s");
    if (s.bytes_discarded > 0)
      items.push_back(fmt::format("{} dropped unread", text::share(s.bytes_discarded, s.bytes_received)));
    page.field("received", items);
  }
  page.field("sent",
             {text::bytes(static_cast<double>(s.bytes_sent)), each(s.bytes_sent, c.started, "request")});
}

void write_status(Page& page, const ScenarioResult& s) {
  std::vector<std::string> items;
  for (const auto& [code, count] : s.status)
    items.push_back(fmt::format("{} × {}", code, text::count(count)));
  if (!items.empty()) page.field("status", items);
}

void write_checks(Page& page, const ScenarioResult& s) {
  std::string_view label = s.checks.size() > 1 ? "checks" : "check";
  for (const auto& check : s.checks) {
    const bool failed = check.failed > 0;
    std::vector<std::string> items = {fmt::format("{}: {} passed", check.name, text::count(check.passed))};
    if (failed)
      items.push_back(fmt::format("{} failed ({})", text::count(check.failed),
                                  text::share(check.failed, check.failed + check.passed)));
    page.field(label, items, failed ? Paint::red : Paint::plain);
    label = "";
  }
}

void write_steps(Page& page, const ScenarioResult& s) {
  if (s.steps.size() < 2 || !s.latency) return;
  const text::TimeUnit unit = text::time_unit(s.latency->p50_us, s.latency->max_us);
  page.blank();
  page.line(text::left("  step", 28) + "   completed     mean      p50      p99      max");
  for (const auto& step : s.steps) {
    std::string line =
        text::left("  " + text::clipped(step.name, 25), 28) + text::right(text::count(step.completed), 12);
    if (step.latency)
      for (const double us :
           {step.latency->mean_us, step.latency->p50_us, step.latency->p99_us, step.latency->max_us})
        line += text::right(text::significant(us / unit.us), 9);
    page.line(step.latency ? fmt::format("{} {}", line, unit.name) : line);
  }
}

void write_connections(Page& page, const ScenarioResult& s) {
  const Connections& c = s.connections;
  std::vector<std::string> items = {fmt::format("{} of {} established in {}", text::count(c.established),
                                                text::count(c.requested), text::duration(c.setup_s))};
  if (c.failed > 0) items.push_back(fmt::format("{} failed", text::count(c.failed)));
  if (c.reconnects > 0) items.push_back(fmt::format("{} reconnects", text::count(c.reconnects)));
  if (c.opened_total != c.established)
    items.push_back(fmt::format("{} opened in all", text::count(c.opened_total)));
  page.field("connections", items, c.failed > 0 ? Paint::red : Paint::plain);
}

void write_generator(Page& page, const GeneratorCost& g) {
  if (g.shards == 0) return;
  const double percent = g.utilisation * 100;
  const std::string busy = percent < 10 ? fmt::format("{:.1f} %", percent) : fmt::format("{:.0f} %", percent);
  std::vector<std::string> items;
  if (g.cpu_us_per_request) items.push_back(fmt::format("{:.1f} µs CPU a request", *g.cpu_us_per_request));
  items.push_back(g.shards == 1 ? fmt::format("{} of one core, 1 shard", busy)
                                : fmt::format("{} of each of {} cores, {} shards", busy, g.shards, g.shards));
  if (g.calibration)
    items.push_back(fmt::format("{:.0f} % of the calibrated {} requests/s a shard",
                                g.calibration->share * 100,
                                text::count(static_cast<std::uint64_t>(g.calibration->rps_per_shard))));
  if (g.spun_s > 0 && g.cpu_s > 0)
    items.push_back(fmt::format("{:.0f} % of it spinning", 100 * g.spun_s / g.cpu_s));
  if (g.buffers_short > 0)
    items.push_back(fmt::format("receive buffers ran short {} times", text::count(g.buffers_short)));
  if (g.rss_max_bytes > 0)
    items.push_back(fmt::format("{} of memory", text::bytes(static_cast<double>(g.rss_max_bytes))));
  page.field("generator", items);
}

void write_send_times(Page& page, const std::optional<SendTimeError>& e) {
  if (!e) return;
  page.field("send times", {fmt::format("{} checked against the kernel's TX stamps", text::count(e->samples)),
                            fmt::format("off by p1 {}, p50 {}, p99 {} µs", text::with_sign(e->p1_us),
                                        text::with_sign(e->p50_us), text::with_sign(e->p99_us))});
}

std::string load_of(const ScenarioResult& s) {
  if (!s.schedule) return fmt::format("{} {}", text::count(s.vus), s.vus == 1 ? "VU" : "VUs");
  return fmt::format("{}, at most {} in flight", text::per_second(s.schedule->rate),
                     text::count(s.schedule->max_in_flight));
}

void write_scenario(Page& page, const ScenarioResult& s) {
  page.blank();
  page.line(fmt::format("{}  {}", s.name, s.url), Paint::bold);
  const std::string measured =
      s.measured_s > 0 ? text::duration(s.measured_s) + " measured" : "nothing measured";
  const std::string warmup =
      s.warmup_s > 0 ? fmt::format(", after {} of warm-up", text::duration(s.warmup_s)) : "";
  page.line(fmt::format("{}, {}, {}{}", to_name(s.executor), load_of(s), measured, warmup));
  page.blank();
  write_bad_news(page, s);
  write_rate(page, s);
  write_verdict(page, s);
  write_counts(page, s);
  write_latency(page, s);
  write_transfer(page, s);
  write_status(page, s);
  write_checks(page, s);
  write_connections(page, s);
  if (s.tail_s)
    page.field("tail",
               {fmt::format("{} from the first idle VU to the last response", text::duration(*s.tail_s))});
  write_generator(page, s.generator);
  write_send_times(page, s.generator.send_time_error);
  write_target(page, s.target);
  write_steps(page, s);
}

void write_overview(Page& page, const std::vector<ScenarioResult>& all) {
  page.blank();
  const bool judged = std::any_of(all.begin(), all.end(), [](const auto& s) { return s.verdict; });
  page.line(text::left("overview", 14) + "    not ok    failed  requests/s    p50    p99    max" +
                (judged ? " limit" : ""),
            Paint::bold);
  for (const auto& s : all) {
    std::string line = text::left("  " + text::clipped(s.name, 12), 14) +
                       text::right(text::count(s.requests.not_ok), 10) +
                       text::right(text::count(s.requests.failed), 10) +
                       text::right(s.rps ? text::rate(*s.rps) : "none", 12);
    std::string times(24, ' ');
    if (s.latency) {
      const text::TimeUnit unit = text::time_unit(s.latency->p50_us, s.latency->max_us);
      times.clear();
      for (const double us : {s.latency->p50_us, s.latency->p99_us, s.latency->max_us})
        times += text::right(text::significant(us / unit.us), 7);
      times += text::left(fmt::format(" {}", unit.name), 3);
    }
    line += s.verdict ? times + fmt::format(" {}", to_name(s.verdict->limited_by)) : times;
    while (line.back() == ' ') line.pop_back();
    const bool bad = s.requests.not_ok > 0 || s.requests.failed > 0 || s.requests.completed == 0 ||
                     s.requests.dropped.value_or(0) > 0 || (s.verdict && !s.verdict->valid);
    page.line(line, bad ? Paint::red : Paint::plain);
  }
}

void write_head(Page& page, const RunResult& r) {
  std::string line = "saturn " + r.build.version;
  const auto add = [&](const std::string& part) {
    if (!part.empty()) line += ", " + part;
  };
  add(r.address);
  add(r.transport.name);
  add(r.started_at.substr(0, 19) + (r.started_at.size() > 19 ? "Z" : ""));
  add("took " + text::duration(r.elapsed_s));
  page.line(line);
  std::vector<std::string> labels;
  for (const auto& [key, value] : r.labels) labels.push_back(fmt::format("{}={}", key, value));
  if (!labels.empty()) page.field("labels", labels);
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
  for (const auto& note : r.notes) page.field("note", text::words(note), Paint::yellow, " ");
}

}  // namespace

std::string to_text(const RunResult& r, const TextStyle& style) {
  // The tables need 80 columns: on less it is better that the terminal wraps them than that figures are cut
  // off.
  Page page({style.colour, std::max(style.width, 80U)});
  write_head(page, r);
  write_alarms(page, r);
  if (r.scenarios.empty()) page.line("Nothing was started.", Paint::red);
  for (const auto& s : r.scenarios) write_scenario(page, s);
  if (r.scenarios.size() > 1) {
    write_overview(page, r.scenarios);
    write_generator(page, r.generator);
  }
  write_thresholds(page, r);
  return page.take();
}

}  // namespace saturn
