// The reading half of a study file: JSON to StudyPlan. What has to hold between its parts is checked in
// study_check.cpp.
#include "core/json/value.hpp"
#include "core/plan/fields.hpp"
#include "core/plan/parse.hpp"
#include "study/sha256.hpp"
#include "study/study_check.hpp"
#include "study/study_plan.hpp"

namespace saturn::study {
namespace {

namespace fs = std::filesystem;

/// Stands for the target's, which is known when it runs.
constexpr std::string_view kOpenUrl = "http://127.0.0.1";

void append(Errors& all, const Errors& more) {
  all.insert(all.end(), more.begin(), more.end());
}

bool required(Fields& fields, std::string_view key) {
  if (fields.find(key) != nullptr) return true;
  fields.fail(key, "is missing");
  return false;
}

const json::Array& array_of(Fields& fields, std::string_view key) {
  static const json::Array none;
  const json::Value* value = fields.find(key);
  if (value == nullptr) return none;
  if (value->as_array() == nullptr)
    fields.fail(key, "a list is wanted here, not " + std::string(value->type_name()));
  return value->as_array() != nullptr ? *value->as_array() : none;
}

const json::Object& object_of(Fields& fields, std::string_view key) {
  static const json::Object none;
  const json::Value* value = fields.find(key);
  if (value == nullptr) return none;
  if (value->as_object() == nullptr)
    fields.fail(key, "an object is wanted here, not " + std::string(value->type_name()));
  return value->as_object() != nullptr ? *value->as_object() : none;
}

std::vector<std::string> texts_of(Fields& fields, std::string_view key, Errors& errors) {
  std::vector<std::string> texts;
  const json::Array& items = array_of(fields, key);
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (items[i].as_string() != nullptr)
      texts.push_back(*items[i].as_string());
    else
      errors.push_back({fields.place_of(key) + "/" + std::to_string(i), "a string is wanted here", {}});
  }
  return texts;
}

/// Scenarios inside a study file go through the plan's own parser; `place` is where they stand.
std::vector<Scenario> read_scenarios(const json::Array& scenarios, const std::string& place, Errors& errors) {
  const std::string inner = "/scenarios";
  json::Object plan;
  plan.push_back({"mode", json::Value("sequential")});
  plan.push_back({"scenarios", json::Value(scenarios)});
  auto parsed = parse_plan(json::to_text(json::Value(std::move(plan))), kOpenUrl);
  if (parsed) return std::move(parsed->scenarios);
  for (Error error : parsed.errors()) {
    if (error.place.starts_with(inner)) error.place = place + error.place.substr(inner.size());
    errors.push_back(std::move(error));
  }
  return {};
}

/// Another file of saturn's, or none: that alone is worth saying.
std::optional<Error> other_kind(const json::Value& root) {
  const json::Value* schema = root.find("schema");
  const std::string* text = schema != nullptr ? schema->as_string() : nullptr;
  if (root.as_object() != nullptr && schema == nullptr && root.find("scenarios") != nullptr)
    return Error{"/schema", "is missing: this looks like a plan, not a study",
                 "run it with: saturn run FILE"};
  if (root.as_object() != nullptr && schema == nullptr && root.find("targets") == nullptr)
    return Error{"/schema", "is missing: this is no study of saturn",
                 R"(a study begins with { "schema": "saturn.study/1", … })"};
  if (text == nullptr) return std::nullopt;
  if (text->starts_with("saturn.plan/"))
    return Error{"/schema", "this is a plan, not a study", "run it with: saturn run FILE"};
  if (text->starts_with("saturn.study-result/"))
    return Error{"/schema", "this is the result of a study, not a study",
                 "print it with: saturn report FILE"};
  if (text->starts_with("saturn.result/"))
    return Error{"/schema", "this is the result of a run, not a study", "print it with: saturn report FILE"};
  return std::nullopt;
}

class StudyReader {
 public:
  StudyReader(const fs::path& folder, const FileReader& read_file, Errors& errors)
      : folder_(folder), read_file_(read_file), errors_(errors) {}

  StudyPlan read(const json::Value& root) {
    Fields fields(root, "", errors_);
    if (root.as_object() == nullptr) return {};
    read_schema(fields);
    if (required(fields, "name")) fields.read("name", plan_.name);
    if (required(fields, "plan")) read_plan_file(fields);
    if (required(fields, "targets")) {
      const json::Array& targets = array_of(fields, "targets");
      for (std::size_t i = 0; i < targets.size(); ++i)
        read_target(targets[i], fields.place_of("targets") + "/" + std::to_string(i));
    }
    if (required(fields, "procedure"))
      read_procedure(*fields.find("procedure"), fields.place_of("procedure"));
    fields.read("repeats", base_.repeats);
    read_profiles(fields);
    if (required(fields, "metrics")) read_metrics(fields);
    fields.read("baseline", plan_.baseline);
    fields.finish();
    return std::move(plan_);
  }

 private:
  fs::path absolute(const std::string& path) const { return fs::weakly_canonical(folder_ / path); }

  void read_schema(Fields& fields) {
    std::string schema;
    if (required(fields, "schema")) fields.read("schema", schema);
    if (!schema.empty() && schema != "saturn.study/1")
      fields.fail("schema", "\"" + schema + "\" is not the format of a study",
                  "this version reads saturn.study/1");
  }

  void read_plan_file(Fields& fields) {
    std::string name;
    fields.read("plan", name);
    if (name.empty()) return;
    const auto text = read_file_(folder_ / name);
    if (!text) return fields.fail("plan", to_text(text.errors().front()));
    plan_.plan_sha256 = sha256(*text);
    auto parsed = parse_plan(*text, kOpenUrl);
    if (parsed) {
      plan_.plan = std::move(*parsed);
      base_.gap = plan_.plan.gap;
      return;
    }
    for (Error error : parsed.errors()) {
      error.place = name + (error.place.empty() ? "" : " ") + error.place;
      errors_.push_back(std::move(error));
    }
  }

  void read_target(const json::Value& value, const std::string& place) {
    Fields fields(value, place, errors_);
    if (value.as_object() == nullptr) return;
    TargetPlan target;
    if (required(fields, "name")) fields.read("name", target.name);
    read_role(fields, target);
    if (required(fields, "launch")) read_launch(*fields.find("launch"), place + "/launch", target);
    for (const auto& setting : object_of(fields, "settings"))
      read_setting(setting, fields.place_of("settings"), target);
    for (const auto& [scenario, number] : object_of(fields, "published")) {
      if (number.as_double())
        target.published[scenario] = *number.as_double();
      else
        errors_.push_back({fields.place_of("published") + "/" + json::pointer_token(scenario),
                           "a number is wanted here",
                           {}});
    }
    target.versions = texts_of(fields, "versions", errors_);
    target.only = texts_of(fields, "only", errors_);
    target.profiles = texts_of(fields, "profiles", errors_);
    fields.finish();
    plan_.targets.push_back(std::move(target));
  }

  static void read_role(Fields& fields, TargetPlan& target) {
    std::string role = "stack";
    fields.read("role", role);
    for (const Role known : {Role::stack, Role::variant, Role::ceiling}) {
      if (role != to_name(known)) continue;
      target.role = known;
      return;
    }
    fields.fail("role", "unknown role \"" + role + "\"", "roles are stack, variant and ceiling");
  }

  void read_setting(const json::Member& setting, const std::string& place, TargetPlan& target) {
    if (const std::string* text = setting.value.as_string())
      target.settings.push_back({setting.key, *text, false});
    else if (const auto number = setting.value.as_int64())
      target.settings.push_back({setting.key, std::to_string(*number), true});
    else
      errors_.push_back(
          {place + "/" + json::pointer_token(setting.key), "a string or a whole number is wanted here", {}});
  }

  void read_launch(const json::Value& value, const std::string& place, TargetPlan& target) {
    Fields launch(value, place, errors_);
    if (value.as_object() == nullptr) return;
    launch.not_yet({"docker", "external"});
    const json::Value* process = launch.find("process");
    launch.finish();
    if (process == nullptr) {
      if (value.find("docker") == nullptr && value.find("external") == nullptr) required(launch, "process");
      return;
    }
    Fields fields(*process, place + "/process", errors_);
    if (process->as_object() == nullptr) return;
    std::string requirements, cwd = ".";
    fields.read("requirements", requirements);
    if (!requirements.empty()) target.process.requirements = absolute(requirements);
    fields.read("cwd", cwd);
    target.process.cwd = absolute(cwd);
    target.process.before = texts_of(fields, "before", errors_);
    if (required(fields, "command")) target.process.command = texts_of(fields, "command", errors_);
    for (const auto& [name, text] : object_of(fields, "env")) {
      if (text.as_string() != nullptr)
        target.process.env.emplace_back(name, *text.as_string());
      else
        errors_.push_back(
            {fields.place_of("env") + "/" + json::pointer_token(name), "a string is wanted here", {}});
    }
    fields.finish();
  }

  void read_procedure(const json::Value& value, const std::string& place) {
    Fields fields(value, place, errors_);
    if (value.as_object() == nullptr) return;
    if (required(fields, "ready")) {
      const json::Value& ready = *fields.find("ready");
      Fields rule(ready, place + "/ready", errors_);
      if (ready.as_object() != nullptr && required(rule, "get")) rule.read("get", plan_.ready.path);
      rule.read("times", plan_.ready.times);
      rule.read("timeout", plan_.ready.timeout);
      rule.finish();
    }
    fields.read("settle", base_.settle);
    fields.read("pause", base_.pause);
    fields.read("idle", base_.idle);
    if (required(fields, "seed")) read_seed(*fields.find("seed"), place + "/seed");
    const json::Array& warmup = array_of(fields, "warmup");
    if (!warmup.empty()) plan_.warmup = read_scenarios(warmup, place + "/warmup", errors_);
    fields.read("read_back", plan_.read_back);
    fields.finish();
  }

  /// The step's keys stand beside the seed's own: everything else goes to the plan's parser as a step.
  void read_seed(const json::Value& value, const std::string& place) {
    Fields fields(value, place, errors_);
    if (value.as_object() == nullptr) return;
    if (required(fields, "list")) fields.read("list", plan_.seed.count_path);
    if (!required(fields, "count")) return;
    json::Object step, scenario;
    for (const auto& member : *value.as_object())
      if (member.key != "count" && member.key != "vus" && member.key != "list") step.push_back(member);
    scenario.push_back({"name", json::Value("seed")});
    scenario.push_back({"executor", json::Value("shared-iterations")});
    const json::Value* vus = fields.find("vus");
    scenario.push_back({"vus", vus != nullptr ? *vus : json::Value(std::int64_t{10})});
    scenario.push_back({"iterations", *fields.find("count")});
    scenario.push_back({"flow", json::Value(json::Array{json::Value(std::move(step))})});
    Errors inner;
    const auto scenarios = read_scenarios({json::Value(std::move(scenario))}, place, inner);
    for (Error& error : inner) {
      const auto moved = [&](const std::string& from, const std::string& to) {
        if (error.place.starts_with(from)) error.place = to + error.place.substr(from.size());
      };
      moved(place + "/0/flow/0", place);
      moved(place + "/0/iterations", place + "/count");
      moved(place + "/0/vus", place + "/vus");
    }
    append(errors_, inner);
    if (!scenarios.empty()) plan_.seed.scenario = scenarios.front();
  }

  void read_profiles(Fields& study) {
    const json::Object& profiles = object_of(study, "profiles");
    for (const auto& [name, value] : profiles) {
      const std::string place = study.place_of("profiles") + "/" + json::pointer_token(name);
      Fields fields(value, place, errors_);
      Profile profile = base_;
      profile.name = name;
      fields.read("repeats", profile.repeats);
      fields.read("settle", profile.settle);
      fields.read("pause", profile.pause);
      fields.read("idle", profile.idle);
      fields.read("gap", profile.gap);
      fields.read("max_duration", profile.max_duration);
      if (const json::Value* scale = fields.find("scale")) {
        Fields factors(*scale, place + "/scale", errors_);
        read_factor(factors, "duration", profile.duration_scale);
        read_factor(factors, "iterations", profile.iteration_scale);
        factors.finish();
      }
      fields.finish();
      plan_.profiles.push_back(profile);
    }
    if (plan_.find_profile("full") != nullptr) return;
    Profile full = base_;
    full.name = "full";
    plan_.profiles.push_back(full);
  }

  static void read_factor(Fields& fields, std::string_view key, double& factor) {
    const json::Value* value = fields.find(key);
    if (value == nullptr) return;
    if (value->as_double().value_or(0) > 0)
      factor = *value->as_double();
    else
      fields.fail(key, "a number above 0 is wanted here");
  }

  void read_metrics(Fields& fields) {
    for (const auto& [scenario, metric] : object_of(fields, "metrics")) {
      const std::string* name = metric.as_string();
      if (name != nullptr && *name == to_name(Metric::rps))
        plan_.metrics.emplace_back(scenario, Metric::rps);
      else if (name != nullptr && *name == to_name(Metric::mean_latency))
        plan_.metrics.emplace_back(scenario, Metric::mean_latency);
      else
        errors_.push_back({fields.place_of("metrics") + "/" + json::pointer_token(scenario),
                           "metrics are rps and mean_latency",
                           {}});
    }
  }

  const fs::path& folder_;
  const FileReader& read_file_;
  Errors& errors_;
  StudyPlan plan_;
  Profile base_;  ///< what the procedure says; each profile changes it
};

}  // namespace

Result<StudyPlan> parse_study(std::string_view json, const fs::path& folder, const FileReader& read_file) {
  const auto root = json::parse(json);
  if (!root) return root.errors();
  if (auto other = other_kind(*root)) return *std::move(other);
  Errors errors;
  StudyPlan plan = StudyReader(folder, read_file, errors).read(*root);
  plan.folder = fs::weakly_canonical(folder);
  plan.sha256 = sha256(json);
  if (errors.empty()) append(errors, check_study(plan));
  if (!errors.empty()) return errors;
  expect_success(plan);
  return plan;
}

}  // namespace saturn::study
