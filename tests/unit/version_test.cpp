// What `saturn --version` and every result say about the build.
#include "saturn/version.hpp"

#include <fstream>
#include <iterator>
#include <string>

#include <gtest/gtest.h>

namespace saturn {
namespace {

TEST(Version, IsTheOneOfTheBuildFiles) {
  std::ifstream file(SATURN_SOURCE_DIR "/CMakeLists.txt");
  const std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  EXPECT_NE(text.find("project(saturn VERSION " + std::string(version()) + " "), std::string::npos)
      << version();
}

TEST(Version, NamesTheCompiler) {
#if defined(__clang__)
  const std::string expected = "clang " + std::to_string(__clang_major__) + ".";
#else
  const std::string expected = "gcc " + std::to_string(__GNUC__) + ".";
#endif
  EXPECT_EQ(compiler().substr(0, expected.size()), expected);
}

TEST(Version, NamesTheRevisionOrSaysThatItIsUnknown) {
  EXPECT_FALSE(git().empty());
  EXPECT_EQ(git().find_first_not_of("0123456789abcdefghijklmnopqrstuvwxyz-.v"), std::string_view::npos)
      << git();
}

}  // namespace
}  // namespace saturn
