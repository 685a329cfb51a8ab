#include "saturate_flags.hpp"

#include <algorithm>

#include "args_plan.hpp"
#include "args_values.hpp"
#include "core/plan/limits.hpp"
#include "core/plan/rate.hpp"
#include "core/plan/threshold.hpp"
#include "load_plan.hpp"

namespace saturn::cli {
namespace {

constexpr const char* kSearch = "Search";
constexpr const char* kLoad = "Load";
constexpr const char* kRequest = "Request";
constexpr const char* kPlan = "With a plan";
constexpr const char* kOutput = "Output";

constexpr const char* kAbout =
    "Looks for the highest rate that a server sustains: all that is due is started and answered, and the\n"
    "SLO is met. It doubles the rate until one is missed, then halves the gap; the rate found has to hold\n"
    "twice more.";

constexpr const char* kNotes =
    "EXPR is as in saturn run --threshold: p(99)<50ms, service max<1s, errors rate<0.1%.\n"
    "Each rate is a run of its own: the warm-up to settle, then the step.\n"
    "\n"
    "Examples:\n"
    "  saturn saturate localhost:8000/hello\n"
    "  saturn saturate localhost:8000/hello --slo 'p(99)<50ms' --slo 'errors rate<0.1%'\n"
    "  saturn saturate localhost:8000/hello --start 1000 --step 10s -o saturation.json\n"
    "  saturn saturate plan.json --only order --json | jq .max_rate\n"
    "\n"
    "Exit codes: 0 found · 1 usage, nothing was sent · 2 could not be carried out · 97 saturn's own limit\n"
    "            was reached first · 98 the accounts do not balance · 99 not even the lowest rate meets the\n"
    "            SLO · 105 interrupted\n";

constexpr Nanos kShortestStep = std::chrono::milliseconds(200);

using Text = const std::string&;
using Row = FlagOf<SaturateDraft>;

/// A flag that `run` has too.
void as_run(SaturateDraft& draft, std::string_view name, Text place, Text value) {
  for (const Flag& flag : run_flags()) {
    if (!names_include(flag.names, name)) continue;
    if (flag.in_plan != nullptr) draft.of_url.push_back(place);
    return flag.apply(draft.run, place, value);
  }
}

void apply_slo(SaturateDraft& draft, Text place, Text value) {
  if (auto slo = parse_threshold(value, place); keep_errors(draft, slo)) draft.options.slos.push_back(*slo);
}

void rate_into(SaturateDraft& draft, Text place, Text value, std::optional<double>& out) {
  const auto rate = parse_rate(value, place);
  if (!keep_errors(draft, rate)) return;
  out = rate->per_second();
  if (*out <= 0 || *out > static_cast<double>(limits::kArrivals))
    draft.errors.push_back({place,
                            "a rate is more than 0 and at most " + std::to_string(limits::kArrivals) + "/s",
                            "write for example 1000"});
}

/// "2%" or "0.02".
void apply_precision(SaturateDraft& draft, Text place, Text value) {
  const auto share = parse_threshold("errors rate<" + value, place);
  double precision = share ? share->bound : 0;
  if (share && share->unit == "%") precision /= 100;
  if (precision < 0.001 || precision > 0.5) {
    draft.errors.push_back({place, "\"" + value + "\" is no precision", "write 0.1% to 50%, such as 2%"});
    return;
  }
  draft.options.precision = precision;
}

void apply_step(SaturateDraft& draft, Text place, Text value) {
  time_into(draft, place, value, draft.options.step);
  if (draft.options.step < kShortestStep)
    draft.errors.push_back(
        {place, "a step of " + value + " is too short to judge a rate", "write 200ms or more"});
}

constexpr Row kFlags[] = {
    {"--slo", "EXPR", kSearch, "to be met; repeatable (p99 < 10x that of one at a time, errors rate<0.1%)",
     "/thresholds", true, apply_slo},
    {"--start", "RATE", kSearch, "the first rate: 1000 (a second), 50/s (what one connection does)", nullptr,
     false, [](SaturateDraft& d, Text p, Text v) { rate_into(d, p, v, d.options.start); }},
    {"--max", "RATE", kSearch, "no higher rate is tried (10000000)", nullptr, false,
     [](SaturateDraft& d, Text p, Text v) { rate_into(d, p, v, d.options.most); }},
    {"--step", "T", kSearch, "how long each rate is measured (3s)", nullptr, false, apply_step},
    {"--warmup", "T", kSearch, "how long each rate has to settle before (1s)", nullptr, false,
     [](SaturateDraft& d, Text p, Text v) { time_into(d, p, v, d.options.warmup); }},
    {"--precision", "SHARE", kSearch, "how near the rate found and one that is missed are (2%)", nullptr,
     false, apply_precision},

    {"-c,--connections,--max-in-flight", "N", kLoad,
     "connections, their number stays (as many as the SLO leaves time for)", nullptr, false,
     [](SaturateDraft& d, Text p, Text v) { count_into(d, p, v, 1, limits::kVus, d.options.connections); }},
    {"-t,--threads", "N", kLoad, "threads, their number stays (more when saturn is the limit)", nullptr,
     false, [](SaturateDraft& d, Text p, Text v) { as_run(d, "-t", p, v); }},
    {"--seed", "N", kLoad, "of every random value (drawn)", nullptr, false,
     [](SaturateDraft& d, Text p, Text v) { as_run(d, "--seed", p, v); }},

    {"-X,-m,--method", "METHOD", kRequest, "(GET; POST where there is a body)",
     "/scenarios/N/flow/0 as the key of the path: \"get\", \"post\", …", false,
     [](SaturateDraft& d, Text p, Text v) { as_run(d, "-X", p, v); }},
    {"-H,--header", "'K: V'", kRequest, "a header; may be repeated (none)", "/scenarios/N/flow/0/headers",
     true, [](SaturateDraft& d, Text p, Text v) { as_run(d, "-H", p, v); }},
    {"-b,--body", "STR|@FILE", kRequest, "the body; no Content-Type is added, give it with -H (none)",
     "/scenarios/N/flow/0/body", false, [](SaturateDraft& d, Text p, Text v) { as_run(d, "-b", p, v); }},
    {"--timeout", "T", kRequest, "of a request, from send to last byte (30s)", "/scenarios/N/timeout", false,
     [](SaturateDraft& d, Text p, Text v) { as_run(d, "--timeout", p, v); }},

    {"--base-url", "URL", kPlan, "instead of the plan's base_url (the plan's)", nullptr, false,
     [](SaturateDraft& d, Text p, Text v) { as_run(d, "--base-url", p, v); }},
    {"--only", "NAME", kPlan, "the scenario whose requests are sent (its only one)", nullptr, false,
     [](SaturateDraft& d, Text p, Text v) { as_run(d, "--only", p, v); }},

    {"-o,--output", "FILE", kOutput, "write the result as JSON: the whole file or none (none)", nullptr,
     false, [](SaturateDraft& d, Text p, Text v) { as_run(d, "-o", p, v); }},
    {"--json", nullptr, kOutput, "the result as JSON alone on standard output, all text on standard error",
     nullptr, false, [](SaturateDraft& d, Text p, Text v) { as_run(d, "--json", p, v); }},
    {"-q,--quiet", nullptr, kOutput, "no progress; with --json no text at all", nullptr, false,
     [](SaturateDraft& d, Text p, Text v) { as_run(d, "-q", p, v); }},
    {"--no-color", nullptr, kOutput, "(also by the environment variable NO_COLOR)", nullptr, false,
     [](SaturateDraft& d, Text p, Text v) { as_run(d, "--no-color", p, v); }},
};

constexpr ForeignFlag kForeign[] = {
    {"-d,--duration", true, "the search has no duration: it ends when the rate is found", "type --step {}"},
    {"-R,--rate", true, "the rate is what is looked for", "type --start {} for the first to try"},
    {"-n,--requests", true, "a step is limited by its time", "type --step 3s"},
    {"--threshold", true, "what has to be met is the SLO here", "type --slo '{}'"},
    {"--sweep", true, "not in this version yet", "leave it out: it searches by rate"},
};

/// The plan's own thresholds are part of the SLO.
void take_plan(SaturateDraft& draft, Plan plan) {
  auto& slos = draft.options.slos;
  slos.insert(slos.end(), plan.thresholds.begin(), plan.thresholds.end());
  plan.thresholds.clear();
  if (!plan.scenarios.empty()) {
    const auto& own = plan.scenarios.front().thresholds;
    slos.insert(slos.end(), own.begin(), own.end());
  }
  if (plan.scenarios.size() > 1) {
    std::string names;
    for (const auto& scenario : plan.scenarios) names += (names.empty() ? "" : ", ") + scenario.name;
    draft.errors.push_back(
        {draft.run.run.source,
         "the plan has " + std::to_string(plan.scenarios.size()) + " scenarios, and one rate is looked for",
         "type --only with one of them: " + names});
  }
  draft.options.plan = std::move(plan);
}

}  // namespace

std::span<const Row> saturate_flags() {
  return kFlags;
}

const CommandTable& saturate_table() {
  static const CommandTable table{"saturate", "URL|PLAN.json|-",         kAbout,
                                  kNotes,     rows_of(saturate_flags()), kForeign};
  return table;
}

void check_saturate(SaturateDraft& draft) {
  RunArguments& run = draft.run.run;
  if (draft.options.start && draft.options.most && *draft.options.start > *draft.options.most)
    draft.errors.push_back({"--start", "is above --max", "type a lower one"});
  if (draft.arguments.empty()) draft.run.source_known = false;
  if (!draft.arguments.empty()) run.source = draft.arguments.front();
  run.plan_file = !run.source.empty() && names_a_plan(run.source);
  if (run.plan_file)
    for (const std::string& place : draft.of_url)
      draft.errors.push_back(
          {place, "a plan says this itself", "leave the flag out and write it in the plan"});
  if (draft.options.threads = run.threads; run.threads) run.threads.reset();
  finish_draft(draft.run);
  draft.errors.insert(draft.errors.end(), draft.run.errors.begin(), draft.run.errors.end());
  if (draft.options.threads && draft.options.connections &&
      *draft.options.threads > *draft.options.connections)
    draft.errors.push_back({"-t", "more threads than connections", "type a smaller -t, or a larger -c"});
  if (!draft.errors.empty()) return;
  if (run.plan_file) {
    Errors errors = load_plan(run);
    draft.errors.insert(draft.errors.end(), errors.begin(), errors.end());
  }
  take_plan(draft, run.plan);
}

}  // namespace saturn::cli
