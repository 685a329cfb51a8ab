// Values of two parts: what they mean, and what is refused with which words.
#include "serve_values.hpp"

#include <gtest/gtest.h>

namespace saturn::cli {
namespace {

using namespace std::chrono_literals;

template <class T>
std::string refusal(const Result<T>& result) {
  return result ? "taken" : to_text(result.errors().front());
}

TEST(ServeValues, AShareOfSlowAnswers) {
  const auto share = read_slow_share("1%:20ms");
  ASSERT_TRUE(share);
  EXPECT_EQ(share->per_million, 10'000U);
  EXPECT_EQ(share->delay, 20ms);
  EXPECT_EQ(read_slow_share("0.05%:1s")->per_million, 500U);
  EXPECT_EQ(read_slow_share("100%:0s")->per_million, 1'000'000U);
}

TEST(ServeValues, SharesThatCannotBe) {
  const std::string way_out = " (such as 1%:20ms: every hundredth answer takes 20 ms)";
  EXPECT_EQ(refusal(read_slow_share("20ms")), "--delay-slow: '20ms' cannot be read" + way_out);
  EXPECT_EQ(refusal(read_slow_share("1:20ms")), "--delay-slow: '1:20ms' cannot be read" + way_out);
  EXPECT_EQ(refusal(read_slow_share("few%:20ms")), "--delay-slow: 'few%:20ms' cannot be read" + way_out);
  EXPECT_EQ(refusal(read_slow_share("%:20ms")), "--delay-slow: '%:20ms' cannot be read" + way_out);
  for (const char* text : {"0%:1ms", "-1%:1ms", "101%:1ms", "nan%:1ms", "inf%:1ms"})
    EXPECT_NE(refusal(read_slow_share(text)).find("is no share (give one from 0.0001% to 100%)"),
              std::string::npos)
        << text;
  EXPECT_NE(refusal(read_slow_share("1%:20")).find("has no unit"), std::string::npos);
}

TEST(ServeValues, AStall) {
  const auto stall = read_stall("500ms:50ms");
  ASSERT_TRUE(stall);
  EXPECT_EQ(stall->every, 500ms);
  EXPECT_EQ(stall->lasts, 50ms);
}

TEST(ServeValues, StallsThatCannotBe) {
  EXPECT_EQ(refusal(read_stall("50ms")),
            "--stall: '50ms' cannot be read (such as 1s:50ms: every second a pause of 50 ms)");
  for (const char* text : {"50ms:1s", "1s:1s", "1s:0s"})
    EXPECT_NE(refusal(read_stall(text)).find("does not fit into"), std::string::npos) << text;
  EXPECT_NE(refusal(read_stall("1:50ms")).find("has no unit"), std::string::npos);
  EXPECT_NE(refusal(read_stall("1s:50")).find("has no unit"), std::string::npos);
}

}  // namespace
}  // namespace saturn::cli
