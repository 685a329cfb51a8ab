// A Plan → the JSON of a plan file, for results: whatever the plan came from (a file, flags), a result holds
// one that can be run again. Secrets are left out. Pure; tested in tests/unit/plan_json_test.cpp.
#pragma once
#include <string>

#include "saturn/plan.hpp"

namespace saturn {

/// saturn.plan/1, minified, every value written out (no defaults). User info of the base URL and the values
/// of Authorization, Proxy-Authorization and Cookie headers are "***"; bytes that are not UTF-8 cannot stand
/// in JSON and are only counted. Apart from these, parse_plan() gives the same plan again.
std::string redacted_plan(const Plan& plan);

}  // namespace saturn
