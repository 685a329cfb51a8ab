#include "core/plan/threshold.hpp"

#include <gtest/gtest.h>

namespace saturn {
namespace {

using Metric = Threshold::Metric;
using Statistic = Threshold::Statistic;
using Comparison = Threshold::Comparison;

Threshold read(std::string_view text) {
  const auto threshold = parse_threshold(text, "--threshold");
  EXPECT_TRUE(threshold) << text << ": " << (threshold ? "" : to_text(threshold.errors().front()));
  return threshold ? *threshold : Threshold{};
}

/// "message; remedy"
std::string refused(std::string_view text) {
  const auto threshold = parse_threshold(text, "/thresholds/0");
  if (threshold) return "taken";
  EXPECT_EQ(threshold.errors().size(), 1U);
  EXPECT_EQ(threshold.errors().front().place, "/thresholds/0");
  return threshold.errors().front().message + "; " + threshold.errors().front().remedy;
}

TEST(Threshold, ABarePercentileIsOfTheLatency) {
  const Threshold t = read("p(99)<200ms");
  EXPECT_EQ(t.expression, "p(99)<200ms");
  EXPECT_EQ(t.metric, Metric::latency);
  EXPECT_EQ(t.statistic, Statistic::percentile);
  EXPECT_EQ(t.percentile, 99);
  EXPECT_EQ(t.comparison, Comparison::below);
  EXPECT_EQ(t.bound, 200);
  EXPECT_EQ(t.unit, "ms");
}

TEST(Threshold, EveryMetricWithWhatItHas) {
  const struct {
    std::string_view text;
    Metric metric;
    Statistic statistic;
    double percentile, bound;
    std::string_view unit;
  } cases[] = {
      {"latency p(99.9)<1.5s", Metric::latency, Statistic::percentile, 99.9, 1.5, "s"},
      {"service max<=900us", Metric::service, Statistic::max, 0, 900, "us"},
      {"service min>0ns", Metric::service, Statistic::min, 0, 0, "ns"},
      {"ttfb mean < 5 ms", Metric::ttfb, Statistic::mean, 0, 5, "ms"},
      {"  med<5µs ", Metric::latency, Statistic::percentile, 50, 5, "µs"},
      {"max<5ms", Metric::latency, Statistic::max, 0, 5, "ms"},
      {"errors rate<1%", Metric::errors, Statistic::rate, 0, 1, "%"},
      {"errors rate<0.01", Metric::errors, Statistic::rate, 0, 0.01, ""},
      {"errors count==0", Metric::errors, Statistic::count, 0, 0, ""},
      {"dropped rate<=0.1%", Metric::dropped, Statistic::rate, 0, 0.1, "%"},
      {"dropped count==0", Metric::dropped, Statistic::count, 0, 0, ""},
      {"checks rate==1", Metric::checks, Statistic::rate, 0, 1, ""},
      {"rps>1000", Metric::rps, Statistic::value, 0, 1000, ""},
      {"ok_rps>=0.5/s", Metric::ok_rps, Statistic::value, 0, 0.5, "/s"},
  };
  for (const auto& c : cases) {
    const Threshold t = read(c.text);
    EXPECT_EQ(t.metric, c.metric) << c.text;
    EXPECT_EQ(t.statistic, c.statistic) << c.text;
    EXPECT_EQ(t.percentile, c.percentile) << c.text;
    EXPECT_EQ(t.bound, c.bound) << c.text;
    EXPECT_EQ(t.unit, c.unit) << c.text;
  }
}

TEST(Threshold, FiveComparisons) {
  EXPECT_EQ(read("rps<1").comparison, Comparison::below);
  EXPECT_EQ(read("rps<=1").comparison, Comparison::at_most);
  EXPECT_EQ(read("rps>1").comparison, Comparison::above);
  EXPECT_EQ(read("rps>=1").comparison, Comparison::at_least);
  EXPECT_EQ(read("errors count==1").comparison, Comparison::equal);
}

TEST(Threshold, ARefusalSaysWhatToWrite) {
  const struct {
    std::string_view text, why;
  } cases[] = {
      {"", "\"\" compares nothing; write for example 'p(99)<200ms', 'errors rate<1%' or 'rps>1000'"},
      {"p(99)",
       "\"p(99)\" compares nothing; write for example 'p(99)<200ms', 'errors rate<1%' or 'rps>1000'"},
      {"p(99)!=2ms", "\"p(99)!=2ms\" has no comparison; there are <, <=, >, >= and =="},
      {"rps=2", "\"rps=2\" has no comparison; there are <, <=, >, >= and =="},
      {"<2ms",
       "\"<2ms\" names nothing to look at; write for example 'p(99)<200ms', 'errors rate<1%' or 'rps>1000'"},
      {"p(99)<200", "\"p(99)<200\" has no unit; did you mean p(99)<200ms?"},
      {"p(99)<2m", "\"p(99)<2m\" has no unit of time; there are ns, us, ms and s"},
      {"p(99)<fast",
       "\"p(99)<fast\" has no number to compare with; write for example 'p(99)<200ms', 'errors rate<1%' or "
       "'rps>1000'"},
      {"p99<2ms", "\"p99<2ms\" has no brackets; write p(99)"},
      {"p(101)<2ms", "\"p(101)<2ms\" asks for \"p(101)\"; p(N) takes 0 to 100: p(99), p(99.9)"},
      {"p(x)<2ms", "\"p(x)<2ms\" asks for \"p(x)\"; p(N) takes 0 to 100: p(99), p(99.9)"},
      {"avg<2ms", "\"avg<2ms\" uses another tool's name; write mean"},
      {"latency<2ms",
       "\"latency<2ms\" does not say what of latency; a time has p(N), min, mean, med and max: latency "
       "p(99)<200ms"},
      {"latency rate<2ms", "\"latency rate<2ms\" asks for \"rate\"; a time has p(N), min, mean, med and max"},
      {"p(99)==2ms", "\"p(99)==2ms\" wants a time or a rate to be exactly one value; use <= or >="},
      {"rps==5", "\"rps==5\" wants a time or a rate to be exactly one value; use <= or >="},
      {"rps>5ms", "\"rps>5ms\" has no unit of a rate; it is a number a second: rps>5"},
      {"rps rate>5", "\"rps rate>5\" asks rps for \"rate\"; it is one number: rps>1000"},
      {"errors<1%", "\"errors<1%\" does not say what of errors; errors has rate and count: errors rate<1%"},
      {"errors mean<1%",
       "\"errors mean<1%\" asks errors for \"mean\"; errors has rate and count: errors rate<1%"},
      {"checks count==0", "\"checks count==0\" asks checks for \"count\"; checks has rate: checks rate==1"},
      {"errors rate<5", "\"errors rate<5\" compares with more than all; did you mean errors rate<5%?"},
      {"errors rate<101%", "\"errors rate<101%\" compares with more than all; a share is at most 100%"},
      {"errors rate<5ms", "\"errors rate<5ms\" has no unit of a share; write 1% or 0.01"},
      {"errors count<0.5",
       "\"errors count<0.5\" compares a count with no whole number; write for example errors count<0"},
      {"lag p(99)<1ms",
       "\"lag p(99)<1ms\" looks at lag, which is not in this version; this version has latency, service, "
       "ttfb, "
       "errors, checks, dropped, rps and ok_rps"},
      {"latncy p(99)<1ms",
       "\"latncy p(99)<1ms\" looks at \"latncy\", which is no metric; did you mean \"latency\"?"},
      {"http_req_duration p(99)<1ms",
       "\"http_req_duration p(99)<1ms\" uses k6's name; write latency p(99)<200ms"},
      {"latency{scenario:a} p(99)<1ms",
       "\"latency{scenario:a} p(99)<1ms\" has a filter, which is not in this version; write the threshold "
       "into "
       "the scenario it is for"},
  };
  for (const auto& c : cases) EXPECT_EQ(refused(c.text), c.why);
}

TEST(Threshold, AnyTextIsReadOrRefused) {
  const std::string text = "latency p(99.9)<=1.5ms";
  for (std::size_t from = 0; from < text.size(); ++from)
    for (std::size_t size = 0; size <= text.size() - from; ++size)
      (void)parse_threshold(std::string_view(text).substr(from, size), "");
}

TEST(Threshold, UnitsOfTime) {
  EXPECT_EQ(micros_in("ns"), 1e-3);
  EXPECT_EQ(micros_in("us"), 1);
  EXPECT_EQ(micros_in("µs"), 1);
  EXPECT_EQ(micros_in("ms"), 1e3);
  EXPECT_EQ(micros_in("s"), 1e6);
  EXPECT_EQ(micros_in("%"), 1);
}

}  // namespace
}  // namespace saturn
