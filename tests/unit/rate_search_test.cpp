#include "core/load/rate_search.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <vector>

namespace saturn {
namespace {

using Stage = RateSearch::Stage;

struct Found {
  std::vector<double> rates;
  std::vector<Stage> stages;
  std::optional<double> best, missed;
  bool confirmed = false;
};

/// `holds(rate, n)`: whether the nth try (from 0) of all is sustained.
Found search(const RateSearch::Options& options, const std::function<bool(double, std::size_t)>& holds) {
  RateSearch search(options);
  Found found;
  while (search.stage() != Stage::done) {
    found.rates.push_back(search.rate());
    found.stages.push_back(search.stage());
    search.tell(holds(search.rate(), found.rates.size() - 1));
  }
  found.best = search.best();
  found.missed = search.missed();
  found.confirmed = search.confirmed();
  return found;
}

Found search_capacity(RateSearch::Options options, double capacity) {
  return search(options, [=](double rate, std::size_t) { return rate <= capacity; });
}

TEST(RateSearch, DoublesThenHalvesTheGapThenDoubtsTheMissAndConfirmsTwice) {
  const Found found = search_capacity({.start = 50}, 400);
  const std::vector<double> rates = {50,    100,    200,    400,    800,    565.69, 475.68,
                                     436.2, 417.71, 408.76, 404.36, 404.36, 400,    400};
  EXPECT_EQ(found.rates, rates);
  EXPECT_EQ(found.best, 400);
  EXPECT_EQ(found.missed, 404.36);
  EXPECT_TRUE(found.confirmed);
  const std::vector<Stage> last(found.stages.end() - 3, found.stages.end());
  EXPECT_EQ(last, (std::vector{Stage::doubt, Stage::confirm, Stage::confirm}));
}

TEST(RateSearch, FindsEveryCapacityWithinItsPrecision) {
  for (double capacity = 1; capacity < 5e6; capacity *= 1.37)
    for (const double precision : {0.02, 0.005}) {
      const Found found = search_capacity(
          {.start = capacity > 1000 ? 30.0 : 0.7, .lowest = 0.1, .precision = precision, .most_tries = 50},
          capacity);
      ASSERT_TRUE(found.best) << capacity;
      EXPECT_TRUE(found.confirmed);
      EXPECT_LE(*found.best, capacity);
      EXPECT_GT(*found.missed, capacity);
      EXPECT_LE(*found.missed / *found.best, 1 + precision) << capacity;
      EXPECT_LE(found.rates.size(), 40U);
    }
}

TEST(RateSearch, GoesDownFromAStartThatIsTooHigh) {
  const Found found = search_capacity({.start = 1000}, 70);
  EXPECT_EQ(found.rates[1], 500);
  EXPECT_EQ(found.stages[1], Stage::shrink);
  EXPECT_GT(*found.best, 68.6);
  EXPECT_LE(*found.best, 70);
}

TEST(RateSearch, EndsWithoutARateWhereTheLowestIsMissed) {
  const Found found = search_capacity({.start = 8, .lowest = 3}, 2);
  EXPECT_EQ(found.rates, (std::vector<double>{8, 4, 3}));
  EXPECT_EQ(found.best, std::nullopt);
  EXPECT_EQ(found.missed, 3);
  EXPECT_FALSE(found.confirmed);
}

TEST(RateSearch, EndsAtTheHighestThatMayBeTried) {
  const Found found = search_capacity({.start = 100, .highest = 350}, 1e9);
  EXPECT_EQ(found.rates, (std::vector<double>{100, 200, 350, 350, 350}));
  EXPECT_EQ(found.best, 350);
  EXPECT_EQ(found.missed, std::nullopt);
  EXPECT_TRUE(found.confirmed);
}

TEST(RateSearch, AMissThatWasAHiccupOfTheMachineIsTakenBack) {
  // 400 is missed once though 1,000 would hold.
  bool hiccup = true;
  const Found found = search({.start = 100}, [&](double rate, std::size_t) {
    if (rate == 400 && std::exchange(hiccup, false)) return false;
    return rate <= 1000;
  });
  EXPECT_TRUE(found.confirmed);
  EXPECT_GT(*found.best, 980);
  EXPECT_LE(*found.best, 1000);
}

TEST(RateSearch, ARateThatDoesNotHoldAgainIsGivenUp) {
  // Above 300 a rate holds the first time only.
  std::map<double, int> tried;
  const Found found = search({.start = 100}, [&](double rate, std::size_t) {
    return rate <= 300 || (rate <= 330 && tried[rate]++ == 0);
  });
  EXPECT_TRUE(found.confirmed);
  EXPECT_LE(*found.best, 300);
  EXPECT_GT(*found.best, 300 / 1.03);
}

TEST(RateSearch, GivesUpAfterSoManyTries) {
  unsigned draw = 1;
  const Found found = search({.start = 100, .most_tries = 25}, [&](double, std::size_t) {
    draw = draw * 1664525 + 1013904223;
    return (draw >> 16) % 2 == 0;
  });
  EXPECT_LE(found.rates.size(), 25U);
}

TEST(RateSearch, RatesCanBeTypedAndAreExact) {
  EXPECT_EQ(rounded_rate(565.685424949), 565.69);
  EXPECT_EQ(rounded_rate(123456.7), 123460);
  EXPECT_EQ(rounded_rate(0.123456), 0.12346);
  EXPECT_EQ(to_rate(400), (Rate{400, std::chrono::seconds(1)}));
  EXPECT_EQ(to_rate(565.69), (Rate{56569, std::chrono::seconds(100)}));
  EXPECT_EQ(to_rate(0.12346), (Rate{12346, std::chrono::seconds(100'000)}));
}

TEST(RateSearch, StagesHaveNames) {
  EXPECT_EQ(to_name(Stage::grow), "grow");
  EXPECT_EQ(to_name(Stage::done), "done");
}

}  // namespace
}  // namespace saturn
