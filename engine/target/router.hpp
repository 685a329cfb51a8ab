// Which endpoint a request means: pure, one table that is also the list of what the counters tell apart.
// Tested in tests/unit/target_router_test.cpp.
#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "core/http/request_parser.hpp"

namespace saturn::target {

enum class Endpoint : std::uint8_t {
  hello,
  echo,
  items,
  item,
  bytes,
  chunked,
  close_delimited,
  status,
  slow,
  close,
  drop_after,
  informational,
  extra,
  garbage,
  half,
  reset,
  early,
  silence,
  endless_head,
  truth,
  truth_reset,
  unknown,
};
inline constexpr std::size_t kEndpoints = static_cast<std::size_t>(Endpoint::unknown) + 1;

struct Route {
  Endpoint endpoint = Endpoint::unknown;
  std::uint64_t number = 0;  ///< the id, N, or T in nanoseconds
};

Route route(std::string_view target);
std::string_view pattern(Endpoint endpoint);  ///< "/items/{id}"; "(unknown)"
bool allows(Endpoint endpoint, Method method);
std::string allowed_methods(Endpoint endpoint);  ///< "GET, HEAD", for the Allow header
constexpr bool is_truth(Endpoint endpoint) {
  return endpoint == Endpoint::truth || endpoint == Endpoint::truth_reset;
}

}  // namespace saturn::target
