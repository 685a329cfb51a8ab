#include "args_plan.hpp"

#include <algorithm>
#include <filesystem>

#include "core/plan/limits.hpp"
#include "core/plan/parse.hpp"
#include "core/plan/rate.hpp"
#include "core/plan/template.hpp"
#include "redact.hpp"

namespace saturn::cli {
namespace {

constexpr Nanos kDefaultDuration = std::chrono::seconds(10);

void refuse_without_rate(Draft& draft) {
  const auto refuse = [&](const char* flag) {
    draft.errors.push_back({flag, "only a rate has this", "add one with -R, or leave it out"});
  };
  if (draft.scenario.max_in_flight) refuse("--max-in-flight");
  if (draft.scenario.backlog) refuse("--backlog");
}

/// One for each request where there are fewer of those, as with -n 1: the others would have nothing to do.
std::uint32_t usual_connections(const Draft& draft) {
  const std::uint32_t usual = draft.scenario.vus;
  if (!draft.scenario.iterations || draft.rate_asked || draft.run.plan_file) return usual;
  const auto useful = static_cast<std::uint32_t>(std::min<std::uint64_t>(usual, *draft.scenario.iterations));
  return std::max(useful, std::min(usual, draft.run.threads.value_or(1)));
}

void check_connections(Draft& draft) {
  auto& scenario = draft.scenario;
  scenario.vus = draft.connections.value_or(draft.vus.value_or(usual_connections(draft)));
  if (!draft.rate_asked) refuse_without_rate(draft);
  if (scenario.rate) {
    scenario.executor = Executor::constant_arrival_rate;
    settle_in_flight(scenario, draft.connections || draft.vus);
  } else {
    scenario.max_in_flight.reset();  // what there is to say about them has been said
    scenario.backlog.reset();
  }
  const std::uint32_t most =
      scenario.rate ? scenario.max_in_flight.value_or(limits::kInFlight) : scenario.vus;
  if (draft.run.threads && *draft.run.threads > most)
    draft.errors.push_back({"-t",
                            "more threads than connections (" + std::to_string(*draft.run.threads) + " and " +
                                std::to_string(most) + ")",
                            "type -t " + std::to_string(most) + ", or more connections with " +
                                (scenario.rate && !draft.connections ? "--max-in-flight" : "-c")});
  if (draft.run.discard_body && scenario.pipeline > 1)
    draft.errors.push_back({"--discard-body", "has no effect with pipelining (-p)", "leave one of them out"});
  if (!draft.no_keepalive) return;
  if (scenario.requests_per_connection && *scenario.requests_per_connection != 1)
    draft.errors.push_back({"--no-keepalive", "contradicts --requests-per-connection", "keep one of them"});
  scenario.requests_per_connection = 1;
}

void check_plan_only(Draft& draft) {
  const auto refuse = [&](const char* flag) {
    draft.errors.push_back({flag, "only a plan has this", "leave it out with a URL"});
  };
  if (!draft.run.base_url.empty()) refuse("--base-url");
  if (!draft.run.only.empty()) refuse("--only");
  if (draft.run.list) refuse("--list");
}

void check_wait(Draft& draft) {
  if (draft.waits.empty()) return;
  const auto& [first, mode] = draft.waits.front();
  for (const auto& [place, other] : draft.waits)
    if (other != mode) return draft.errors.push_back({first, "contradicts " + place, "keep one of them"});
  draft.run.wait = mode;
}

void check_vus(Draft& draft) {
  if (draft.connections && draft.vus)
    draft.errors.push_back({"-u", "-c and -u mean the same", "keep one of them"});
}

/// What the plan will be changed by, once it has been read.
void keep_changes(Draft& draft) {
  auto& changes = draft.run.changes;
  changes.duration = draft.scenario.duration;
  changes.warmup = draft.warmup;
  changes.iterations = draft.scenario.iterations;
  changes.vus = draft.connections ? draft.connections : draft.vus;
  changes.rate = draft.scenario.rate;
}

/// Every {{ of the request as it stands.
void without_templates(Step& step) {
  step.path = escaped_templates(step.path);
  step.body = escaped_templates(step.body);
  for (auto& header : step.headers) header.value = escaped_templates(header.value);
}

void append(Errors& errors, const Errors& more) {
  errors.insert(errors.end(), more.begin(), more.end());
}

/// The checks of a plan name places of a plan file; here a flag or the URL stands for each.
Error at_flag(Error error, const std::string& source) {
  for (const auto& flag : run_flags()) {
    std::string pointer = flag.in_plan == nullptr ? "" : flag.in_plan;
    if (pointer.empty()) continue;
    pointer.replace(pointer.find('N'), 1, "0");
    if (error.place.rfind(pointer, 0) != 0) continue;
    error.place = place_of(flag.names);
    return error;
  }
  error.place = redact_url(source);
  return error;
}

/// "http://user:password@host:port": user info stays, the plan turns it into a header.
std::string base_of(const Url& url) {
  if (url.user_info.empty()) return url.base();
  return "http://" + url.user_info + "@" + url.host_header();
}

}  // namespace

bool names_a_plan(const std::string& source) {
  if (source == "-") return true;
  if (source.find("://") != std::string::npos) return false;
  std::error_code ignored;
  if (std::filesystem::is_regular_file(source, ignored)) return true;
  constexpr std::string_view kEnding = ".json";
  const bool json = source.size() > kEnding.size() &&
                    source.compare(source.size() - kEnding.size(), kEnding.size(), kEnding) == 0;
  return json && source.substr(0, source.find('/')).find(':') == std::string::npos;
}

bool refused_beside_a_plan(const Flag& flag) {
  constexpr std::string_view kChanges[] = {"-c", "-u", "-d", "-n", "-R", "--warmup"};
  return flag.in_plan != nullptr &&
         std::find(std::begin(kChanges), std::end(kChanges), place_of(flag.names)) == std::end(kChanges);
}

void finish_draft(Draft& draft) {
  check_wait(draft);
  check_vus(draft);
  if (!draft.source_known) return;
  if (draft.run.plan_file) return keep_changes(draft);
  check_connections(draft);
  check_plan_only(draft);
  auto& step = draft.step;
  auto& scenario = draft.scenario;
  scenario.warmup = draft.warmup.value_or(scenario.warmup);
  step.method = draft.method.value_or(step.body_kind == BodyKind::none ? "GET" : "POST");
  if (!scenario.duration && !scenario.iterations) scenario.duration = kDefaultDuration;
  if (draft.run.source.empty()) return;
  const auto url = parse_url(draft.run.source, redact_url(draft.run.source));
  if (!url) return append(draft.errors, url.errors());
  step.path = url->path;
  if (draft.no_templates) without_templates(step);
  scenario.flow = {step};
  draft.run.plan.base_url = base_of(*url);
  draft.run.plan.scenarios = {scenario};
  for (auto& error : validate(draft.run.plan))
    draft.errors.push_back(at_flag(std::move(error), draft.run.source));
}

}  // namespace saturn::cli
