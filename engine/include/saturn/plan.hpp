// The plan: what the user wrote, by flags or as JSON, checked but not yet compiled. Value types only.
// `core/plan` parses, validates and compiles it; every field here is something a user can set.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "saturn/time.hpp"

namespace saturn {

/// k6's names. Those that ramp cannot be run today: they are refused with their place.
enum class Executor {
  constant_vus,
  per_vu_iterations,
  shared_iterations,
  ramping_vus,
  constant_arrival_rate,
  ramping_arrival_rate,
};
std::string_view to_name(Executor executor);  ///< "constant-vus"

/// So many arrivals in each such time, evenly spaced: arrival k (from 0) is due k × per ÷ count after the
/// start.
struct Rate {
  std::uint64_t count = 0;
  Nanos per = std::chrono::seconds(1);
  double per_second() const { return static_cast<double>(count) / to_seconds(per); }
  bool operator==(const Rate&) const = default;
};

struct Header {
  std::string name;
  std::string value;
};

enum class BodyKind { none, text, json };

/// How an answer is judged. An empty status list means 2xx or 3xx.
struct Expect {
  std::vector<int> statuses{};
  bool json_equals_request = false;  ///< same JSON value as was sent: numbers by value, key order free
};

/// One request of a flow. `path`, header values and `body` may hold {{templates}}.
struct Step {
  std::string name{};  ///< defaults to "METHOD path"
  std::string method = "GET";
  std::string path = "/";  ///< origin form, appended to the base URL's path
  std::vector<Header> headers{};
  BodyKind body_kind = BodyKind::none;
  std::string body{};  ///< text as is; for json the JSON text, in which "{{x}}" alone keeps the value's type
  Expect expect{};
};

/// A condition on the figures of a scenario, such as "p(99)<200ms": not met, the run exits with 99. Read by
/// core/plan/threshold, judged by core/result/thresholds.
struct Threshold {
  enum class Metric : std::uint8_t { latency, service, ttfb, errors, checks, dropped, rps, ok_rps };
  enum class Statistic : std::uint8_t { percentile, min, max, mean, rate, count, value };
  enum class Comparison : std::uint8_t { below, at_most, above, at_least, equal };
  std::string expression{};  ///< as written
  Metric metric = Metric::latency;
  Statistic statistic = Statistic::value;
  double percentile = 0;
  Comparison comparison = Comparison::below;
  double bound = 0;    ///< in `unit`
  std::string unit{};  ///< "ns", "us", "µs", "ms", "s", "%", "/s"; empty: a ratio or a count
};

struct Scenario {
  std::string name = "default";
  Executor executor = Executor::constant_vus;
  std::uint32_t vus = 50;  ///< virtual users = connections, in total over all shards; with a rate: those that
                           ///< are opened before the start
  std::optional<Nanos> duration{};  ///< of the measured phase
  std::optional<std::uint64_t>
      iterations{};            ///< shared: in all; per-vu: of each VU; constant-vus: total limit (-n)
  std::optional<Rate> rate{};  ///< constant-arrival-rate: of iterations begun
  std::optional<std::uint32_t> max_in_flight{};  ///< with a rate: connections grow on demand up to this;
                                                 ///< nullopt: 10,000 or what the descriptors allow
  std::optional<std::uint64_t> backlog{};  ///< with a rate: how many due arrivals may wait for a connection;
                                           ///< nullopt: 10 s of them
  Nanos warmup{0};                         ///< before the measured phase, outside duration and iterations
  Nanos graceful_stop = std::chrono::seconds(5);
  Nanos timeout = std::chrono::seconds(30);  ///< from send to last byte
  Nanos connect_timeout = std::chrono::seconds(10);
  std::uint32_t pipeline = 1;
  std::optional<std::uint64_t> requests_per_connection{};  ///< 1 = a connection per request (--no-keepalive)
  std::uint32_t max_head_bytes = 65536;
  std::vector<Threshold> thresholds{};  ///< beside the plan's
  std::vector<Step> flow{};
};

struct Plan {
  std::string
      base_url;  ///< "http://host:port" or with a path prefix; user info becomes an Authorization header
  Nanos gap{0};  ///< between scenarios, which run one after another
  std::optional<std::uint64_t> seed{};
  std::vector<Scenario> scenarios;
  std::vector<Threshold> thresholds{};  ///< each holds for every scenario by itself
};

}  // namespace saturn
