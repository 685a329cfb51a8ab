#include "core/result/report_verdict.hpp"

#include <fmt/format.h>

#include "core/result/report_latency.hpp"
#include "core/result/rule_meaning.hpp"
#include "core/result/verdict_figures.hpp"

namespace saturn {
namespace {

using text::Page;
using text::Paint;

Paint paint_of(const Verdict& verdict) {
  if (verdict.severity == Severity::failure) return Paint::red;
  return !verdict.valid || verdict.limited_by == LimitedBy::unknown ? Paint::yellow : Paint::green;
}

/// What a line has room for where the reason is nothing but figures, or was said right above it.
std::string_view short_reason(const Verdict& verdict) {
  const std::string_view rule = verdict.rules.empty() ? std::string_view() : verdict.rules.front();
  if (rule == "target_waited_for") return ": nothing held saturn up";
  if (rule == "load_reached") return ", and nobody was at a limit";
  if (rule == "dead") return ", which gave no answer for a while: look into its own log";
  if (rule == "failures") return ", where requests failed: look into its own log";
  return {};
}

std::string line_of(const Verdict& verdict) {
  const std::string limit(in_words(verdict.limited_by));
  if (const auto reason = short_reason(verdict); !reason.empty()) return limit + std::string(reason);
  if (!verdict.summary.empty()) return verdict.summary;
  return verdict.valid ? limit : "not the target's figures: " + limit;  // an older version wrote it
}

/// Empty where they are, or where there are none.
std::string_view whose_figures(const ScenarioResult& s) {
  const bool others = !s.verdict->valid && s.verdict->limited_by != LimitedBy::target;
  return others && s.requests.measured > 0 ? "not the target's figures: " : "";
}

std::string shares_of(const ScenarioResult& s, const RunResult& r) {
  std::string cores = fmt::format("saturn used {:.2f}", verdict::generator_cores(s));
  if (const auto target = verdict::target_cores(s)) cores += fmt::format(", the target {:.2f}", *target);
  if (s.host_load && s.host_load->other_cores)
    cores += fmt::format(", other processes {:.2f}", *s.host_load->other_cores);
  if (r.host.cpus_online > 0) cores += fmt::format("; the machine has {}", r.host.cpus_online);
  if (s.host_load && s.host_load->loadavg)
    cores += fmt::format(", its load was {:.1f}", *s.host_load->loadavg);
  return cores;
}

/// What the rules look at beside what they found.
void write_weighed(Page& page, const RunResult& r, const ScenarioResult& s) {
  const GeneratorCost& g = s.generator;
  const auto own = verdict::own_share(s);
  page.sentence("own part", !own ? "how much of it was saturn's own delay is not known"
                                 : fmt::format("{} of {} was saturn's own delay", verdict::percent(*own),
                                               s.requests.due ? "the latency's p99" : "a request's time"));
  write_latency_line(page, "sent late by", s.lag);
  if (s.lag) page.sentence("", "(lag_us: from when a request could have been sent until it was)");
  write_latency_line(page, "in saturn", s.observe);
  if (s.observe)
    page.sentence("", "(observe_us: an answer waited there until saturn looked at it; in no latency)");
  page.sentence("waiting", fmt::format("saturn's threads waited by {}{}{}", g.wait,
                                       g.wait_reason.empty() ? "" : ": ", g.wait_reason));
  page.sentence("cores", shares_of(s, r));
  if (g.run_queue_wait_s)
    page.sentence("no core", fmt::format("saturn's threads were ready, but waited {} for a core",
                                         text::duration(*g.run_queue_wait_s)));
  if (g.steal)
    page.sentence("stolen",
                  fmt::format("the hypervisor took {} of their cores' time", verdict::percent(*g.steal)));
}

}  // namespace

void write_verdict_line(Page& page, const Verdict& verdict) {
  page.sentence("verdict", line_of(verdict), paint_of(verdict));
}

void write_verdict(Page& page, const ScenarioResult& s) {
  if (!s.verdict) return;
  const Verdict& found = *s.verdict;
  const Paint paint = paint_of(found);
  const std::string limit(in_words(found.limited_by));
  const std::string_view label = found.valid ? "verdict" : "NOT VALID";
  std::size_t said = 0;
  if (found.shared_machine) {
    page.sentence(label, found.summary, paint);
  } else {
    const std::string first = found.reasons.empty() ? "" : ": " + found.reasons.front();
    page.sentence(label, std::string(whose_figures(s)) + limit + first, paint);
    said = 1;
  }
  for (std::size_t i = said; i < found.reasons.size(); ++i)
    page.sentence(i == said ? (said == 0 ? "because" : "and") : "", found.reasons[i]);
  if (!s.latency || !s.latency_user) return;
  const std::string seen = verdict::time(s.latency_user->p50_us), there = verdict::time(s.latency->p50_us);
  if (seen == there) return;  // nothing that the table does not say
  page.sentence("median",
                fmt::format("user space saw p50 {}; the {} {}", seen,
                            s.latency_from == "sent" ? "target took" : "answer was there after", there));
}

void write_explanation(Page& page, const RunResult& r, const ScenarioResult& s) {
  if (!s.verdict) return page.line("There is no verdict: an older version of saturn wrote this result.");
  const Verdict& v = *s.verdict;
  page.line(fmt::format("why {}", s.name == "default" ? "this verdict" : s.name), Paint::bold);
  page.sentence("verdict", fmt::format("{}{}", whose_figures(s), in_words(v.limited_by)), paint_of(v));
  for (std::size_t i = 0; i < v.reasons.size(); ++i) {
    page.sentence(i == 0 ? "because" : "and", v.reasons[i]);
    const std::string_view rule = i < v.rules.size() ? std::string_view(v.rules[i]) : "";
    const std::string_view meaning = meaning_of_rule(rule);
    if (!meaning.empty()) page.sentence("", fmt::format("({}: {})", rule, meaning));
  }
  page.line("what else was weighed", Paint::bold);
  write_weighed(page, r, s);
}

}  // namespace saturn
