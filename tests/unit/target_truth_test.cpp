// The target's counters: sums over threads, taking back, and a reset that only moves the baseline.
#include "target/truth.hpp"

#include <gtest/gtest.h>

namespace saturn::target {
namespace {

const std::size_t kHello = ThreadTruth::request_cell(Endpoint::hello, Method::get);

TEST(TargetTruth, SumsTheThreads) {
  Truth truth(2);
  truth.of_thread(0).add(kHello, 2);
  truth.of_thread(1).add(kHello);
  truth.of_thread(1).add(ThreadTruth::request_cell(Endpoint::item, Method::del));
  truth.of_thread(0).add(ThreadTruth::malformed);
  truth.of_thread(0).add(ThreadTruth::response_cell(200), 3);
  truth.of_thread(1).add(ThreadTruth::response_cell(599));
  const Counters counters = truth.read();
  EXPECT_EQ(counters.requests, 5U);
  EXPECT_EQ(counters.requests_by, (std::map<std::string, std::uint64_t>{
                                      {"GET /hello", 3}, {"DELETE /items/{id}", 1}, {"malformed", 1}}));
  EXPECT_EQ(counters.responses, 4U);
  EXPECT_EQ(counters.responses_by_status, (std::map<int, std::uint64_t>{{200, 3}, {599, 1}}));
}

TEST(TargetTruth, OneThreadMayTakeBackWhatAnotherCounted) {
  Truth truth(2);
  truth.of_thread(0).add(ThreadTruth::accepted, 2);
  truth.of_thread(1).subtract(ThreadTruth::accepted);
  EXPECT_EQ(truth.read().accepted, 1U);
  EXPECT_EQ(truth.read().open, 1U);
  truth.of_thread(1).add(ThreadTruth::taken, 3);
  truth.of_thread(1).add(ThreadTruth::closed);
  EXPECT_EQ(truth.read().open_by_thread, (std::vector<std::uint64_t>{0, 2}));
}

TEST(TargetTruth, AResetStartsAtZeroAndKeepsWhatIsOpen) {
  Truth truth(1);
  ThreadTruth& thread = truth.of_thread(0);
  thread.add(kHello, 5);
  thread.add(ThreadTruth::accepted, 3);
  thread.add(ThreadTruth::closed);
  thread.add(ThreadTruth::sent, 100);
  truth.reset();
  EXPECT_EQ(truth.read().requests, 0U);
  EXPECT_TRUE(truth.read().requests_by.empty());
  EXPECT_EQ(truth.read().accepted, 0U);
  EXPECT_EQ(truth.read().bytes_sent, 0U);
  EXPECT_EQ(truth.read().open, 2U);
  thread.add(kHello);
  thread.add(ThreadTruth::closed);
  EXPECT_EQ(truth.read().requests, 1U);
  EXPECT_EQ(truth.read().closed, 1U);
  EXPECT_EQ(truth.read().open, 1U);
}

TEST(TargetTruth, AddsTheTimesOfAllThreadsAndForgetsThemAtAReset) {
  Truth truth(2, true);
  truth.times_of_thread(0)->record(Nanos(100), Nanos(1100));
  truth.times_of_thread(1)->record(Nanos(100), Nanos(5100));
  truth.times_of_thread(1)->record(kNoStamp, Nanos(5100));
  const Counters counters = truth.read();
  ASSERT_TRUE(counters.latency);
  EXPECT_EQ(counters.latency->count, 2U);
  EXPECT_EQ(counters.latency->min_us, 1.0);
  EXPECT_EQ(counters.latency->max_us, 5.0);
  EXPECT_EQ(counters.unstamped, 1U);
  truth.reset();
  EXPECT_FALSE(truth.read().latency);
  EXPECT_EQ(truth.read().unstamped, 0U);
}

TEST(TargetTruth, TakesNoTimesUnlessAsked) {
  Truth truth(1);
  EXPECT_EQ(truth.times_of_thread(0), nullptr);
  EXPECT_FALSE(truth.read().latency);
}

TEST(TargetTruth, Json) {
  EXPECT_EQ(
      to_json(Counters{}),
      R"({"requests": {"total": 0, "by": {}}, "responses": {"total": 0, "by_status": {}}, )"
      R"("bytes": {"received": 0, "sent": 0}, "connections": {"accepted": 0, "open": 0, "open_by_thread": [], "closed": 0, )"
      R"("closed_idle": 0, "turned_away": 0}, "unstamped": 0, "latency_us": null})");
  Counters counters;
  counters.requests = 3;
  counters.requests_by = {{"GET /hello", 2}, {"malformed", 1}};
  counters.responses = 2;
  counters.responses_by_status = {{200, 1}, {404, 1}};
  counters.bytes_received = 4;
  counters.bytes_sent = 5;
  counters.accepted = 6;
  counters.open = 7;
  counters.open_by_thread = {3, 4};
  counters.closed = 8;
  counters.closed_idle = 9;
  counters.turned_away = 10;
  counters.unstamped = 11;
  counters.latency = Distribution{};
  counters.latency->count = 2;
  counters.latency->min_us = 0.5;
  counters.latency->mean_us = 1.25;
  counters.latency->p50_us = 1;
  counters.latency->p90_us = 1.5;
  counters.latency->p99_us = 1.75;
  counters.latency->p99_9_us = 1.875;
  counters.latency->max_us = 2;
  counters.latency->histogram = "HISTFAAA";
  EXPECT_EQ(
      to_json(counters),
      R"({"requests": {"total": 3, "by": {"GET /hello": 2, "malformed": 1}}, )"
      R"("responses": {"total": 2, "by_status": {"200": 1, "404": 1}}, )"
      R"("bytes": {"received": 4, "sent": 5}, "connections": {"accepted": 6, "open": 7, "open_by_thread": [3, 4], "closed": 8, )"
      R"("closed_idle": 9, "turned_away": 10}, "unstamped": 11, )"
      R"("latency_us": {"count": 2, "min": 0.500, "mean": 1.250, "p50": 1.000, "p90": 1.500, "p99": 1.750, "p99_9": 1.875, )"
      R"("max": 2.000, "histogram": "HISTFAAA"}})");
}

}  // namespace
}  // namespace saturn::target
