// Whoever reads a rule's name in a result finds what it means.
#include "core/result/rule_meaning.hpp"

#include <gtest/gtest.h>

#include "core/result/verdict.hpp"

namespace saturn {
namespace {

TEST(RuleMeaning, EveryRuleHasOne) {
  for (const VerdictRule& rule : verdict_rules())
    EXPECT_FALSE(meaning_of_rule(rule.name).empty()) << rule.name;
}

TEST(RuleMeaning, IsASentence) {
  for (const VerdictRule& rule : verdict_rules()) {
    EXPECT_TRUE(meaning_of_rule(rule.name).ends_with('.')) << rule.name;
  }
}

TEST(RuleMeaning, AnotherVersionsRuleHasNone) {
  EXPECT_EQ(meaning_of_rule("phase_of_the_moon"), "");
}

}  // namespace
}  // namespace saturn
