#include "args_values.hpp"

#include <gtest/gtest.h>

#include <cstdio>
#include <fstream>
#include <string>

namespace saturn::cli {
namespace {

TEST(ArgsValues, ABareNumberIsSeconds) {
  EXPECT_EQ(*parse_time("30", "-d"), std::chrono::seconds(30));
  EXPECT_EQ(*parse_time(".5", "-d"), std::chrono::milliseconds(500));
  EXPECT_EQ(*parse_time("1m30s", "-d"), std::chrono::seconds(90));
  for (const char* wrong : {"", ".", "1.2.3", "-5", "5 s", "x"})
    EXPECT_FALSE(parse_time(wrong, "-d")) << wrong;
}

TEST(ArgsValues, SizesHaveUnits) {
  EXPECT_EQ(*parse_size("4096", "--max-head", 1, 1 << 20), 4096U);
  EXPECT_EQ(*parse_size("64KiB", "--max-head", 1, 1 << 20), 65536U);
  EXPECT_EQ(*parse_size("1MiB", "--max-head", 1, 1 << 20), 1048576U);
  EXPECT_EQ(*parse_size("3kB", "--max-head", 1, 1 << 20), 3000U);
  EXPECT_EQ(parse_size("2MiB", "--max-head", 1, 1 << 20).errors().front().message, "2MiB is out of range");
  EXPECT_EQ(parse_size("99999999999999MiB", "--max-head", 1, 1 << 20).errors().size(), 1U);
  for (const char* wrong : {"", "KiB", "5s", "1.5KiB", "-1", "5 KiB"})
    EXPECT_FALSE(parse_size(wrong, "--max-head", 1, 1 << 20)) << wrong;
}

TEST(ArgsValues, HeadersAreTrimmedAndMayHoldColons) {
  const auto header = parse_header("X-Time:  12:30 ", "-H");
  EXPECT_EQ(header->name, "X-Time");
  EXPECT_EQ(header->value, "12:30");
  EXPECT_EQ(parse_header("Empty:", "-H")->value, "");
  EXPECT_FALSE(parse_header("no colon", "-H"));
  EXPECT_FALSE(parse_header("@file: x", "-H"));
}

TEST(ArgsValues, MethodsAreTokensInCapitals) {
  EXPECT_EQ(*parse_method("PURGE", "-X"), "PURGE");
  EXPECT_EQ(parse_method("put", "-X").errors().front().remedy, "type -X PUT");
  EXPECT_FALSE(parse_method("GET /", "-X"));
  EXPECT_FALSE(parse_method("", "-X"));
  EXPECT_FALSE(parse_method("CONNECT", "-X"));
}

TEST(ArgsValues, ABodyComesFromAFileByteForByte) {
  const std::string path = testing::TempDir() + "saturn_body.bin";
  const std::string content("a\0\n\xFF{}", 6);
  std::ofstream(path, std::ios::binary) << content;
  EXPECT_EQ(*body_of("@" + path, "-b"), content);
  std::remove(path.c_str());
  const auto missing = body_of("@" + path, "-b");
  EXPECT_EQ(missing.errors().front().message, "cannot read \"" + path + "\": No such file or directory");
  EXPECT_FALSE(body_of("@", "-b"));
  EXPECT_FALSE(body_of("@" + testing::TempDir(), "-b"));
  EXPECT_EQ(*body_of("text @x", "-b"), "text @x");
}

TEST(ArgsValues, LabelsHaveAKey) {
  EXPECT_EQ(parse_label("k=", "--label")->second, "");
  EXPECT_FALSE(parse_label("=v", "--label"));
  EXPECT_FALSE(parse_label("k", "--label"));
}

}  // namespace
}  // namespace saturn::cli
