// The verdict's rules about answers that did not come: failures that only the target can cause, and time in
// which it gave none. They come before all others, since what else the figures show then follows from them.
// Pure. Tested in tests/unit/verdict_failures_test.cpp.
#pragma once
#include <optional>

#include "core/result/verdict.hpp"

namespace saturn::verdict {

/// So much of the time was dead that the figures are made by it; what a generator did meanwhile is no
/// finding.
bool dead_makes_figures(const ScenarioResult& s);

std::optional<Finding> dead(const VerdictCase& c);
std::optional<Finding> failures(const VerdictCase& c);  ///< by the target
std::optional<Finding> own_failures(
    const VerdictCase& c);  ///< by this machine, or a generator that stood still

}  // namespace saturn::verdict
