// The rules of what else runs on this machine, and how long a study takes beside it. Pure. Tested in
// tests/unit/doctor_rules_test.cpp.
#pragma once
#include "system/doctor/rules.hpp"

namespace saturn::doctor {

Finding load(const Facts& facts);
Finding others(const Facts& facts);
Finding study(const Facts& facts);

}  // namespace saturn::doctor
