// The ledger of conservation, one equation a line, and the exit code that follows from it. Pure. Tested in
// tests/unit/ledger_test.cpp.
#include <algorithm>
#include <numeric>

#include "core/result/merge.hpp"
#include "core/result/thresholds.hpp"

namespace saturn {

std::vector<LedgerCheck> check_ledger(const ScenarioResult& scenario, std::uint64_t latency_count) {
  const Counts& c = scenario.requests;
  const Connections& n = scenario.connections;
  const std::uint64_t statuses =
      std::accumulate(scenario.status.begin(), scenario.status.end(), std::uint64_t{0},
                      [](std::uint64_t sum, const auto& entry) { return sum + entry.second; });
  const std::uint64_t errors =
      std::accumulate(scenario.errors.begin(), scenario.errors.end(), std::uint64_t{0});
  std::vector<LedgerCheck> checks;
  if (c.due)
    checks.push_back({"due = started + dropped + backlog_at_stop", *c.due,
                      c.started + c.dropped.value_or(0) + c.backlog_at_stop.value_or(0)});
  checks.push_back({"started = completed + failed + in_flight_at_stop", c.started,
                    c.completed + c.failed + c.in_flight_at_stop});
  checks.push_back({"completed = warmup + measured", c.completed, c.warmup + c.measured});
  checks.push_back({"completed = sum of status", c.completed, statuses});
  checks.push_back({"completed = ok + not_ok", c.completed, c.ok + c.not_ok});
  checks.push_back({"failed = sum of errors", c.failed, errors});
  checks.push_back({"latency count = measured", latency_count, c.measured});
  checks.push_back({"requested connections = established + failed", n.requested, n.established + n.failed});
  return checks;
}

int exit_code(const RunResult& result, bool strict) {
  const auto nothing_completed = [](const ScenarioResult& s) { return s.requests.completed == 0; };
  const auto not_good_enough = [&](const ScenarioResult& s) {
    return nothing_ok(result, s) || check_failed(result, s);
  };
  const auto missed = [](const ThresholdResult& t) { return !t.passed; };
  const auto& all = result.scenarios;
  if (result.interrupted) return 105;
  // A scenario without one answer could not be carried out, however well the others went.
  if (all.empty() || std::any_of(all.begin(), all.end(), nothing_completed)) return 2;
  if (std::any_of(all.begin(), all.end(), [](const ScenarioResult& s) { return s.dead && s.dead->gone; }))
    return 2;
  if (!result.balanced()) return 98;
  if (strict && result.verdict && !result.verdict->valid) return 97;
  if (std::any_of(result.thresholds.begin(), result.thresholds.end(), missed)) return 99;
  return std::any_of(all.begin(), all.end(), not_good_enough) ? 99 : 0;
}

}  // namespace saturn
