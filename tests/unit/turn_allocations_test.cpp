// The turn path allocates nothing: counted while a running scenario is in its middle.
#include <gtest/gtest.h>

#include <atomic>
#include <string>

#include "core/plan/program.hpp"
#include "core/shard/shard.hpp"
#include "core/transport/null_transport.hpp"
#include "support/allocations.hpp"

namespace saturn {
namespace {

/// Counts what was allocated from the first to the last of its turns in the measured phase.
class CountingNull : public NullTransport {
 public:
  using NullTransport::NullTransport;
  void wait(Nanos until, std::vector<Completion>& out, Nanos due = Nanos::max()) {
    if (++waits_ == 100) before_ = test::allocations();
    if (waits_ == 600) after_ = test::allocations();
    NullTransport::wait(until, out, due);
  }
  CostReading cost() const { return {}; }
  std::uint64_t counted() const { return after_ - before_; }
  bool reached() const { return waits_ > 600; }

 private:
  std::uint64_t waits_ = 0, before_ = 0, after_ = 0;
};

struct Case {
  const char* path;
  std::uint32_t pipeline;
  bool json;
  bool scheduled = false;
};

class TurnAllocations : public ::testing::TestWithParam<Case> {};

TEST_P(TurnAllocations, AreNone) {
  Plan plan;
  plan.base_url = "http://null:80";
  Scenario scenario;
  scenario.vus = 32;
  scenario.pipeline = GetParam().pipeline;
  scenario.iterations = 200'000;
  if (GetParam().scheduled) {
    scenario.executor = Executor::constant_arrival_rate;
    scenario.rate = Rate{1, std::chrono::microseconds(1)};
    scenario.max_in_flight = 32;
  }
  Step step;
  step.name = "hello";
  step.path = GetParam().path;
  std::string body = "ok";
  if (GetParam().json) {
    step.method = "POST";
    step.body_kind = BodyKind::json;
    step.body = body = R"({"message":"hi","list":[1,2,3]})";
    step.expect.json_equals_request = true;
  }
  scenario.flow.push_back(step);
  plan.scenarios.push_back(scenario);
  const auto program = compile(plan, 1);
  ASSERT_TRUE(program);
  const auto shares = split(*program, 1);
  const std::size_t request_bytes = program->scenarios[0].steps[0].request.max_bytes();
  CountingNull transport(
      32, "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body,
      request_bytes, GetParam().pipeline);
  Shard<CountingNull, CountingNull> shard(transport, transport, *program, shares[0]);
  Gate gate;
  gate.start_at.store(1);
  Live live;
  const std::atomic<bool> stop{false};
  const auto result = shard.run(0, gate, live, stop);
  EXPECT_EQ(result.tally.ok, 200'000U);
  ASSERT_TRUE(transport.reached());
  EXPECT_EQ(transport.counted(), 0U);
}

INSTANTIATE_TEST_SUITE_P(Kinds, TurnAllocations,
                         ::testing::Values(Case{"/hello", 1, false}, Case{"/hello", 8, false},
                                           Case{"/items/{{random_int(100, 999)}}", 1, false},
                                           Case{"/echo", 1, true}, Case{"/hello", 1, false, true}),
                         [](const auto& tested) {
                           return std::string(tested.param.json             ? "json"
                                              : tested.param.path[1] == 'i' ? "rendered"
                                                                            : "fixed") +
                                  (tested.param.pipeline > 1 ? "_pipelined" : "") +
                                  (tested.param.scheduled ? "_scheduled" : "");
                         });

}  // namespace
}  // namespace saturn
