// The trials of `saturn doctor` on this machine, which runs io_uring or could not run these tests.
#include <gtest/gtest.h>

#include "system/doctor/collect.hpp"

namespace saturn::doctor {
namespace {

TEST(DoctorTrials, FindARingThatCanDoWhatTheEngineNeeds) {
  Facts facts;
  try_out(facts);
  ASSERT_FALSE(facts.ring.refusal);
  EXPECT_FALSE(facts.ring.setup_flags.empty());
  EXPECT_EQ(facts.ring.missing, std::vector<std::string>{});
  EXPECT_TRUE(facts.ring.buffer_ring);
  EXPECT_EQ(facts.ring.multishot_receive, true);
}

TEST(DoctorTrials, StampsArriveBothWays) {
  Facts facts;
  try_out(facts);
  EXPECT_TRUE(facts.stamps_tried);
  ASSERT_TRUE(facts.stamp_delay);
  EXPECT_GE(*facts.stamp_delay, Nanos(0));
  EXPECT_LT(*facts.stamp_delay, std::chrono::seconds(1));
  EXPECT_EQ(facts.ring.receive_stamps, true);
}

TEST(DoctorTrials, WithoutAConnectionTheReceiveStaysOpen) {
  const RingProbe probe = probe_ring(-1, -1);
  EXPECT_FALSE(probe.refusal);
  EXPECT_EQ(probe.multishot_receive, std::nullopt);
  EXPECT_EQ(probe.receive_stamps, std::nullopt);
}

TEST(DoctorTrials, TheClockIsReadInLessThanATurnTakes) {
  Facts facts;
  try_out(facts);
  EXPECT_GT(facts.clock_read_ns.value(), 0.0);
  EXPECT_LT(facts.clock_read_ns.value(), 1e6);
  EXPECT_TRUE(facts.tracked.has_value());
}

TEST(DoctorFacts, OfThisMachineAreComplete) {
  Facts facts;
  collect(facts);
  EXPECT_FALSE(facts.kernel.empty());
  EXPECT_GE(facts.cpus_allowed, 1U);
  EXPECT_TRUE(facts.files_hard && facts.locked_bytes && facts.seccomp && facts.ports);
}

}  // namespace
}  // namespace saturn::doctor
