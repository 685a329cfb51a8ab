// What each rule of the verdict means, in a sentence or two for who has not read about it. Pure. Every rule
// has one: tests/unit/rule_meaning_test.cpp.
#pragma once
#include <string_view>

namespace saturn {

/// Empty for a rule that this version does not have.
std::string_view meaning_of_rule(std::string_view rule);

}  // namespace saturn
