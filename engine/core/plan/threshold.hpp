// Thresholds as people write them: "p(99)<200ms", "errors rate<1%", "rps>1000", "dropped count==0". A metric,
// what of it, a comparison, a bound with its unit; what is not in this version is refused by name. Pure;
// tested in tests/unit/threshold_test.cpp.
#pragma once
#include <string_view>

#include "saturn/error.hpp"
#include "saturn/plan.hpp"

namespace saturn {

Result<Threshold> parse_threshold(std::string_view text, std::string_view place);

std::string_view to_name(Threshold::Metric metric);  ///< "latency", "ok_rps"
/// How many µs a unit of time is ("ms": 1000); 1 for what is no unit of time.
double micros_in(std::string_view unit);

}  // namespace saturn
