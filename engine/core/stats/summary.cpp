#include "core/stats/summary.hpp"

#include <algorithm>
#include <cmath>

namespace saturn {

std::optional<Summary> summary_of(std::span<const double> values) {
  if (values.empty()) return std::nullopt;
  Summary summary;
  summary.count = values.size();
  const auto [min, max] = std::minmax_element(values.begin(), values.end());
  summary.min = *min;
  summary.max = *max;
  const auto count = static_cast<double>(values.size());
  for (const double value : values) summary.mean += value / count;
  if (values.size() < 2) return summary;
  double squares = 0;
  for (const double value : values) squares += (value - summary.mean) * (value - summary.mean);
  summary.stddev = std::sqrt(squares / (count - 1));
  return summary;
}

}  // namespace saturn
