// Reads what hdr_encode wrote, for percentiles that a Distribution does not hold. Bytes in, histogram out;
// nullopt for anything else. Tested in tests/unit/hdr_decode_test.cpp.
#pragma once
#include <optional>
#include <string_view>

#include "core/stats/histogram.hpp"
#include "saturn/result.hpp"

namespace saturn {

/// Values stand at the top of their bucket: counts and percentiles are what they were, min and mean are not.
std::optional<Histogram> decode_hdr(std::string_view base64);

/// Any percentile, 0 to 100, in microseconds: from its own fields where it holds it, else from its histogram.
/// nullopt where that cannot be read.
std::optional<double> percentile_us(const Distribution& d, double percentile);

}  // namespace saturn
