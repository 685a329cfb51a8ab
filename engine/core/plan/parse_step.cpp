#include "core/plan/parse_step.hpp"

#include <algorithm>

#include "core/plan/fields.hpp"
#include "core/plan/text.hpp"

namespace saturn {
namespace {

constexpr const char* kExpect = R"(write "expect": { "status": 200 })";

void read_request_line(Fields& fields, bool optional, const std::string& place, Step& step, Errors& errors) {
  std::size_t found = 0;
  std::string last_key;
  for (const auto& [key, method] : kMethodKeys) {
    if (fields.find(key) == nullptr) continue;
    step.method = method;
    fields.read(key, step.path);
    last_key = key;
    ++found;
  }
  if (fields.find("method") != nullptr) {
    fields.read("method", step.method);
    last_key = "method";
    ++found;
  }
  const bool has_path = fields.find("path") != nullptr;
  fields.read("path", step.path);
  if (found == 0 && !optional)
    errors.push_back({place, "a step needs a request", R"(write for example "get": "/hello")"});
  else if (found > 1)
    fields.fail(last_key, "a step makes one request", "make it two steps");
  else if (found == 1 && has_path != (last_key == "method"))
    fields.fail(has_path ? "path" : "method", has_path ? "the path stands behind \"" + last_key + "\" already"
                                                       : "\"method\" needs a \"path\"");
}

void read_body(Fields& fields, Step& step) {
  const auto* json = fields.find("json");
  const auto* body = fields.find("body");
  if (json != nullptr && body != nullptr)
    return fields.fail("body", "a request has one body", "keep \"json\" or \"body\"");
  if (json != nullptr) {
    step.body_kind = BodyKind::json;
    step.body = json::to_text(*json);
  } else if (body != nullptr) {
    step.body_kind = BodyKind::text;
    fields.read("body", step.body);
  }
}

void read_statuses(const json::Value& value, const std::string& place, std::vector<int>& statuses,
                   Errors& errors) {
  const auto* list = value.as_array();
  const json::Array single{value};
  const json::Array& items = list != nullptr ? *list : single;
  if (items.empty())
    errors.push_back({place, "the list of statuses is empty", "leave it out to accept 2xx and 3xx"});
  for (std::size_t i = 0; i < items.size(); ++i) {
    const auto status = items[i].as_int64();
    if (status && *status >= 200 && *status <= 999)
      statuses.push_back(static_cast<int>(*status));
    else
      errors.push_back({list != nullptr ? place + "/" + std::to_string(i) : place,
                        json::to_text(items[i]) + " is not the status of a whole response",
                        "statuses are numbers from 200 to 999"});
  }
}

void read_expect(const json::Value& value, const std::string& place, Expect& expect, Errors& errors) {
  Fields fields(value, place, errors);
  if (const auto* status = fields.find("status"))
    read_statuses(*status, place + "/status", expect.statuses, errors);
  fields.read("json_equals_request", expect.json_equals_request);
  fields.not_yet({"json", "body", "headers", "latency"});
  fields.instead({"statuses", "code", "codes"}, R"(write "status": 200, or a list)");
  fields.instead({"header"}, "headers of answers are not checked in this version: leave it out");
  fields.finish();
}

/// What a step sets itself replaces the default of the same name.
std::vector<Header> merged(const std::vector<Header>& defaults, const std::vector<Header>& own) {
  std::vector<Header> all;
  for (const auto& header : defaults) {
    const bool replaced = std::any_of(own.begin(), own.end(), [&](const Header& other) {
      return equal_ignoring_case(other.name, header.name);
    });
    if (!replaced) all.push_back(header);
  }
  all.insert(all.end(), own.begin(), own.end());
  return all;
}

}  // namespace

std::string_view key_of_method(std::string_view method) {
  for (const auto& known : kMethodKeys)
    if (known.method == method) return known.key;
  return {};
}

std::vector<Header> parse_headers(const json::Value& value, const std::string& place, Errors& errors) {
  std::vector<Header> headers;
  const auto* members = value.as_object();
  if (members == nullptr) {
    errors.push_back({place, "an object is wanted here, not " + std::string(value.type_name()),
                      R"(write for example { "Accept": "text/html" })"});
    return headers;
  }
  for (const auto& [name, content] : *members) {
    const std::string at = place + "/" + json::pointer_token(name);
    const auto* list = content.as_array();
    const json::Array single{content};
    const json::Array& items = list != nullptr ? *list : single;
    for (std::size_t i = 0; i < items.size(); ++i) {
      if (const auto* text = items[i].as_string())
        headers.push_back({name, *text});
      else
        errors.push_back({list != nullptr ? at + "/" + std::to_string(i) : at,
                          "a string is wanted here, not " + std::string(items[i].type_name()),
                          {}});
    }
  }
  return headers;
}

Step parse_step(const json::Value& value, const std::string& place,
                const std::vector<Header>& default_headers, Errors& errors) {
  Step step;
  Fields fields(value, place, errors);
  if (value.as_object() == nullptr) return step;
  fields.read("name", step.name);
  fields.not_yet({"think", "extract", "weight", "form", "cookies"});
  fields.not_yet({"checks"}, kExpect);
  fields.instead({"check", "assert", "status", "expected"}, kExpect);
  fields.instead({"header"}, R"(write "headers": { "Accept": "text/html" })");
  fields.instead({"url"}, R"(write for example "get": "/hello"; the host stands in base_url)");
  fields.instead({"params", "query"}, R"(write them into the path: "get": "/items?page=2")");
  fields.instead({"data", "payload"}, R"(write "json": { … } or "body": "…")");
  const bool pause = fields.find("think") != nullptr;  // stands instead of a request, in a later version
  read_request_line(fields, pause, place, step, errors);
  read_body(fields, step);
  const auto* own = fields.find("headers");
  step.headers = merged(default_headers, own != nullptr ? parse_headers(*own, place + "/headers", errors)
                                                        : std::vector<Header>());
  if (const auto* expect = fields.find("expect"))
    read_expect(*expect, place + "/expect", step.expect, errors);
  fields.finish();
  return step;
}

}  // namespace saturn
