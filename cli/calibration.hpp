// What `saturn calibrate` found out about this machine, as a value: to JSON (saturn.calibration/1) and back,
// and what a run's result says beside it. Pure but for the file's name. Tested in
// tests/unit/calibration_test.cpp.
#pragma once
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "saturn/error.hpp"
#include "saturn/result.hpp"

namespace saturn::cli {

struct Percentiles {
  double p50 = 0, p99 = 0;
};

/// One shard over the Null transport, closed loop.
struct CoreRow {
  std::uint32_t connections = 0;
  double rps_per_shard = 0;
};

/// One shard against the reference server over loopback, closed loop.
struct CalibrationRow {
  std::uint32_t connections = 0;
  std::uint64_t body_bytes = 0, response_bytes = 0;  ///< of an answer: its body, all of it on the wire
  double rps_per_shard = 0;
  std::optional<double> cpu_us_per_request;
  double utilisation = 0;
  std::optional<Percentiles> latency_us, truth_us;  ///< as measured, and as the server itself measured it
  std::optional<Percentiles> lag_us, observe_us;    ///< what the generator added
  /// The kernel's own time of sends minus what they were given; nullopt: not checked.
  std::optional<Percentiles> send_time_error_us;

  /// What was measured minus the server's own, each percentile; nullopt where one of them is not known.
  std::optional<Percentiles> stamp_error_us() const;
};

struct Calibration {
  std::string version, git, date;  ///< of the saturn that calibrated; ISO 8601, UTC
  std::string kernel, cpu_model;
  std::vector<CoreRow> core;
  std::vector<CalibrationRow> loopback;

  double core_rps_per_shard() const;  ///< the most of them
};

std::string to_json(const Calibration& calibration);  ///< saturn.calibration/1, indented, ends with a newline
Result<Calibration> calibration_from_json(std::string_view text);

/// calibration.json in the cache folder (study/cache_folder.hpp); an error where there is none.
Result<std::filesystem::path> calibration_file();

/// Puts the ceiling of the calibrated work that is most like each scenario's, and the share of it that the
/// scenario used, into the result; nothing where the machine is another one (CPU model, kernel). A note where
/// the calibration is of another saturn than `version`.
void set_beside(const Calibration& calibration, RunResult& result, std::string_view version);

}  // namespace saturn::cli
