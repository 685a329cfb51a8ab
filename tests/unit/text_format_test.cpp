#include "core/result/text_format.hpp"

#include <gtest/gtest.h>

namespace saturn::text {
namespace {

TEST(TextFormat, CountsHaveThousandsSeparators) {
  EXPECT_EQ(count(0), "0");
  EXPECT_EQ(count(999), "999");
  EXPECT_EQ(count(1'000), "1,000");
  EXPECT_EQ(count(1'234'567), "1,234,567");
  EXPECT_EQ(count(UINT64_MAX), "18,446,744,073,709,551,615");
}

TEST(TextFormat, TimesKeepFourSignificantDigitsWithinSixColumns) {
  EXPECT_EQ(significant(0), "0");
  EXPECT_EQ(significant(0.0521), "0.052");
  EXPECT_EQ(significant(9.9994), "9.999");
  EXPECT_EQ(significant(9.9996), "10.00");
  EXPECT_EQ(significant(99.996), "100.0");
  EXPECT_EQ(significant(999.96), "1,000");
  EXPECT_EQ(significant(99'999.4), "99,999");
}

TEST(TextFormat, LongTimesAreSaidInRoundFigures) {
  EXPECT_EQ(about(0), "0 s");
  EXPECT_EQ(about(44.2), "45 s");
  EXPECT_EQ(about(300), "5 min");
  EXPECT_EQ(about(80 * 60), "80 min");
  EXPECT_EQ(about(140 * 60), "2 h 20 min");
}

TEST(TextFormat, DifferencesHaveASign) {
  EXPECT_EQ(with_sign(1.5), "+1.500");
  EXPECT_EQ(with_sign(-0.25), "-0.250");
  EXPECT_EQ(with_sign(0), "+0");
}

TEST(TextFormat, RatesRoundToTenths) {
  EXPECT_EQ(per_second(1), "1 request/s");
  EXPECT_EQ(per_second(10'000), "10,000 requests/s");
  EXPECT_EQ(per_second(0.25), "0.25 requests/s");
  EXPECT_EQ(rate(0), "0");
  EXPECT_EQ(rate(1.25), "1.250");
  EXPECT_EQ(rate(4783.04), "4,783.0");
  EXPECT_EQ(rate(999.96), "1,000.0");
}

TEST(TextFormat, SharesAreNeverNothingOrAllUnlessTheyAre) {
  EXPECT_EQ(share(0, 0), "0 %");
  EXPECT_EQ(share(0, 10), "0 %");
  EXPECT_EQ(share(10, 10), "100 %");
  EXPECT_EQ(share(1, 1'000'000), "<0.01 %");
  EXPECT_EQ(share(999'999, 1'000'000), ">99.9 %");
  EXPECT_EQ(share(125, 10'000), "1.25 %");
  EXPECT_EQ(share(1, 8), "12.5 %");
}

TEST(TextFormat, BytesAndDurationsChooseTheirUnit) {
  EXPECT_EQ(bytes(0), "0 B");
  EXPECT_EQ(bytes(999), "999 B");
  EXPECT_EQ(bytes(1536), "1.500 KiB");
  EXPECT_EQ(bytes(1'000 * 1024.0), "0.977 MiB");
  EXPECT_EQ(duration(10), "10 s");
  EXPECT_EQ(duration(0.00402), "4.02 ms");
  EXPECT_EQ(duration(0.000052), "52 µs");
  EXPECT_EQ(duration(3600), "3,600 s");
}

TEST(TextFormat, ATablesUnitFollowsTheMedianButHoldsTheMaximum) {
  EXPECT_EQ(time_unit(52, 9'000).name, "µs");
  EXPECT_EQ(time_unit(52, 99'999).name, "µs");
  EXPECT_EQ(time_unit(52, 100'000).name, "ms");
  EXPECT_EQ(time_unit(52, 3.6e9).name, "s");
  EXPECT_EQ(time_unit(1'000, 1'000).name, "ms");
  EXPECT_EQ(time_unit(2e6, 2e6).name, "s");
}

TEST(TextFormat, WidthIsCountedInCharactersNotBytes) {
  EXPECT_EQ(columns("µs × é"), 6U);
  EXPECT_EQ(left("µs", 4), "µs  ");
  EXPECT_EQ(right("µs", 4), "  µs");
  EXPECT_EQ(clipped("münchen", 7), "münchen");
  EXPECT_EQ(clipped("münchen", 4), "mün…");
}

TEST(TextFormat, ATimeByItselfHasThreeDigits) {
  EXPECT_EQ(time(0), "0 µs");
  EXPECT_EQ(time(0.25), "0.25 µs");
  EXPECT_EQ(time(31.24), "31.2 µs");
  EXPECT_EQ(time(999.6), "1,000 µs");
  EXPECT_EQ(time(12'120), "12.1 ms");
  EXPECT_EQ(time(1'500'000), "1.5 s");
  EXPECT_EQ(time(3.6e9), "3,600 s");
}

TEST(TextFormat, ACellThatDoesNotFitItsColumnHasItsOwnUnit) {
  const TimeUnit us{1, "µs"};
  EXPECT_EQ(time_cell(1'234, us, 6), " 1,234");
  EXPECT_EQ(time_cell(12'345, us, 6), "  12ms");
  EXPECT_EQ(time_cell(12'345, us, 7), " 12,345");
  EXPECT_EQ(time_cell(31e6, us, 7), "    31s");
}

TEST(TextFormat, ANumberStaysWithItsUnitAndAFlagWithItsNumber) {
  using List = std::vector<std::string>;
  EXPECT_EQ(words("p99 of 1 s: type -t 2"), (List{"p99", "of", "1 s:", "type", "-t 2"}));
  EXPECT_EQ(words("took 83 % of (2 cores)"), (List{"took", "83 %", "of", "(2 cores)"}));
  EXPECT_EQ(words("0.7 to 2.9 s, or --spin"), (List{"0.7 to", "2.9 s,", "or", "--spin"}));
  EXPECT_EQ(words("1 2 3"), (List{"1 2", "3"}));
  EXPECT_EQ(words("type --spin, or more"), (List{"type", "--spin,", "or", "more"}));
}

TEST(Page, ALineThatIsTooLongGoesOnInTheNext) {
  Page page({false, 30});
  page.line("constant-arrival-rate, 1,000 requests/s, 10 s measured");
  EXPECT_EQ(page.take(),
            "constant-arrival-rate,\n"
            "  1,000 requests/s, 10 s\n"
            "  measured\n");
}

TEST(Page, OneItemOfALineCanBeBold) {
  Page page({true, 80});
  page.field("latency", {Item{"p50 1 ms"}, Item{"p99 2 ms", Paint::bold}});
  EXPECT_EQ(page.take(), "  latency      p50 1 ms · \x1b[1mp99 2 ms\x1b[0m\n");
}

TEST(Page, ContinuesAFieldUnderItsFirstItem) {
  Page page({false, 40});
  page.field("label", {"twelve chars", "eleven char", "x"});
  EXPECT_EQ(page.take(),
            "  label        twelve chars ·\n"
            "               eleven char · x\n");
}

TEST(Page, NeverExceedsItsWidth) {
  for (unsigned width = 30; width < 90; ++width) {
    Page page({false, width});
    page.field("note", words("a " + std::string(100, 'b') + " some more words which wrap, and wrap again"),
               Paint::plain, " ");
    page.field("numbers", {"1,234 of one", "5,678 of another", std::string(80, 'c'), "9 of a third"});
    page.line(std::string(200, 'd'));
    std::string text = page.take();
    while (!text.empty()) {
      const std::size_t end = text.find('\n');
      EXPECT_LE(columns(text.substr(0, end)), width);
      text.erase(0, end + 1);
    }
  }
}

TEST(Page, KeepsControlCharactersOffTheTerminal) {
  Page page({false, 80});
  page.line("a\x1b[2Jb\nc");
  EXPECT_EQ(page.take(), "a?[2Jb?c\n");
}

TEST(Page, PaintsOnlyWhereColourIsWanted) {
  Page plain({false, 80}), colour({true, 80});
  plain.line("bad", Paint::red);
  colour.line("bad", Paint::red);
  colour.line("good");
  EXPECT_EQ(plain.take(), "bad\n");
  EXPECT_EQ(colour.take(), "\x1b[1;31mbad\x1b[0m\ngood\n");
}

}  // namespace
}  // namespace saturn::text
