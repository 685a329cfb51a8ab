// Which word is a flag, which its value: every form, every mistake.
#include "flag_split.hpp"

#include <gtest/gtest.h>

namespace saturn::cli {
namespace {

constexpr ForeignFlag kForeign[] = {{"-z,--time", true, "elsewhere", "type -n {}"},
                                    {"-h2", false, "no HTTP/2", "leave it out"}};

CommandTable table() {
  return {"count",
          "FILE",
          "",
          "",
          {{"-n,--number", "N", "g", "of things (1)", nullptr, false},
           {"-l,--label", "K", "g", "a label", nullptr, true},
           {"-q,--quiet", nullptr, "g", "says nothing", nullptr, false},
           {"-f", nullptr, "g", "forces it", nullptr, false}},
          kForeign};
}

struct Seen {
  std::string flags;  ///< "-n=5 --quiet"
  Arguments arguments;
};

Seen good(const Arguments& words) {
  const auto split = split_words(table(), words);
  for (const auto& error : split.errors) ADD_FAILURE() << to_text(error);
  Seen seen{{}, split.arguments};
  for (const auto& given : split.given)
    seen.flags +=
        (seen.flags.empty() ? "" : " ") + given.place + (given.value.empty() ? "" : "=" + given.value);
  return seen;
}

std::string mistake(const Arguments& words) {
  const auto split = split_words(table(), words);
  EXPECT_EQ(split.errors.size(), 1U);
  return split.errors.empty() ? "" : to_text(split.errors.front());
}

TEST(FlagSplit, AValueStandsBehindItsFlagInFiveWays) {
  for (const Arguments& words : {Arguments{"-n", "5"}, {"-n5"}, {"-n=5"}})
    EXPECT_EQ(good(words).flags, "-n=5");
  EXPECT_EQ(good({"--number", "5"}).flags, "--number=5");
  EXPECT_EQ(good({"--number=5"}).flags, "--number=5");
  EXPECT_EQ(good({"-l", "-n", "-l", "--number=5"}).flags, "-l=-n -l=--number=5");
}

TEST(FlagSplit, SwitchesMayShareAWord) {
  EXPECT_EQ(good({"-qf"}).flags, "-q -f");
  EXPECT_EQ(mistake({"-qx"}), "-qx: no such flag (see saturn count --help for those there are)");
  EXPECT_EQ(mistake({"--quiet=yes"}), "--quiet: takes no value (leave \"=yes\" out)");
}

TEST(FlagSplit, WordsWithoutAFlagStayInTheirOrder) {
  EXPECT_EQ(good({"a", "-q", "b", "-"}).arguments, (Arguments{"a", "b", "-"}));
  const auto behind = good({"-q", "--", "-n", "--help"});
  EXPECT_EQ(behind.arguments, (Arguments{"-n", "--help"}));
  EXPECT_EQ(behind.flags, "-q");
}

TEST(FlagSplit, OnlyTheFlagsForHelpAreHelp) {
  EXPECT_TRUE(split_words(table(), {"a", "-h"}).help);
  EXPECT_TRUE(split_words(table(), {"--help", "--nonsense"}).help);
  for (const char* word : {"-h2", "-host", "--host", "-qh", "--hel"}) {
    const auto split = split_words(table(), {word});
    EXPECT_FALSE(split.help) << word;
    EXPECT_EQ(split.errors.size(), 1U) << word;
  }
  EXPECT_EQ(mistake({"-h2"}), "-h2: no HTTP/2 (leave it out)");
  EXPECT_EQ(mistake({"--hel"}), "--hel: no such flag (did you mean --help?)");
}

TEST(FlagSplit, AMissingValueIsNamed) {
  EXPECT_EQ(mistake({"-n"}), "-n: a value is missing (see the flag in saturn count --help)");
  EXPECT_EQ(mistake({"--number="}),
            "--number=: a value is missing (write it behind the sign, without a space)");
}

TEST(FlagSplit, AFlagGivenTwiceIsAnErrorUnlessItMayBeRepeated) {
  EXPECT_EQ(mistake({"-n1", "--number=2"}), "-n: given 2 times (keep one of them)");
  EXPECT_EQ(good({"-l", "a", "--label", "b", "-q", "-q"}).flags, "-l=a --label=b -q -q");
}

TEST(FlagSplit, AnotherToolsFlagTakesItsValueAlong) {
  EXPECT_EQ(mistake({"-z", "9"}), "-z: elsewhere (type -n 9)");
  EXPECT_EQ(mistake({"-z9"}), "-z: elsewhere (type -n 9)");
  EXPECT_EQ(mistake({"--time=9"}), "--time: elsewhere (type -n 9)");
  EXPECT_EQ(mistake({"-time", "9"}), "-time: elsewhere (type -n 9)");
  EXPECT_EQ(mistake({"-time"}), "-time: elsewhere (type -n …)");
  EXPECT_TRUE(split_words(table(), {"-z", "9"}).arguments.empty());
}

TEST(FlagSplit, OneDashBeforeALongFlagIsNamedAndItsValueTakenAlong) {
  EXPECT_EQ(mistake({"-number=5"}), "-number=5: long flags have two dashes (type --number=5)");
  const auto split = split_words(table(), {"-number", "5", "file"});
  EXPECT_EQ(split.errors.size(), 1U);
  EXPECT_EQ(split.arguments, Arguments{"file"});
}

TEST(FlagSplit, TheWordBehindAnUnknownFlagMayBeItsValue) {
  const auto split = split_words(table(), {"--nonsense", "5", "file"});
  EXPECT_EQ(split.arguments, Arguments{"file"});
  EXPECT_TRUE(split.doubtful);
  EXPECT_EQ(split.errors.size(), 1U);
  EXPECT_FALSE(split_words(table(), {"--nonsense", "-q"}).doubtful);
  EXPECT_EQ(mistake({"--numbr", "5"}), "--numbr: no such flag (did you mean --number?)");
  EXPECT_EQ(mistake({"-N", "5"}), "-N: no such flag (did you mean -n?)");
}

TEST(FlagSplit, AHookSeesAWordFirst) {
  const WordHook hook = [](const Arguments& words, std::size_t at, Errors& errors) -> std::size_t {
    if (words[at] != "-q" || at + 1 == words.size()) return 0;
    errors.push_back({"-q", "seen", ""});
    return 2;
  };
  const auto split = split_words(table(), {"-q", "5", "-l", "-q", "-q"}, hook);
  EXPECT_EQ(split.errors.size(), 1U);
  EXPECT_EQ(split.given.size(), 2U);
  EXPECT_TRUE(split.arguments.empty());
}

}  // namespace
}  // namespace saturn::cli
