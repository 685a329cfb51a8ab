#include "system/run/resources.hpp"

#include <gtest/gtest.h>

#include "system/uring/receive_buffers.hpp"

namespace saturn {
namespace {

HostFacts host(unsigned cpus, std::optional<double> quota = {}) {
  HostFacts facts;
  facts.cpus_allowed = cpus;
  facts.cpu_quota = quota;
  return facts;
}

constexpr DescriptorLimits kPlenty{1'000'000, 10};
constexpr DescriptorLimits kFew{20'000, 10};

TEST(Resources, AShardForEach256ConnectionsAsFarAsCoresGo) {
  EXPECT_EQ(plan_sockets(1, {}, host(8), kPlenty)->shards, 1U);
  EXPECT_EQ(plan_sockets(256, {}, host(8), kPlenty)->shards, 1U);
  EXPECT_EQ(plan_sockets(257, {}, host(8), kPlenty)->shards, 2U);
  EXPECT_EQ(plan_sockets(100'000, {}, host(8), kPlenty)->shards, 7U);
  EXPECT_EQ(plan_sockets(1000, {}, host(1), kPlenty)->shards, 1U);
  EXPECT_EQ(plan_sockets(1000, {}, host(8, 2.5), kPlenty)->shards, 2U);
}

TEST(Resources, ThreadsOfOnePhysicalCoreCountOnce) {
  HostFacts six = host(12);
  six.physical_cores = 6;
  EXPECT_EQ(plan_sockets(100'000, {}, six, kPlenty)->shards, 5U);
  EXPECT_EQ(plan_sockets(100'000, 9, six, kPlenty)->shards, 9U);
  six.physical_cores = 1;
  EXPECT_EQ(plan_sockets(100'000, {}, six, kPlenty)->shards, 1U);
}

TEST(Resources, ConnectionsThatAreOpenedOnDemandNeedNoThreadsBeforehand) {
  EXPECT_EQ(plan_sockets(10'000, {}, host(8), kPlenty, 50)->shards, 1U);
  EXPECT_EQ(plan_sockets(10'000, {}, host(8), kPlenty, 600)->shards, 3U);
  EXPECT_EQ(plan_sockets(10'000, 5, host(8), kPlenty, 50)->shards, 5U);
}

TEST(Resources, InFlightIsWhatDescriptorsAllow) {
  EXPECT_EQ(most_in_flight(50, 1, kPlenty), 10'000U);
  EXPECT_EQ(most_in_flight(50, 2, {4096, 10}), 4096U - 10 - 32 - 2);
  EXPECT_EQ(most_in_flight(50, 2, {20, 10}), 50U);
  EXPECT_EQ(most_in_flight(50, 2, {4096, 10}, SocketForm::table), 8192U);
  EXPECT_EQ(most_in_flight(12'000, 1, kPlenty), 12'000U);
}

TEST(Resources, NeverMoreShardsThanConnections) {
  EXPECT_EQ(plan_sockets(3, 8, host(8), kPlenty)->shards, 3U);
}

TEST(Resources, DescriptorsAreUsedAsLongAsTheyAreEnough) {
  const auto last = plan_sockets(19'957, {}, host(2), kFew);  // + 1 shard, 10 open, 32 spare
  EXPECT_EQ(last->form, SocketForm::descriptors);
  EXPECT_EQ(last->descriptors, 20'000U);
  const auto more = plan_sockets(19'958, {}, host(2), kFew);
  EXPECT_EQ(more->form, SocketForm::table);
  EXPECT_EQ(more->descriptors, 10U + 32 + 2);
}

TEST(Resources, TheFormOfSocketsMayBeAskedFor) {
  const auto form = [](std::uint32_t connections, SocketForm asked) {
    return plan_sockets(connections, {}, host(2), kFew, {}, asked);
  };
  EXPECT_EQ(form(100, SocketForm::table)->form, SocketForm::table);
  EXPECT_EQ(form(100, SocketForm::table)->shards, 1U);
  EXPECT_EQ(form(100, SocketForm::linked)->form, SocketForm::linked);
  EXPECT_EQ(form(19'958, SocketForm::linked)->form, SocketForm::linked);
  EXPECT_EQ(form(100, SocketForm::descriptors)->form, SocketForm::descriptors);
  const auto refused = form(19'958, SocketForm::descriptors);
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.errors()[0].remedy.find("leave --sockets out"), std::string::npos);
}

TEST(Resources, MoreSocketsThanDescriptorsGoIntoTheTablesOfAsManyShardsAsTheyNeed) {
  const auto plan = plan_sockets(100'000, {}, host(2), kFew);
  ASSERT_TRUE(plan);
  EXPECT_EQ(plan->form, SocketForm::table);
  EXPECT_EQ(plan->shards, 5U);
  EXPECT_EQ(plan_sockets(100'001, {}, host(2), kFew)->shards, 6U);
  EXPECT_EQ(plan_sockets(20'000, {}, host(2), kFew)->shards, 1U);
}

TEST(Resources, AskedForThreadsAreNotMultiplied) {
  EXPECT_EQ(plan_sockets(100'000, 8, host(2), kFew)->shards, 8U);
  const auto refused = plan_sockets(100'000, 4, host(2), kFew);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.errors()[0].place, "--connections");
  EXPECT_EQ(refused.errors()[0].kind, ErrorKind::setup);
  EXPECT_NE(refused.errors()[0].message.find("may open 20000"), std::string::npos);
  EXPECT_NE(refused.errors()[0].remedy.find("-t 5, at most 80000 connections"), std::string::npos);
}

TEST(Resources, ThereIsAnEndToWhatTablesHold) {
  EXPECT_TRUE(plan_sockets(320'000, {}, host(2), kFew));
  const auto refused = plan_sockets(320'001, {}, host(2), kFew);
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.errors()[0].remedy.find("at most 320000 connections"), std::string::npos);
  EXPECT_FALSE(plan_sockets(100, {}, host(2), {40, 39}));  // no descriptor left for a ring
}

TEST(Resources, ReceiveMemoryIsDividedAmongTheShards) {
  EXPECT_EQ(*receive_bytes_of_a_shard({}, 4), std::uint64_t{16} << 20);
  EXPECT_EQ(*receive_bytes_of_a_shard(std::uint64_t{32} << 20, 4), std::uint64_t{8} << 20);
  EXPECT_EQ(*receive_bytes_of_a_shard(262'144, 1), 262'144U);
}

TEST(Resources, TooLittleReceiveMemorySaysHowMuchIsNeeded) {
  const auto refused = receive_bytes_of_a_shard(262'144, 2);
  ASSERT_FALSE(refused);
  EXPECT_EQ(to_text(refused.errors()[0]),
            "--recv-memory: 262144 bytes for 2 threads are too little: each needs 256 KiB (give at least "
            "512KiB, or "
            "use fewer threads (-t))");
}

TEST(ReceiveBuffers, CountsOfBothPoolsStayWithinTheirMemory) {
  const auto least = ReceiveBuffers::counts_for(ReceiveBuffers::kLeastBytes);
  EXPECT_EQ(least.small, 16U);
  EXPECT_EQ(least.large, 3U);
  const auto usual = ReceiveBuffers::counts_for(ReceiveBuffers::kDefaultBytes);
  EXPECT_EQ(usual.small, 1024U);
  EXPECT_EQ(usual.large, 192U);
  for (const std::uint64_t bytes :
       {std::uint64_t{262'144}, std::uint64_t{1'000'000}, std::uint64_t{1} << 40}) {
    const auto counts = ReceiveBuffers::counts_for(bytes);
    EXPECT_LE(std::uint64_t{counts.small} * ReceiveBuffers::kSmallBytes +
                  std::uint64_t{counts.large} * ReceiveBuffers::kLargeBytes,
              bytes);
    EXPECT_LE(counts.large, BufferRing::kMostBuffers);
  }
}

}  // namespace
}  // namespace saturn
