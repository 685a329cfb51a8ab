#include "study/sha256.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>

namespace saturn::study {
namespace {

namespace fs = std::filesystem;

class StudySha256 : public testing::Test {
 protected:
  StudySha256() { fs::remove_all(root_); }
  ~StudySha256() override { fs::remove_all(root_); }

  fs::path write(const std::string& path, const std::string& text) const {
    fs::create_directories((root_ / path).parent_path());
    std::ofstream(root_ / path) << text;
    return root_ / path;
  }

  const fs::path root_ = fs::path(testing::TempDir()) / ("saturn-sha256-" + std::to_string(getpid()));
};

TEST_F(StudySha256, OfTextsIsThatOfTheStandard) {
  EXPECT_EQ(sha256(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(sha256("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST_F(StudySha256, OfFilesIsThatOfTheLinesOfSha256sum) {
  const auto a = write("a", "abc"), b = write("b", "");
  const auto found = fingerprint({{"./b", b}, {"./a", a}});
  ASSERT_TRUE(found);
  EXPECT_EQ(found->files, 2U);
  EXPECT_EQ(found->sha256, sha256(sha256("abc") + "  ./a\n" + sha256("") + "  ./b\n"));
  EXPECT_FALSE(fingerprint({}));
  EXPECT_FALSE(fingerprint({{"c", root_ / "c"}}));
}

TEST_F(StudySha256, FilesBelowAFolderLeaveOutWhatRunningMakes) {
  write("app/main.py", "1");
  write("README.md", "2");
  write("app/__pycache__/main.pyc", "3");
  write(".git/HEAD", "4");
  std::vector<std::string> names;
  for (const auto& [name, path] : files_below(root_)) names.push_back(name);
  EXPECT_EQ(names, (std::vector<std::string>{"./README.md", "./app/main.py"}));
  EXPECT_TRUE(files_below(root_ / "nowhere").empty());
}

TEST_F(StudySha256, AnApplicationIsItsFolderOrTheFilesOfItsCommand) {
  const auto main = write("targets/t/main.py", "1"), program = write("saturn", "2");
  write("server.py", "3");
  TargetPlan own_folder;
  own_folder.process.cwd = root_ / "targets/t";
  EXPECT_EQ(application_of(own_folder, root_, program)->sha256, fingerprint({{"./main.py", main}})->sha256);
  TargetPlan words;
  words.process.cwd = root_;
  words.process.command = {"python", "server.py", "serve", "{{port}}"};
  EXPECT_EQ(application_of(words, root_, program)->sha256,
            fingerprint({{"server.py", root_ / "server.py"}})->sha256);
  words.process.command = {"{{saturn}}", "serve"};
  EXPECT_EQ(application_of(words, root_, program)->sha256, fingerprint({{"{{saturn}}", program}})->sha256);
  words.process.command = {"true"};
  EXPECT_FALSE(application_of(words, root_, program));
}

}  // namespace
}  // namespace saturn::study
