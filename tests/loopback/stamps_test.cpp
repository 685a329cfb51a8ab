// Arrival stamps on real sockets: whose clock ends a latency, what stands beside it, and what a send that
// takes long does.
#include <gtest/gtest.h>

#include "saturn/run.hpp"
#include "target/server.hpp"

namespace saturn {
namespace {

target::Server server(const target::Options& options = {}) {
  auto started = target::Server::start(options);
  if (!started) throw std::runtime_error(to_text(started.errors().front()));
  return std::move(started).value();
}

ScenarioResult measure(const target::Server& server, const Step& step, std::uint32_t vus,
                       std::uint64_t iterations, bool kernel_stamps) {
  Plan plan;
  plan.base_url = server.url();
  Scenario scenario;
  scenario.vus = vus;
  scenario.iterations = iterations;
  scenario.flow.push_back(step);
  plan.scenarios.push_back(scenario);
  RunOptions options;
  options.kernel_stamps = kernel_stamps;
  auto result = run(plan, options);
  if (!result) throw std::runtime_error(to_text(result.errors().front()));
  return result->scenarios.at(0);
}

Step get(std::string path) {
  Step step;
  step.path = std::move(path);
  return step;
}

TEST(Stamps, EveryAnswerIsStampedByTheKernelAndObservedLater) {
  const auto target = server();
  const ScenarioResult s = measure(target, get("/hello"), 64, 20'000, true);
  EXPECT_EQ(s.requests.ok, 20'000U);
  EXPECT_EQ(s.latency_source, "kernel-rx");
  EXPECT_EQ(s.latency_from, "sent");
  EXPECT_EQ(s.generator.missing_stamps, 0U);
  EXPECT_EQ(s.generator.clock_steps, 0U);
  ASSERT_TRUE(s.latency && s.latency_user && s.observe && s.lag);
  EXPECT_EQ(s.observe->count, 20'000U);
  EXPECT_EQ(s.latency_user->count, 20'000U);
  EXPECT_EQ(s.lag->count, 20'000U);
  // Looking comes after arriving: on average user space's latency is the kernel's plus the observation.
  EXPECT_NEAR(s.latency_user->mean_us, s.latency->mean_us + s.observe->mean_us, 2.0);
}

TEST(Stamps, SwitchedOffTheLatencyIsUserSpaces) {
  const auto target = server();
  const ScenarioResult s = measure(target, get("/hello"), 8, 2'000, false);
  EXPECT_EQ(s.latency_source, "user");
  EXPECT_EQ(s.generator.missing_stamps, 2'000U);
  EXPECT_TRUE(s.latency);
  EXPECT_FALSE(s.observe);
  EXPECT_FALSE(s.latency_user);
  EXPECT_TRUE(s.lag) << "needs no stamp of the kernel";
}

TEST(Stamps, TheKnownDelayIsWhatIsReported) {
  target::Options options;
  options.delay = std::chrono::milliseconds(5);
  const auto target = server(options);
  const ScenarioResult s =
      measure(target, get("/hello"), 1, 50, true);  // a lone send: nothing is interpolated
  ASSERT_TRUE(s.latency);
  EXPECT_GE(s.latency->min_us, 4990.0);
}

TEST(Stamps, ASendThatTheKernelCannotFinishAtOnceIsCounted) {
  const auto target = server();
  Step step;
  step.method = "POST";
  step.path = "/echo";
  step.body_kind = BodyKind::text;
  step.body = "\"" + std::string(15U << 20, 'x') + "\"";  // more than both sockets' buffers hold
  const ScenarioResult s = measure(target, step, 1, 3, true);
  EXPECT_EQ(s.requests.started, 3U);
  EXPECT_GE(s.generator.inexact_sends, 1U);
}

TEST(Stamps, ManyConnectionsTakeTheirTimeOneByOneAndTogether) {
  const auto target = server();
  const ScenarioResult s = measure(target, get("/hello"), 3'000, 3'000, true);
  EXPECT_EQ(s.connections.established, 3'000U);
  ASSERT_TRUE(s.connect);
  EXPECT_EQ(s.connect->count, 3'000U);
  EXPECT_GT(s.connect->min_us, 0.0) << "found done at the moment it was begun";
  EXPECT_GE(s.connections.setup_s * 1e6, s.connect->max_us);
}

}  // namespace
}  // namespace saturn
