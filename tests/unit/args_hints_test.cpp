// Flags of other tools are refused with what to type instead, and never taken for something else.
#include "args_hints.hpp"

#include <gtest/gtest.h>

#include <string>

#include "args.hpp"
#include "args_flags.hpp"

namespace saturn::cli {
namespace {

const std::string kUrl = "http://127.0.0.1:8000/";

std::string mistake(const Arguments& arguments) {
  const auto errors = parse_run(arguments).errors;
  EXPECT_EQ(errors.size(), 1U) << (errors.size() > 1 ? to_text(errors[1]) : "");
  return errors.empty() ? "" : to_text(errors.front());
}

struct Case {
  Arguments words;
  const char* message;
};

TEST(Hints, EachFlagOfAnotherToolHasItsOwnMessage) {
  const Case cases[] = {
      {{"-z", "10s", kUrl}, "-z: that is oha's and hey's duration (type -d 10s)"},
      {{"-z10s", kUrl}, "-z: that is oha's and hey's duration (type -d 10s)"},
      {{kUrl, "-s", "x.lua"},
       "-s: there are no scripts: a plan says what they say (type saturn run plan.json)"},
      {{kUrl, "-D", "b.json"},
       "-D: a body file in oha and hey, requests per connection in autocannon (type -b @b.json for the file, "
       "--requests-per-connection b.json for the other)"},
      {{kUrl, "-i", "9"},
       "-i: iterations in k6, a body file in autocannon (type -n 9 for the number of requests, -b @9 for the "
       "file)"},
      {{kUrl, "-d", "{\"a\": 1}"},
       "-d: \"{\"a\": 1}\" is not a duration: -d is how long to run, not the body (type -b '{\"a\": 1}' for "
       "a "
       "request body)"},
      {{kUrl, "-d", "a=1"},
       "-d: \"a=1\" is not a duration: -d is how long to run, not the body (type -b 'a=1' for a request "
       "body)"},
      {{kUrl, "-t", "30s"},
       "-t: \"30s\" is not a number of threads: -t is threads, not a time-out (type --timeout 30s for a "
       "time-out, -d 30s for how long to run)"},
      {{kUrl, "-k"}, "-k: no TLS in this build (leave it out (connections are kept alive without it))"},
      {{kUrl, "--data", "x"}, "--data: that is curl's body (type -b 'x')"},
      {{kUrl, "-T", "5s"},
       "-T: a time-out in wrk, a Content-Type in hey (type --timeout 5s for the former, -H 'Content-Type: "
       "5s' "
       "for the other)"},
      {{kUrl, "--disable-keepalive"},
       "--disable-keepalive: that is oha's and hey's name for it (type --no-keepalive)"},
      {{kUrl, "-4"}, "-4: not in this version yet (write the address itself in the URL)"},
      {{kUrl, "-duration=10s"}, "-duration=10s: long flags have two dashes (type --duration=10s)"},
      {{"-only", "x", kUrl}, "-only: long flags have two dashes (type --only)"},
      {{kUrl, "-c"}, "-c: a value is missing (see the flag in saturn run --help)"},
      {{kUrl, "--duration="}, "--duration=: a value is missing (write it behind the sign, without a space)"},
  };
  for (const auto& each : cases) EXPECT_EQ(mistake(each.words), each.message);
}

TEST(Hints, OtherToolsSpellingsOfARateNameOurs) {
  EXPECT_EQ(mistake({"--qps", "5", kUrl}), "--qps: that is another tool's name for a rate (type -R 5)");
  EXPECT_EQ(mistake({"--rps=5", kUrl}), "--rps: that is another tool's name for a rate (type -R 5)");
  EXPECT_EQ(mistake({"-r", "5", kUrl}),
            "-r: a rate in bombardier, requests per connection in gcannon (type -R 5 for the former, "
            "--requests-per-connection 5 for the other)");
  for (const Arguments& flag : {Arguments{"-q", "100"}, {"-q100"}}) {
    Arguments words = flag;
    words.push_back(kUrl);
    EXPECT_EQ(mistake(words), "-q 100: that is oha's and hey's rate, -q is --quiet here (type -R 100)");
  }
  EXPECT_EQ(mistake({"-qps", "5", kUrl}), "-qps: long flags have two dashes (type --qps)");
}

TEST(Hints, ValuesAreNotTakenForFlags) {
  const auto parsed = parse_run({kUrl, "-b", "-duration", "-H", "X: -q 100", "--label", "q=-z"});
  ASSERT_TRUE(parsed.errors.empty()) << to_text(parsed.errors.front());
  EXPECT_EQ(parsed.run.plan.scenarios[0].flow[0].body, "-duration");
}

TEST(Hints, UnknownFlagsAskForTheNearest) {
  EXPECT_EQ(mistake({kUrl, "--conections", "5"}), "--conections: no such flag (did you mean --connections?)");
  EXPECT_EQ(mistake({kUrl, "--timout=5s"}), "--timout: no such flag (did you mean --timeout?)");
  EXPECT_EQ(mistake({kUrl, "-N", "5"}), "-N: no such flag (did you mean -n?)");
  EXPECT_EQ(mistake({kUrl, "--frobnicate"}),
            "--frobnicate: no such flag (see saturn run --help for those there are)");
}

TEST(Hints, DidYouMeanToleratesFewMistakesInShortWords) {
  const std::vector<std::string> known{"run", "serve", "report"};
  EXPECT_EQ(did_you_mean("rum", known), "run");
  EXPECT_EQ(did_you_mean("raport", known), "report");
  EXPECT_EQ(did_you_mean("sevre", known), "serve");
  EXPECT_EQ(did_you_mean("go", known), std::nullopt);
  EXPECT_EQ(did_you_mean("benchmark", known), std::nullopt);
}

TEST(Hints, NoFlagIsBothOursAndForeign) {
  for (const auto& own : run_flags())
    for (const auto& name : names_of(own.names))
      for (const auto& foreign : foreign_flags())
        for (const auto& other : names_of(foreign.names)) EXPECT_NE(name, other);
}

}  // namespace
}  // namespace saturn::cli
