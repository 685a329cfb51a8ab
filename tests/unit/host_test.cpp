#include "system/host/host.hpp"

#include <gtest/gtest.h>

namespace saturn {
namespace {

TEST(Host, ReadsACpuQuota) {
  EXPECT_EQ(parse_cpu_max("50000 100000\n"), 0.5);
  EXPECT_EQ(parse_cpu_max("400000 100000\n"), 4.0);
  EXPECT_EQ(parse_cpu_max("max 100000\n"), std::nullopt);
  EXPECT_EQ(parse_cpu_max(""), std::nullopt);
}

TEST(Host, KnowsTheCpusItMayUse) {
  const HostFacts facts = host_facts();
  EXPECT_EQ(facts.cpus_allowed, allowed_cpus().size());
  EXPECT_LE(facts.cpus_allowed, facts.cpus_online);
  EXPECT_GE(facts.cpus_allowed, 1U);
  EXPECT_FALSE(facts.kernel.empty());
}

}  // namespace
}  // namespace saturn
