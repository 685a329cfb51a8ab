#include "core/plan/rate.hpp"

#include <gtest/gtest.h>

#include "core/plan/limits.hpp"

namespace saturn {
namespace {

using namespace std::chrono_literals;

Rate read(std::string_view text) {
  const auto rate = parse_rate(text, "-R");
  EXPECT_TRUE(rate) << text;
  return rate ? *rate : Rate{};
}

TEST(Rate, ANumberAloneIsASecond) {
  EXPECT_EQ(read("1000"), (Rate{1000, 1s}));
  EXPECT_EQ(read("50/s"), (Rate{50, 1s}));
  EXPECT_EQ(read("10/ms"), (Rate{10, 1ms}));
  EXPECT_EQ(read("3/7ms"), (Rate{3, 7ms}));
  EXPECT_EQ(read("90/m"), (Rate{90, 1min}));
  EXPECT_EQ(read("5/1m30s"), (Rate{5, 90s}));
}

TEST(Rate, FractionsAreExact) {
  EXPECT_EQ(read("2.5/s"), (Rate{25, 10s}));
  EXPECT_EQ(read("0.10"), (Rate{1, 10s}));
  EXPECT_EQ(read("2.0"), (Rate{2, 1s}));
  EXPECT_EQ(read(".5/m"), (Rate{5, 10min}));
  EXPECT_EQ(read("0"), (Rate{0, 1s}));  // validate() refuses it
}

TEST(Rate, WhatIsNoRateIsRefusedWithExamples) {
  for (const auto* text :
       {"", "/s", "x", "1k", "1e3", "-5", "+5", "10/", "10/0s", "10/x", "10/5", "1.2.3", "5/s/s",
        "1000000000000000000", "0.0000000000000000001", "0.001/1000h", "nan", " 5"}) {
    const auto rate = parse_rate(text, "-R");
    ASSERT_FALSE(rate) << text;
    EXPECT_EQ(rate.errors()[0].place, "-R");
    EXPECT_EQ(rate.errors()[0].remedy, "write for example 1000, 50/s or 10/ms") << text;
  }
}

TEST(Rate, WhatIsWrittenIsReadBack) {
  for (const Rate rate :
       {Rate{1000, 1s}, Rate{10, 1ms}, Rate{25, 10s}, Rate{3, 7ms}, Rate{1, 1h}, Rate{1, 15s}})
    EXPECT_EQ(read(format_rate(rate)), rate) << format_rate(rate);
  EXPECT_EQ(format_rate({1000, 1s}), "1000/s");
  EXPECT_EQ(format_rate({25, 10s}), "25/10s");
  EXPECT_EQ(format_rate({1, 15s}), "1/15s");
}

TEST(Rate, ArrivalsAreEvenAndNoRoundingAddsUp) {
  const Rate third{3, 1s};
  EXPECT_EQ(arrival_offset(third, 0), 0ns);
  EXPECT_EQ(arrival_offset(third, 1), 333'333'333ns);
  EXPECT_EQ(arrival_offset(third, 2), 666'666'666ns);
  EXPECT_EQ(arrival_offset(third, 3), 1s);
  EXPECT_EQ(arrival_offset(third, 3'000'000'000), 1'000'000'000s);
  EXPECT_EQ(arrival_offset({7, 1ms}, 14'000'000'000'007), 2'000'000'000'001ms);
  EXPECT_EQ(arrival_offset({1, limits::kTime}, UINT64_MAX), Nanos::max());
}

TEST(Rate, CountsArrivalsOfATimeExactly) {
  EXPECT_EQ(arrivals_within({500, 1s}, 2s), 1000U);
  EXPECT_EQ(arrivals_within({3, 1s}, 1s), 3U);
  EXPECT_EQ(arrivals_within({3, 1s}, 1s + 1ns), 4U);
  EXPECT_EQ(arrivals_within({3, 1s}, 333'333'333ns), 1U);
  EXPECT_EQ(arrivals_within({3, 1s}, 333'333'334ns), 2U);
  EXPECT_EQ(arrivals_within({1, 1h}, 1ns), 1U);
  EXPECT_EQ(arrivals_within({5, 1s}, 0s), 0U);
  EXPECT_EQ(arrivals_within({5, 1s}, -1s), 0U);
  EXPECT_EQ(arrivals_within({999'999'999'999'999, 1ns}, 1h), UINT64_MAX);
  // The same as asking each arrival whether it is due in that time.
  for (const Rate rate : {Rate{7, 10ms}, Rate{10, 7ms}, Rate{999, 1ms}, Rate{1, 3ms}})
    for (Nanos span = 0ns; span < 20ms; span += 333'337ns) {
      std::uint64_t due = 0;
      while (arrival_offset(rate, due) < span) ++due;
      EXPECT_EQ(arrivals_within(rate, span), due) << format_rate(rate) << " in " << span.count();
    }
}

TEST(Rate, ConnectionsAtTheStartServeATargetThatAnswersInTenMilliseconds) {
  EXPECT_EQ(connections_at_start({50, 1s}), 10U);
  EXPECT_EQ(connections_at_start({1000, 1s}), 10U);
  EXPECT_EQ(connections_at_start({25'000, 1s}), 250U);
  EXPECT_EQ(connections_at_start({10, 1us}), limits::kInFlight);
}

TEST(Rate, ConnectionsStayWhereTheirNumberIsGivenAndGrowWhereItIsNot) {
  const auto settled = [](std::uint32_t vus, std::optional<std::uint32_t> most, bool given) {
    Scenario scenario{.vus = vus, .rate = Rate{5000, 1s}, .max_in_flight = most};
    settle_in_flight(scenario, given);
    return std::pair(scenario.vus, scenario.max_in_flight);
  };
  EXPECT_EQ(settled(64, {}, true), std::pair(64U, std::optional(64U)));
  EXPECT_EQ(settled(64, 100, true), std::pair(64U, std::optional(100U)));
  EXPECT_EQ(settled(50, {}, false), std::pair(50U, std::optional<std::uint32_t>()));  // 5000/s × 10 ms
  EXPECT_EQ(settled(50, 8, false), std::pair(8U, std::optional(8U)));
  Scenario closed{.vus = 64};
  settle_in_flight(closed, true);
  EXPECT_FALSE(closed.max_in_flight);
}

}  // namespace
}  // namespace saturn
