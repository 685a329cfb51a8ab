// The checks of one request of a flow: method, path, headers, body, expectation. Part of validate().
// Pure; tested in tests/unit/plan_validate_test.cpp.
#pragma once
#include <string>

#include "saturn/error.hpp"
#include "saturn/plan.hpp"

namespace saturn {

/// `place` is the step's pointer; every error is appended to `errors`.
void check_step(const Step& step, const std::string& place, Errors& errors);

/// Name and value of one header; the parser asks for defaults, whose place is not a step's.
void check_header(const Header& header, const std::string& place, Errors& errors);

}  // namespace saturn
