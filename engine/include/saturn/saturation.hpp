// What `saturn saturate` found: the highest rate that a target sustains, and every rate that was tried. Value
// types only; shapes of the JSON: tools/schema/saturation.schema.json.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "saturn/result.hpp"

namespace saturn {

/// One rate, tried once.
struct SaturationPoint {
  std::string stage;          ///< why it was tried: "grow", "narrow", "confirm", …
  double rate = 0;            ///< asked for: iterations a second
  std::optional<double> rps;  ///< iterations answered a second
  std::optional<double> p50_us, p99_us, errors_rate;
  double not_started = 0;  ///< share of the due ones that were dropped or still waited at the end
  bool slo_met = false;
  bool sustained = false;                     ///< the SLO was met, all was started, and the answers kept up
  bool valid = true;                          ///< as in a verdict
  LimitedBy limited_by = LimitedBy::unknown;  ///< of one that was not sustained: whose limit that is
  std::string why;                            ///< of one that was not sustained, in words
  std::uint64_t shards = 0;
  std::vector<ThresholdResult> slos;
};

/// One request at a time, before the search: what the default SLO is made of.
struct OneAtATime {
  double rps = 0, p50_us = 0, p99_us = 0;
};

struct SaturationResult {
  BuildFacts build;
  HostFacts host;
  std::vector<std::string> argv;
  std::string url, address, started_at, ended_at;
  std::uint64_t seed = 0;
  double elapsed_s = 0;
  bool interrupted = false, balanced = true;
  bool carried_out = true;                ///< false: the target was not there any more; see the notes
  bool answered = false;                  ///< at least one answer came
  std::vector<std::string> slos;          ///< expressions
  std::vector<std::string> default_slos;  ///< those of them that nobody gave
  double precision = 0.02, step_s = 0, warmup_s = 0;
  std::optional<OneAtATime> one_at_a_time;  ///< nullopt: not measured
  std::optional<double> max_rate;           ///< sustained: the lesser of asked for and answered
  bool confirmed = false;                   ///< as often as asked for
  LimitedBy limited_by = LimitedBy::unknown;
  std::string reason;
  std::vector<std::string> notes;
  std::vector<SaturationPoint> points;
};

}  // namespace saturn
