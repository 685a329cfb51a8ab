// Thresholds as people write them: "p(99)<200ms", "errors rate<1%", "rps>1000", "dropped count==0". A metric,
// what of it, a comparison, a bound with its unit; what is not in this version is refused by name. Pure;
// tested in tests/unit/threshold_test.cpp.
#pragma once
#include <string_view>
#include <vector>

#include "core/plan/fields.hpp"
#include "saturn/error.hpp"
#include "saturn/plan.hpp"

namespace saturn {

Result<Threshold> parse_threshold(std::string_view text, std::string_view place);

/// The member "thresholds" of a plan or of a scenario: each a string, or {"expr": "p(99)<200ms"}.
void read_thresholds(Fields& fields, std::vector<Threshold>& out, Errors& errors);

std::string_view to_name(Threshold::Metric metric);  ///< "latency", "ok_rps"
/// How many µs a unit of time is ("ms": 1000); 1 for what is no unit of time.
double micros_in(std::string_view unit);

}  // namespace saturn
