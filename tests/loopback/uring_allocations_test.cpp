// The turn path allocates nothing over io_uring either: counted on the shard's thread, while the reference
// target answers from threads of its own.
#include <gtest/gtest.h>

#include <atomic>
#include <optional>
#include <string>

#include "core/plan/program.hpp"
#include "core/shard/shard.hpp"
#include "loopback/serve_start.hpp"
#include "support/allocations.hpp"
#include "system/clock/system_clock.hpp"
#include "system/uring/uring_transport.hpp"

namespace saturn {
namespace {

/// The io_uring transport; counts what the thread allocates between two turns in the middle of the run.
class Counting {
 public:
  static constexpr std::uint64_t kFrom = 50, kTo = 500;

  explicit Counting(UringTransport& uring) : uring_(uring) {}
  void connect(SlotId slot, std::uint32_t generation) { uring_.connect(slot, generation); }
  void send(SlotId slot, std::span<const char> bytes) { uring_.send(slot, bytes); }
  void arm_receive(SlotId slot) { uring_.arm_receive(slot); }
  void discard(SlotId slot, std::uint32_t max_bytes) { uring_.discard(slot, max_bytes); }
  void close(SlotId slot) { uring_.close(slot); }
  Submitted submit() { return uring_.submit(); }
  void set_wait(WaitMode mode, bool answers_may_wait) { uring_.set_wait(mode, answers_may_wait); }
  void wait(Nanos until, std::vector<Completion>& out, Nanos due = Nanos::max()) {
    if (++waits_ == kFrom) before_ = test::thread_allocations();
    if (waits_ == kTo) after_ = test::thread_allocations();
    uring_.wait(until, out, due);
  }
  void release(std::uint32_t buffer) { uring_.release(buffer); }
  void keep_time() { uring_.keep_time(); }
  void check_sends(SignedHistogram* errors) { uring_.check_sends(errors); }
  const TransportTally& tally() const { return uring_.tally(); }

  std::optional<std::uint64_t> counted() const {
    if (waits_ < kTo) return std::nullopt;
    return after_ - before_;
  }

 private:
  UringTransport& uring_;
  std::uint64_t waits_ = 0, before_ = 0, after_ = 0;
};
static_assert(Transport<Counting>);

constexpr std::uint32_t kConnections = 32;

struct Case {
  const char* name;
  const char* path = "/hello";
  std::uint32_t pipeline = 1;
  std::optional<std::uint64_t> requests_per_connection{};
  bool json = false, discards = false, check_send_times = false, direct = false;
};

class UringAllocations : public ::testing::TestWithParam<Case> {};

TEST_P(UringAllocations, AreNone) {
  const Case& c = GetParam();
  auto server = test::start();
  Plan plan;
  plan.base_url = server.url();
  Scenario scenario;
  scenario.vus = kConnections;
  scenario.pipeline = c.pipeline;
  scenario.requests_per_connection = c.requests_per_connection;
  scenario.iterations = Counting::kTo * kConnections * c.pipeline;  // a turn ends at most as many as are open
  Step step;
  step.name = "step";
  step.path = c.path;
  if (c.json) {
    step.method = "POST";
    step.body_kind = BodyKind::json;
    step.body = R"({"message":"hi","list":[1,2,3]})";
    step.expect.json_equals_request = true;
  }
  scenario.flow.push_back(step);
  plan.scenarios.push_back(scenario);
  auto program = compile(plan, 1);
  ASSERT_TRUE(program);
  program->scenarios[0].discard_body = c.discards;
  const auto shares = split(*program, 1);
  const std::atomic<bool> stop{false};
  const auto address = first_that_accepts(program->origin, std::chrono::seconds(5), stop);
  ASSERT_TRUE(address);
  UringOptions options;
  options.discards = c.discards;
  options.direct_descriptors = c.direct;
  options.check_send_times = c.check_send_times;
  auto uring = UringTransport::create(*address, kConnections, options);
  ASSERT_TRUE(uring) << to_text(uring.errors().front());
  Counting transport(**uring);
  SystemClock clock;
  Shard<Counting, SystemClock> shard(transport, clock, *program, shares[0]);
  Gate gate;
  gate.start_at.store(1);
  Live live;
  const auto result = shard.run(0, gate, live, stop);
  EXPECT_EQ(result.tally.ok, *scenario.iterations);
  EXPECT_EQ(result.tally.bytes_discarded > 0, c.discards);
  ASSERT_TRUE(transport.counted()) << "the run was over before the count";
  EXPECT_EQ(*transport.counted(), 0U);
}

INSTANTIATE_TEST_SUITE_P(
    Kinds, UringAllocations,
    ::testing::Values(Case{.name = "fixed"}, Case{.name = "pipelined", .pipeline = 8},
                      Case{.name = "rendered", .path = "/_fault/bytes/{{random_int(1, 9)}}"},
                      Case{.name = "large_bodies", .path = "/_fault/bytes/20000"},
                      Case{.name = "dropped_bodies", .path = "/_fault/bytes/102400", .discards = true},
                      Case{.name = "large_bodies_in_table", .path = "/_fault/bytes/20000", .direct = true},
                      Case{.name = "new_connections_in_table", .requests_per_connection = 20, .direct = true},
                      Case{.name = "new_connections", .requests_per_connection = 20},
                      Case{.name = "json", .path = "/echo", .json = true},
                      Case{.name = "checked", .check_send_times = true}),
    [](const auto& tested) { return std::string(tested.param.name); });

}  // namespace
}  // namespace saturn
