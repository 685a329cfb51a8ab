// The core's own ceiling: a shard's whole turn over the Null transport (instant answers). items_per_second is
// requests a second of one shard.
#include <benchmark/benchmark.h>

#include <string>

#include "core/plan/program.hpp"
#include "core/shard/shard.hpp"
#include "core/transport/null_transport.hpp"

namespace saturn {
namespace {

struct NullClock {
  const NullTransport& transport;
  Nanos now() const { return transport.now(); }
  CostReading cost() const { return {}; }
};

void turn_over_null(benchmark::State& state) {
  constexpr std::uint64_t kRequests = 200'000;
  Plan plan;
  plan.base_url = "http://null:80";
  Scenario scenario;
  scenario.vus = static_cast<std::uint32_t>(state.range(0));
  scenario.pipeline = static_cast<std::uint32_t>(state.range(1));
  scenario.iterations = kRequests;
  Step step;
  step.name = "hello";
  step.path = "/hello";
  scenario.flow.push_back(step);
  plan.scenarios.push_back(scenario);
  const auto program = compile(plan, 1);
  const auto shares = split(*program, 1);
  const std::string response =
      "HTTP/1.1 200 OK\r\nServer: nginx\r\nDate: Mon, 23 Nov 2026 08:00:00 GMT\r\nContent-Length: "
      "13\r\n\r\nHello, world!";
  const std::atomic<bool> stop{false};
  for (auto _ : state) {
    state.PauseTiming();
    NullTransport transport(scenario.vus, response,
                            program->scenarios[0].steps[0].request.static_bytes().size(), scenario.pipeline);
    NullClock clock{transport};
    Shard<NullTransport, NullClock> shard(transport, clock, *program, shares[0]);
    Gate gate;
    gate.start_at.store(1);
    Live live;
    state.ResumeTiming();
    const auto result = shard.run(0, gate, live, stop);
    if (result.tally.ok != kRequests) state.SkipWithError("not every request was answered");
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(kRequests));
}
BENCHMARK(turn_over_null)
    ->Args({1, 1})
    ->Args({64, 1})
    ->Args({1024, 1})
    ->Args({64, 16})
    ->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace saturn
