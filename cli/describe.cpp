#include "describe.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/plan/limits.hpp"
#include "core/plan/parse.hpp"
#include "core/plan/template.hpp"
#include "core/result/text_format.hpp"
#include "redact.hpp"

namespace saturn::cli {
namespace {

constexpr const char* kDot = " · ";

std::string human(Nanos time) {
  return text::duration(to_seconds(time));
}

/// "1,000 requests/s · up to 10,000 in flight": whether connections are added, and how many may be.
std::string schedule_of(const Scenario& scenario) {
  const std::uint32_t most = scenario.max_in_flight.value_or(limits::kInFlight);
  const double rate = scenario.rate->per_second();
  std::string line = text::per_second(rate, scenario.flow.size() > 1 ? "iteration" : "request");
  if (scenario.flow.size() > 1)
    line += fmt::format(" of {} ({})", counted(scenario.flow.size(), "request"),
                        text::per_second(rate * static_cast<double>(scenario.flow.size())));
  if (most == scenario.vus) return line + kDot + counted(most, "connection") + ", no more are opened";
  return line + kDot + counted(scenario.vus, "connection") + ", more when needed: up to " + text::count(most);
}

/// "12,345 requests", "25 iterations a VU of 4 requests (400 requests)": iterations and requests apart.
std::string work_of(const Scenario& scenario) {
  const std::size_t steps = scenario.flow.size();
  if (!scenario.iterations)
    return steps > 1 && !scenario.rate ? "iterations of " + counted(steps, "request") : "";
  const bool each = scenario.executor == Executor::per_vu_iterations;
  std::string text = counted(*scenario.iterations, steps > 1 ? "iteration" : "request");
  if (each) text += " a VU";
  if (steps > 1) text += " of " + counted(steps, "request");
  const std::uint64_t all =
      *scenario.iterations * std::max<std::size_t>(steps, 1) * (each ? scenario.vus : 1);
  return steps > 1 || each ? text + " (" + counted(all, "request") + ")" : text;
}

/// Load and limits of one scenario; what has its usual value and surprises nobody is left out.
std::string load_of(const Scenario& scenario, std::string_view noun) {
  std::string text = scenario.rate ? schedule_of(scenario) : counted(scenario.vus, noun);
  if (scenario.pipeline > 1) text += fmt::format("{}pipeline of {}", kDot, scenario.pipeline);
  if (scenario.requests_per_connection)
    text += kDot + counted(*scenario.requests_per_connection, "request") + " per connection";
  if (scenario.warmup.count() != 0) text += kDot + human(scenario.warmup) + " of warm-up";
  if (const std::string work = work_of(scenario); !work.empty()) text += kDot + work;
  if (scenario.duration)
    text += kDot + std::string(scenario.iterations ? "at most " : "") + human(*scenario.duration);
  return text;
}

/// Those that stand here only where they are not what they usually are: a bare "5" is seen to be 5 s.
std::string unusual_times(const Scenario& scenario) {
  const Scenario usual;
  std::string text;
  if (scenario.connect_timeout != usual.connect_timeout)
    text += std::string(kDot) + "connect timeout " + human(scenario.connect_timeout);
  if (scenario.graceful_stop != usual.graceful_stop)
    text += std::string(kDot) + "graceful stop " + human(scenario.graceful_stop);
  return text;
}

/// " · ok: 200, 404", where flags say what is ok.
std::string statuses_of(const Scenario& scenario) {
  std::string text;
  for (const int status : scenario.flow.front().expect.statuses)
    text += (text.empty() ? std::string(kDot) + "ok: " : ", ") + std::to_string(status);
  return text;
}

/// " · by flags: duration 1s (plan: 30s), vus 5 (plan: 50)"
std::string changes_of(const RunArguments& run) {
  std::string text;
  for (const auto& change : run.changed)
    text += (text.empty() ? std::string(kDot) + "by flags: " : ", ") + change;
  return text;
}

bool draws_random_values(const Plan& plan) {
  const auto draws = [](const std::string& text) { return text.find("random_int") != std::string::npos; };
  for (const auto& scenario : plan.scenarios)
    for (const auto& step : scenario.flow)
      if (draws(step.path) || draws(step.body) ||
          std::any_of(step.headers.begin(), step.headers.end(),
                      [&](const auto& h) { return draws(h.value); }))
        return true;
  return false;
}

}  // namespace

std::string counted(std::uint64_t number, std::string_view noun) {
  return text::count(number) + " " + std::string(noun) + (number == 1 ? "" : "s");
}

std::string first_line(const RunArguments& run, const std::string& address, unsigned shards) {
  const Plan& plan = run.plan;
  const Scenario& first = plan.scenarios.front();
  const auto url = parse_url(plan.base_url, "");
  const std::string base = url ? url->redacted() : redact_url(plan.base_url);
  std::string text = "saturn: ";
  if (!run.plan_file) {
    const auto& step = first.flow.front();
    text += step.method + " " + base.substr(0, base.rfind('/')) + shown_template(step.path) + kDot +
            load_of(first, "connection");
  } else {
    text += (run.source == "-" ? "plan from standard input" : run.source) + " at " + base + kDot;
    if (plan.scenarios.size() == 1) {
      if (first.name != "default") text += first.name + kDot;
      text += load_of(first, "VU");
    } else {
      text += counted(plan.scenarios.size(), "scenario") + ", one after another";
      if (plan.gap.count() != 0) text += ", " + human(plan.gap) + " apart";
    }
  }
  text += changes_of(run);
  text += kDot + counted(shards, "thread");
  if (!run.plan_file)
    text += std::string(kDot) + "timeout " + human(first.timeout) + unusual_times(first) + statuses_of(first);
  for (std::size_t i = 0; i < run.source_ips.size(); ++i)
    text += (i == 0 ? std::string(kDot) + "from " : ", ") + run.source_ips[i];
  if (url && address != (url->host.find(':') == std::string::npos ? url->host : "[" + url->host + "]") + ":" +
                            std::to_string(url->port))
    text += kDot + std::string("address ") + address;
  return text;
}

std::string again_line(const RunArguments& run, const Arguments& argv, std::uint64_t seed) {
  auto words = redact_words(argv, run.source);
  if (!run.seed && draws_random_values(run.plan)) {
    words.emplace_back("--seed");
    words.push_back(std::to_string(seed));
  }
  return shell_line(words);
}

}  // namespace saturn::cli
