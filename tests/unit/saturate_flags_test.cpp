#include "saturate_flags.hpp"

#include <gtest/gtest.h>

#include "flag_split.hpp"

namespace saturn::cli {
namespace {

using namespace std::chrono_literals;

SaturateDraft read(const Arguments& words) {
  SaturateDraft draft;
  const SplitWords split = split_words(saturate_table(), words);
  draft.errors = split.errors;
  draft.arguments = split.arguments;
  apply_flags(saturate_flags(), split, draft);
  check_saturate(draft);
  return draft;
}

SaturateDraft good(const Arguments& words) {
  SaturateDraft draft = read(words);
  for (const Error& error : draft.errors) ADD_FAILURE() << to_text(error);
  return draft;
}

/// Place and message of the only error.
std::string refused(const Arguments& words) {
  const SaturateDraft draft = read(words);
  EXPECT_EQ(draft.errors.size(), 1U);
  return draft.errors.empty() ? "" : draft.errors.front().place + ": " + draft.errors.front().message;
}

TEST(SaturateFlags, AUrlAloneHasDefaults) {
  const SaturateDraft draft = good({"localhost:8000/hello"});
  EXPECT_EQ(draft.options.plan.base_url, "http://localhost:8000");
  ASSERT_EQ(draft.options.plan.scenarios.size(), 1U);
  EXPECT_EQ(draft.options.plan.scenarios[0].flow[0].path, "/hello");
  EXPECT_TRUE(draft.options.slos.empty());
  EXPECT_EQ(draft.options.start, std::nullopt);
  EXPECT_EQ(draft.options.step, Nanos(3s));
  EXPECT_EQ(draft.options.warmup, Nanos(1s));
  EXPECT_EQ(draft.options.precision, 0.02);
}

TEST(SaturateFlags, EveryFlagOfTheSearch) {
  const SaturateDraft draft = good({"localhost/",  "--slo", "p(99)<50ms", "--slo=errors rate<0.1%",
                                    "--start",     "50/s",  "--max",      "2/ms",
                                    "--step",      "5",     "--warmup",   "2s",
                                    "--precision", "1%",    "-c",         "64",
                                    "-t",          "2",     "--seed",     "7"});
  ASSERT_EQ(draft.options.slos.size(), 2U);
  EXPECT_EQ(draft.options.slos[1].expression, "errors rate<0.1%");
  EXPECT_EQ(draft.options.start, 50);
  EXPECT_EQ(draft.options.most, 2000);
  EXPECT_EQ(draft.options.step, Nanos(5s));
  EXPECT_EQ(draft.options.warmup, Nanos(2s));
  EXPECT_EQ(draft.options.precision, 0.01);
  EXPECT_EQ(draft.options.connections, 64U);
  EXPECT_EQ(draft.options.threads, 2U);
  EXPECT_EQ(draft.run.run.seed, 7U);
}

TEST(SaturateFlags, ARequestIsSaidAsToRun) {
  const SaturateDraft draft =
      good({"localhost/items/", "-b", "{}", "-H", "A: b", "--timeout", "2s", "-o", "x.json", "--json", "-q"});
  const Scenario& scenario = draft.options.plan.scenarios[0];
  EXPECT_EQ(scenario.flow[0].method, "POST");
  EXPECT_EQ(scenario.flow[0].body, "{}");
  EXPECT_EQ(scenario.flow[0].headers.size(), 1U);
  EXPECT_EQ(scenario.timeout, Nanos(2s));
  EXPECT_EQ(draft.run.run.output, "x.json");
  EXPECT_TRUE(draft.run.run.json);
  EXPECT_TRUE(draft.run.run.quiet);
}

TEST(SaturateFlags, WhatMakesNoSenseIsRefused) {
  EXPECT_EQ(refused({"localhost/", "--slo", "p(99)<50"}), "--slo: \"p(99)<50\" has no unit");
  EXPECT_EQ(refused({"localhost/", "--start", "0"}), "--start: a rate is more than 0 and at most 10000000/s");
  EXPECT_EQ(refused({"localhost/", "--start", "200", "--max", "100"}), "--start: is above --max");
  EXPECT_EQ(refused({"localhost/", "--step", "100ms"}),
            "--step: a step of 100ms is too short to judge a rate");
  EXPECT_EQ(refused({"localhost/", "--precision", "0"}), "--precision: \"0\" is no precision");
  EXPECT_EQ(refused({"localhost/", "--precision", "a lot"}), "--precision: \"a lot\" is no precision");
  EXPECT_EQ(refused({"localhost/", "-c", "2", "-t", "4"}), "-t: more threads than connections");
  EXPECT_EQ(refused({"localhost/", "-R", "5"}), "-R: the rate is what is looked for");
  EXPECT_EQ(refused({"localhost/", "--threshold", "rps>1"}),
            "--threshold: what has to be met is the SLO here");
  EXPECT_EQ(refused({"localhost/", "--only", "a"}), "--only: only a plan has this");
  EXPECT_EQ(refused({"plan.json", "-X", "PUT"}), "-X: a plan says this itself");
}

TEST(SaturateFlags, EveryMistakeIsNamedAtOnce) {
  EXPECT_EQ(read({"localhost/", "--slo", "x", "--start", "fast", "--step", "1ms"}).errors.size(), 3U);
}

}  // namespace
}  // namespace saturn::cli
