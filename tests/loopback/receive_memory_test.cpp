// Bodies of every size and framing over real sockets, with plenty of receive memory and with the least: what
// saturn counts is what the server counted.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "core/result/merge.hpp"
#include "saturn/run.hpp"
#include "system/uring/receive_buffers.hpp"
#include "system/uring/ring.hpp"
#include "target/server.hpp"

namespace saturn {
namespace {

struct Case {
  std::string name, path;
  std::uint32_t vus = 0;
  std::uint64_t requests = 0;
  std::uint32_t pipeline = 1;
};

class Bodies : public ::testing::TestWithParam<Case> {
 protected:
  RunResult run_with(std::optional<std::uint64_t> memory, bool discard_body = false) {
    auto started = target::Server::start({});
    if (!started) throw std::runtime_error(to_text(started.errors().front()));
    server_.emplace(std::move(started).value());
    Plan plan;
    plan.base_url = server_->url();
    plan.scenarios.emplace_back();
    plan.scenarios[0].vus = GetParam().vus;
    plan.scenarios[0].iterations = GetParam().requests;
    plan.scenarios[0].pipeline = GetParam().pipeline;
    plan.scenarios[0].flow.emplace_back();
    plan.scenarios[0].flow[0].name = "body";
    plan.scenarios[0].flow[0].path = GetParam().path;
    RunOptions options;
    options.threads = 1;
    options.receive_memory = memory;
    options.discard_body = discard_body;
    auto result = run(plan, options);
    if (!result) throw std::runtime_error(to_text(result.errors().front()));
    return std::move(result).value();
  }
  void expect_the_servers_counts(const RunResult& result) {
    const auto truth = server_->counters();
    const ScenarioResult& scenario = result.scenarios[0];
    EXPECT_EQ(truth.requests, GetParam().requests);
    EXPECT_EQ(scenario.requests.ok, GetParam().requests);
    EXPECT_EQ(scenario.bytes_received, truth.bytes_sent);
    EXPECT_EQ(scenario.bytes_sent, truth.bytes_received);
    EXPECT_EQ(scenario.connections.reconnects, 0U);
    EXPECT_TRUE(result.balanced());
  }

 private:
  std::optional<target::Server> server_;
};

TEST_P(Bodies, ArriveWholeAndAreCountedAsTheServerDoes) {
  const RunResult result = run_with({});
  expect_the_servers_counts(result);
}

TEST_P(Bodies, NeedNoMoreThanTheLeastMemory) {
  const RunResult result = run_with(262'144);
  expect_the_servers_counts(result);
}

TEST_P(Bodies, AreCountedAllTheSameWhereTheyAreDropped) {
  const RunResult result = run_with({}, true);
  expect_the_servers_counts(result);
  const ScenarioResult& scenario = result.scenarios[0];
  const auto& used = result.transport.features;
  const bool large = GetParam().name == "of_100_KiB" || GetParam().name == "of_1_MiB";
  EXPECT_EQ(std::count(used.begin(), used.end(), "RECV_TRUNC"), large ? 1 : 0);
  EXPECT_EQ(result.notes.size(), large ? 0U : 1U);
  EXPECT_EQ(scenario.latency_source, "kernel-rx");
  EXPECT_EQ(scenario.generator.missing_stamps, 0U);
  if (large)
    EXPECT_GT(scenario.bytes_discarded, scenario.bytes_received / 2);
  else
    EXPECT_EQ(scenario.bytes_discarded, 0U);
}

TEST_P(Bodies, AreCountedAllTheSameWhereTheyAreDroppedWithTheLeastMemory) {
  expect_the_servers_counts(run_with(262'144, true));
}

INSTANTIATE_TEST_SUITE_P(Sizes, Bodies,
                         ::testing::Values(Case{"hello_on_300", "/hello", 300, 6000},
                                           Case{"pipelined_16", "/hello", 32, 32'000, 16},
                                           Case{"pipelined_64", "/hello", 32, 64'000, 64},
                                           Case{"of_5000_bytes", "/_fault/bytes/5000", 64, 5000},
                                           Case{"of_16_KiB", "/_fault/bytes/16384", 64, 5000},
                                           Case{"of_100_KiB", "/_fault/bytes/102400", 64, 2000},
                                           Case{"of_1_MiB", "/_fault/bytes/1048576", 16, 200},
                                           Case{"chunked_100_KiB", "/_fault/chunked/102400", 32, 600},
                                           Case{"pipelined_16_KiB", "/_fault/bytes/16384", 8, 1600, 8}),
                         [](const auto& tested) { return tested.param.name; });

/// Shares of 1,024: so many of the receives into large buffers find none. Whether the kernel has all of them
/// in the end.
bool gets_all_large_buffers(std::uint32_t none_of_1024) {
  auto ring = Ring::create(64, 128);
  if (!ring) throw std::runtime_error(to_text(ring.errors().front()));
  auto buffers = ReceiveBuffers::create((*ring)->get(), ReceiveBuffers::kDefaultBytes);
  if (!buffers) throw std::runtime_error(to_text(buffers.errors().front()));
  const std::uint32_t name = ReceiveBuffers::name(BufferPool::large, 0);
  for (std::uint32_t i = 0; i < 16 * 1024; ++i) {
    if (i % 1024 < none_of_1024) {
      (*buffers)->ran_short(BufferPool::large);
    } else {
      (*buffers)->taken(name, 1);
      (*buffers)->give_back(name);
    }
    (*buffers)->refill();
  }
  return (*buffers)->ran_short(BufferPool::large);
}

TEST(ReceiveMemory, FewLargeBuffersAreUsedAgainAndAgainUntilAThirdOfTheReceivesFindNone) {
  EXPECT_FALSE(gets_all_large_buffers(0));
  EXPECT_FALSE(gets_all_large_buffers(300));
  EXPECT_TRUE(gets_all_large_buffers(400));
}

TEST(ReceiveMemory, TooLittleForItsThreadsIsRefusedBeforeAnythingIsSent) {
  auto started = target::Server::start({});
  ASSERT_TRUE(started);
  Plan plan;
  plan.base_url = started->url();
  plan.scenarios.emplace_back();
  plan.scenarios[0].iterations = 1;
  plan.scenarios[0].flow.emplace_back();
  plan.scenarios[0].flow[0].name = "x";
  RunOptions options;
  options.threads = 2;
  options.receive_memory = 500'000;
  const auto result = run(plan, options);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.errors()[0].place, "--recv-memory");
  EXPECT_EQ(result.errors()[0].kind, ErrorKind::setup);
  EXPECT_EQ(started->counters().accepted, 0U);
}

}  // namespace
}  // namespace saturn
