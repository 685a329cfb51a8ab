#include "system/host/host.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <string>

namespace saturn {
namespace {

TEST(Host, KnowsTheCpusItMayUse) {
  const HostFacts facts = host_facts();
  EXPECT_EQ(facts.cpus_allowed, allowed_cpus().size());
  EXPECT_LE(facts.cpus_allowed, facts.cpus_online);
  EXPECT_GE(facts.cpus_allowed, 1U);
  EXPECT_FALSE(facts.kernel.empty());
}

std::uint64_t descriptor_table_size() {
  std::ifstream status("/proc/self/status");
  for (std::string word; status >> word;)
    if (std::uint64_t size = 0; word == "FDSize:" && status >> size) return size;
  return 0;
}

TEST(Host, TheTableOfDescriptorsGrowsAtOnceAndNothingStaysOpen) {
  const std::uint64_t before = descriptor_table_size(), open = open_descriptors();
  ASSERT_GT(before, 0U);
  make_room_for_descriptors(before + 1);
  EXPECT_GT(descriptor_table_size(), before);
  EXPECT_EQ(open_descriptors(), open);
  make_room_for_descriptors(0);
  make_room_for_descriptors(std::uint64_t{1} << 30);  // more than is allowed: nothing happens
  EXPECT_EQ(open_descriptors(), open);
}

}  // namespace
}  // namespace saturn
