// --max-concurrency over real sockets: the rate of a server that works on so many answers at a time is what
// it is, for more connections too, and its threads share the limit.
#include <gtest/gtest.h>

#include "loopback/serve_start.hpp"
#include "saturn/run.hpp"

namespace saturn::target {
namespace {

using namespace std::chrono_literals;

double rate_of(int threads, std::uint32_t vus) {
  Options options;
  options.threads = threads;
  options.delay = 20ms;
  options.max_concurrency = 8;
  auto server = Server::start(options);
  EXPECT_TRUE(server);
  Plan plan;
  plan.base_url = server->url();
  Scenario& scenario = plan.scenarios.emplace_back();
  scenario.vus = vus;
  scenario.warmup = 200ms;
  scenario.duration = 1s;
  scenario.flow.emplace_back().path = "/hello";
  const auto result = saturn::run(plan, {});
  EXPECT_TRUE(result);
  return result->scenarios.front().rps.value_or(0);
}

TEST(ServeGate, ManyConnectionsGetPlacesByDelayAndNoMore) {
  for (const int threads : {1, 2}) {
    const double rate = rate_of(threads, 64);
    EXPECT_GT(rate, 380) << threads;
    EXPECT_LT(rate, 410) << threads;
  }
}

TEST(ServeGate, FewerConnectionsThanPlacesDoNotWait) {
  const double rate = rate_of(1, 2);
  EXPECT_LT(rate, 101);
  EXPECT_GT(rate, 60);
}

}  // namespace
}  // namespace saturn::target
