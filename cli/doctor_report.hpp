// The findings of `saturn doctor` as text for people and as JSON (saturn.doctor/1,
// tools/schema/doctor.schema.json). Pure. Tested in tests/unit/doctor_report_test.cpp.
#pragma once
#include <string>
#include <vector>

#include "core/result/report.hpp"
#include "system/doctor/rules.hpp"

namespace saturn::cli {

std::string doctor_text(const std::vector<doctor::Finding>& findings, const TextStyle& style);
std::string doctor_json(const std::vector<doctor::Finding>& findings);

}  // namespace saturn::cli
