#include "core/result/verdict.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace saturn {

std::string_view in_words(LimitedBy limit) {
  switch (limit) {
    case LimitedBy::target:
      return "limited by the target";
    case LimitedBy::generator:
      return "limited by saturn itself";
    case LimitedBy::network:
      return "limited by the network";
    case LimitedBy::load:
      return "the load asked for was reached";
    case LimitedBy::unknown:
      break;
  }
  return "nobody's limit is known";
}

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

std::string summary_of(const Verdict& verdict, const VerdictCase& c) {
  if (verdict.shared_machine)
    return fmt::format(
        "saturn and the target share {}: compare such runs with each other, do not quote them; why: "
        "--explain",
        c.host.cpus_online == 1 ? "1 core" : fmt::format("{} cores", c.host.cpus_online));
  std::string line(in_words(verdict.limited_by));
  if (!verdict.valid) line = "not the target's figures: " + line;
  return verdict.reasons.empty() ? line : line + ": " + verdict.reasons.front();
}

struct Named {
  std::string_view rule;
  Finding finding;
};

/// What the rules find, in their order; which of them decided, if any.
std::vector<Named> findings(const VerdictCase& c, std::optional<std::size_t>& decided) {
  std::vector<Named> found;
  for (const VerdictRule& rule : verdict_rules()) {
    if (decided && rule.kind == VerdictRule::Kind::last_resort) continue;
    std::optional<Finding> finding = rule.find(c);
    if (!finding) continue;
    if (finding->limited_by && !decided) decided = found.size();
    found.push_back({rule.name, std::move(*finding)});
    if (rule.kind == VerdictRule::Kind::first) break;
  }
  return found;
}

/// What another finding says in its own words, too.
void drop_repeated(std::vector<Named>& all) {
  const auto repeated = [&](const Named& one) {
    return std::any_of(all.begin(), all.end(), [&](const Named& other) {
      return &other != &one && other.finding.reason.size() > one.finding.reason.size() &&
             other.finding.reason.ends_with(one.finding.reason);
    });
  };
  for (std::size_t i = all.size(); i > 1; --i)  // never the first, which decided
    if (repeated(all[i - 1])) all.erase(all.begin() + static_cast<std::ptrdiff_t>(i - 1));
}

}  // namespace

std::string in_full(const Finding& finding) {
  return finding.remedy.text.empty() ? finding.reason : finding.reason + ": " + finding.remedy.text;
}

Verdict judge(const VerdictCase& c) {
  Verdict verdict;
  std::optional<std::size_t> decided;
  std::vector<Named> all = findings(c, decided);
  // What decided is read first, and is the only one with its remedy: others lift limits that were not met.
  if (decided) {
    const auto first = all.begin() + static_cast<std::ptrdiff_t>(*decided);
    std::rotate(all.begin(), first, first + 1);
    const Finding& decisive = all.front().finding;
    verdict.limited_by = *decisive.limited_by;
    verdict.remedy = decisive.remedy.text;
    verdict.shared_machine = decisive.spoils && decisive.remedy.shared_machine;
  }
  drop_repeated(all);
  for (std::size_t i = 0; i < all.size(); ++i) {
    const Finding& finding = all[i].finding;
    verdict.valid = verdict.valid && !finding.spoils;
    verdict.reasons.push_back(decided && i == 0 ? in_full(finding) : finding.reason);
    verdict.rules.emplace_back(all[i].rule);
    verdict.severity = std::max(verdict.severity, finding.severity);
  }
  if (verdict.severity == Severity::ok && (!verdict.valid || verdict.limited_by == LimitedBy::unknown))
    verdict.severity = Severity::warning;
  verdict.summary = summary_of(verdict, c);
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
    if (!run.verdict) {
      run.verdict = *scenario->verdict;
      run.verdict->reasons.clear();
      run.verdict->rules.clear();
      if (run.scenarios.size() > 1) run.verdict->summary.insert(0, scenario->name + ": ");
    }
    run.verdict->severity = std::max(run.verdict->severity, scenario->verdict->severity);
    if (!scenario->verdict->reasons.empty())
      run.verdict->reasons.push_back(scenario->name + ": " + scenario->verdict->reasons.front());
  }
}

}  // namespace saturn
