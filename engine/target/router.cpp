#include "target/router.hpp"

#include <charconv>
#include <iterator>

#include "core/plan/parse.hpp"

namespace saturn::target {
namespace {

enum class Argument : std::uint8_t { none, number, duration };
using Mask = unsigned;

constexpr Mask bit(Method method) {
  return 1U << static_cast<unsigned>(method);
}
constexpr Mask kGet = bit(Method::get) | bit(Method::head);
constexpr Mask kPost = bit(Method::post);
constexpr Mask kAny = ~0U;
constexpr std::uint64_t kMaxId = INT64_MAX;
constexpr std::uint64_t kMaxBody = 64U << 20;

struct Entry {
  Endpoint endpoint;
  std::string_view path;     ///< what comes before the argument
  std::string_view pattern;  ///< how the counters call it
  Mask methods;
  Argument argument = Argument::none;
  std::uint64_t least = 0, most = 0;
};

// In the order of Endpoint; a path is looked for from the top, so the ones under load stand first.
constexpr Entry kTable[] = {
    {Endpoint::hello, "/hello", "/hello", kGet},
    {Endpoint::echo, "/echo", "/echo", kPost},
    {Endpoint::items, "/items/", "/items/", kGet | kPost},
    {Endpoint::item, "/items/", "/items/{id}", kGet | bit(Method::put) | bit(Method::del), Argument::number,
     0, kMaxId},
    {Endpoint::bytes, "/_fault/bytes/", "/_fault/bytes/{n}", kAny, Argument::number, 0, kMaxBody},
    {Endpoint::chunked, "/_fault/chunked/", "/_fault/chunked/{n}", kAny, Argument::number, 0, kMaxBody},
    {Endpoint::close_delimited, "/_fault/close-delimited/", "/_fault/close-delimited/{n}", kAny,
     Argument::number, 0, kMaxBody},
    {Endpoint::status, "/_fault/status/", "/_fault/status/{n}", kAny, Argument::number, 200, 599},
    {Endpoint::slow, "/_fault/slow/", "/_fault/slow/{t}", kAny, Argument::duration},
    {Endpoint::close, "/_fault/close", "/_fault/close", kAny},
    {Endpoint::drop_after, "/_fault/drop-after/", "/_fault/drop-after/{n}", kAny, Argument::number, 1,
     kMaxId},
    {Endpoint::informational, "/_fault/informational", "/_fault/informational", kAny},
    {Endpoint::extra, "/_fault/extra", "/_fault/extra", kAny},
    {Endpoint::garbage, "/_fault/garbage", "/_fault/garbage", kAny},
    {Endpoint::half, "/_fault/half", "/_fault/half", kAny},
    {Endpoint::reset, "/_fault/reset", "/_fault/reset", kAny},
    {Endpoint::early, "/_fault/early", "/_fault/early", kAny},
    {Endpoint::silence, "/_fault/silence", "/_fault/silence", kAny},
    {Endpoint::endless_head, "/_fault/endless-head", "/_fault/endless-head", kAny},
    {Endpoint::truth, "/_truth", "/_truth", kGet},
    {Endpoint::truth_reset, "/_truth/reset", "/_truth/reset", kPost},
    {Endpoint::unknown, "", "(unknown)", kAny},
};
static_assert(std::size(kTable) == kEndpoints);

const Entry& entry(Endpoint endpoint) {
  return kTable[static_cast<std::size_t>(endpoint)];
}

bool read_argument(const Entry& candidate, std::string_view text, std::uint64_t& number) {
  if (candidate.argument == Argument::duration) {
    const auto duration = parse_duration(text, "");
    if (!duration || duration->count() < 0) return false;
    number = static_cast<std::uint64_t>(duration->count());
    return true;
  }
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
  return failure == std::errc{} && end == text.data() + text.size() && number >= candidate.least &&
         number <= candidate.most;
}

}  // namespace

Route route(std::string_view target) {
  const std::string_view path = target.substr(0, target.find('?'));
  for (const Entry& candidate : kTable) {
    if (candidate.argument == Argument::none) {
      if (path == candidate.path) return {candidate.endpoint, 0};
    } else if (path.size() > candidate.path.size() && path.starts_with(candidate.path)) {
      std::uint64_t number = 0;
      if (read_argument(candidate, path.substr(candidate.path.size()), number))
        return {candidate.endpoint, number};
    }
  }
  return {};
}

std::string_view pattern(Endpoint endpoint) {
  return entry(endpoint).pattern;
}

bool allows(Endpoint endpoint, Method method) {
  return (entry(endpoint).methods & bit(method)) != 0;
}

std::string allowed_methods(Endpoint endpoint) {
  std::string text;
  for (std::size_t i = 0; i + 1 < kMethods; ++i) {
    const auto method = static_cast<Method>(i);
    if (allows(endpoint, method)) text += (text.empty() ? "" : ", ") + std::string(to_name(method));
  }
  return text;
}

}  // namespace saturn::target
