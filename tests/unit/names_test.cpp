// The words of the contract for executors and kinds of failure, each exactly as users and scripts know it.
#include <string_view>

#include <gtest/gtest.h>

#include "saturn/plan.hpp"
#include "saturn/result.hpp"
#include "saturn/run.hpp"

namespace saturn {
namespace {

TEST(Names, ExecutorsHaveTheNamesOfK6) {
  EXPECT_EQ(to_name(Executor::constant_vus), "constant-vus");
  EXPECT_EQ(to_name(Executor::per_vu_iterations), "per-vu-iterations");
  EXPECT_EQ(to_name(Executor::shared_iterations), "shared-iterations");
  EXPECT_EQ(to_name(Executor::ramping_vus), "ramping-vus");
  EXPECT_EQ(to_name(Executor::constant_arrival_rate), "constant-arrival-rate");
  EXPECT_EQ(to_name(Executor::ramping_arrival_rate), "ramping-arrival-rate");
}

TEST(Names, WaysToWait) {
  EXPECT_EQ(to_name(WaitMode::sleep), "sleep");
  EXPECT_EQ(to_name(WaitMode::hybrid), "hybrid");
  EXPECT_EQ(to_name(WaitMode::spin), "spin");
}

TEST(Names, FailuresHaveTheNamesOfTheResult) {
  EXPECT_EQ(to_name(Failure::connect_refused), "connect_refused");
  EXPECT_EQ(to_name(Failure::connect_timeout), "connect_timeout");
  EXPECT_EQ(to_name(Failure::connect_error), "connect_error");
  EXPECT_EQ(to_name(Failure::tls), "tls");
  EXPECT_EQ(to_name(Failure::response_timeout), "response_timeout");
  EXPECT_EQ(to_name(Failure::reset), "reset");
  EXPECT_EQ(to_name(Failure::closed_early), "closed_early");
  EXPECT_EQ(to_name(Failure::malformed), "malformed");
  EXPECT_EQ(to_name(Failure::too_large), "too_large");
  EXPECT_EQ(to_name(Failure::send_error), "send_error");
  EXPECT_EQ(kFailureKinds, 10U);
}

TEST(Names, LimitsHaveTheNamesOfTheVerdict) {
  EXPECT_EQ(to_name(LimitedBy::target), "target");
  EXPECT_EQ(to_name(LimitedBy::generator), "generator");
  EXPECT_EQ(to_name(LimitedBy::network), "network");
  EXPECT_EQ(to_name(LimitedBy::load), "load");
  EXPECT_EQ(to_name(LimitedBy::unknown), "unknown");
}

TEST(Names, SeveritiesHaveTheNamesOfTheVerdict) {
  EXPECT_EQ(to_name(Severity::ok), "ok");
  EXPECT_EQ(to_name(Severity::warning), "warning");
  EXPECT_EQ(to_name(Severity::failure), "failure");
}

}  // namespace
}  // namespace saturn
