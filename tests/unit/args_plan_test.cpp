// Flags of `saturn run` beside a plan, and what of a URL run goes into its plan: statuses, templates.
#include <gtest/gtest.h>

#include <string>

#include "args.hpp"

namespace saturn::cli {
namespace {

using std::chrono::seconds;

const std::string kUrl = "http://127.0.0.1:8000/hello?x=1";

RunArguments good(const Arguments& arguments) {
  auto parsed = parse_run(arguments);
  for (const auto& error : parsed.errors) ADD_FAILURE() << to_text(error);
  return parsed.run;
}

const Scenario& scenario_of(const RunArguments& run) {
  EXPECT_EQ(run.plan.scenarios.size(), 1U);
  return run.plan.scenarios.front();
}

/// "place: message (remedy)" of each mistake.
std::vector<std::string> mistakes(const Arguments& arguments) {
  std::vector<std::string> texts;
  for (const auto& error : parse_run(arguments).errors) texts.push_back(to_text(error));
  return texts;
}

std::string mistake(const Arguments& arguments) {
  const auto all = mistakes(arguments);
  EXPECT_EQ(all.size(), 1U);
  return all.empty() ? "" : all.front();
}

TEST(ArgsPlan, WithoutTemplatesBracesAreSentAsTheyStand) {
  const auto step = scenario_of(good({"http://127.0.0.1/{{x}}", "--no-templates", "-b", "a {{ user }} b",
                                      "-H", "X: {{y}}"}))
                        .flow[0];
  EXPECT_EQ(step.path, "/\\{{x}}");
  EXPECT_EQ(step.body, "a \\{{ user }} b");
  EXPECT_EQ(step.headers[0].value, "\\{{y}}");
  EXPECT_EQ(scenario_of(good({kUrl, "-b", "\\{{ user }}"})).flow[0].body, "\\{{ user }}");
  const auto unknown = mistake({kUrl, "-b", "{{ user }}"});
  EXPECT_NE(unknown.find("\\{{"), std::string::npos) << unknown;
  EXPECT_NE(unknown.find("--no-templates"), std::string::npos) << unknown;
}

TEST(ArgsPlan, LoadFlagsBesideAPlanSayWhereToPutThem) {
  EXPECT_EQ(mistake({"plan.json", "--timeout", "5s"}),
            "--timeout: a plan says this itself (leave the flag out and write it in the plan, at "
            "/scenarios/N/timeout)");
  const std::vector<Arguments> flags{{"--graceful-stop", "1s"},
                                     {"-X", "GET"},
                                     {"-H", "a: b"},
                                     {"-b", "x"},
                                     {"-p", "2"},
                                     {"--requests-per-connection", "1"},
                                     {"--no-keepalive"},
                                     {"--timeout", "1s"},
                                     {"--connect-timeout", "1s"},
                                     {"--max-head", "1KiB"},
                                     {"--max-in-flight", "5"},
                                     {"--backlog", "5"},
                                     {"--expect", "200"},
                                     {"--no-templates"}};
  Arguments words{"plan.json"};
  for (const auto& flag : flags) words.insert(words.end(), flag.begin(), flag.end());
  EXPECT_EQ(mistakes(words).size(), flags.size());
}

TEST(ArgsPlan, FlagsThatChangeAPlanAreKeptForIt) {
  const auto changes =
      good({"plan.json", "-c", "5", "-d", "1", "-n", "9", "-R", "50/s", "--warmup", "2s"}).changes;
  EXPECT_EQ(changes.vus, 5U);
  EXPECT_EQ(changes.duration, seconds(1));
  EXPECT_EQ(changes.iterations, 9U);
  EXPECT_EQ(changes.rate, (Rate{50, seconds(1)}));
  EXPECT_EQ(changes.warmup, seconds(2));
  EXPECT_EQ(good({"plan.json", "-u", "6"}).changes.vus, 6U);
  const auto none = good({"plan.json"}).changes;
  EXPECT_FALSE(none.vus || none.duration || none.iterations || none.rate || none.warmup);
}

TEST(ArgsPlan, WhatIsNotLoadIsAllowedBesideAPlan) {
  const auto run = good({"plan.json", "-t", "2", "--seed", "3", "--label", "a=b", "-o", "x", "--json", "-q",
                         "--no-color", "--base-url", "http://[::1]:8000", "--only", "a", "--only", "b"});
  EXPECT_EQ(run.only, (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(run.base_url, "http://[::1]:8000");
}

TEST(ArgsPlan, PlanFlagsBesideAUrlAreRefused) {
  EXPECT_EQ(mistake({kUrl, "--only", "a"}), "--only: only a plan has this (leave it out with a URL)");
  EXPECT_EQ(mistake({kUrl, "--base-url", "http://127.0.0.1"}),
            "--base-url: only a plan has this (leave it out with a URL)");
  EXPECT_EQ(mistake({kUrl, "--list"}), "--list: only a plan has this (leave it out with a URL)");
  EXPECT_TRUE(good({"plan.json", "--list"}).list);
}

TEST(ArgsPlan, WhatIsAPlanAndWhatIsAUrl) {
  EXPECT_TRUE(good({"-"}).plan_file);
  EXPECT_TRUE(good({"dir/no_such_plan.json"}).plan_file);
  EXPECT_FALSE(good({"localhost:8000/data.json"}).plan_file);
  EXPECT_FALSE(good({"http://localhost/data.json"}).plan_file);
}

TEST(ArgsPlan, ChecksOfThePlanNameTheFlag) {
  EXPECT_EQ(mistake({kUrl, "-H", "Content-Length: 5"}),
            "-H: Content-Length follows from the body (leave it out)");
  EXPECT_EQ(mistakes({"http://127.0.0.1/{{nonsense}}"}).size(), 1U);
  EXPECT_EQ(mistake({"http://127.0.0.1/{{nonsense}}"}).rfind("http://127.0.0.1/{{nonsense}}: ", 0), 0U);
  EXPECT_EQ(mistake({kUrl, "-b", "{{nonsense}}"}).rfind("-b: ", 0), 0U);
}

TEST(ArgsPlan, StatusesThatAreOkReachTheStep) {
  EXPECT_EQ(scenario_of(good({kUrl, "--expect", "404"})).flow[0].expect.statuses, std::vector<int>{404});
  EXPECT_EQ(scenario_of(good({kUrl, "--expect", "200,404"})).flow[0].expect.statuses,
            (std::vector<int>{200, 404}));
  EXPECT_EQ(mistake({kUrl, "--expect", "200,abc"}),
            "--expect: \"abc\" is no status of an answer (write 200 to 999, several with commas: --expect "
            "200,404)");
  EXPECT_EQ(mistakes({kUrl, "--expect", "99"}).size(), 1U);
  EXPECT_EQ(mistake({"plan.json", "--expect", "404"}),
            "--expect: a plan says this itself (leave the flag out and write it in the plan, at "
            "/scenarios/N/flow/0/expect/status)");
}

}  // namespace
}  // namespace saturn::cli
