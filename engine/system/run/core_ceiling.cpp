#include "system/run/core_ceiling.hpp"

#include <algorithm>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/assert.hpp"
#include "core/plan/program.hpp"
#include "core/shard/shard.hpp"
#include "core/transport/null_transport.hpp"
#include "system/clock/system_clock.hpp"

namespace saturn {
namespace {

constexpr std::uint64_t kRequests = 200'000;  ///< a round
constexpr std::string_view kResponse =
    "HTTP/1.1 200 OK\r\nServer: saturn\r\nDate: Mon, 23 Nov 2026 08:00:00 GMT\r\nContent-Length: 13\r\n\r\n"
    "Hello, World!";

/// The transport's own time: a tick a batch, so that the core is timed and not the clock.
struct NullClock {
  const NullTransport& transport;
  Nanos now() const { return transport.now(); }
  CostReading cost() const { return {}; }
};

Program program(std::uint32_t connections) {
  Plan plan;
  plan.base_url = "http://null:80";
  Scenario scenario;
  scenario.vus = connections;
  scenario.iterations = kRequests;
  Step step;
  step.path = "/hello";
  scenario.flow.push_back(step);
  plan.scenarios.push_back(scenario);
  auto compiled = compile(plan, 1);
  SATURN_ASSERT(compiled);
  return std::move(*compiled);
}

}  // namespace

double core_requests_per_second(std::uint32_t connections, Nanos length, const std::atomic<bool>& stop) {
  const Program work = program(connections);
  const auto shares = split(work, 1);
  const Nanos until = monotonic_now() + length;
  std::vector<double> rates;
  do {
    NullTransport transport(connections, kResponse, work.scenarios[0].steps[0].request.static_bytes().size());
    NullClock clock{transport};
    Shard<NullTransport, NullClock> shard(transport, clock, work, shares[0]);
    Gate gate;
    gate.start_at.store(1);
    Live live;
    const Nanos began = monotonic_now();
    const ShardScenario done = shard.run(0, gate, live, stop);
    if (stop.load()) break;
    SATURN_ASSERT(done.tally.ok == kRequests);
    rates.push_back(static_cast<double>(kRequests) / to_seconds(monotonic_now() - began));
  } while (monotonic_now() < until);
  if (rates.empty()) return 0;
  const auto middle = rates.begin() + static_cast<std::ptrdiff_t>(rates.size() / 2);
  std::nth_element(rates.begin(), middle, rates.end());
  return *middle;
}

}  // namespace saturn
