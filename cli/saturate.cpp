#include "saturate.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/load/rate_search.hpp"
#include "core/plan/limits.hpp"
#include "core/plan/rate.hpp"
#include "core/plan/threshold.hpp"
#include "core/result/saturation.hpp"
#include "core/result/thresholds.hpp"

namespace saturn::cli {
namespace {

constexpr Nanos kLongestProbe = std::chrono::seconds(2), kLongestProbeWarmup = std::chrono::milliseconds(500);
constexpr double kSloFactor = 10;  ///< the default: p99 below so many times that of one at a time
constexpr const char* kErrorsSlo = "errors rate<0.1%";
constexpr double kFewestRequests = 5;  ///< in a step: below, there is nothing to judge
constexpr std::uint32_t kFewestConnections = 16;
constexpr unsigned kUsualSteps = 14;
constexpr Nanos kBetweenSteps = std::chrono::milliseconds(300);

bool is_time(const Threshold& t) {
  return t.metric == Threshold::Metric::latency || t.metric == Threshold::Metric::service ||
         t.metric == Threshold::Metric::ttfb;
}

/// "p(99)<204ms": three digits, the unit that keeps them short.
std::string latency_slo(double us) {
  const double step = std::pow(10, std::floor(std::log10(us)) - 2);
  const double rounded = std::ceil(us / step) * step;
  if (rounded >= 1e6) return fmt::format("p(99)<{:g}s", rounded / 1e6);
  if (rounded >= 1e3) return fmt::format("p(99)<{:g}ms", rounded / 1e3);
  return fmt::format("p(99)<{:g}us", rounded);
}

class Saturation {
 public:
  Saturation(const SaturateOptions& options, const RunPlan& run_plan, const SaturateObserver& observer)
      : options_(options),
        run_plan_(run_plan),
        observer_(observer),
        slos_(options.slos),
        threads_(options.threads) {
    found_.precision = options.precision;
    found_.step_s = to_seconds(options.step);
    found_.warmup_s = to_seconds(options.warmup);
  }

  Result<SaturationResult> run() {
    const bool has_time = std::any_of(slos_.begin(), slos_.end(), is_time);
    if (!has_time || !options_.start) {
      if (Errors errors = measure_one_at_a_time(); !errors.empty()) return errors;
      if (found_.interrupted || !found_.one_at_a_time) return std::move(found_);
    }
    complete_slos(has_time);
    observer_.ready(found_);
    return search();
  }

 private:
  Scenario base() const {
    Scenario scenario = options_.plan.scenarios.front();
    scenario.thresholds.clear();
    scenario.iterations.reset();
    scenario.rate.reset();
    scenario.max_in_flight.reset();
    scenario.backlog.reset();
    scenario.pipeline = 1;
    return scenario;
  }

  Result<RunResult> run_one(const Scenario& scenario) {
    Plan plan = options_.plan;
    plan.scenarios = {scenario};
    plan.thresholds = slos_;
    auto result = run_plan_(plan, threads_);
    if (!result) return result;
    found_.build = result->build;
    found_.host = result->host;
    found_.address = result->address;
    found_.seed = result->seed;
    found_.balanced = found_.balanced && result->balanced();
    found_.interrupted = found_.interrupted || result->interrupted;
    return result;
  }

  /// Without an answer there is nothing to search; that is told as the reason.
  Errors measure_one_at_a_time() {
    Scenario scenario = base();
    scenario.executor = Executor::constant_vus;
    scenario.vus = 1;
    scenario.duration = std::min(options_.step, kLongestProbe);
    scenario.warmup = std::min(options_.warmup, kLongestProbeWarmup);
    const auto usual = std::exchange(threads_, std::nullopt);
    const auto result = run_one(scenario);
    threads_ = usual;
    if (!result) return result.errors();
    if (result->scenarios.empty()) return {};
    const ScenarioResult& s = result->scenarios.front();
    if (!s.service || !s.rps || s.requests.ok == 0) {
      found_.answered = s.requests.completed > 0;
      found_.reason = found_.answered ? "not one answer was ok, with one request at a time"
                                      : "nothing was answered, with one request at a time";
      for (const auto& [code, count] : s.status) found_.reason += fmt::format(": {} × {}", code, count);
      return {};
    }
    found_.answered = true;
    found_.one_at_a_time = OneAtATime{*s.rps / steps(), s.service->p50_us, s.service->p99_us};
    return {};
  }

  double steps() const { return static_cast<double>(options_.plan.scenarios.front().flow.size()); }

  void add_default(const std::string& expression) {
    slos_.push_back(*parse_threshold(expression, ""));
    found_.default_slos.push_back(expression);
  }

  void complete_slos(bool has_time) {
    const bool has_errors = std::any_of(
        slos_.begin(), slos_.end(), [](const Threshold& t) { return t.metric == Threshold::Metric::errors; });
    if (!has_time) add_default(latency_slo(kSloFactor * found_.one_at_a_time->p99_us));
    if (!has_errors) add_default(kErrorsSlo);
    for (const Threshold& slo : slos_) found_.slos.push_back(slo.expression);
    for (const Threshold& slo : slos_)
      if (is_time(slo)) longest_s_ = std::max(longest_s_, slo.bound * micros_in(slo.unit) / 1e6);
  }

  /// As many in flight as can be on time, and as many again: what waits beyond them misses the SLO anyway.
  std::uint32_t in_flight_of(double rate) const {
    const double wanted = std::ceil(2 * rate * longest_s_ * steps()) + 10;
    const std::uint32_t fewest = std::max(kFewestConnections, threads_.value_or(1));
    return std::clamp(static_cast<std::uint32_t>(std::min(wanted, double{limits::kInFlight})), fewest,
                      std::max(fewest, limits::kInFlight));
  }

  Scenario scenario_of(double rate) const {
    Scenario scenario = base();
    scenario.executor = Executor::constant_arrival_rate;
    scenario.rate = to_rate(rate);
    scenario.duration = options_.step;
    scenario.warmup = options_.warmup;
    scenario.graceful_stop = std::clamp(Nanos(static_cast<std::int64_t>(4e9 * std::min(longest_s_, 10.0))),
                                        Nanos(std::chrono::seconds(1)), Nanos(std::chrono::seconds(5)));
    if (options_.connections) {
      scenario.vus = *options_.connections;
      scenario.max_in_flight = scenario.vus;
      return scenario;
    }
    const std::uint32_t most = in_flight_of(rate);
    scenario.max_in_flight = most;
    const double busy =
        found_.one_at_a_time ? rate * found_.one_at_a_time->p99_us / 1e6 : rate * longest_s_ / 4;
    scenario.vus = std::min(most, static_cast<std::uint32_t>(std::min(2 * busy * steps(), 1e4)) + 8);
    return scenario;
  }

  /// True: there are more threads now, to try the same rate with.
  bool add_threads(const RunResult& result, std::uint64_t used) {
    if (options_.threads) return false;
    const unsigned spared = result.target_here ? 1 : 0;
    const unsigned most =
        std::max(1U, result.host.cpus_allowed > spared ? result.host.cpus_allowed - spared : 1U);
    const auto more = static_cast<unsigned>(std::min<std::uint64_t>(2 * used, most));
    if (more <= used) return false;
    threads_ = more;
    return true;
  }

  Result<SaturationResult> search() {
    RateSearch::Options wanted;
    wanted.precision = options_.precision;
    wanted.lowest = rounded_rate(kFewestRequests / to_seconds(options_.step));
    wanted.highest = options_.most.value_or(static_cast<double>(limits::kArrivals));
    wanted.lowest = std::min(wanted.lowest, wanted.highest);
    wanted.start = options_.start ? *options_.start : found_.one_at_a_time->rps;
    RateSearch search(wanted);
    while (search.stage() != RateSearch::Stage::done && !found_.interrupted) {
      const auto result = run_one(scenario_of(search.rate()));
      if (!result) {
        if (found_.points.empty()) return result.errors();
        found_.carried_out = false;
        found_.notes.push_back("the search ended early: " + to_text(result.errors().front()));
        break;
      }
      if (result->interrupted) break;  // a part of a step says nothing of its rate
      const SaturationPoint point =
          point_of({to_name(search.stage()), search.rate(), options_.plan.scenarios.front().flow.size(),
                    options_.connections.has_value()},
                   *result);
      found_.answered = found_.answered || point.p50_us;
      found_.points.push_back(point);
      observer_.tried(point);
      if (generator_limited(point) && add_threads(*result, point.shards)) continue;
      search.tell(point.sustained);
    }
    found_.confirmed = search.confirmed();
    conclude(found_, search.best(), search.missed());
    return std::move(found_);
  }

  const SaturateOptions& options_;
  const RunPlan& run_plan_;
  const SaturateObserver& observer_;
  std::vector<Threshold> slos_;
  std::optional<unsigned> threads_;
  double longest_s_ = 0;  ///< of the SLO's times
  SaturationResult found_;
};

}  // namespace

Result<SaturationResult> saturate(const SaturateOptions& options, const RunPlan& run_plan,
                                  const SaturateObserver& observer) {
  return Saturation(options, run_plan, observer).run();
}

Nanos estimate_of(const SaturateOptions& options) {
  return kLongestProbe + kUsualSteps * (options.step + options.warmup + kBetweenSteps);
}

}  // namespace saturn::cli
