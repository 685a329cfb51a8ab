// Small questions about text that may become part of a request, asked by the URL reader, the checks of a
// plan and its compiler alike. Pure; tested through url_test and plan_validate_test.
#pragma once
#include <string>
#include <string_view>

namespace saturn {

char to_lower(char c);  ///< ASCII only, whatever the locale
bool equal_ignoring_case(std::string_view a, std::string_view b);
bool is_token(std::string_view text);     ///< RFC 9110: methods and header names
bool has_control(std::string_view text);  ///< CR, LF, NUL and the like: header injection; tab is allowed

/// Why `path` cannot stand in a request line; empty when it can. Text inside {{…}} is not looked at.
std::string path_problem(std::string_view path);

std::string percent_decoded(std::string_view text);  ///< a % without two hex digits stays as it is
std::string to_base64(std::string_view bytes);

}  // namespace saturn
