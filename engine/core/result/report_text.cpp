// The full summary of a run result for people: every figure, within the width of a terminal. What is bad
// comes first. Tested with golden files by tests/golden/report_test.cpp.
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

void write_connections(Page& page, const ScenarioResult& s) {
  const Connections& c = s.connections;
  std::vector<std::string> items = {fmt::format("{} of {} established in {}", text::count(c.established),
                                                text::count(c.requested), text::duration(c.setup_s))};
  if (c.failed > 0) items.push_back(fmt::format("{} failed", text::count(c.failed)));
  if (c.reconnects > 0) items.push_back(fmt::format("{} reconnects", text::count(c.reconnects)));
  if (c.opened_total != c.established)
    items.push_back(fmt::format("{} opened in all", text::count(c.opened_total)));
  if (c.probes > 0) items.push_back(fmt::format("before them {} to try the address", text::count(c.probes)));
  page.field("connections", items, c.failed > 0 ? Paint::red : Paint::plain);
}

void write_send_times(Page& page, const std::optional<SendTimeError>& e) {
  if (!e) return;
  page.field("send times", {fmt::format("{} checked against the kernel's TX stamps", text::count(e->samples)),
                            fmt::format("off by p1 {}, p50 {}, p99 {} µs", text::with_sign(e->p1_us),
                                        text::with_sign(e->p50_us), text::with_sign(e->p99_us))});
}

std::string load_of(const ScenarioResult& s) {
  const bool flow = s.steps.size() > 1;
  if (!s.schedule) return counted(s.vus, flow ? "VU" : "connection");
  return fmt::format("{}, at most {} in flight",
                     text::per_second(s.schedule->rate, flow ? "iteration" : "request"),
                     text::count(s.schedule->max_in_flight));
}

void write_scenario(Page& page, const ScenarioResult& s) {
  page.blank();
  page.line(s.name == "default" ? s.url : fmt::format("{}  {}", s.name, s.url));
  const std::string measured =
      s.measured_s > 0 ? text::duration(s.measured_s) + " measured" : "nothing measured";
  const std::string warmup =
      s.warmup_s > 0 ? fmt::format(", after {} of warm-up", text::duration(s.warmup_s)) : "";
  page.line(fmt::format("{}, {}, {}{}", to_name(s.executor), load_of(s), measured, warmup));
  page.blank();
  write_bad_news(page, s);
  write_rate(page, s);
  write_verdict(page, s);
  write_iterations(page, s);
  write_counts(page, s, true);
  write_latency_table(page, s);
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

}  // namespace

std::string to_text(const RunResult& r, const TextStyle& style) {
  Page page(style);
  write_head(page, r);
  write_alarms(page, r);
  write_notes(page, r);
  if (r.scenarios.empty()) page.line("Nothing was started.", Paint::red);
  for (const auto& s : r.scenarios) write_scenario(page, s);
  if (r.scenarios.size() > 1) {
    page.blank();
    write_overview(page, r.scenarios);
    write_generator(page, r.generator);
  }
  write_thresholds(page, r);
  return page.take();
}

}  // namespace saturn
