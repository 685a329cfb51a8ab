// Fixed results of targets that answered nothing for a while, for the golden files of the reports.
#pragma once
#include "golden/sample_results.hpp"

namespace saturn {

/// Killed after 0.7 s of 2.9, having stood still once before; a closed loop asks it seldom.
inline RunResult dead_target() {
  ScenarioResult s = sample_scenario("hello", 70'133);
  s.measured_s = 2.9;
  s.requests.started = 70'154;
  s.requests.failed = 21;
  s.errors[static_cast<std::size_t>(Failure::connect_refused)] = 17;
  s.errors[static_cast<std::size_t>(Failure::reset)] = 4;
  s.rps = s.ok_rps = 24'183.8;
  DeadTime& dead = s.dead.emplace();
  dead.time_s = 2.2;
  dead.over_s = 2.9;
  dead.share = 2.2 / 2.9;
  dead.windows = {{0.7, 2.9}};
  dead.at_end = dead.gone = true;
  dead.last_answer_s = 0.6999;
  s.host_load = HostLoad{std::nullopt, std::nullopt, 1.2};
  return sample_run({std::move(s)});
}

/// Stood still more often than is listed, on a machine that did other things too.
inline RunResult target_that_stalls() {
  ScenarioResult s = sample_scenario("hello", 47'860);
  s.measured_s = 1000;
  DeadTime& dead = s.dead.emplace();
  dead.over_s = 1000;
  for (int i = 0; i < 64; ++i) dead.windows.push_back({10.0 * i, 10.0 * i + 2});
  dead.more_windows = 6;
  dead.more_windows_s = 12;
  dead.time_s = 140;
  dead.share = 0.14;
  dead.last_answer_s = 999.9;
  s.host_load = HostLoad{1.1, 0.275, 4.8};
  return sample_run({std::move(s)});
}

}  // namespace saturn
