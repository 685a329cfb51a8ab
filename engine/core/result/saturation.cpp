#include "core/result/saturation.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/plan/threshold.hpp"
#include "core/result/text_format.hpp"
#include "core/result/thresholds.hpp"

namespace saturn {
namespace {

constexpr double kNotStarted = 0.01;  ///< of what was due: from here on the load was not the one asked for
constexpr double kBehind = 0.02;      ///< answers may be so much fewer than asked for
constexpr double kRaggedEnds = 2;     ///< answers more or less at the ends of a short step, besides

double not_started_of(const Counts& c) {
  const std::uint64_t due = c.due.value_or(0);
  if (due == 0) return 0;
  return static_cast<double>(c.dropped.value_or(0) + c.backlog_at_stop.value_or(0)) /
         static_cast<double>(due);
}

/// "p(99)<50ms: 61.2 ms".
std::string missed_words(const ThresholdResult& t) {
  if (!t.value) return t.expression + ": nothing was measured";
  if (t.unit.empty() || t.unit == "/s" || t.unit == "%")
    return fmt::format("{}: {:.4g}{}", t.expression, *t.value, t.unit);
  return fmt::format("{}: {}", t.expression, text::duration(*t.value * micros_in(t.unit) / 1e6));
}

/// The deciding rule of the verdict, where that says that these are not the target's figures but saturn's.
/// That what may be in flight was all in flight is no limit of saturn's here: the SLO was missed by then.
bool blames_generator(const ScenarioResult& s) {
  if (!s.verdict || s.verdict->valid || s.verdict->limited_by != LimitedBy::generator) return false;
  return s.verdict->rules.empty() || s.verdict->rules.front() != "in_flight";
}

/// An SLO that the target's own service times miss: what saturn added on top changed nothing.
bool missed_by_target(const std::vector<ThresholdResult>& slos, const ScenarioResult& s) {
  return std::any_of(slos.begin(), slos.end(), [&](const ThresholdResult& slo) {
    auto threshold = parse_threshold(slo.expression, "");
    if (slo.passed || !threshold || slo.metric != "latency") return false;
    threshold->metric = Threshold::Metric::service;
    const ThresholdResult own = judge(*threshold, s);
    return own.value && !own.passed;
  });
}

bool all_in_flight(const ScenarioResult& s) {
  const auto& rules = s.verdict ? s.verdict->rules : std::vector<std::string>{};
  return std::find(rules.begin(), rules.end(), "in_flight") != rules.end();
}

LimitedBy limit_of(const SaturationTry& tried, const ScenarioResult& s, const SaturationPoint& p) {
  if (blames_generator(s) && !missed_by_target(p.slos, s)) return LimitedBy::generator;
  if (tried.connections_fixed && p.slo_met && all_in_flight(s)) return LimitedBy::load;
  if (s.verdict && s.verdict->limited_by == LimitedBy::network) return LimitedBy::network;
  return LimitedBy::target;
}

std::string why_not(const SaturationPoint& p, const ScenarioResult& s, bool kept_up) {
  std::string why;
  const auto add = [&](const std::string& words) { why += (why.empty() ? "" : "; ") + words; };
  for (const ThresholdResult& slo : p.slos)
    if (!slo.passed) add(missed_words(slo));
  if (p.not_started > kNotStarted)
    add(fmt::format("{:.1f} % of the requests could not be started", p.not_started * 100));
  if (!kept_up)
    add(fmt::format("{} of {} a second were answered", text::rate(p.rps.value_or(0)), text::rate(p.rate)));
  if (p.limited_by == LimitedBy::generator && !s.verdict->reasons.empty()) add(s.verdict->reasons.front());
  if (p.limited_by == LimitedBy::load) add("all connections of -c were in use");
  return why;
}

const SaturationPoint* last_at(const SaturationResult& result, double rate, bool sustained) {
  const auto at = std::find_if(result.points.rbegin(), result.points.rend(), [&](const SaturationPoint& p) {
    return p.rate == rate && p.sustained == sustained;
  });
  return at == result.points.rend() ? nullptr : &*at;
}

}  // namespace

SaturationPoint point_of(const SaturationTry& tried, const RunResult& run) {
  SaturationPoint p;
  p.stage = tried.stage;
  p.rate = tried.rate;
  if (run.scenarios.empty()) {
    p.why = "nothing was started";
    return p;
  }
  const ScenarioResult& s = run.scenarios.front();
  const Counts& c = s.requests;
  if (s.rps) p.rps = *s.rps / static_cast<double>(tried.steps);
  if (s.latency) {
    p.p50_us = s.latency->p50_us;
    p.p99_us = s.latency->p99_us;
  }
  if (c.started > 0)
    p.errors_rate = static_cast<double>(c.failed + c.not_ok) / static_cast<double>(c.started);
  p.not_started = not_started_of(c);
  p.shards = s.generator.shards;
  p.slos = run.thresholds;
  p.slo_met = std::all_of(p.slos.begin(), p.slos.end(), [](const auto& t) { return t.passed; });
  const double tolerated = kBehind * tried.rate + (s.measured_s > 0 ? kRaggedEnds / s.measured_s : 0);
  const bool kept_up = p.rps && tried.rate - *p.rps <= tolerated;
  p.sustained = p.slo_met && p.not_started <= kNotStarted && kept_up;
  p.valid = !s.verdict || s.verdict->valid;
  if (p.sustained) {
    p.limited_by = LimitedBy::load;
  } else {
    p.limited_by = limit_of(tried, s, p);
    p.why = why_not(p, s, kept_up);
  }
  return p;
}

bool generator_limited(const SaturationPoint& point) {
  return !point.sustained && point.limited_by == LimitedBy::generator;
}

void conclude(SaturationResult& result, std::optional<double> best, std::optional<double> missed) {
  result.max_rate.reset();
  if (best) {
    // Of what held there, the least: the tries of one rate differ by chance.
    for (const SaturationPoint& p : result.points)
      if (p.rate == *best && p.sustained)
        result.max_rate = std::min(result.max_rate.value_or(p.rate), p.rps.value_or(p.rate));
  }
  const SaturationPoint* limit = missed ? last_at(result, *missed, false) : nullptr;
  if (limit != nullptr) {
    result.limited_by = limit->limited_by;
    result.reason = fmt::format("at {}/s: {}", text::rate(limit->rate), limit->why);
  } else if (best) {
    result.limited_by = LimitedBy::load;
    result.reason = "no higher rate was to be tried (--max)";
  }
}

int exit_code(const SaturationResult& result) {
  if (result.interrupted) return 105;
  if (!result.answered || !result.carried_out) return 2;
  if (!result.balanced) return 98;
  if (result.limited_by == LimitedBy::generator) return 97;
  return result.max_rate ? 0 : 99;
}

}  // namespace saturn
