#include "system/run/placement.hpp"

#include <gtest/gtest.h>

namespace saturn {
namespace {

using Cpus = std::vector<int>;

/// Two cores of two threads: 0 and 2, 1 and 3.
Topology two_by_two() {
  std::map<int, CpuPlace> places;
  for (int cpu = 0; cpu < 4; ++cpu) places[cpu].threads = {cpu % 2, cpu % 2 + 2};
  return Topology(places);
}
const Cpus kFour{0, 1, 2, 3};

WaitFacts facts_of(const Placement& placement, unsigned shards, bool target_here = true, bool pinned = true) {
  WaitFacts facts;
  placement.put_into(facts, placement.taken(shards, pinned), target_here);
  return facts;
}

TEST(Placement, ATargetOfWhichNothingIsKnownMayBeAnywhereOnThisMachine) {
  const Placement placement(kFour, two_by_two(), {});
  EXPECT_EQ(placement.cpus(), (Cpus{3, 2, 1, 0}));
  EXPECT_TRUE(facts_of(placement, 1).target_unknown);
  EXPECT_FALSE(facts_of(placement, 1, false).target_unknown);  // it is on another
  EXPECT_FALSE(facts_of(placement, 1, false).target_may_share);
}

TEST(Placement, ATargetThatIsHeldNowhereMayShare) {
  const Placement placement(kFour, two_by_two(), kFour);
  EXPECT_EQ(placement.cpus(), (Cpus{3, 2, 1, 0}));
  EXPECT_TRUE(facts_of(placement, 1).target_may_share);
  EXPECT_TRUE(facts_of(placement, 1).target_here);
}

TEST(Placement, KeepsToOtherCoresThanTheTargets) {
  const Placement placement(kFour, two_by_two(), Cpus{3});
  EXPECT_EQ(placement.cpus(), (Cpus{2, 0}));  // 1 is the target's sibling
  EXPECT_EQ(placement.room_for(1), 1U);
  EXPECT_EQ(placement.room_for(3), 1U);
  EXPECT_FALSE(facts_of(placement, 1).target_may_share);
  EXPECT_FALSE(facts_of(placement, 1).target_may_share_core);
  EXPECT_FALSE(facts_of(placement, 5).target_may_share);
  EXPECT_TRUE(facts_of(placement, 1, true, false).target_may_share) << "not pinned: any that is allowed";
  EXPECT_EQ(placement.siblings_of(placement.taken(1, true)), Cpus{0});
  EXPECT_EQ(placement.siblings_of(placement.taken(2, true)), Cpus{});  // both are saturn's
}

TEST(Placement, BesideTheTargetWhereThereIsNothingElseAndSaysSo) {
  const Placement placement({1, 3}, two_by_two(), Cpus{1});
  EXPECT_EQ(placement.cpus(), (Cpus{3, 1}));
  EXPECT_FALSE(facts_of(placement, 1).target_may_share);
  EXPECT_TRUE(facts_of(placement, 1).target_may_share_core);
  RunResult result;
  result.scenarios.resize(1);
  result.scenarios[0].shards.resize(3);
  result.scenarios[0].shards[0].cpu = 3;
  result.scenarios[0].shards[1].cpu = 0;
  placement.put_into(result);
  const auto& shards = result.scenarios[0].shards;
  EXPECT_EQ(shards[0].core, 1);
  EXPECT_TRUE(shards[0].beside_target);
  EXPECT_EQ(shards[1].core, 0);
  EXPECT_FALSE(shards[1].beside_target);
  EXPECT_EQ(shards[2].core, std::nullopt);  // not pinned
}

TEST(Placement, BesideTheTargetIsNotOnItsOwnCpu) {
  const Placement placement({1, 3}, two_by_two(), Cpus{3});
  EXPECT_EQ(placement.cpus(), (Cpus{1, 3}));
  EXPECT_FALSE(facts_of(placement, 1).target_may_share);
  EXPECT_TRUE(facts_of(placement, 1).target_may_share_core);
}

TEST(Placement, OfAMachineThatTellsNothingEveryCpuIsRoomForAShard) {
  const Placement placement({0, 1, 2, 3}, Topology(), Cpus{0});
  EXPECT_EQ(placement.room_for(8), 3U);
  EXPECT_EQ(placement.cpus(), (Cpus{3, 2, 1}));
}

}  // namespace
}  // namespace saturn
