// The search of `saturn saturate`: one request at a time for a measure, then rates as RateSearch asks for
// them, each a run of its own, with more threads where saturn itself was the limit. How a plan is run is
// handed in, so that tests simulate the target (tests/unit/saturate_test.cpp). Main thread only.
#pragma once
#include <functional>
#include <optional>
#include <vector>

#include "saturn/error.hpp"
#include "saturn/plan.hpp"
#include "saturn/saturation.hpp"

namespace saturn::cli {

struct SaturateOptions {
  Plan plan;                    ///< of one scenario, whose executor and load are replaced
  std::vector<Threshold> slos;  ///< what nobody gave is added: a p99 of latency, a rate of errors
  std::optional<double> start;  ///< iterations a second; else what one connection does
  std::optional<double> most;
  double precision = 0.02;
  Nanos step = std::chrono::seconds(3), warmup = std::chrono::seconds(1);
  std::optional<std::uint32_t> connections;  ///< their number stays; else as many as the SLO leaves time for
  std::optional<unsigned> threads;           ///< their number stays
};

/// Runs a plan of one scenario with so many threads (nullopt: as usual).
using RunPlan = std::function<Result<RunResult>(const Plan& plan, std::optional<unsigned> threads)>;

struct SaturateObserver {
  /// The SLO is complete now; what was measured for it is in `result`.
  std::function<void(const SaturationResult& result)> ready = [](const auto&) {};
  std::function<void(const SaturationPoint& point)> tried = [](const auto&) {};
};

/// Errors only where nothing could be measured; later ones are notes, and `carried_out` is false.
Result<SaturationResult> saturate(const SaturateOptions& options, const RunPlan& run_plan,
                                  const SaturateObserver& observer);

/// How long it will take, about.
Nanos estimate_of(const SaturateOptions& options);

}  // namespace saturn::cli
