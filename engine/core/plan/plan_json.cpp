#include "core/plan/plan_json.hpp"

#include <algorithm>
#include <iterator>

#include "core/json/value.hpp"
#include "core/plan/limits.hpp"
#include "core/plan/parse.hpp"
#include "core/plan/parse_step.hpp"
#include "core/plan/rate.hpp"
#include "core/plan/text.hpp"

namespace saturn {
namespace {

constexpr const char* kHidden = "***";

std::string json_text(std::string_view text) {
  if (json::is_utf8(text)) return json::quoted(text);
  return json::quoted("(" + std::to_string(text.size()) + " bytes that are not UTF-8)");
}

/// Writes the members of one object, commas between them.
class ObjectWriter {
 public:
  ObjectWriter& raw(std::string_view key, std::string_view json) {
    text_ += text_.empty() ? "{" : ",";
    text_ += json::quoted(key) + ":";
    text_ += json;
    return *this;
  }
  ObjectWriter& text(std::string_view key, std::string_view value) { return raw(key, json_text(value)); }
  ObjectWriter& number(std::string_view key, std::uint64_t value) { return raw(key, std::to_string(value)); }
  ObjectWriter& duration(std::string_view key, Nanos value) { return text(key, format_duration(value)); }
  std::string finish() const { return text_.empty() ? "{}" : text_ + "}"; }

 private:
  std::string text_;
};

template <class List, class Write>
std::string json_list(const List& items, Write write) {
  std::string out = "[";
  for (const auto& item : items) out += (out.size() > 1 ? "," : "") + write(item);
  return out + "]";
}

bool is_secret(std::string_view header) {
  return equal_ignoring_case(header, "authorization") || equal_ignoring_case(header, "proxy-authorization") ||
         equal_ignoring_case(header, "cookie");
}

/// A header that is repeated becomes a list.
std::string headers_json(const std::vector<Header>& headers) {
  ObjectWriter out;
  for (std::size_t i = 0; i < headers.size(); ++i) {
    const auto& name = headers[i].name;
    const auto same = [&](const Header& other) { return other.name == name; };
    if (std::any_of(headers.begin(), headers.begin() + static_cast<std::ptrdiff_t>(i), same)) continue;
    std::vector<Header> all;
    std::copy_if(headers.begin(), headers.end(), std::back_inserter(all), same);
    const auto value = [](const Header& header) {
      return is_secret(header.name) ? json::quoted(kHidden) : json_text(header.value);
    };
    out.raw(name, all.size() == 1 ? value(all.front()) : json_list(all, value));
  }
  return out.finish();
}

std::string expect_json(const Expect& expect) {
  ObjectWriter out;
  if (!expect.statuses.empty())
    out.raw("status", json_list(expect.statuses, [](int status) { return std::to_string(status); }));
  if (expect.json_equals_request) out.raw("json_equals_request", "true");
  return out.finish();
}

std::string step_json(const Step& step) {
  ObjectWriter out;
  if (!step.name.empty()) out.text("name", step.name);
  const auto key = key_of_method(step.method);
  if (key.empty())
    out.text("method", step.method).text("path", step.path);
  else
    out.text(key, step.path);
  if (!step.headers.empty()) out.raw("headers", headers_json(step.headers));
  if (step.body_kind == BodyKind::json) out.raw("json", step.body);
  if (step.body_kind == BodyKind::text) out.text("body", step.body);
  if (!step.expect.statuses.empty() || step.expect.json_equals_request)
    out.raw("expect", expect_json(step.expect));
  return out.finish();
}

/// Left out where reading it again chooses the same: how many connections there are at the start and at most.
void write_arrivals(ObjectWriter& out, const Scenario& scenario) {
  out.text("rate", format_rate(*scenario.rate));
  Scenario chosen = scenario;
  settle_in_flight(chosen, false);
  if (scenario.max_in_flight || chosen.vus != scenario.vus)
    out.number("vus", scenario.vus)
        .number("max_in_flight", scenario.max_in_flight.value_or(limits::kInFlight));
  if (scenario.backlog) out.number("backlog", *scenario.backlog);
}

std::string thresholds_json(const std::vector<Threshold>& all) {
  return json_list(all, [](const Threshold& threshold) { return json_text(threshold.expression); });
}

std::string scenario_json(const Scenario& scenario) {
  ObjectWriter out;
  out.text("name", scenario.name).text("executor", to_name(scenario.executor));
  if (scenario.rate)
    write_arrivals(out, scenario);
  else
    out.number("vus", scenario.vus);
  if (scenario.duration) out.duration("duration", *scenario.duration);
  if (scenario.iterations) out.number("iterations", *scenario.iterations);
  out.duration("warmup", scenario.warmup).duration("graceful_stop", scenario.graceful_stop);
  out.duration("timeout", scenario.timeout).duration("connect_timeout", scenario.connect_timeout);
  out.number("pipeline", scenario.pipeline).number("max_head", scenario.max_head_bytes);
  if (scenario.requests_per_connection)
    out.number("requests_per_connection", *scenario.requests_per_connection);
  if (!scenario.thresholds.empty()) out.raw("thresholds", thresholds_json(scenario.thresholds));
  out.raw("flow", json_list(scenario.flow, step_json));
  return out.finish();
}

/// Everything up to the last @ of the authority; not by parse_url, whose refusal must not let a secret out.
std::string without_user_info(std::string_view url) {
  const auto scheme = url.find("://");
  const auto start = scheme == std::string_view::npos ? 0 : scheme + 3;
  const auto authority = url.substr(start, url.substr(start).find_first_of("/?#"));
  const auto at = authority.rfind('@');
  if (at == std::string_view::npos) return std::string(url);
  return std::string(url.substr(0, start)) + kHidden + std::string(url.substr(start + at));
}

}  // namespace

std::string redacted_plan(const Plan& plan) {
  ObjectWriter out;
  out.text("schema", "saturn.plan/1").text("base_url", without_user_info(plan.base_url));
  if (plan.scenarios.size() > 1) out.text("mode", "sequential");
  out.duration("gap", plan.gap);
  if (plan.seed) out.number("seed", *plan.seed);
  if (!plan.thresholds.empty()) out.raw("thresholds", thresholds_json(plan.thresholds));
  out.raw("scenarios", json_list(plan.scenarios, scenario_json));
  return out.finish();
}

}  // namespace saturn
