// A plan file (saturn.plan/1) → Plan, and the checks both a file and a URL run go through. All errors at
// once, each with its JSON pointer. What this version cannot do yet is refused with its pointer, never
// ignored. Pure; tested in tests/unit/plan_parse_test.cpp and plan_validate_test.cpp.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "saturn/error.hpp"
#include "saturn/plan.hpp"

namespace saturn {

/// `base_url`, where given, stands for the plan's own. A plan that is returned has passed validate().
Result<Plan> parse_plan(std::string_view text, std::string_view base_url = {});
/// Empty when the plan can be compiled and run. Pointers as in a plan file.
Errors validate(const Plan& plan);

/// "500ms", "30s", "5m", "1h", "1m30s"; a bare number is an error whose remedy names the likely meaning.
Result<Nanos> parse_duration(std::string_view text, std::string_view place);
std::string format_duration(Nanos duration);  ///< the shortest text that parse_duration reads back

/// "localhost:8000/x", "http://[::1]:80/", with the default scheme http. https is refused: no TLS in this
/// build.
struct Url {
  std::string host;  ///< without brackets
  std::uint16_t port = 80;
  std::string path = "/";  ///< path and query
  std::string user_info;
  std::string host_header() const;
  std::string base() const;      ///< "http://host:port" (":80" left out), without user info and path
  std::string redacted() const;  ///< whole URL, user info as "***@"
};
Result<Url> parse_url(std::string_view text, std::string_view place);

}  // namespace saturn
