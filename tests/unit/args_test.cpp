// Flags of `saturn run` → plan and options, and every mistake with its remedy.
#include "args.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "flag_help.hpp"

namespace saturn::cli {
namespace {

using std::chrono::milliseconds;
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

TEST(Args, AUrlAloneRunsFiftyConnectionsForTenSeconds) {
  const auto run = good({kUrl});
  const auto& scenario = scenario_of(run);
  EXPECT_EQ(run.plan.base_url, "http://127.0.0.1:8000");
  EXPECT_EQ(scenario.executor, Executor::constant_vus);
  EXPECT_EQ(scenario.vus, 50U);
  EXPECT_EQ(scenario.duration, seconds(10));
  EXPECT_FALSE(scenario.iterations);
  EXPECT_EQ(scenario.warmup.count(), 0);
  EXPECT_EQ(scenario.timeout, seconds(30));
  EXPECT_EQ(scenario.connect_timeout, seconds(10));
  EXPECT_EQ(scenario.graceful_stop, seconds(5));
  EXPECT_EQ(scenario.pipeline, 1U);
  EXPECT_EQ(scenario.max_head_bytes, 65536U);
  EXPECT_FALSE(scenario.requests_per_connection);
  ASSERT_EQ(scenario.flow.size(), 1U);
  EXPECT_EQ(scenario.flow[0].method, "GET");
  EXPECT_EQ(scenario.flow[0].path, "/hello?x=1");
  EXPECT_FALSE(run.plan_file);
  EXPECT_FALSE(run.threads);
  EXPECT_FALSE(run.seed);
}

TEST(Args, EveryLoadFlagReachesThePlan) {
  const auto run = good({kUrl,
                         "-c",
                         "7",
                         "-t",
                         "3",
                         "-d",
                         "1m30s",
                         "-n",
                         "1000",
                         "-p",
                         "4",
                         "--requests-per-connection",
                         "8",
                         "--timeout",
                         "2s",
                         "--connect-timeout=500ms",
                         "--graceful-stop",
                         "0s",
                         "--warmup",
                         "1s",
                         "--max-head",
                         "16KiB",
                         "--seed",
                         "0",
                         "--label",
                         "a=b",
                         "--label",
                         "c=d=e",
                         "-o",
                         "r.json",
                         "--json",
                         "-q",
                         "--no-color",
                         "--latency"});
  const auto& scenario = scenario_of(run);
  EXPECT_EQ(scenario.vus, 7U);
  EXPECT_EQ(run.threads, 3U);
  EXPECT_EQ(scenario.duration, seconds(90));
  EXPECT_EQ(scenario.iterations, 1000U);
  EXPECT_EQ(scenario.pipeline, 4U);
  EXPECT_EQ(scenario.requests_per_connection, 8U);
  EXPECT_EQ(scenario.timeout, seconds(2));
  EXPECT_EQ(scenario.connect_timeout, milliseconds(500));
  EXPECT_EQ(scenario.graceful_stop, seconds(0));
  EXPECT_EQ(scenario.warmup, seconds(1));
  EXPECT_EQ(scenario.max_head_bytes, 16384U);
  EXPECT_EQ(run.seed, 0U);
  EXPECT_EQ(run.labels, (std::map<std::string, std::string>{{"a", "b"}, {"c", "d=e"}}));
  EXPECT_EQ(run.output, "r.json");
  EXPECT_TRUE(run.json && run.quiet && run.no_color);
}

TEST(Args, WrksSpellingIsUnderstood) {
  const auto run = good({"-t2", "-c400", "-d30s", "--latency", kUrl});
  EXPECT_EQ(run.threads, 2U);
  EXPECT_EQ(scenario_of(run).vus, 400U);
  EXPECT_EQ(scenario_of(run).duration, seconds(30));
}

TEST(Args, StrictIsAskedForWithAUrlOrAPlan) {
  EXPECT_FALSE(good({kUrl}).strict);
  EXPECT_TRUE(good({kUrl, "--strict"}).strict);
  EXPECT_TRUE(good({"plan.json", "--strict"}).strict);
  EXPECT_FALSE(good({kUrl}).check_send_times);
  EXPECT_TRUE(good({kUrl, "--check-send-times"}).check_send_times);
}

TEST(Args, ACountAloneHasNoTimeLimit) {
  const auto run = good({kUrl, "-n", "5"});
  EXPECT_EQ(scenario_of(run).iterations, 5U);
  EXPECT_FALSE(scenario_of(run).duration);
}

TEST(Args, FewRequestsHaveAConnectionEachAtMost) {
  const auto connections = [](const Arguments& more) {
    Arguments words{kUrl};
    words.insert(words.end(), more.begin(), more.end());
    return scenario_of(good(words)).vus;
  };
  EXPECT_EQ(connections({"-n", "1"}), 1U);
  EXPECT_EQ(connections({"-n", "49"}), 49U);
  EXPECT_EQ(connections({"-n", "51"}), 50U);
  EXPECT_EQ(connections({"-n", "1", "-t", "2"}), 2U);
  EXPECT_EQ(connections({"-n", "1", "-c", "7"}), 7U);
  EXPECT_EQ(connections({"-n", "1", "-R", "100"}), connections({"-R", "100"}));
}

TEST(Args, VusAreConnections) {
  EXPECT_EQ(scenario_of(good({kUrl, "-u", "9"})).vus, 9U);
  EXPECT_EQ(mistake({kUrl, "-u", "9", "-c", "9"}), "-u: -c and -u mean the same (keep one of them)");
}

TEST(Args, TheRequestIsWhatWasWritten) {
  const auto run = good({kUrl, "-X", "PUT", "-H", "X-A: 1", "-H", "x-b:2", "-b", R"({"n": 1})"});
  const auto& step = scenario_of(run).flow[0];
  EXPECT_EQ(step.method, "PUT");
  ASSERT_EQ(step.headers.size(), 2U);
  EXPECT_EQ(step.headers[0].name, "X-A");
  EXPECT_EQ(step.headers[0].value, "1");
  EXPECT_EQ(step.headers[1].name, "x-b");
  EXPECT_EQ(step.headers[1].value, "2");
  EXPECT_EQ(step.body_kind, BodyKind::text);
  EXPECT_EQ(step.body, R"({"n": 1})");
}

TEST(Args, ABodyIsPostedUnlessAMethodIsGiven) {
  EXPECT_EQ(scenario_of(good({kUrl, "-b", "x"})).flow[0].method, "POST");
  EXPECT_EQ(scenario_of(good({kUrl, "-b", ""})).flow[0].method, "POST");
  EXPECT_EQ(scenario_of(good({kUrl, "-b", "x", "-m", "GET"})).flow[0].method, "GET");
}

TEST(Args, NoKeepaliveIsOneRequestPerConnection) {
  EXPECT_EQ(scenario_of(good({kUrl, "--no-keepalive"})).requests_per_connection, 1U);
  EXPECT_EQ(mistake({kUrl, "--no-keepalive", "--requests-per-connection", "2"}),
            "--no-keepalive: contradicts --requests-per-connection (keep one of them)");
  EXPECT_EQ(mistake({kUrl, "--no-keepalive", "-p", "2"}),
            "-p: more requests in flight than a connection carries in all (use a pipeline of at most 1)");
}

TEST(Args, UrlsMayLeaveOutTheSchemeAndKeepUserInfo) {
  EXPECT_EQ(good({"localhost:8000/x"}).plan.base_url, "http://localhost:8000");
  EXPECT_EQ(good({"http://u:p@[::1]:81/x"}).plan.base_url, "http://u:p@[::1]:81");
}

TEST(Args, HttpsIsRefused) {
  EXPECT_EQ(mistake({"https://127.0.0.1/"}),
            "https://127.0.0.1/: no TLS in this build: https:// is not supported (use http://, or measure "
            "behind the proxy that ends TLS)");
}

TEST(Args, SecretsAreNotInMessages) {
  const auto message = mistake({"https://user:hunter2@127.0.0.1/"});
  EXPECT_EQ(message.find("hunter2"), std::string::npos) << message;
}

TEST(Args, BareDurationsAreSeconds) {
  EXPECT_EQ(scenario_of(good({kUrl, "-d", "30"})).duration, seconds(30));
  EXPECT_EQ(scenario_of(good({kUrl, "-d30"})).duration, seconds(30));
  EXPECT_EQ(scenario_of(good({kUrl, "-d=0.5"})).duration, milliseconds(500));
  const auto times = scenario_of(
      good({kUrl, "--timeout", "3", "--connect-timeout", "4", "--graceful-stop", "0", "--warmup", "1.5"}));
  EXPECT_EQ(times.timeout, seconds(3));
  EXPECT_EQ(times.connect_timeout, seconds(4));
  EXPECT_EQ(times.graceful_stop, seconds(0));
  EXPECT_EQ(times.warmup, milliseconds(1500));
  EXPECT_EQ(mistake({kUrl, "-d", "0"}), "-d: duration must be more than 0");
  EXPECT_EQ(mistake({kUrl, "-d", "1.2.3"}).substr(0, 20), "-d: \"1.2.3\" is not a");
}

TEST(Args, CountsAreWholeNumbers) {
  EXPECT_EQ(mistake({kUrl, "-c", "0"}), "-c: 0 is out of range (write 1 to 1000000)");
  EXPECT_EQ(mistake({kUrl, "-c", "-5"}), "-c: \"-5\" is not a whole number (write 1 to 1000000)");
  EXPECT_EQ(mistake({kUrl, "--connections", "10k"}),
            "--connections: \"10k\" is not a whole number (type --connections 10000)");
  for (const char* wrong : {"nan", "inf", "1e300"})
    EXPECT_EQ(mistake({kUrl, "-c", wrong}),
              "-c: \"" + std::string(wrong) + "\" is not a whole number (write 1 to 1000000)");
  EXPECT_EQ(mistake({kUrl, "-n", "1e6"}), "-n: \"1e6\" is not a whole number (type -n 1000000)");
  EXPECT_EQ(mistake({kUrl, "-n", "99999999999999999999"}),
            "-n: 99999999999999999999 is out of range (write 1 or more)");
}

TEST(Args, MoreThreadsThanConnectionsIsAnError) {
  EXPECT_EQ(mistake({kUrl, "-c", "2", "-t", "4"}),
            "-t: more threads than connections (4 and 2) (type -t 2, or more connections with -c)");
}

TEST(Args, AllMistakesAtOnce) {
  const auto all =
      mistakes({"https://x/", "-c", "many", "-d", "30x", "-H", "nonsense", "-z", "10s", "--nope"});
  ASSERT_EQ(all.size(), 6U);
  const auto names = [&](const std::string& start) {
    return std::any_of(all.begin(), all.end(), [&](const auto& text) { return text.rfind(start, 0) == 0; });
  };
  for (const char* start : {"https://x/:", "-c:", "-d:", "-H:", "-z:", "--nope:"})
    EXPECT_TRUE(names(start)) << start;
}

TEST(Args, AFlagGivenTwiceIsAnError) {
  EXPECT_EQ(mistake({kUrl, "-c", "1", "--connections", "2"}), "-c: given 2 times (keep one of them)");
  EXPECT_EQ(mistake({kUrl, "--label", "a=1", "--label", "a=2"}),
            "--label: the label \"a\" is given twice (keep one of them)");
}

TEST(Args, ASecondUrlIsAnError) {
  EXPECT_EQ(mistake({"http://127.0.0.1:1/", "http://127.0.0.1:2/"}),
            "http://127.0.0.1:2/: there is one URL or plan already: http://127.0.0.1:1/ (run them one after "
            "another, or as scenarios of a plan; quote words with spaces)");
}

TEST(Args, BehindTwoDashesNothingIsAFlag) {
  EXPECT_EQ(good({"-c", "3", "--", kUrl}).source, kUrl);
  EXPECT_EQ(mistake({"--", kUrl, "more"}).rfind("more: there is one URL or plan already: ", 0), 0U);
}

TEST(Args, NothingToRunIsAnError) {
  EXPECT_EQ(mistake({}), "nothing to run (give a URL or a plan: saturn run http://127.0.0.1:8000/)");
}

TEST(Args, TheTargetsProcessesAreNamedOneWay) {
  using How = TargetSelection::How;
  EXPECT_EQ(good({kUrl}).target.how, How::listener);
  const auto pids = good({kUrl, "--target-pid", "812", "--target-pid", "900"}).target;
  EXPECT_EQ(pids.how, How::pids);
  EXPECT_EQ(pids.pids, (std::vector<int>{812, 900}));
  const auto group = good({"-", "--target-cgroup", "system.slice/app.service"}).target;
  EXPECT_EQ(group.how, How::cgroup);
  EXPECT_EQ(group.cgroup, "system.slice/app.service");
  EXPECT_EQ(mistake({kUrl, "--target-pid", "812", "--target-cgroup", "app"}),
            "--target-cgroup: --target-pid and --target-cgroup both name the target's processes (keep one of "
            "them)");
  EXPECT_EQ(mistakes({kUrl, "--target-pid", "0"}).size(), 1U);
  EXPECT_EQ(mistakes({kUrl, "--target-pid", "gunicorn"}).size(), 1U);
  EXPECT_EQ(mistake({kUrl, "--target-cgroup", ""}),
            "--target-cgroup: \"\" is no control group (cat /proc/PID/cgroup names a process's)");
}

TEST(Args, WhatLooksLikeTheFlagForHelpIsNotIt) {
  for (const char* word : {"-h2", "-host", "-hx", "--host", "-help"}) {
    const auto parsed = parse_run({word, kUrl});
    EXPECT_FALSE(parsed.run.help) << word;
    EXPECT_FALSE(parsed.errors.empty()) << word;
  }
}

TEST(Args, HelpNamesEveryFlagWithItsDefault) {
  EXPECT_TRUE(parse_run({"--help"}).run.help);
  EXPECT_TRUE(parse_run({kUrl, "-c", "nonsense", "-h"}).run.help);
  const auto help = help_of(run_table());
  for (const char* text : {"-c, --connections N", "(50)", "-d, --duration T", "(10s", "--timeout T", "(30s)",
                           "-X, -m, --method METHOD", "--max-head SIZE", "(64KiB)", "Examples:"})
    EXPECT_NE(help.find(text), std::string::npos) << text;
  EXPECT_EQ(help.find("--qps"), std::string::npos) << "other tools' flags are not ours";
}

}  // namespace
}  // namespace saturn::cli
