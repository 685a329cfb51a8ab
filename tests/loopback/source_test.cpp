#include "system/net/source.hpp"

#include <gtest/gtest.h>
#include <netinet/in.h>

#include <string>

#include "listening.hpp"
#include "saturn/run.hpp"
#include "system/clock/system_clock.hpp"
#include "system/uring/uring_transport.hpp"
#include "target/server.hpp"

namespace saturn {
namespace {

std::vector<SocketAddress> sources(const std::vector<std::string>& literals) {
  auto found = source_addresses(literals);
  if (!found) throw std::runtime_error(to_text(found.errors().front()));
  return std::move(found).value();
}

std::string refusal(const std::vector<std::string>& literals) {
  const auto found = source_addresses(literals);
  return found ? "" : to_text(found.errors().front());
}

class SourceOfBothForms : public ::testing::TestWithParam<bool> {};

TEST_P(SourceOfBothForms, ConnectionsTakeTheAddressesInTurn) {
  const Listening server("127.0.0.1");
  UringOptions options;
  options.direct_descriptors = GetParam();
  options.sources = sources({"127.0.0.2", "127.0.0.3", "127.0.0.1"});
  auto transport = UringTransport::create(server.address(), 6, options);
  ASSERT_TRUE(transport);
  std::vector<Completion> done;
  done.reserve(16);
  std::vector<std::string> from;
  for (SlotId slot = 0; slot < 6; ++slot) {
    (*transport)->connect(slot, 1);
    const std::size_t before = done.size();
    (*transport)->wait(monotonic_now() + std::chrono::seconds(10), done);
    ASSERT_EQ(done.size(), before + 1);
    ASSERT_EQ(done.back().error, 0);
    from.push_back(Listening::host_of(server.next_client()));
  }
  EXPECT_EQ(from, (std::vector<std::string>{"127.0.0.2", "127.0.0.3", "127.0.0.1", "127.0.0.2", "127.0.0.3",
                                            "127.0.0.1"}));
}

INSTANTIATE_TEST_SUITE_P(Descriptors, SourceOfBothForms, ::testing::Bool(),
                         [](const auto& tested) { return tested.param ? "direct" : "plain"; });

TEST(Source, AnIpv6AddressIsOneToo) {
  const Listening server("::1");
  const auto reached =
      reach({"::1", ntohs(reinterpret_cast<const sockaddr_in6*>(&server.address().storage)->sin6_port), ""},
            sources({"::1"}), std::chrono::seconds(5), std::atomic<bool>{false});
  ASSERT_TRUE(reached);
  EXPECT_EQ(Listening::host_of(server.next_client()), "[::1]");
}

TEST(Source, TheLookWhetherAnybodyListensComesFromThereToo) {
  const Listening server("127.0.0.1");
  const auto port = ntohs(reinterpret_cast<const sockaddr_in*>(&server.address().storage)->sin_port);
  ASSERT_TRUE(reach({"127.0.0.1", port, ""}, sources({"127.0.0.9"}), std::chrono::seconds(5),
                    std::atomic<bool>{false}));
  EXPECT_EQ(Listening::host_of(server.next_client()), "127.0.0.9");
}

TEST(Source, AnAddressOfAnotherHostIsRefusedWithAWayOut) {
  EXPECT_EQ(
      refusal({"127.0.0.1", "192.0.2.7"}),
      "--source-ip: 192.0.2.7 is not an address of this host (`ip addr` lists them; as root: ip addr add "
      "ADDRESS/PREFIX dev DEVICE)");
}

TEST(Source, NamesAndEmptyPiecesAreNotAddresses) {
  EXPECT_NE(refusal({"localhost"}).find("\"localhost\" is not an IP address"), std::string::npos);
  EXPECT_NE(refusal({"127.0.0.1", ""}).find("\"\" is not an IP address"), std::string::npos);
}

TEST(Source, FamiliesAreNotMixedAndNothingIsGivenTwice) {
  EXPECT_NE(refusal({"127.0.0.1", "::1"}).find("::1 is IPv6, the one before is IPv4"), std::string::npos);
  EXPECT_NE(refusal({"127.0.0.1", "127.0.0.1"}).find("127.0.0.1 is given twice"), std::string::npos);
}

TEST(Source, EveryBadAddressIsNamed) {
  const auto found = source_addresses({"nonsense", "192.0.2.7", "127.0.0.1"});
  ASSERT_FALSE(found);
  EXPECT_EQ(found.errors().size(), 2U);
}

TEST(Source, ATargetOfTheOtherFamilyIsSaidToBeOne) {
  const auto reached =
      reach({"127.0.0.1", 80, ""}, sources({"::1"}), std::chrono::seconds(5), std::atomic<bool>{false});
  ASSERT_FALSE(reached);
  EXPECT_EQ(reached.errors()[0].place, "--source-ip");
  EXPECT_NE(
      reached.errors()[0].message.find("the source addresses are IPv6, the target 127.0.0.1:80 is IPv4"),
      std::string::npos);
}

TEST(Source, ARunConnectsFromThem) {
  auto started = target::Server::start({});
  ASSERT_TRUE(started);
  Plan plan;
  plan.base_url = started->url();
  plan.scenarios.emplace_back();
  plan.scenarios[0].vus = 20;
  plan.scenarios[0].iterations = 400;
  plan.scenarios[0].requests_per_connection = 1;
  plan.scenarios[0].flow.emplace_back();
  plan.scenarios[0].flow[0].name = "x";
  plan.scenarios[0].flow[0].path = "/hello";
  RunOptions options;
  options.source_ips = {"127.0.0.2", "127.0.0.3"};
  const auto result = run(plan, options);
  ASSERT_TRUE(result);
  EXPECT_EQ(result->scenarios[0].requests.ok, 400U);
  EXPECT_EQ(started->counters().requests, 400U);
  EXPECT_EQ(started->counters().accepted, 401U);
}

}  // namespace
}  // namespace saturn
