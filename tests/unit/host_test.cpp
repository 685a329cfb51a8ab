#include "system/host/host.hpp"

#include <gtest/gtest.h>

namespace saturn {
namespace {

TEST(Host, KnowsTheCpusItMayUse) {
  const HostFacts facts = host_facts();
  EXPECT_EQ(facts.cpus_allowed, allowed_cpus().size());
  EXPECT_LE(facts.cpus_allowed, facts.cpus_online);
  EXPECT_GE(facts.cpus_allowed, 1U);
  EXPECT_FALSE(facts.kernel.empty());
}

}  // namespace
}  // namespace saturn
