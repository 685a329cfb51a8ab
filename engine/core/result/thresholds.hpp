// Are the plan's thresholds met? Figures and conditions in, judgements out; what was not measured meets
// nothing. Also the rule that stands where no threshold does: answers, but none of them ok. Pure. Tested in
// tests/unit/thresholds_test.cpp.
#pragma once
#include <string>
#include <vector>

#include "saturn/result.hpp"

namespace saturn {

ThresholdResult judge(const Threshold& threshold, const ScenarioResult& scenario);

/// Each of the plan's thresholds in every scenario, then each scenario's own, in the plan's order. A scenario
/// that never began meets none.
std::vector<ThresholdResult> judge_thresholds(const Plan& plan, const std::vector<ScenarioResult>& scenarios);

/// Answers came, none was ok, and neither a check nor a threshold on errors has a say in it: exit 99.
bool nothing_ok(const RunResult& run, const ScenarioResult& scenario);
/// A check failed, and no threshold on checks has a say in it: exit 99.
bool check_failed(const RunResult& run, const ScenarioResult& scenario);

/// "no answer was ok: 404 × 1,234", and what to type where that is wanted. Empty where it does not apply.
std::string nothing_ok_line(const RunResult& run);
/// "in CI: --threshold 'p(99)<50ms' …" for a run without thresholds that went well; else empty.
std::string ci_hint(const RunResult& run);

}  // namespace saturn
