// A plan file → Plan. Reading and validate() together find every error; what validate() says of a value that
// could not be read is left out, and what comes from `defaults` is told at its place there.
// Tested in tests/unit/plan_parse_test.cpp.
#include <algorithm>
#include <optional>
#include <set>
#include <utility>

#include "core/plan/fields.hpp"
#include "core/plan/limits.hpp"
#include "core/plan/parse.hpp"
#include "core/plan/parse_step.hpp"
#include "core/plan/rate.hpp"
#include "core/plan/threshold.hpp"

namespace saturn {
namespace {

constexpr Executor kExecutors[] = {Executor::constant_vus,          Executor::per_vu_iterations,
                                   Executor::shared_iterations,     Executor::ramping_vus,
                                   Executor::constant_arrival_rate, Executor::ramping_arrival_rate};

struct Defaults {
  Scenario scenario;
  std::vector<Header> headers;
};

/// What `defaults` and a scenario have in common.
void read_common(Fields& fields, Scenario& scenario) {
  fields.read("warmup", scenario.warmup);
  fields.read("graceful_stop", scenario.graceful_stop);
  fields.read("timeout", scenario.timeout);
  fields.read("connect_timeout", scenario.connect_timeout);
  fields.read("pipeline", scenario.pipeline);
  fields.read("max_head", scenario.max_head_bytes);
  const bool limited = fields.find("requests_per_connection") != nullptr;
  fields.read("requests_per_connection", scenario.requests_per_connection);
  if (fields.find("keepalive") == nullptr) return;
  bool keepalive = true;
  fields.read("keepalive", keepalive);
  if (limited)
    return fields.fail("keepalive", "\"requests_per_connection\" says this already", "keep one of them");
  scenario.requests_per_connection = keepalive ? std::nullopt : std::optional<std::uint64_t>(1);
}

void read_executor(Fields& fields, Executor& executor) {
  std::string name;
  fields.read("executor", name);
  if (fields.find("executor") == nullptr)
    return fields.fail("executor", "a scenario needs an executor",
                       "constant-vus, shared-iterations, per-vu-iterations or constant-arrival-rate");
  if (name.empty()) return;
  std::vector<std::string_view> names;
  for (const auto known : kExecutors) {
    names.push_back(to_name(known));
    if (name == names.back()) {
      executor = known;  // validate() refuses those of a later version
      return;
    }
  }
  auto hint = did_you_mean(name, names);
  fields.fail("executor", "unknown executor \"" + name + "\"",
              hint.empty() ? "this version has constant-vus, shared-iterations, per-vu-iterations and "
                             "constant-arrival-rate"
                           : hint);
}

/// "200/s", or 200 for so many a second.
void read_rate(Fields& fields, std::optional<Rate>& rate, Errors& errors) {
  const auto* value = fields.find("rate");
  if (value == nullptr) return;
  const auto* text = value->as_string();
  if (text == nullptr && !value->as_double())
    return fields.fail("rate", "a rate is a string or a number, not " + std::string(value->type_name()),
                       "write for example \"200/s\"");
  const auto parsed = parse_rate(text != nullptr ? *text : to_text(*value), fields.place_of("rate"));
  if (parsed)
    rate = *parsed;
  else
    errors.insert(errors.end(), parsed.errors().begin(), parsed.errors().end());
}

/// Another file of saturn's, or none: that alone is worth saying.
std::optional<Error> other_kind(const json::Value& root) {
  struct Kind {
    std::string_view schema;
    const char* what;
    const char* remedy;
  };
  static constexpr Kind kKinds[] = {
      {"saturn.study/", "this is a study, not a plan", "run it with: saturn study FILE"},
      {"saturn.result/", "this is the result of a run, not a plan", "print it with: saturn report FILE"},
      {"saturn.study-result/", "this is the result of a study, not a plan",
       "print it with: saturn report FILE"},
      {"saturn.saturation/", "this is the result of saturn saturate, not a plan", "name a plan"},
      {"saturn.calibration/", "this is a calibration, not a plan", "name a plan"},
      {"saturn.doctor/", "this is what saturn doctor found, not a plan", "name a plan"}};
  const json::Value* schema = root.find("schema");
  const std::string* text = schema != nullptr ? schema->as_string() : nullptr;
  for (const auto& kind : kKinds)
    if (text != nullptr && text->starts_with(kind.schema)) return Error{"/schema", kind.what, kind.remedy};
  if (schema == nullptr && root.find("scenarios") == nullptr && root.find("base_url") == nullptr)
    return Error{"", "this JSON is no plan of saturn: it has no \"scenarios\"",
                 R"(a plan begins with { "schema": "saturn.plan/1", … })"};
  return std::nullopt;
}

class PlanReader {
 public:
  PlanReader(const json::Value& root, std::string_view base_url) : root_(root) { plan_.base_url = base_url; }

  Result<Plan> run() {
    Fields fields(root_, {}, errors_);
    if (root_.as_object() == nullptr) return errors_;
    if (auto other = other_kind(root_)) return *std::move(other);
    read_schema(fields);
    if (plan_.base_url.empty())
      fields.read("base_url", plan_.base_url);
    else
      fields.find("base_url");  // overridden
    fields.read("gap", plan_.gap);
    fields.read("seed", plan_.seed);
    if (const auto* defaults = fields.find("defaults")) read_defaults(*defaults);
    read_scenarios(fields);
    read_mode(fields);
    read_thresholds(fields, plan_.thresholds, errors_);
    fields.not_yet({"data", "vars"});
    fields.finish();
    add_validation();
    if (!errors_.empty()) return errors_;
    return std::move(plan_);
  }

 private:
  void read_schema(Fields& fields) {
    std::string schema = "saturn.plan/1";
    fields.read("schema", schema);
    if (schema != "saturn.plan/1")
      fields.fail("schema", "\"" + schema + "\" is not the format of a plan",
                  "this version reads saturn.plan/1");
  }

  void read_defaults(const json::Value& value) {
    Fields fields(value, "/defaults", errors_);
    read_common(fields, defaults_.scenario);
    if (const auto* headers = fields.find("headers"))
      defaults_.headers = parse_headers(*headers, "/defaults/headers", errors_);
    fields.not_yet({"think", "cookies"});
    fields.finish();
  }

  void read_scenarios(Fields& fields) {
    const auto* value = fields.find("scenarios");
    if (value == nullptr) return;  // validate() says so
    const auto* list = value->as_array();
    if (list == nullptr)
      return fields.fail("scenarios", "a list is wanted here, not " + std::string(value->type_name()));
    for (std::size_t i = 0; i < list->size(); ++i)
      plan_.scenarios.push_back(read_scenario((*list)[i], "/scenarios/" + std::to_string(i)));
  }

  Scenario read_scenario(const json::Value& value, const std::string& place) {
    Scenario scenario = defaults_.scenario;
    scenario.name.clear();
    Fields fields(value, place, errors_);
    if (value.as_object() == nullptr) return scenario;
    fields.read("name", scenario.name);
    read_executor(fields, scenario.executor);
    fields.read("vus", scenario.vus);
    fields.read("duration", scenario.duration);
    fields.read("iterations", scenario.iterations);
    read_arrivals(fields, scenario);
    read_common(fields, scenario);
    fields.not_yet({"stages", "arrival", "start", "weight", "data", "cookies"});
    read_thresholds(fields, scenario.thresholds, errors_);
    fields.instead({"check", "checks", "expect"},
                   R"(write "expect": { "status": 200 } in a step of the flow)");
    fields.instead({"header", "headers"}, "write \"headers\" in a step of the flow, or in defaults");
    fields.instead({"connections"}, R"(write "vus": 10)");
    fields.instead({"requests"}, R"(write "iterations": 1000)");
    fields.instead({"steps"}, R"(write "flow": [ … ])");
    read_flow(fields, place, scenario);
    fields.finish();
    return scenario;
  }

  void read_arrivals(Fields& fields, Scenario& scenario) {
    read_rate(fields, scenario.rate, errors_);
    fields.read("backlog", scenario.backlog);
    if (fields.find("max_in_flight") != nullptr)
      fields.read("max_in_flight", scenario.max_in_flight.emplace(limits::kInFlight));
    settle_in_flight(scenario, fields.find("vus") != nullptr);
  }

  void read_flow(Fields& fields, const std::string& place, Scenario& scenario) {
    const auto* value = fields.find("flow");
    if (value == nullptr) return;
    const auto* list = value->as_array();
    if (list == nullptr)
      return fields.fail("flow", "a list of steps is wanted here, not " + std::string(value->type_name()));
    for (std::size_t i = 0; i < list->size(); ++i)
      scenario.flow.push_back(
          parse_step((*list)[i], place + "/flow/" + std::to_string(i), defaults_.headers, errors_));
  }

  void read_mode(Fields& fields) {
    std::string mode;
    fields.read("mode", mode);
    const bool present = fields.find("mode") != nullptr;
    if (mode == "parallel")
      fields.fail("mode", "\"parallel\" is not in this version", R"(use "mode": "sequential")");
    else if (!mode.empty() && mode != "sequential")
      fields.fail("mode", "unknown mode \"" + mode + "\"", "modes are sequential and parallel");
    else if (!present && plan_.scenarios.size() > 1)
      fields.fail("mode", "more than one scenario needs a mode", R"(add "mode": "sequential")");
  }

  /// Was `place` unreadable, or something in it? Then validate() looked at a default and has nothing to say.
  bool unreadable(const std::string& place) const {
    const auto holds = [](const std::string& outer, const std::string& inner) {
      return inner.rfind(outer, 0) == 0 && (inner.size() == outer.size() || inner[outer.size()] == '/');
    };
    return std::any_of(errors_.begin(), errors_.begin() + static_cast<std::ptrdiff_t>(read_errors_),
                       [&](const Error& error) {
                         if (holds(place, error.place)) return true;
                         const auto* value = json::at_pointer(root_, error.place);
                         const bool object = value != nullptr && value->as_object() != nullptr;
                         return !object && holds(error.place, place);
                       });
  }

  /// "/scenarios/0/timeout" is "/defaults/timeout" when only that was written; the same for a step's headers.
  std::string origin_of(const std::string& place) const {
    if (json::at_pointer(root_, place) != nullptr) return place;
    std::string in_defaults = "/defaults" + place.substr(place.find_last_of('/'));
    if (place.find("/headers/") != std::string::npos)
      in_defaults = "/defaults" + place.substr(place.find("/headers/"));
    return json::at_pointer(root_, in_defaults) != nullptr ? in_defaults : place;
  }

  void add_validation() {
    read_errors_ = errors_.size();
    std::set<std::pair<std::string, std::string>> seen;  // a default's error stands once, not once a scenario
    for (auto& error : validate(plan_)) {
      error.place = origin_of(error.place);
      if (unreadable(error.place) || !seen.emplace(error.place, error.message).second) continue;
      errors_.push_back(std::move(error));
    }
  }

  const json::Value& root_;
  Plan plan_;
  Defaults defaults_;
  Errors errors_;
  std::size_t read_errors_ = 0;
};

}  // namespace

Result<Plan> parse_plan(std::string_view text, std::string_view base_url) {
  const auto root = json::parse(text);
  if (!root) return root.errors();
  return PlanReader(*root, base_url).run();
}

}  // namespace saturn
