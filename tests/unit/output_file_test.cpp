// A result file is whole or not there, and an old one stays until the new one is whole.
#include "output_file.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace saturn::cli {
namespace {

namespace fs = std::filesystem;

class OutputFileTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = testing::TempDir() + "saturn-output-XXXXXX";
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    directory_ = name;
  }
  void TearDown() override { fs::remove_all(directory_); }

  std::size_t entries() const {
    return static_cast<std::size_t>(
        std::distance(fs::directory_iterator(directory_), fs::directory_iterator{}));
  }
  static std::string content(const fs::path& path) {
    std::ostringstream text;
    text << std::ifstream(path, std::ios::binary).rdbuf();
    return text.str();
  }
  fs::path directory_;
};

TEST_F(OutputFileTest, PreparingLeavesNothingBehind) {
  ASSERT_TRUE(OutputFile::prepare(directory_ / "r.json"));
  EXPECT_EQ(entries(), 0U);
}

TEST_F(OutputFileTest, WritesTheWholeContentUnderItsName) {
  const auto file = OutputFile::prepare(directory_ / "r.json");
  ASSERT_TRUE(file);
  EXPECT_EQ(file->write(std::string(1 << 20, 'x')), std::nullopt);
  EXPECT_EQ(content(directory_ / "r.json"), std::string(1 << 20, 'x'));
  EXPECT_EQ(entries(), 1U);
}

TEST_F(OutputFileTest, ReplacesAnOldFileAndKeepsItsPermissionsAndLinks) {
  std::ofstream(directory_ / "real.json") << "old";
  fs::permissions(directory_ / "real.json", fs::perms(0640));
  fs::create_symlink("real.json", directory_ / "link.json");
  const auto file = OutputFile::prepare(directory_ / "link.json");
  ASSERT_TRUE(file);
  EXPECT_EQ(content(directory_ / "real.json"), "old");
  EXPECT_EQ(file->write("new"), std::nullopt);
  EXPECT_EQ(content(directory_ / "real.json"), "new");
  EXPECT_TRUE(fs::is_symlink(directory_ / "link.json"));
  EXPECT_EQ(fs::status(directory_ / "real.json").permissions(), fs::perms(0640));
  EXPECT_EQ(entries(), 2U);
}

TEST_F(OutputFileTest, ADirectoryOrAMissingOneIsFoundBeforeTheRun) {
  const auto directory = OutputFile::prepare(directory_);
  ASSERT_FALSE(directory);
  EXPECT_EQ(directory.errors().front().message,
            "cannot write \"" + directory_.string() + "\": it is a directory");
  const auto missing = OutputFile::prepare(directory_ / "no" / "r.json");
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.errors().front().remedy, "make it: mkdir -p " + (directory_ / "no").string());
  EXPECT_FALSE(OutputFile::prepare("/proc/saturn.json")) << "no new files there, not even for root";
  EXPECT_EQ(missing.errors().front().kind, ErrorKind::setup);
}

TEST_F(OutputFileTest, AFullDeviceIsReportedWhenWriting) {
  const auto file = OutputFile::prepare("/dev/full");
  ASSERT_TRUE(file);
  const auto error = file->write("{}");
  ASSERT_TRUE(error);
  EXPECT_EQ(error->message, "cannot write \"/dev/full\": No space left on device");
  struct stat facts {};
  ASSERT_EQ(::stat("/dev/full", &facts), 0);
  EXPECT_TRUE(S_ISCHR(facts.st_mode)) << "a device is never replaced by a file";
}

TEST_F(OutputFileTest, ADirectoryThatVanishedIsReportedWhenWriting) {
  fs::create_directory(directory_ / "gone");
  const auto file = OutputFile::prepare(directory_ / "gone" / "r.json");
  ASSERT_TRUE(file);
  fs::remove(directory_ / "gone");
  EXPECT_EQ(file->write("{}")->message,
            "cannot write \"" + (directory_ / "gone" / "r.json").string() + "\": No such file or directory");
}

TEST_F(OutputFileTest, WhatCannotBeWrittenIsRescued) {
  ASSERT_EQ(::setenv("TMPDIR", directory_.c_str(), 1), 0);
  const auto name = rescue("{}");
  EXPECT_EQ(content(name), "{}");
  EXPECT_EQ(fs::path(name).parent_path(), directory_);
  ASSERT_EQ(::setenv("TMPDIR", (directory_ / "no").c_str(), 1), 0);
  EXPECT_EQ(rescue("{}"), "");
  ::unsetenv("TMPDIR");
}

}  // namespace
}  // namespace saturn::cli
