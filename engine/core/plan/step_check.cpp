#include "core/plan/step_check.hpp"

#include <algorithm>
#include <utility>

#include "core/json/value.hpp"
#include "core/plan/limits.hpp"
#include "core/plan/parse_step.hpp"
#include "core/plan/template.hpp"
#include "core/plan/text.hpp"

namespace saturn {
namespace {

/// Template errors go to `errors`; the number of values comes back.
std::size_t check_templates(std::string_view text, const std::string& place, Errors& errors,
                            TemplateIn in = TemplateIn::text) {
  const auto parts = parse_template(text, place, in);
  if (!parts) {
    errors.insert(errors.end(), parts.errors().begin(), parts.errors().end());
    return 0;
  }
  return static_cast<std::size_t>(std::count_if(
      parts->begin(), parts->end(), [](const auto& part) { return part.kind != Piece::Kind::literal; }));
}

std::size_t check_path(const Step& step, const std::string& place, Errors& errors) {
  if (const auto problem = path_problem(step.path); !problem.empty()) {
    const bool starts_wrong = step.path.empty() || step.path.front() != '/';
    errors.push_back(
        {place, problem,
         starts_wrong ? "the host stands in base_url, a step has only the path" : "percent-encode it"});
    return 0;
  }
  return check_templates(step.path, place, errors);
}

std::size_t check_headers(const Step& step, const std::string& place, Errors& errors) {
  if (step.headers.size() > limits::kHeaders)
    errors.push_back({place, "a request has at most " + std::to_string(limits::kHeaders) + " headers", {}});
  std::size_t values = 0, bytes = step.path.size(), hosts = 0;
  for (const auto& header : step.headers) {
    const std::string at = place + "/" + json::pointer_token(header.name);
    check_header(header, at, errors);
    Errors already_told;
    values += check_templates(header.value, at, already_told);
    bytes += header.name.size() + header.value.size() + 4;
    if (equal_ignoring_case(header.name, "host") && ++hosts == 2)
      errors.push_back({at, "a request has one Host header", {}});
  }
  if (bytes > limits::kHeadBytes)
    errors.push_back(
        {place,
         "path and headers together have at most " + std::to_string(limits::kHeadBytes) + " bytes",
         {}});
  return values;
}

std::size_t check_body(const Step& step, const std::string& place, Errors& errors) {
  if (step.body.size() > limits::kBodyBytes) {
    errors.push_back({place, "the body has more than " + std::to_string(limits::kBodyBytes) + " bytes", {}});
    return 0;
  }
  if (step.body_kind == BodyKind::json) {
    const auto value = json::parse(step.body);
    if (!value) {
      for (const auto& error : value.errors())
        errors.push_back({place + error.place, error.message, error.remedy});
      return 0;
    }
  }
  const bool json = step.body_kind == BodyKind::json;
  return check_templates(step.body, place, errors, json ? TemplateIn::json : TemplateIn::text);
}

void check_expect(const Step& step, const std::string& place, Errors& errors) {
  for (const int status : step.expect.statuses)
    if (status < 200 || status > 999)
      errors.push_back({place + "/status", std::to_string(status) + " is not the status of a whole response",
                        "statuses are 200 to 999"});
  if (!step.expect.json_equals_request) return;
  const std::string at = place + "/json_equals_request";
  if (step.body_kind != BodyKind::json)
    errors.push_back({at, "the request has no JSON body to compare with", "give the step a \"json\""});
  else if (step.body.size() > limits::kGatheredBytes)
    errors.push_back(
        {at, "a body above " + std::to_string(limits::kGatheredBytes) + " bytes is not compared", {}});
  if (step.method == "HEAD") errors.push_back({at, "the answer to HEAD has no body", {}});
}

}  // namespace

void check_header(const Header& header, const std::string& place, Errors& errors) {
  if (!is_token(header.name))
    errors.push_back({place, "\"" + header.name + "\" is not a header name", "letters, digits and -"});
  if (has_control(header.value))
    errors.push_back({place, "the value holds a line break or another control character",
                      "it would end the header and begin another"});
  if (equal_ignoring_case(header.name, "content-length") ||
      equal_ignoring_case(header.name, "transfer-encoding"))
    errors.push_back({place, header.name + " follows from the body", "leave it out"});
  check_templates(header.value, place, errors);
}

void check_step(const Step& step, const std::string& place, Errors& errors) {
  const std::string key(key_of_method(step.method));
  const std::string at_method = place + "/" + (key.empty() ? "method" : key);
  const std::string at_path = place + "/" + (key.empty() ? "path" : key);
  if (!is_token(step.method) || step.method.size() > limits::kMethodBytes)
    errors.push_back({at_method, "\"" + step.method + "\" is not an HTTP method", {}});
  else if (step.method == "CONNECT")
    errors.push_back({at_method, "CONNECT makes a tunnel, which is not load", {}});
  if (step.name.size() > limits::kNameBytes || has_control(step.name))
    errors.push_back(
        {place + "/name",
         "a name has at most " + std::to_string(limits::kNameBytes) + " bytes and no control characters",
         {}});

  const std::string at_body = place + (step.body_kind == BodyKind::json ? "/json" : "/body");
  const auto values = check_path(step, at_path, errors) + check_headers(step, place + "/headers", errors) +
                      check_body(step, at_body, errors);
  if (values > RequestTemplate::kMaxValues)
    errors.push_back({place,
                      "a request has at most " + std::to_string(RequestTemplate::kMaxValues) +
                          " templates, not " + std::to_string(values),
                      {}});
  check_expect(step, place + "/expect", errors);
}

}  // namespace saturn
