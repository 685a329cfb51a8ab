// The tables of flags of all commands: what help, documents and tests read from them has to be there.
#include <gtest/gtest.h>

#include <set>
#include <string>

#include "command_table.hpp"
#include "core/json/value.hpp"
#include "flag_help.hpp"

namespace saturn::cli {
namespace {

constexpr std::size_t kColumns = 110;

/// What each row of each command's table is asked.
template <class Ask>
void for_each_flag(Ask ask) {
  for (const auto& table : flag_tables())
    for (const auto& flag : table.flags) ask(table, flag, std::string(table.name) + " " + flag.names);
}

TEST(FlagTables, EveryCommandHasOneWithHelpAndExamples) {
  std::set<std::string> names;
  for (const auto& table : flag_tables()) {
    EXPECT_TRUE(names.insert(table.name).second) << table.name;
    EXPECT_NE(std::string(table.about), "") << table.name;
    EXPECT_NE(std::string(table.notes).find("Examples:\n"), std::string::npos) << table.name;
    EXPECT_EQ(find_command(table.name)->table().name, std::string(table.name));
  }
  EXPECT_TRUE(names.contains("run") && names.contains("serve") && names.contains("study"));
  EXPECT_EQ(find_command("ru"), nullptr);
}

TEST(FlagTables, EveryFlagHasHelpAndAGroup) {
  for_each_flag([](const CommandTable&, const FlagRow& flag, const std::string& who) {
    EXPECT_GT(std::string(flag.help).size(), 5U) << who;
    EXPECT_NE(std::string(flag.group), "") << who;
    EXPECT_EQ(std::string(flag.help).find('\n'), std::string::npos) << who;
  });
}

TEST(FlagTables, EveryFlagWithAValueSaysItsDefault) {
  for_each_flag([](const CommandTable&, const FlagRow& flag, const std::string& who) {
    EXPECT_TRUE(flag.value == nullptr || flag.repeatable || !default_of(flag).empty()) << who;
  });
}

TEST(FlagTables, NoNameStandsTwiceAndEachIsAFlag) {
  for (const auto& table : flag_tables()) {
    std::set<std::string> names{"-h", "--help"};
    const auto add = [&](const char* list) {
      for (const auto& name : names_of(list)) {
        EXPECT_TRUE(names.insert(name).second) << table.name << " " << name;
        EXPECT_EQ(name[0], '-') << table.name << " " << name;
      }
    };
    for (const auto& flag : table.flags) add(flag.names);
    for (const auto& flag : table.foreign) add(flag.names);
  }
}

TEST(FlagTables, AGroupStandsInOnePlaceAndExpertsComeLast) {
  for (const auto& table : flag_tables()) {
    std::vector<std::string> groups;
    for (const auto& flag : table.flags)
      if (groups.empty() || groups.back() != flag.group) groups.emplace_back(flag.group);
    EXPECT_EQ(std::set<std::string>(groups.begin(), groups.end()).size(), groups.size()) << table.name;
    for (std::size_t i = 0; i + 1 < groups.size(); ++i) EXPECT_NE(groups[i], "For experts") << table.name;
  }
}

TEST(FlagTables, HelpFitsIntoATerminal) {
  for (const auto& table : flag_tables()) {
    const std::string help = help_of(table);
    EXPECT_EQ(help.find("\n\n\n"), std::string::npos) << table.name;
    for (std::size_t from = 0; from < help.size();) {
      const auto end = help.find('\n', from);
      EXPECT_LE(end - from, kColumns) << help.substr(from, end - from);
      from = end + 1;
    }
  }
}

TEST(FlagTables, ARefusedFlagSaysWhatToDo) {
  for (const auto& table : flag_tables())
    for (const auto& flag : table.foreign) {
      EXPECT_NE(std::string(flag.message), "") << flag.names;
      EXPECT_NE(std::string(flag.remedy), "") << flag.names;
    }
}

TEST(FlagTables, TheDefaultIsTheLastParenthesis) {
  EXPECT_EQ(default_of({"-c", "N", "", "in total (50)", nullptr, false}), "50");
  EXPECT_EQ(default_of({"-c", "N", "", "1000 (a second), 50/s (as (some) allow)", nullptr, false}),
            "as (some) allow");
  EXPECT_EQ(default_of({"-c", "N", "", "1000 (a second), 50/s", nullptr, false}), "");
  EXPECT_EQ(default_of({"-c", nullptr, "", "a switch (costs CPU)", nullptr, false}), "");
}

TEST(FlagTables, AllStandInTheListForDocuments) {
  const auto list = json::parse(flags_json(flag_tables()));
  ASSERT_TRUE(list);
  std::size_t flags = 0;
  for_each_flag([&](const CommandTable&, const FlagRow&, const std::string&) { ++flags; });
  ASSERT_NE(list->as_array(), nullptr);
  EXPECT_EQ(list->as_array()->size(), flags);
  const auto& first = list->as_array()->front();
  EXPECT_EQ(*first.find("command")->as_string(), "run");
  EXPECT_EQ(*first.find("names")->as_array()->back().as_string(), "--connections");
  EXPECT_EQ(*first.find("value")->as_string(), "N");
  EXPECT_EQ(*first.find("default")->as_string(), "50");
  EXPECT_EQ(*first.find("in_plan")->as_string(), "/scenarios/N/vus");
}

}  // namespace
}  // namespace saturn::cli
