#include "study/study_progress.hpp"

#include <gtest/gtest.h>

namespace saturn::study {
namespace {

using namespace std::chrono_literals;

TEST(StudyProgress, CountsWhatIsCountedAndTimesWhatIsTimed) {
  Progress progress;
  progress.name = "create";
  progress.planned_requests = 1000;
  progress.completed = 412;
  EXPECT_EQ(progress_words(progress), "create 412 of 1,000");
  Progress timed;
  timed.name = "hello";
  timed.planned = 10s;
  timed.elapsed = 3s;
  EXPECT_EQ(progress_words(timed), "hello 3 of 10 s");
  timed.elapsed = 12s;  // draining
  EXPECT_EQ(progress_words(timed), "hello 10 of 10 s");
}

TEST(StudyProgress, ShowsWhatGoesWrong) {
  Progress progress;
  progress.name = "create";
  progress.planned_requests = 1000;
  progress.completed = 400;
  progress.failed = 10;
  progress.not_ok = 2;
  EXPECT_EQ(progress_words(progress), "create 410 of 1,000, 12 failed or not ok");
}

TEST(StudyProgress, KnowsTheShareOfAScenario) {
  Progress progress;
  EXPECT_EQ(share_of(progress).all, 0);
  progress.planned = 10s;
  progress.elapsed = 3s;
  EXPECT_DOUBLE_EQ(share_of(progress).done / share_of(progress).all, 0.3);
  progress.planned_requests = 1000;
  progress.completed = 400;
  progress.failed = 10;
  EXPECT_DOUBLE_EQ(share_of(progress).done / share_of(progress).all, 0.41);
}

RunEstimate run_of(const char* target) {
  return {target, {{"starting", 5s, false}, {"seeding", 20s, true}}};
}

/// What a display wrote into a file.
class StudyProgressLines : public testing::Test {
 protected:
  ~StudyProgressLines() override { std::fclose(file); }
  std::string text() const {
    std::string all(static_cast<std::size_t>(std::ftell(file)), '\0');
    std::rewind(file);
    all.resize(std::fread(all.data(), 1, all.size(), file));
    return all;
  }
  std::FILE* file = std::tmpfile();
};

TEST_F(StudyProgressLines, WithoutATerminalThereIsALineForEachRunAndNoneForEachStep) {
  StudyProgress display({file, false, false, 80}, TimeLeft({run_of("flask-sqlite3"), run_of("django-drf")}));
  display.run_starting(0, 2, "flask-sqlite3", 1);
  display.step("starting");
  display.step("seeding");
  display.run_ended("", "hello 6,085/s · all 50.2 ms");
  display.run_starting(1, 2, "django-drf", 1);
  display.run_ended("exit code 3", "");
  EXPECT_EQ(text(),
            "[1/2] flask-sqlite3 repeat 1: starting · 50 s left\n"
            "[1/2] flask-sqlite3 repeat 1 done in 1 s, 1 s left\n"
            "  hello 6,085/s · all 50.2 ms\n"
            "[2/2] django-drf repeat 1 failed: exit code 3\n");
}

TEST_F(StudyProgressLines, OnATerminalTheLineIsRedrawnAndGoneBeforeOtherText) {
  StudyProgress display({file, true, false, 80}, TimeLeft({run_of("flask-sqlite3")}));
  display.run_starting(0, 1, "flask-sqlite3", 1);
  display.step("starting");
  display.say("hello");
  EXPECT_EQ(text(), "\r\x1b[K[1/1] flask-sqlite3 repeat 1: starting · 25 s left\r\x1b[Khello\n");
}

TEST_F(StudyProgressLines, QuietKeepsFailures) {
  StudyProgress display({file, false, true, 80}, TimeLeft({run_of("flask-sqlite3")}));
  display.run_starting(0, 1, "flask-sqlite3", 1);
  display.step("starting");
  display.run_ended("exit code 3", "");
  EXPECT_EQ(text(), "[1/1] flask-sqlite3 repeat 1 failed: exit code 3\n");
}

}  // namespace
}  // namespace saturn::study
