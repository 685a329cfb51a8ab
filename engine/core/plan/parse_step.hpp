// One step of a flow: JSON → Step. Part of parse_plan(). Pure; tested in tests/unit/plan_parse_test.cpp.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "core/json/value.hpp"
#include "saturn/error.hpp"
#include "saturn/plan.hpp"

namespace saturn {

/// Methods that a step writes as the key of its path ("get": "/hello"); others have "method" and "path".
struct MethodKey {
  std::string_view key, method;
};
inline constexpr MethodKey kMethodKeys[] = {{"get", "GET"},        {"post", "POST"},     {"put", "PUT"},
                                            {"patch", "PATCH"},    {"delete", "DELETE"}, {"head", "HEAD"},
                                            {"options", "OPTIONS"}};

/// The key of `method`; empty when it has none.
std::string_view key_of_method(std::string_view method);

/// `headers` of defaults or of a step: an object of strings, or of lists of strings for repeated headers.
std::vector<Header> parse_headers(const json::Value& value, const std::string& place, Errors& errors);

Step parse_step(const json::Value& value, const std::string& place,
                const std::vector<Header>& default_headers, Errors& errors);

}  // namespace saturn
