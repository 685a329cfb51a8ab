#include "core/result/thresholds.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/plan/threshold.hpp"
#include "core/result/merge.hpp"
#include "core/result/text_format.hpp"
#include "core/stats/hdr_decode.hpp"

namespace saturn {
namespace {

using Metric = Threshold::Metric;
using Statistic = Threshold::Statistic;

std::optional<double> share(std::uint64_t part, std::uint64_t all) {
  if (all == 0) return std::nullopt;
  return static_cast<double>(part) / static_cast<double>(all);
}

std::optional<double> time_of(const Threshold& t, const MaybeDistribution& d) {
  if (!d) return std::nullopt;
  std::optional<double> us;
  if (t.statistic == Statistic::min) us = d->min_us;
  if (t.statistic == Statistic::max) us = d->max_us;
  if (t.statistic == Statistic::mean) us = d->mean_us;
  if (t.statistic == Statistic::percentile) us = percentile_us(*d, t.percentile);
  if (us) *us /= micros_in(t.unit);
  return us;
}

std::optional<double> counted(const Threshold& t, std::optional<std::uint64_t> part, std::uint64_t all) {
  if (!part) return std::nullopt;
  if (t.statistic == Statistic::count) return static_cast<double>(*part);
  auto value = share(*part, all);
  if (value && t.unit == "%") *value *= 100;
  return value;
}

std::optional<double> checks_rate(const Threshold& t, const ScenarioResult& s) {
  std::uint64_t passed = 0, all = 0;
  for (const CheckResult& check : s.checks) {
    passed += check.passed;
    all += check.passed + check.failed;
  }
  return counted(t, passed, all);
}

std::optional<double> value_of(const Threshold& t, const ScenarioResult& s) {
  const Counts& c = s.requests;
  switch (t.metric) {
    case Metric::latency:
      return time_of(t, s.latency);
    case Metric::service:
      return time_of(t, s.service);
    case Metric::ttfb:
      return time_of(t, s.ttfb);
    case Metric::errors:
      if (c.started == 0) return std::nullopt;
      return counted(t, c.failed + c.not_ok, c.started);
    case Metric::dropped:
      return counted(t, c.dropped, c.due.value_or(0));
    case Metric::checks:
      return checks_rate(t, s);
    case Metric::rps:
      return s.rps;
    case Metric::ok_rps:
      return s.ok_rps;
  }
  return std::nullopt;
}

bool holds(Threshold::Comparison comparison, double value, double bound) {
  switch (comparison) {
    case Threshold::Comparison::below:
      return value < bound;
    case Threshold::Comparison::at_most:
      return value <= bound;
    case Threshold::Comparison::above:
      return value > bound;
    case Threshold::Comparison::at_least:
      return value >= bound;
    case Threshold::Comparison::equal:
      return value == bound;
  }
  return false;
}

bool decides(const RunResult& run, const ScenarioResult& scenario, std::string_view metric) {
  return std::any_of(run.thresholds.begin(), run.thresholds.end(), [&](const ThresholdResult& t) {
    return t.metric == metric && t.scenario == scenario.name;
  });
}

/// Up to the next of 1, 2 and 5 with zeros behind it.
double rounded_up(double value) {
  const double step = std::pow(10, std::floor(std::log10(value)));
  for (const double factor : {1.0, 2.0, 5.0})
    if (value <= factor * step) return factor * step;
  return 10 * step;
}

}  // namespace

ThresholdResult judge(const Threshold& t, const ScenarioResult& scenario) {
  ThresholdResult result{t.expression,          scenario.name, std::string(to_name(t.metric)),
                         value_of(t, scenario), t.unit,        false};
  result.passed = result.value && holds(t.comparison, *result.value, t.bound);
  return result;
}

std::vector<ThresholdResult> judge_thresholds(const Plan& plan,
                                              const std::vector<ScenarioResult>& scenarios) {
  std::vector<ThresholdResult> results;
  for (const Scenario& planned : plan.scenarios) {
    ScenarioResult never_began;
    never_began.name = planned.name;
    const auto found = std::find_if(scenarios.begin(), scenarios.end(),
                                    [&](const ScenarioResult& s) { return s.name == planned.name; });
    const ScenarioResult& scenario = found == scenarios.end() ? never_began : *found;
    for (const Threshold& threshold : plan.thresholds) results.push_back(judge(threshold, scenario));
    for (const Threshold& threshold : planned.thresholds) results.push_back(judge(threshold, scenario));
  }
  return results;
}

bool nothing_ok(const RunResult& run, const ScenarioResult& s) {
  return s.requests.completed > 0 && s.requests.ok == 0 && s.checks.empty() && !decides(run, s, "errors");
}

bool check_failed(const RunResult& run, const ScenarioResult& s) {
  return std::any_of(s.checks.begin(), s.checks.end(), [](const CheckResult& c) { return c.failed > 0; }) &&
         !decides(run, s, "checks");
}

std::string nothing_ok_line(const RunResult& run) {
  if (run.interrupted) return {};
  for (const ScenarioResult& s : run.scenarios) {
    if (!nothing_ok(run, s)) continue;
    std::string seen, codes;
    for (const auto& [code, count] : s.status) {
      seen += fmt::format("{}{} × {}", seen.empty() ? "" : ", ", code, text::count(count));
      codes += fmt::format("{}{}", codes.empty() ? "" : ",", code);
    }
    const std::string where = run.scenarios.size() > 1 ? s.name + ": " : "";
    return fmt::format("{}no answer was ok: {}; exit 99 (type --expect {} if that is what you want)", where,
                       seen, codes);
  }
  return {};
}

std::string ci_hint(const RunResult& run) {
  if (!run.thresholds.empty() || run.scenarios.empty() || exit_code(run) != 0) return {};
  double p99_us = 0;
  for (const ScenarioResult& s : run.scenarios) {
    if (!s.latency || s.requests.ok == 0) return {};
    p99_us = std::max(p99_us, s.latency->p99_us);
  }
  if (p99_us <= 0) return {};
  const double limit_us = rounded_up(2 * p99_us);
  const std::string limit = limit_us < 1e3   ? fmt::format("{:g}us", limit_us)
                            : limit_us < 1e6 ? fmt::format("{:g}ms", limit_us / 1e3)
                                             : fmt::format("{:g}s", limit_us / 1e6);
  return fmt::format("in CI: --threshold 'p(99)<{}' --threshold 'errors rate<1%' (exit 99 where not met)",
                     limit);
}

}  // namespace saturn
