#include "study_times.hpp"

#include <filesystem>

#include "redact.hpp"
#include "study/files.hpp"
#include "study/study_run.hpp"
#include "system/doctor/load.hpp"
#include "system/doctor/rules.hpp"
#include "system/host/host.hpp"

namespace saturn::cli {
namespace {

constexpr Nanos kWorthAWarning = std::chrono::minutes(1);

}  // namespace

Result<study::StudyPlan> read_study(const std::string& file) {
  const auto text = study::read_whole(file);
  if (!text) {
    Error error = text.errors().front();
    error.place = redact_url(file);
    error.remedy = "name a study file; a server or a plan is run with: saturn run " + redact_url(file);
    return error;
  }
  auto plan = study::parse_study(*text, std::filesystem::absolute(file).parent_path(), study::read_whole);
  if (plan) return plan;
  Errors errors = plan.errors();
  for (auto& error : errors) {
    if (!error.place.empty() && !error.place.starts_with('/')) continue;  // of the plan file
    error.place = file + (error.place.empty() ? "" : " ") + error.place;
    error.remedy = with_file(error.remedy, file);
  }
  return errors;
}

Errors add_study_times(doctor::Facts& facts, const std::string& file) {
  const auto plan = read_study(file);
  if (!plan) return plan.errors();
  facts.study = plan->name;
  for (const auto& profile : plan->profiles) {
    Nanos time{0};
    if (const auto targets = study::choose_targets(*plan, profile, {}))
      for (const auto* target : *targets)
        time += study::total(study::estimate_run(*plan, profile, *target)) * profile.repeats;
    facts.study_times.push_back({profile.name, time});
  }
  return {};
}

std::optional<std::string> busy_warning(Nanos study_takes) {
  if (study_takes < kWorthAWarning) return std::nullopt;
  doctor::Facts facts;
  facts.cpus_online = host_facts().cpus_online;
  doctor::look_at_load(facts);
  const auto busy = doctor::busy_with(facts);
  if (!busy) return std::nullopt;
  return "warning: this machine is busy, and the figures will be of both: " + *busy + ". Before " +
         study::for_people(study_takes) +
         " of it, stop that (Ctrl-C ends the study; saturn doctor looks again)";
}

}  // namespace saturn::cli
