#include "core/result/verdict.hpp"

#include <algorithm>

namespace saturn {
namespace {

/// Worse is higher: what is not the target's first, then whose limit says least about the target.
int badness(const Verdict& verdict) {
  const int limit = verdict.limited_by == LimitedBy::generator ? 4
                    : verdict.limited_by == LimitedBy::network ? 3
                    : verdict.limited_by == LimitedBy::unknown ? 2
                    : verdict.limited_by == LimitedBy::target  ? 1
                                                               : 0;
  return (verdict.valid ? 0 : 10) + limit;
}

}  // namespace

Verdict judge(const VerdictCase& c) {
  Verdict verdict;
  bool decided = false;
  for (const VerdictRule& rule : verdict_rules()) {
    if (decided && rule.kind == VerdictRule::Kind::last_resort) continue;
    std::optional<Finding> found = rule.find(c);
    if (!found) continue;
    const bool decides = found->limited_by && !decided;
    if (decides) verdict.limited_by = *found->limited_by;
    decided = decided || decides;
    verdict.valid = verdict.valid && !found->spoils;
    // What decided is read first.
    const auto place = static_cast<std::ptrdiff_t>(decides ? 0 : verdict.reasons.size());
    verdict.reasons.insert(verdict.reasons.begin() + place, std::move(found->reason));
    verdict.rules.insert(verdict.rules.begin() + place, std::string(rule.name));
    if (rule.kind == VerdictRule::Kind::first) break;
  }
  return verdict;
}

void judge(RunResult& run) {
  run.verdict.reset();
  for (ScenarioResult& scenario : run.scenarios)
    scenario.verdict = judge(VerdictCase{scenario, run.host, run.target_here || scenario.target.has_value()});
  std::vector<const ScenarioResult*> worst_first;
  for (const ScenarioResult& scenario : run.scenarios) worst_first.push_back(&scenario);
  std::stable_sort(worst_first.begin(), worst_first.end(),
                   [](const auto* a, const auto* b) { return badness(*a->verdict) > badness(*b->verdict); });
  for (const ScenarioResult* scenario : worst_first) {
    if (!run.verdict) run.verdict = Verdict{scenario->verdict->valid, scenario->verdict->limited_by, {}};
    if (!scenario->verdict->reasons.empty())
      run.verdict->reasons.push_back(scenario->name + ": " + scenario->verdict->reasons.front());
  }
}

}  // namespace saturn
