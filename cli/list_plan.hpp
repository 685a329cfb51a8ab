// `saturn run PLAN --list` and `saturn study FILE --list`: what a file holds, by name, and nothing is run.
// Pure; tested in tests/unit/list_plan_test.cpp and tests/cli/run_plan_test.py.
#pragma once
#include <string>
#include <vector>

#include "saturn/plan.hpp"

namespace saturn::cli {

/// Rows as columns as wide as their widest cell, two spaces apart.
std::string columns(const std::vector<std::vector<std::string>>& rows);

/// A line a scenario: its name, executor and load, and the names of its steps.
std::string list_of(const Plan& plan);

/// "constant-vus", "10 VUs, 30s", "GET /hello, POST /items/"
std::vector<std::string> cells_of(const Scenario& scenario);

}  // namespace saturn::cli
