// Arithmetic over a handful of repeats: mean, extremes and sample standard deviation. Pure.
// Tested in tests/unit/study_summary_test.cpp.
#pragma once
#include <cstddef>
#include <optional>
#include <span>

namespace saturn {

struct Summary {
  std::size_t count = 0;
  double mean = 0, min = 0, max = 0;
  std::optional<double> stddev;  ///< sample standard deviation (n - 1); nullopt for a single value
};

/// nullopt for no values.
std::optional<Summary> summary_of(std::span<const double> values);

}  // namespace saturn
