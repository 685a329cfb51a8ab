// Flags of `saturn run` that say how bytes go to and from the kernel.
#include <gtest/gtest.h>

#include <string>

#include "args.hpp"

namespace saturn::cli {
namespace {

const std::string kUrl = "http://127.0.0.1:8000/hello?x=1";

RunArguments good(const Arguments& arguments) {
  auto parsed = parse_run(arguments);
  for (const auto& error : parsed.errors) ADD_FAILURE() << to_text(error);
  return parsed.run;
}

TEST(ArgsOfTheTransport, SourceAddressesAndReceiveMemoryReachTheRun) {
  const auto run =
      good({kUrl, "--source-ip", "127.0.0.1,127.0.0.2", "--source-ip=::1", "--recv-memory", "32MiB"});
  EXPECT_EQ(run.source_ips, (std::vector<std::string>{"127.0.0.1", "127.0.0.2", "::1"}));
  EXPECT_EQ(run.receive_memory, std::uint64_t{32} << 20);
  EXPECT_FALSE(good({kUrl}).receive_memory);
  EXPECT_TRUE(good({kUrl}).source_ips.empty());
}

TEST(ArgsOfTheTransport, TheFormOfSocketsReachesTheRun) {
  EXPECT_EQ(good({kUrl, "--sockets", "table"}).sockets, SocketForm::table);
  EXPECT_EQ(good({kUrl, "--sockets=descriptors"}).sockets, SocketForm::descriptors);
  EXPECT_EQ(good({kUrl, "--sockets", "linked"}).sockets, SocketForm::linked);
  EXPECT_FALSE(good({kUrl}).sockets);
  const auto bad = parse_run({kUrl, "--sockets", "fixed"});
  ASSERT_EQ(bad.errors.size(), 1U);
  EXPECT_EQ(to_text(bad.errors[0]),
            "--sockets: \"fixed\" is no form of sockets (type --sockets descriptors, table or linked)");
}

TEST(ArgsOfTheTransport, BodiesAreDroppedWhereThatIsAskedForButNotOfPipelinedAnswers) {
  EXPECT_FALSE(good({kUrl}).discard_body);
  EXPECT_TRUE(good({kUrl, "--discard-body", "-p", "1"}).discard_body);
  const auto parsed = parse_run({kUrl, "--discard-body", "-p", "16"});
  ASSERT_EQ(parsed.errors.size(), 1U);
  EXPECT_EQ(to_text(parsed.errors[0]),
            "--discard-body: has no effect with pipelining (-p) (leave one of them out)");
}

}  // namespace
}  // namespace saturn::cli
