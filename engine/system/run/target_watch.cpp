#include "system/run/target_watch.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "system/host/host.hpp"

namespace saturn {

void TargetWatch::note(const std::string& text) {
  if (std::find(notes_.begin(), notes_.end(), text) == notes_.end()) notes_.push_back(text);
}

void TargetWatch::scenario_opening(std::size_t scenario) {
  next_.scenario_opening(scenario);
  monitor_.look();
}

/// The caller's observer first at the start and last at the end: what it takes there is nobody's cost.
void TargetWatch::measuring_starts(std::size_t scenario) {
  next_.measuring_starts(scenario);
  monitor_.start();
  machine_[scenario].start = machine_snapshot();
  measuring_ = true;
}

void TargetWatch::measuring_ended(std::size_t scenario) {
  monitor_.stop();
  machine_[scenario].end = machine_snapshot();
  machine_[scenario].loadavg = load_average();
  machine_[scenario].own_rss_max_bytes = max_rss_bytes();
  measuring_ = false;
  next_.measuring_ended(scenario);
  if (!monitor_.found().note.empty()) note(monitor_.found().note);
  auto reading = monitor_.reading();
  if (!reading) {
    if (!monitor_.found().source.empty())
      note(fmt::format("{}: none of these processes lives any more, what they cost is not known",
                       monitor_.found().source));
    return;
  }
  readings_[scenario] = std::move(*reading);
}

void TargetWatch::progress(const Progress& progress) {
  if (measuring_) monitor_.look_at_memory();
  next_.progress(progress);
}

/// 0 where it is elsewhere; nullopt where it is here and not all that it used is known.
std::optional<double> TargetWatch::target_cpu_s(std::size_t scenario, bool target_here) const {
  const auto reading = readings_.find(scenario);
  if (reading == readings_.end() || reading->second.cost.processes.empty())
    return target_here ? std::nullopt : std::optional(0.0);
  if (!reading->second.ended.empty()) return std::nullopt;
  return reading->second.cost.cpu_s;
}

void TargetWatch::put_into(RunResult& result) const {
  for (const auto& [index, machine] : machine_) {
    if (index >= result.scenarios.size()) continue;
    result.scenarios[index].generator.rss_max_bytes = machine.own_rss_max_bytes;
    result.scenarios[index].host_load =
        host_load_between(machine.start, machine.end, target_cpu_s(index, result.target_here),
                          result.host.cpus_online, machine.loadavg);
  }
  result.notes.insert(result.notes.end(), notes_.begin(), notes_.end());
  for (const auto& [index, reading] : readings_) {
    if (index >= result.scenarios.size()) continue;
    ScenarioResult& scenario = result.scenarios[index];
    if (!reading.ended.empty())
      result.notes.push_back(
          fmt::format("{}: the target's {} {} ended during the measurement; {} last CPU time is missing",
                      scenario.name, reading.ended.size() == 1 ? "process" : "processes",
                      fmt::join(reading.ended, ", "), reading.ended.size() == 1 ? "its" : "their"));
    if (!reading.cost.processes.empty()) set_target(scenario, reading.cost);
  }
}

}  // namespace saturn
