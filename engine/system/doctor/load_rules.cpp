#include "system/doctor/load_rules.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/result/text_format.hpp"

namespace saturn::doctor {
namespace {

constexpr std::size_t kMostNamed = 4;
constexpr double kMuchLoadPerCore = 0.5, kMuchOfMachine = 0.1;
constexpr const char* kQuieten =
    "stop it or wait for its end; to see it: ps -eo pcpu,pid,comm --sort=-pcpu | head";

Finding unknown(std::string name, const std::string& why) {
  return {std::move(name), Level::unknown, "unknown: " + why, ""};
}

std::string names_of(const std::vector<BusyProcess>& busiest) {
  std::string names;
  for (std::size_t i = 0; i < std::min(busiest.size(), kMostNamed); ++i)
    names += fmt::format("{}{}{} {:.2f}", i == 0 ? "" : ", ", busiest[i].name,
                         busiest[i].count > 1 ? fmt::format(" ×{}", busiest[i].count) : "", busiest[i].cores);
  return names;
}

}  // namespace

Finding load(const Facts& facts) {
  const std::string name = "load";
  if (!facts.load_1min || facts.cpus_online == 0) return unknown(name, "/proc/loadavg cannot be read");
  const double each = *facts.load_1min / facts.cpus_online;
  const std::string found = fmt::format("{:.2f} on {} core{} over the last minute", *facts.load_1min,
                                        facts.cpus_online, facts.cpus_online == 1 ? "" : "s");
  if (each < kMuchLoadPerCore) return {name, Level::good, found, ""};
  return {name, Level::warn, found + ": other work waits for the same cores", kQuieten};
}

Finding others(const Facts& facts) {
  const std::string name = "other processes";
  if (!facts.others_cores || facts.cpus_online == 0) return unknown(name, "/proc/stat cannot be read");
  const std::string names = names_of(facts.busiest);
  const std::string found =
      fmt::format("{:.2f} of {} core{} busy{}{}", *facts.others_cores, facts.cpus_online,
                  facts.cpus_online == 1 ? "" : "s", names.empty() ? "" : ": ", names);
  if (*facts.others_cores < kMuchOfMachine * facts.cpus_online) return {name, Level::good, found, ""};
  return {name, Level::warn, found, kQuieten};
}

Finding study(const Facts& facts) {
  const std::string name = "study time";
  if (facts.study_times.empty())
    return {name, Level::good, "saturn doctor --study FILE says how long a study takes", ""};
  std::string found = facts.study + ":";
  for (const auto& [profile, time] : facts.study_times)
    found += fmt::format("{} {} {}", found.ends_with(':') ? "" : ",", profile, text::about(to_seconds(time)));
  if (!busy_with(facts)) return {name, Level::good, found, ""};
  return {name, Level::warn, found + "; longer while the machine is busy, and of little worth", kQuieten};
}

std::optional<std::string> busy_with(const Facts& facts) {
  std::string words;
  for (const Finding& finding : {others(facts), load(facts)})
    if (finding.level == Level::warn)
      words += (words.empty() ? "" : "; ") + finding.name + " " + finding.found;
  if (words.empty()) return std::nullopt;
  return words;
}

}  // namespace saturn::doctor
