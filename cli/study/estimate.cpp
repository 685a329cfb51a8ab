#include "study/estimate.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace saturn::study {
namespace {

constexpr Nanos kStartAndStop = std::chrono::seconds(2);
constexpr Nanos kRequestGuess = std::chrono::microseconds(2500);  ///< a write to SQLite, ten at a time

Nanos estimate(const Scenario& scenario) {
  Nanos time = scenario.warmup;
  if (scenario.duration) return time + *scenario.duration;
  std::uint64_t requests = scenario.iterations.value_or(0);
  if (scenario.executor == Executor::per_vu_iterations) requests *= scenario.vus;
  return time + kRequestGuess * static_cast<std::int64_t>(requests * scenario.flow.size());
}

}  // namespace

Nanos estimate_run(const StudyPlan& study, const Profile& profile, const TargetPlan& target) {
  Nanos time = kStartAndStop + profile.settle + estimate(study.seed.scenario) + profile.pause + profile.idle;
  for (const auto& scenario : scaled(study.warmup, profile)) time += estimate(scenario);
  const auto measured = scenarios_for(study.plan.scenarios, target, profile);
  for (const auto& scenario : measured) time += estimate(scenario);
  if (measured.size() > 1) time += profile.gap * static_cast<std::int64_t>(measured.size() - 1);
  return time;
}

void TimeLeft::finished(Nanos took) {
  estimated_s_ += to_seconds(estimates_.at(done_++));
  took_s_ += to_seconds(took);
}

Nanos TimeLeft::left(Nanos in_this_run) const {
  const double correction = estimated_s_ > 0 ? took_s_ / estimated_s_ : 1;
  double left_s = 0;
  for (std::size_t run = done_; run < estimates_.size(); ++run) {
    const double run_s = to_seconds(estimates_[run]) * correction;
    left_s += run == done_ ? std::max(0.0, run_s - to_seconds(in_this_run)) : run_s;
  }
  return std::chrono::duration_cast<Nanos>(std::chrono::duration<double>(left_s));
}

std::string for_people(Nanos duration) {
  const auto seconds = std::chrono::ceil<std::chrono::seconds>(duration).count();
  if (seconds < 90) return fmt::format("{} s", seconds);
  const auto minutes = (seconds + 30) / 60;
  if (minutes < 90) return fmt::format("{} min", minutes);
  return fmt::format("{} h {} min", minutes / 60, minutes % 60);
}

}  // namespace saturn::study
