#include "system/net/resolve.hpp"

#include <gtest/gtest.h>

#include "saturn/run.hpp"
#include "target/server.hpp"

namespace saturn {
namespace {

const std::atomic<bool> kGoOn{false};

target::Server server() {
  auto started = target::Server::start({});
  if (!started) throw std::runtime_error(to_text(started.errors().front()));
  return std::move(started).value();
}

SocketAddress address_of(const std::string& host, std::uint16_t port) {
  const auto found = resolve({host, port, ""});
  if (!found) throw std::runtime_error(to_text(found.errors().front()));
  return found->front();
}

TEST(Resolve, WritesAddressesAsPeopleDo) {
  EXPECT_EQ(to_text(address_of("127.0.0.1", 8000)), "127.0.0.1:8000");
  EXPECT_EQ(to_text(address_of("::1", 80)), "[::1]:80");
}

TEST(Resolve, AnAddressOfThisMachineIsKnownAsOne) {
  EXPECT_TRUE(is_local(address_of("127.0.0.1", 80)));
  EXPECT_TRUE(is_local(address_of("127.1.2.3", 8000)));
  EXPECT_TRUE(is_local(address_of("::1", 80)));
  EXPECT_FALSE(is_local(address_of("192.0.2.1", 80)));  // of no machine (RFC 5737)
}

TEST(Resolve, ANameHasEachAddressOnce) {
  const auto found = resolve({"localhost", 80, ""});
  ASSERT_TRUE(found);
  for (std::size_t i = 0; i < found->size(); ++i)
    for (std::size_t j = 0; j < i; ++j) EXPECT_NE(to_text((*found)[i]), to_text((*found)[j]));
}

TEST(Resolve, TheFirstAddressThatAcceptsIsTaken) {
  auto listening = server();
  std::uint16_t closed_port = 0;
  {
    auto gone = server();
    closed_port = gone.port();
  }
  const SocketAddress refuses = address_of("127.0.0.1", closed_port),
                      accepts = address_of("127.0.0.1", listening.port());
  const auto taken =
      first_that_accepts({"name", 80, ""}, {refuses, accepts, refuses}, std::chrono::seconds(5), kGoOn);
  ASSERT_TRUE(taken);
  EXPECT_EQ(to_text(*taken), to_text(accepts));
}

TEST(Resolve, WhenNoneAcceptsEachIsNamedWithItsReason) {
  std::uint16_t port = 0;
  {
    auto gone = server();
    port = gone.port();
  }
  const auto none =
      first_that_accepts({"::1", port, ""}, {address_of("127.0.0.1", port), address_of("127.0.0.2", port)},
                         std::chrono::seconds(5), kGoOn);
  ASSERT_FALSE(none);
  const Error& error = none.errors().front();
  EXPECT_EQ(error.place, "[::1]:" + std::to_string(port));
  EXPECT_EQ(error.message, "no connection: 127.0.0.1:" + std::to_string(port) +
                               ": Connection refused; 127.0.0.2:" + std::to_string(port) +
                               ": Connection refused");
}

TEST(Resolve, AnAddressIsNamedOnce) {
  std::uint16_t port = 0;
  {
    auto gone = server();
    port = gone.port();
  }
  const auto none = first_that_accepts({"127.0.0.1", port, ""}, std::chrono::seconds(5), kGoOn);
  ASSERT_FALSE(none);
  EXPECT_EQ(none.errors().front().place, "127.0.0.1:" + std::to_string(port));
  EXPECT_EQ(none.errors().front().message, "no connection: Connection refused");
}

TEST(Resolve, TheResultNamesTheAddressThatWasUsed) {
  auto listening = server();
  Plan plan;
  plan.base_url = "http://localhost:" + std::to_string(listening.port());
  plan.scenarios.emplace_back();
  plan.scenarios[0].vus = 1;
  plan.scenarios[0].iterations = 1;
  plan.scenarios[0].flow.emplace_back();
  plan.scenarios[0].flow[0].name = "root";
  plan.scenarios[0].flow[0].path = "/hello";
  const auto result = run(plan, {});
  ASSERT_TRUE(result);
  EXPECT_EQ(result->address, "127.0.0.1:" + std::to_string(listening.port()));
}

}  // namespace
}  // namespace saturn
