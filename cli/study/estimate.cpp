#include "study/estimate.hpp"

#include <algorithm>

#include "core/result/text_format.hpp"

namespace saturn::study {
namespace {

constexpr Nanos kStart = std::chrono::milliseconds(1500), kStop = std::chrono::milliseconds(500);
constexpr Nanos kRequestGuess = std::chrono::microseconds(2500);  ///< a write to SQLite, ten at a time
constexpr double kEnoughShare = 0.05;  ///< of a phase's work: from there on its own pace decides
constexpr double kLeast_s = 1;         ///< left while anything is under way
constexpr double kOverdue = 0.25;      ///< of what an overdue phase has taken already: taken to be left

Nanos estimate(const Scenario& scenario) {
  Nanos time = scenario.warmup;
  if (scenario.duration) return time + *scenario.duration;
  std::uint64_t requests = scenario.iterations.value_or(0);
  if (scenario.executor == Executor::per_vu_iterations) requests *= scenario.vus;
  return time + kRequestGuess * static_cast<std::int64_t>(requests * scenario.flow.size());
}

Nanos nanos(double seconds) {
  return std::chrono::duration_cast<Nanos>(std::chrono::duration<double>(seconds));
}

}  // namespace

std::string measuring(std::string_view scenario) {
  return "measuring " + std::string(scenario);
}

RunEstimate estimate_run(const StudyPlan& study, const Profile& profile, const TargetPlan& target) {
  RunEstimate run{target.name, {}};
  const auto add = [&](std::string_view name, Nanos guess, bool counted = false) {
    run.phases.push_back({std::string(name), guess, counted});
  };
  add(phase::kStart, kStart);
  add(phase::kSettle, profile.settle);
  add(phase::kSeed, estimate(study.seed.scenario), true);
  add(phase::kPause, profile.pause);
  Nanos warmup{0};
  bool counted = false;
  for (const auto& scenario : scaled(study.warmup, profile)) {
    warmup += estimate(scenario);
    counted |= !scenario.duration;
  }
  add(phase::kWarmUp, warmup, counted);
  add(phase::kIdle, profile.idle);
  const auto measured = scenarios_for(study.plan.scenarios, target, profile);
  for (std::size_t i = 0; i < measured.size(); ++i)
    add(measuring(measured[i].name),
        estimate(measured[i]) + (i + 1 < measured.size() ? profile.gap : Nanos(0)), !measured[i].duration);
  add(phase::kReadBack, Nanos(0));
  add(phase::kStop, kStop);
  return run;
}

Nanos total(const RunEstimate& run) {
  Nanos sum{0};
  for (const auto& phase : run.phases) sum += phase.guess;
  return sum;
}

void TimeLeft::run_began(Nanos at) {
  under_way_ = true;
  phase_.clear();
  phase_began_ = at;
  share_ = {};
}

void TimeLeft::end_phase(Nanos at) {
  if (run_ >= runs_.size() || phase_.empty()) return;
  const RunEstimate& run = runs_[run_];
  const auto phase = std::find_if(run.phases.begin(), run.phases.end(),
                                  [&](const PhaseEstimate& known) { return known.name == phase_; });
  if (phase == run.phases.end()) return;
  const auto learn = [&](Learnt& learnt) {
    learnt.took_s += to_seconds(at - phase_began_);
    learnt.guess_s += to_seconds(phase->guess);
    ++learnt.times;
  };
  learn(of_target_[run.target + " " + phase_]);
  learn(of_phase_[phase_]);
  if (phase->counted) learn(of_counted_);
}

void TimeLeft::phase_began(std::string_view name, Nanos at) {
  if (name == phase_) return;
  end_phase(at);
  phase_ = name;
  phase_began_ = at;
  share_ = {};
}

void TimeLeft::run_ended(Nanos at, bool ok) {
  if (ok) end_phase(at);  // what a failure cut short says nothing about the next
  under_way_ = false;
  phase_.clear();
  ++run_;
}

double TimeLeft::expected(const std::string& target, const PhaseEstimate& phase) const {
  if (const auto known = of_target_.find(target + " " + phase.name); known != of_target_.end())
    return known->second.took_s / known->second.times;
  const double guess_s = to_seconds(phase.guess);
  const auto others = of_phase_.find(phase.name);
  if (others != of_phase_.end()) {
    const Learnt& learnt = others->second;
    return learnt.guess_s > 0 ? guess_s * learnt.took_s / learnt.guess_s : learnt.took_s / learnt.times;
  }
  return phase.counted && of_counted_.guess_s > 0 ? guess_s * of_counted_.took_s / of_counted_.guess_s
                                                  : guess_s;
}

double TimeLeft::left_of_phase(const std::string& target, Nanos at) const {
  const double elapsed_s = to_seconds(at - phase_began_);
  const RunEstimate& run = runs_[run_];
  const auto phase = std::find_if(run.phases.begin(), run.phases.end(),
                                  [&](const PhaseEstimate& known) { return known.name == phase_; });
  double whole_s = phase != run.phases.end() ? expected(target, *phase) : 0;
  if (share_.all > 0 && share_.done >= kEnoughShare * share_.all)
    whole_s = elapsed_s * std::max(1.0, share_.all / share_.done);
  else if (elapsed_s >= whole_s)
    whole_s = elapsed_s * (1 + kOverdue);
  return whole_s - elapsed_s;
}

Nanos TimeLeft::left(Nanos at) const {
  double left_s = 0;
  for (std::size_t run = run_; run < runs_.size(); ++run) {
    const RunEstimate& estimate = runs_[run];
    auto phase = estimate.phases.begin();
    if (run == run_ && under_way_ && !phase_.empty()) {
      left_s += left_of_phase(estimate.target, at);
      const auto current = std::find_if(phase, estimate.phases.end(),
                                        [&](const PhaseEstimate& known) { return known.name == phase_; });
      phase = current == estimate.phases.end() ? phase : current + 1;
    }
    for (; phase != estimate.phases.end(); ++phase) left_s += expected(estimate.target, *phase);
  }
  return nanos(under_way_ ? std::max(kLeast_s, left_s) : left_s);
}

std::string for_people(Nanos duration) {
  return text::about(to_seconds(duration));
}

}  // namespace saturn::study
