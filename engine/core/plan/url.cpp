// URLs of targets: http only, the scheme may be left out. Nothing is guessed: what cannot be sent as written
// (spaces, control characters, bytes outside ASCII) is refused. Pure; tested in tests/unit/url_test.cpp.
#include <algorithm>
#include <charconv>

#include "core/plan/parse.hpp"
#include "core/plan/text.hpp"

namespace saturn {
namespace {

constexpr std::uint16_t kDefaultPort = 80;

struct Parts {
  std::string_view scheme, user_info, host, port, path;
  bool has_port = false, bracketed = false;
};

Error bad(std::string_view place, std::string message, std::string remedy = {}) {
  return Error{std::string(place), std::move(message), std::move(remedy)};
}

/// False when a bracket of an IPv6 address is not closed or is followed by something else than a port.
bool split_authority(std::string_view authority, Parts& parts) {
  if (const auto at = authority.rfind('@'); at != std::string_view::npos) {
    parts.user_info = authority.substr(0, at);
    authority.remove_prefix(at + 1);
  }
  if (!authority.empty() && authority.front() == '[') {
    const auto close = authority.find(']');
    if (close == std::string_view::npos) return false;
    parts.bracketed = true;
    parts.host = authority.substr(1, close - 1);
    authority.remove_prefix(close + 1);
    if (!authority.empty() && authority.front() != ':') return false;
  } else {
    const auto colon = std::min(authority.find(':'), authority.size());
    parts.host = authority.substr(0, colon);
    authority.remove_prefix(colon);
  }
  parts.has_port = !authority.empty();
  if (parts.has_port) parts.port = authority.substr(1);
  return true;
}

bool valid_host(const Parts& parts) {
  if (parts.host.empty() || parts.host.size() > 253) return false;
  const std::string_view allowed = parts.bracketed
                                       ? "0123456789abcdefABCDEF:."
                                       : "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-._";
  return parts.host.find_first_not_of(allowed) == std::string_view::npos;
}

constexpr const char* kNoUnix = "unix sockets are not in this version";
constexpr const char* kInsteadOfUnix = "let the server listen on a port: http://127.0.0.1:8000/";

Errors check_scheme(std::string_view scheme, std::string_view place) {
  std::string lower(scheme);
  std::transform(lower.begin(), lower.end(), lower.begin(), to_lower);
  if (lower.empty() || lower == "http") return {};
  if (lower == "https")
    return {bad(place, "no TLS in this build: https:// is not supported",
                "use http://, or measure behind the proxy that ends TLS")};
  if (lower == "unix" || lower == "http+unix") return {bad(place, kNoUnix, kInsteadOfUnix)};
  return {bad(place, "the scheme \"" + std::string(scheme) + "\" is not supported", "use http://")};
}

}  // namespace

Result<Url> parse_url(std::string_view text, std::string_view place) {
  Parts parts;
  std::string_view rest = text;
  if (const auto scheme = rest.find("://"); scheme < rest.find_first_of("/?#")) {
    parts.scheme = rest.substr(0, scheme);
    rest.remove_prefix(scheme + 3);
  }
  if (auto errors = check_scheme(parts.scheme, place); !errors.empty()) return errors;

  const auto authority_end = std::min(rest.find_first_of("/?#"), rest.size());
  if (!split_authority(rest.substr(0, authority_end), parts))
    return bad(place, "the IPv6 address is not closed by \"]\"", "write http://[::1]:8000/");
  parts.path = rest.substr(authority_end);
  parts.path = parts.path.substr(0, parts.path.find('#'));  // a fragment is never sent

  if (parts.host.empty())
    return bad(place, "the URL has no host", "write for example http://127.0.0.1:8000/");
  if (!valid_host(parts))
    return bad(place, "\"" + std::string(parts.host) + "\" is not a host name or address",
               "write an IPv6 address in brackets, a name outside ASCII in its xn-- form");

  Url url;
  if (parts.has_port) {
    const char* const end = parts.port.data() + parts.port.size();
    const auto [stop, code] = std::from_chars(parts.port.data(), end, url.port);
    if (parts.host == "unix" && parts.port.empty()) return bad(place, kNoUnix, kInsteadOfUnix);
    if (code != std::errc{} || stop != end || url.port == 0)
      return bad(place, "\"" + std::string(parts.port) + "\" is not a port", "ports are 1 to 65535");
  }
  url.host = parts.host;
  url.user_info = parts.user_info;
  url.path = parts.path;
  if (url.path.empty() || url.path.front() == '?') url.path.insert(0, "/");
  if (auto message = path_problem(url.path); !message.empty())
    return bad(place, message, "percent-encode it");
  if (has_control(url.user_info)) return bad(place, "the user info holds a control character");
  return url;
}

std::string Url::host_header() const {
  std::string text = host.find(':') == std::string::npos ? host : "[" + host + "]";
  if (port != kDefaultPort) text += ":" + std::to_string(port);
  return text;
}

std::string Url::base() const {
  return "http://" + host_header();
}

std::string Url::redacted() const {
  return "http://" + (user_info.empty() ? std::string() : "***@") + host_header() + path;
}

}  // namespace saturn
