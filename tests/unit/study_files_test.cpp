#include "study/files.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>

namespace saturn::study {
namespace {

namespace fs = std::filesystem;

class StudyFiles : public testing::Test {
 protected:
  StudyFiles() : folder(fs::path(testing::TempDir()) / ("saturn-study-files-" + std::to_string(getpid()))) {
    fs::create_directories(folder);
  }
  ~StudyFiles() override { fs::remove_all(folder); }
  fs::path folder;
};

TEST_F(StudyFiles, AreReplacedWholeAndLeaveNoDraft) {
  EXPECT_FALSE(write_whole(folder / "a", "first, which is longer"));
  EXPECT_FALSE(write_whole(folder / "a", "second"));
  EXPECT_EQ(*read_whole(folder / "a"), "second");
  EXPECT_EQ(std::distance(fs::directory_iterator(folder), fs::directory_iterator()), 1);
}

TEST_F(StudyFiles, ThatCannotBeWrittenSayWhy) {
  const auto error = write_whole(folder / "missing" / "a", "text");
  ASSERT_TRUE(error);
  EXPECT_EQ(error->message, "cannot be written: No such file or directory");
}

TEST_F(StudyFiles, ThatCannotBeReadSayWhy) {
  const auto missing = read_whole(folder / "missing");
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.errors().front().message, "cannot be read: No such file or directory");
  EXPECT_FALSE(read_whole(folder));
}

TEST_F(StudyFiles, AnEmptyFileIsRead) {
  EXPECT_FALSE(write_whole(folder / "empty", ""));
  const auto text = read_whole(folder / "empty");
  ASSERT_TRUE(text);
  EXPECT_EQ(*text, "");
}

TEST_F(StudyFiles, TheTailOfALogIsItsLastLinesThatSaySomething) {
  std::ofstream(folder / "log") << "one\n\ntwo\n   \nthree\nfour\n";
  EXPECT_EQ(log_tail(folder / "log", 2, 100), "three | four");
  EXPECT_EQ(log_tail(folder / "log", 2, 5), "… four");
  EXPECT_EQ(log_tail(folder / "missing", 2, 100), "");
}

}  // namespace
}  // namespace saturn::study
