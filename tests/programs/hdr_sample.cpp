// Records the whole numbers (nanoseconds) on standard input and prints the summary with its encoded histogram
// as JSON: lets tests/cli/hdr_python_test.py hold our encoding against the public Python package.
#include <fmt/core.h>

#include <iostream>

#include "core/stats/hdr_encode.hpp"

int main() {
  saturn::Histogram histogram;
  for (std::uint64_t value = 0; std::cin >> value;) histogram.record(value);
  const saturn::MaybeDistribution summary = saturn::summarise(histogram, true);
  if (!summary) {
    fmt::print("null\n");
    return 0;
  }
  fmt::print(
      R"({{"count": {}, "mean": {}, "stddev": {}, "min": {}, "p50": {}, "p90": {}, "p99": {}, "p99_9": {}, )"
      R"("p99_99": {}, "max": {}, "histogram": "{}"}})"
      "\n",
      summary->count, summary->mean_us, summary->stddev_us, summary->min_us, summary->p50_us, summary->p90_us,
      summary->p99_us, summary->p99_9_us, summary->p99_99_us, summary->max_us, summary->histogram);
  return 0;
}
