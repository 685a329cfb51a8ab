// The judgements of `saturn saturate`: was a rate sustained, and if not, whose limit was that; what all tries
// together say. Also both forms of the result. Pure. Tested in tests/unit/saturation_test.cpp.
#pragma once
#include <string>
#include <string_view>

#include "core/result/report.hpp"
#include "saturn/saturation.hpp"

namespace saturn {

/// What was asked for in one try.
struct SaturationTry {
  std::string_view stage;
  double rate = 0;
  std::size_t steps = 1;           ///< of the flow: requests an iteration
  bool connections_fixed = false;  ///< by the user (-c)
};

SaturationPoint point_of(const SaturationTry& tried, const RunResult& run);

/// A try that was not sustained because saturn itself was at its limit.
bool generator_limited(const SaturationPoint& point);

/// Sets max_rate, limited_by and reason: `best` is the highest rate that held, `missed` the lowest that did
/// not.
void conclude(SaturationResult& result, std::optional<double> best, std::optional<double> missed);

/// 105, 2, 98, 99 (not even the lowest rate was sustained), 97 (the generator's limit) or 0.
int exit_code(const SaturationResult& result);

std::string to_json(const SaturationResult& result);  ///< saturn.saturation/1, ends with a newline
std::string to_text(const SaturationResult& result, const TextStyle& style);
std::string progress_line(const SaturationPoint& point);  ///< of one try, without an end of line

}  // namespace saturn
