#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <set>

#include "study/study_run.hpp"

namespace saturn::study {
namespace {

namespace fs = std::filesystem;

std::vector<std::size_t> targets_of(const std::vector<PlannedRun>& order, unsigned repeat) {
  std::vector<std::size_t> targets;
  for (const auto& run : order)
    if (run.repeat == repeat) targets.push_back(run.target);
  return targets;
}

TEST(StudyOrder, EveryTargetRunsOnceInEveryRepeatAndRepeatsComeOneAfterAnother) {
  const auto order = draw_order(6, 5, 7);
  ASSERT_EQ(order.size(), 30U);
  for (std::size_t i = 0; i < order.size(); ++i) EXPECT_EQ(order[i].repeat, i / 6 + 1);
  for (unsigned repeat = 1; repeat <= 5; ++repeat) {
    const auto targets = targets_of(order, repeat);
    EXPECT_EQ(std::set<std::size_t>(targets.begin(), targets.end()).size(), 6U);
  }
}

TEST(StudyOrder, FollowsFromTheSeedAndDiffersBetweenRepeats) {
  const auto order = draw_order(6, 5, 7);
  EXPECT_EQ(targets_of(order, 1), targets_of(draw_order(6, 5, 7), 1));
  std::set<std::vector<std::size_t>> orders;
  for (unsigned repeat = 1; repeat <= 5; ++repeat) orders.insert(targets_of(order, repeat));
  EXPECT_GT(orders.size(), 1U);
}

TEST(StudyOrder, EachOfThreeTargetsIsFirstAboutAsOften) {
  int first[3] = {};
  for (std::uint64_t seed = 0; seed < 3000; ++seed) ++first[draw_order(3, 1, seed)[0].target];
  for (const int count : first) EXPECT_NEAR(count, 1000, 150);
}

StudyPlan two_targets() {
  StudyPlan study;
  study.targets.resize(2);
  study.targets[0].name = "a";
  study.targets[1].name = "b";
  study.targets[1].profiles = {"full"};
  return study;
}

std::vector<std::string> names(const std::vector<const TargetPlan*>& targets) {
  std::vector<std::string> result;
  for (const auto* target : targets) result.push_back(target->name);
  return result;
}

TEST(StudyTargets, AreThoseOfTheProfileUnlessNamed) {
  const StudyPlan study = two_targets();
  Profile quick, full;
  quick.name = "quick";
  full.name = "full";
  EXPECT_EQ(names(*choose_targets(study, full, {})), (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(names(*choose_targets(study, quick, {})), std::vector<std::string>{"a"});
  EXPECT_EQ(names(*choose_targets(study, quick, {"b"})), std::vector<std::string>{"b"});
}

TEST(StudyTargets, EveryUnknownNameIsAnError) {
  const StudyPlan study = two_targets();
  const auto chosen = choose_targets(study, Profile{}, {"x", "a", "y"});
  ASSERT_FALSE(chosen);
  ASSERT_EQ(chosen.errors().size(), 2U);
  EXPECT_EQ(to_text(chosen.errors()[1]), "--only: there is no target \"y\" in this study (it has a, b)");
}

class StudyFolder : public testing::Test {
 protected:
  StudyFolder()
      : folder(fs::path(testing::TempDir()) / ("saturn-study-folder-" + std::to_string(getpid()))) {}
  ~StudyFolder() override { fs::remove_all(folder); }
  fs::path folder;
};

TEST_F(StudyFolder, IsMadeAndMayBeEmpty) {
  EXPECT_FALSE(prepare_folder(folder / "deep", false));
  EXPECT_TRUE(fs::is_empty(folder / "deep"));
  EXPECT_FALSE(prepare_folder(folder / "deep", false));
}

TEST_F(StudyFolder, WithSomethingInItIsRefused) {
  fs::create_directories(folder);
  std::ofstream(folder / "notes.txt") << "mine";
  const auto refused = prepare_folder(folder, false);
  ASSERT_TRUE(refused);
  EXPECT_EQ(refused->message, "is not empty");
}

TEST_F(StudyFolder, ForceReplacesAnEarlierStudyAndNothingElse) {
  fs::create_directories(folder / "runs");
  std::ofstream(folder / "runs" / "old.json") << "{}";
  std::ofstream(folder / "notes.txt") << "mine";
  EXPECT_FALSE(prepare_folder(folder, true));
  EXPECT_FALSE(fs::exists(folder / "runs"));
  EXPECT_TRUE(fs::exists(folder / "notes.txt"));
}

}  // namespace
}  // namespace saturn::study
