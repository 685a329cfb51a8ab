// Where things are kept and whether what lies there may be trusted; the chain up to executing it is in
// tests/cli/study_refusal_test.py.
#include "study/cache_folder.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

namespace saturn::study {
namespace {

namespace fs = std::filesystem;
constexpr uid_t kRoot = 0, kUser = 1000, kOther = 1001;

TEST(StudyCacheFolder, IsTheFirstThatIsSetAndAbsolute) {
  EXPECT_EQ(*choose_cache_folder({"/c", "/h", "/r"}, kUser), "/c/saturn");
  EXPECT_EQ(*choose_cache_folder({"relative", "/h", "/r"}, kUser), "/h/.cache/saturn");
  EXPECT_EQ(*choose_cache_folder({"", "/h", nullptr}, kUser), "/h/.cache/saturn");
  EXPECT_EQ(*choose_cache_folder({nullptr, "", "/r"}, kUser), "/r/saturn");
  EXPECT_EQ(*choose_cache_folder({nullptr, nullptr, nullptr}, kRoot), "/var/cache/saturn");
}

TEST(StudyCacheFolder, WithoutAnyItSaysWhatToSetAndNeverTakesATemporaryFolder) {
  const auto none = choose_cache_folder({nullptr, nullptr, nullptr}, kUser);
  ASSERT_FALSE(none);
  const std::string text = to_text(none.errors().front());
  EXPECT_NE(text.find("HOME: is not set"), std::string::npos) << text;
  EXPECT_NE(text.find("set HOME, or XDG_CACHE_HOME"), std::string::npos) << text;
  EXPECT_EQ(none.errors().front().kind, ErrorKind::setup);
}

struct stat of(uid_t owner, mode_t mode) {
  struct stat found {};
  found.st_uid = owner;
  found.st_mode = mode;
  return found;
}

TEST(StudyCacheFolder, IsTrustedByOwnerAndMode) {
  EXPECT_FALSE(distrust("/c", of(kUser, S_IFDIR | 0755), kUser));
  EXPECT_FALSE(distrust("/c", of(kRoot, S_IFDIR | 0755), kUser));
  EXPECT_TRUE(distrust("/c", of(kOther, S_IFDIR | 0700), kUser));
  EXPECT_TRUE(distrust("/c", of(kOther, S_IFDIR | 0700), kRoot));
  EXPECT_TRUE(distrust("/c", of(kUser, S_IFDIR | 0775), kUser));
  EXPECT_TRUE(distrust("/c", of(kUser, S_IFREG | 0646), kUser));
  EXPECT_FALSE(distrust("/c", of(kUser, S_IFLNK | 0777), kUser));  // every link has that mode
  EXPECT_TRUE(distrust("/c", of(kOther, S_IFLNK | 0777), kUser));
}

class StudyCacheFolderOnDisk : public testing::Test {
 protected:
  StudyCacheFolderOnDisk() { fs::remove_all(root_); }
  ~StudyCacheFolderOnDisk() override { fs::remove_all(root_); }
  const fs::path root_ = fs::path(testing::TempDir()) / ("saturn-cache-" + std::to_string(getpid()));
};

TEST_F(StudyCacheFolderOnDisk, IsMadeForItsOwnerOnly) {
  const auto error = make_private_folder(root_ / "a/b");
  ASSERT_FALSE(error) << to_text(*error);
  EXPECT_EQ(fs::status(root_ / "a/b").permissions(), fs::perms::owner_all);
  EXPECT_FALSE(make_private_folder(root_ / "a/b"));  // and taken again
}

TEST_F(StudyCacheFolderOnDisk, IsRefusedWhereOthersMayWriteOrReplaceIt) {
  ASSERT_FALSE(make_private_folder(root_ / "a/b"));
  fs::permissions(root_ / "a/b", fs::perms(0770));
  EXPECT_NE(to_text(make_private_folder(root_ / "a/b").value()).find("chmod go-w"), std::string::npos);
  fs::permissions(root_ / "a/b", fs::perms(0700));
  fs::permissions(root_ / "a", fs::perms(0777));
  EXPECT_NE(to_text(make_private_folder(root_ / "a/b").value()).find("may be written by everyone"),
            std::string::npos);
  fs::permissions(root_ / "a", fs::perms(01777));  // as /tmp: entries stay their owners'
  EXPECT_FALSE(make_private_folder(root_ / "a/b"));
}

TEST_F(StudyCacheFolderOnDisk, CannotBeAFile) {
  fs::create_directories(root_);
  fs::create_symlink("/dev/null", root_ / "file");
  EXPECT_NE(to_text(make_private_folder(root_ / "file").value()).find("is no folder"), std::string::npos);
  EXPECT_TRUE(distrust(root_ / "nowhere"));
}

}  // namespace
}  // namespace saturn::study
