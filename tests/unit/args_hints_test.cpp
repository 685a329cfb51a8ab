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
       "-s: wrk's and k6's scripts are not run (type -X POST, -H and -b for a method, headers and a body; "
       "for "
       "several requests write a plan: saturn run plan.json)"},
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
      {{kUrl, "--junit", "x.xml"}, "--junit: not in this version yet (leave it out)"},
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
  EXPECT_EQ(mistake({"-qps", "5", kUrl}), "-qps: that is another tool's name for a rate (type -R 5)");
}

TEST(Hints, NewcomersFlagsSayWhatToTypeInstead) {
  const Case cases[] = {
      {{"--json", "{\"a\": 1}", kUrl},
       "--json: that is curl's body, --json is the result's format here (type -H 'Content-Type: "
       "application/json' -b '{\"a\": 1}')"},
      {{kUrl, "--json=@b.json"},
       "--json: that is curl's body, --json is the result's format here (type -H 'Content-Type: "
       "application/json' -b '@b.json')"},
      {{"-p", "body.json", kUrl},
       "-p: \"body.json\" is not a number: -p is requests under way on a connection, not ab's file to POST "
       "(type -b @body.json for the body)"},
      {{"-u", "me:hunter2", kUrl},
       "-u: that is a number of virtual users, not curl's login (write the login into the URL: "
       "http://USER:PASSWORD@HOST/)"},
      {{"--user", "me:hunter2", kUrl},
       "--user: saturn has no flag for a login (write the login into the URL: http://USER:PASSWORD@HOST/)"},
      {{"-L", kUrl},
       "-L: redirects are not followed in this version (aim at the URL that the answer's Location names)"},
      {{"--location", kUrl},
       "--location: redirects are not followed in this version (aim at the URL that the answer's Location "
       "names)"},
      {{kUrl, "--redirect", "5"},
       "--redirect: redirects are not followed in this version (aim at the URL that the answer's Location "
       "names)"},
      {{kUrl, "--cookie", "a=b"}, "--cookie: a cookie is a header (type -H 'Cookie: NAME=VALUE')"},
      {{kUrl, "-F", "a=b"},
       "-F: multipart forms are not in this version (type -b 'a=1&b=2' -H 'Content-Type: "
       "application/x-www-form-urlencoded' for a plain one)"},
      {{kUrl, "--compressed"},
       "--compressed: answers are counted as they come, never unpacked (type -H 'Accept-Encoding: gzip' to "
       "ask for compressed ones)"},
      {{kUrl, "--host", "example.com"}, "--host: Host is a header (type -H 'Host: example.com')"},
      {{"-host", "example.com", kUrl}, "-host: Host is a header (type -H 'Host: example.com')"},
      {{"-host=example.com", kUrl}, "-host: Host is a header (type -H 'Host: example.com')"},
      {{kUrl, "-h", "Accept: text/html"},
       "-h: that prints the help; a header has a large H (type -H 'Accept: …')"},
      {{"-h2", kUrl}, "-h2: saturn speaks HTTP/1.1 only (leave it out)"},
      {{"--http2", kUrl}, "--http2: saturn speaks HTTP/1.1 only (leave it out)"},
      {{"-cpus", "2", kUrl}, "-cpus: that is hey's name for it (type -t 2)"},
      {{kUrl, "--latency-correction"},
       "--latency-correction: with -R latency always counts from the time when a request was due (leave it "
       "out, and give the rate with -R)"},
      {{kUrl, "--out", "json=x.json"}, "--out: that is k6's name for it (type -o x.json)"},
      {{kUrl, "--out=json=x.json"}, "--out: that is k6's name for it (type -o x.json)"},
      {{kUrl, "-o", "json=x.json"}, "-o: that is k6's way to name a file (type -o x.json)"},
      {{kUrl, "--summary-export", "x.json"}, "--summary-export: that is k6's name for it (type -o x.json)"},
      {{kUrl, "--tag", "branch=main"}, "--tag: that is k6's name for it (type --label branch=main)"},
      {{kUrl, "-e", "HOST=x"},
       "-e: plans and URLs have no variables in this version (aim a plan with --base-url URL)"},
      {{kUrl, "--disable-compression"},
       "--disable-compression: saturn never asks for compressed answers (leave it out)"},
      {{kUrl, "--iterations", "10"}, "--iterations: that is k6's name for it (type -n 10)"},
      {{kUrl, "--no-tui"}, "--no-tui: that is another tool's name for it (type -q)"},
      {{kUrl, "-v"},
       "-v: there is no verbose mode (type -o result.json for all that was measured, saturn --version for "
       "the version)"},
      {{kUrl, "--file", "x"},
       "--file: saturn has no such flag (type saturn run x for a plan, -b @x for a body)"},
      {{"script.js"},
       "script.js: this is a script for k6, which saturn does not run (type -X POST, -H and -b for a method, "
       "headers and a body; for several requests write a plan: saturn run plan.json)"},
      {{"load/x.lua"},
       "load/x.lua: this is a script for wrk, which saturn does not run (type -X POST, -H and -b for a "
       "method, headers and a body; for several requests write a plan: saturn run plan.json)"},
  };
  for (const auto& each : cases) EXPECT_EQ(mistake(each.words), each.message);
}

TEST(Hints, AnAddressThatEndsLikeAScriptIsAnAddress) {
  for (const char* url :
       {"http://127.0.0.1/app.js", "127.0.0.1:8000/app.js", "localhost/app.js", "example.com/static/app.js"})
    EXPECT_TRUE(parse_run({url}).errors.empty()) << url;
}

TEST(Hints, TheArgumentOfAFlagThatIsRefusedGivesNoSecondError) {
  for (const char* flag : {"-z", "--out", "-F", "--cookie", "--frobnicate", "--user", "-s", "--qps"})
    for (const char* value :
         {"a=b", "json=x.json", "{\"a\": 1}", "me:pw", "x.lua", "plan.json", "no host!"}) {
      mistake({flag, value, kUrl});
      mistake({kUrl, flag, value});
    }
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
