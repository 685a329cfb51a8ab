// Flags beside a plan: -d -n -c -R replace a field of its one scenario, --warmup one of every scenario. The
// executor stays what it is. Pure; tested in tests/unit/plan_changes_test.cpp.
#pragma once
#include <string>
#include <vector>

#include "args.hpp"

namespace saturn::cli {

/// `whole` is the plan as written, `plan` what --only left of it. `said` gets a line for each field that was
/// replaced: "duration 1s (plan: 30s)". Errors name the flag, and where the plan says the same.
Errors change_plan(const Plan& whole, const PlanChanges& changes, Plan& plan, std::vector<std::string>& said);

}  // namespace saturn::cli
