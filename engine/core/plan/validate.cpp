// What makes a plan runnable, whether it came from a file or from flags. Every error is found, each with the
// pointer a plan file would have. Pure; tested in tests/unit/plan_validate_test.cpp.
#include <algorithm>
#include <map>

#include "core/plan/limits.hpp"
#include "core/plan/parse.hpp"
#include "core/plan/rate.hpp"
#include "core/plan/step_check.hpp"
#include "core/plan/text.hpp"

namespace saturn {
namespace {

constexpr const char* kExecutorsOfThisVersion =
    "this version has constant-vus, shared-iterations, per-vu-iterations and constant-arrival-rate";

class ScenarioCheck {
 public:
  ScenarioCheck(const Scenario& scenario, std::string place, Errors& errors)
      : scenario_(scenario), place_(std::move(place)), errors_(errors) {}

  void run() {
    check_name();
    check_load();
    check_times();
    check_connections();
    check_flow();
  }

 private:
  void fail(std::string_view key, std::string message, std::string remedy = {}) {
    errors_.push_back({place_ + "/" + std::string(key), std::move(message), std::move(remedy)});
  }

  void check_name() {
    if (scenario_.name.empty()) fail("name", "a scenario needs a name");
    if (scenario_.name.size() > limits::kNameBytes)
      fail("name", "the name is longer than " + std::to_string(limits::kNameBytes) + " bytes");
    if (has_control(scenario_.name)) fail("name", "the name holds a control character");
  }

  void check_load() {
    if (scenario_.executor == Executor::constant_arrival_rate) return check_arrivals();
    const bool constant = scenario_.executor == Executor::constant_vus;
    const bool per_vu = scenario_.executor == Executor::per_vu_iterations;
    if (!constant && !per_vu && scenario_.executor != Executor::shared_iterations) {
      return fail("executor", std::string(to_name(scenario_.executor)) + " is not in this version",
                  kExecutorsOfThisVersion);
    }
    check_no_arrivals();
    check_vus();
    if (constant && !scenario_.duration && !scenario_.iterations)
      fail("duration", "constant-vus needs a duration or iterations, or it would never end",
           "add \"duration\": \"10s\"");
    if (!constant && !scenario_.iterations)
      fail("iterations", std::string(to_name(scenario_.executor)) + " needs iterations",
           per_vu ? "how many each VU does" : "how many all VUs do together");
    check_iterations(limits::kIterations / (per_vu ? std::max(scenario_.vus, 1U) : 1U));
  }

  void check_vus() {
    if (scenario_.vus < 1 || scenario_.vus > limits::kVus)
      fail("vus", "vus must be 1 to " + std::to_string(limits::kVus));
  }

  void check_iterations(std::uint64_t most) {
    if (scenario_.iterations && (*scenario_.iterations < 1 || *scenario_.iterations > most))
      fail("iterations", "iterations must be 1 to " + std::to_string(most));
  }

  /// What belongs to a schedule means nothing where answers set the pace.
  void check_no_arrivals() {
    const auto refuse = [&](std::string_view key) {
      fail(key, std::string(to_name(scenario_.executor)) + " has no " + std::string(key),
           R"(use "executor": "constant-arrival-rate", or leave it out)");
    };
    if (scenario_.rate) refuse("rate");
    if (scenario_.max_in_flight) refuse("max_in_flight");
    if (scenario_.backlog) refuse("backlog");
  }

  void check_arrivals() {
    if (!scenario_.rate)
      fail("rate", "constant-arrival-rate needs a rate", R"(add "rate": "1000/s")");
    else
      check_rate(*scenario_.rate);
    check_vus();
    if (scenario_.max_in_flight && (*scenario_.max_in_flight < 1 || *scenario_.max_in_flight > limits::kVus))
      fail("max_in_flight", "max_in_flight must be 1 to " + std::to_string(limits::kVus));
    else if (const auto most = scenario_.max_in_flight.value_or(limits::kInFlight);
             scenario_.rate && scenario_.vus > most)
      fail("max_in_flight",
           "less in flight (" + std::to_string(most) + ") than connections at the start (" +
               std::to_string(scenario_.vus) + ")",
           "raise it, or open fewer");
    if (scenario_.backlog && *scenario_.backlog > limits::kBacklog)
      fail("backlog", "backlog must be 0 to " + std::to_string(limits::kBacklog));
    if (!scenario_.duration && !scenario_.iterations)
      fail("duration", "constant-arrival-rate needs a duration or iterations, or it would never end",
           "add \"duration\": \"10s\"");
    check_iterations(limits::kIterations);
  }

  void check_rate(const Rate& rate) {
    const bool positive = rate.count > 0 && rate.per.count() > 0;
    if (!positive || rate.per > limits::kTime ||
        arrivals_within(rate, std::chrono::seconds(1)) > limits::kArrivals)
      fail("rate", "rate must be more than 0 and at most " + std::to_string(limits::kArrivals) + "/s",
           "write for example \"1000/s\"");
  }

  void check_time(std::string_view key, Nanos time, bool may_be_zero) {
    if (time.count() < 0 || (time.count() == 0 && !may_be_zero))
      fail(key, std::string(key) + (may_be_zero ? " must not be negative" : " must be more than 0"));
    if (time > limits::kTime)
      fail(key, std::string(key) + " must not be above " + format_duration(limits::kTime));
  }

  void check_times() {
    if (scenario_.duration) check_time("duration", *scenario_.duration, false);
    check_time("warmup", scenario_.warmup, true);
    check_time("graceful_stop", scenario_.graceful_stop, true);
    check_time("timeout", scenario_.timeout, false);
    check_time("connect_timeout", scenario_.connect_timeout, false);
  }

  void check_connections() {
    const auto per_connection = scenario_.requests_per_connection;
    if (scenario_.pipeline < 1 || scenario_.pipeline > limits::kPipeline)
      fail("pipeline", "pipeline must be 1 to " + std::to_string(limits::kPipeline));
    else if (scenario_.pipeline > 1 && scenario_.rate)
      fail("pipeline",
           "a schedule is not pipelined: behind another request an answer waits for its neighbour",
           "use pipeline 1; max_in_flight says how many requests may be under way");
    else if (scenario_.pipeline > 1 && scenario_.flow.size() > 1)
      fail("pipeline", "a flow of several steps cannot be pipelined: its steps run in order",
           "use pipeline 1, or a flow of one step");
    else if (per_connection && *per_connection >= 1 && *per_connection < scenario_.pipeline)
      fail("pipeline", "more requests in flight than a connection carries in all",
           "use a pipeline of at most " + std::to_string(*per_connection));
    if (per_connection && *per_connection < 1)
      fail("requests_per_connection", "a connection carries at least 1 request", "leave it out for no limit");
    if (scenario_.max_head_bytes < limits::kMinHeadBytes || scenario_.max_head_bytes > limits::kMaxHeadBytes)
      fail("max_head", "max_head must be " + std::to_string(limits::kMinHeadBytes) + " to " +
                           std::to_string(limits::kMaxHeadBytes) + " bytes");
  }

  void check_flow() {
    if (scenario_.flow.empty()) return fail("flow", "a flow needs at least one step");
    if (scenario_.flow.size() > limits::kSteps)
      return fail("flow", "a flow has at most " + std::to_string(limits::kSteps) + " steps");
    for (std::size_t i = 0; i < scenario_.flow.size(); ++i)
      check_step(scenario_.flow[i], place_ + "/flow/" + std::to_string(i), errors_);
  }

  const Scenario& scenario_;
  std::string place_;
  Errors& errors_;
};

void check_base_url(const Plan& plan, Errors& errors) {
  if (plan.base_url.empty()) {
    errors.push_back({"/base_url", "the plan has no base_url", "add one, or give --base-url"});
    return;
  }
  const auto url = parse_url(plan.base_url, "/base_url");
  if (!url)
    errors.insert(errors.end(), url.errors().begin(), url.errors().end());
  else if (url->path.find_first_of("?{") != std::string::npos)
    errors.push_back(
        {"/base_url", "a base URL has neither a query nor templates", "put them into the path of a step"});
}

}  // namespace

Errors validate(const Plan& plan) {
  Errors errors;
  check_base_url(plan, errors);
  if (plan.gap.count() < 0 || plan.gap > limits::kTime)
    errors.push_back({"/gap", "gap must be 0s to " + format_duration(limits::kTime), {}});
  if (plan.scenarios.empty()) errors.push_back({"/scenarios", "the plan has no scenarios", {}});
  if (plan.scenarios.size() > limits::kScenarios) {
    errors.push_back(
        {"/scenarios", "a plan has at most " + std::to_string(limits::kScenarios) + " scenarios", {}});
    return errors;
  }

  std::map<std::string_view, std::size_t> first_of_name;
  for (std::size_t i = 0; i < plan.scenarios.size(); ++i) {
    const std::string place = "/scenarios/" + std::to_string(i);
    const auto [first, is_new] = first_of_name.emplace(plan.scenarios[i].name, i);
    if (!is_new && !plan.scenarios[i].name.empty())
      errors.push_back({place + "/name",
                        "\"" + plan.scenarios[i].name + "\" is the name of scenario " +
                            std::to_string(first->second) + " already",
                        "results are told apart by name"});
    ScenarioCheck(plan.scenarios[i], place, errors).run();
  }
  return errors;
}

}  // namespace saturn
