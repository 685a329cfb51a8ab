// How a run's threads start: what each did not get is said, as a note or as an error.
#include "system/run/shards.hpp"

#include <gtest/gtest.h>

#include "listening.hpp"
#include "support/allocations.hpp"
#include "system/host/host.hpp"

namespace saturn {
namespace {

class Shards : public testing::Test {
 protected:
  /// A share for each of the shards that are wanted.
  std::vector<Share> shares(unsigned count, std::uint32_t connections) {
    Plan plan;
    plan.base_url = "http://" + to_text(server_.address());
    plan.scenarios.emplace_back();
    plan.scenarios[0].vus = connections;
    plan.scenarios[0].iterations = connections;
    plan.scenarios[0].flow.emplace_back().path = "/";
    auto program = compile(plan, 1);
    if (!program) throw std::runtime_error(to_text(program.errors().front()));
    program_ = std::move(*program);
    return split(program_, count);
  }
  Result<std::unique_ptr<ShardThreads>> start(std::vector<Share> shares, const std::vector<int>& cpus) {
    return ShardThreads::start(program_, std::move(shares), server_.address(), cpus, {}, stop_);
  }

 private:
  Listening server_{"127.0.0.1"};
  const std::atomic<bool> stop_{false};
  Program program_;
};

TEST_F(Shards, OneThatDoesNotGetItsCpuIsANote) {
  const int ours = allowed_cpus().front();
  constexpr int kNobodys = 4000;
  auto shards = start(shares(3, 3), {ours, kNobodys});
  ASSERT_TRUE(shards);
  EXPECT_EQ((*shards)->notes(), std::vector<std::string>{
                                    "shard 1 could not be pinned to CPU 4000, which is not this process's to "
                                    "use any more: it ran where the kernel put it"});
  const auto results = (*shards)->finish();
  ASSERT_EQ(results.size(), 3U);
  EXPECT_EQ(results[0].cpu, ours);
  EXPECT_EQ(results[1].cpu, -1);
  EXPECT_EQ(results[2].cpu, ours);
}

TEST_F(Shards, ThatAreNotMeantForACpuNeedNoNote) {
  auto shards = start(shares(2, 2), {});
  ASSERT_TRUE(shards);
  EXPECT_TRUE((*shards)->notes().empty());
  EXPECT_EQ((*shards)->finish()[0].cpu, -1);
}

TEST_F(Shards, WithoutMemoryForTheirConnectionsSaySo) {
  auto parts = shares(2, 100'000);
  const test::NoneAbove limit(2'000'000);
  const auto shards = start(std::move(parts), {});
  ASSERT_FALSE(shards);
  EXPECT_EQ(
      to_text(shards.errors().front()),
      "memory: not enough for this run's connections and request bodies (use fewer connections, a smaller "
      "body or less pipelining)");
  EXPECT_EQ(shards.errors().front().kind, ErrorKind::setup);
}

}  // namespace
}  // namespace saturn
