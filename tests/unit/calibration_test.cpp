#include "calibration.hpp"

#include <gtest/gtest.h>

#include <cstdlib>

#include "support/schema.hpp"

namespace saturn::cli {
namespace {

constexpr const char* kVersion = "0.4.0";

CalibrationRow row(std::uint32_t connections, std::uint64_t response_bytes, double rps) {
  CalibrationRow row;
  row.connections = connections;
  row.body_bytes = response_bytes - 100;
  row.response_bytes = response_bytes;
  row.rps_per_shard = rps;
  return row;
}

Calibration sample() {
  Calibration c{kVersion, "abc", "2026-11-23T08:00:00.000000Z", "6.18", "EPYC", {{16, 12e6}, {64, 12.5e6}},
                {}};
  c.loopback = {row(16, 113, 100'000), row(256, 113, 200'000), row(16, 102'500, 5'000)};
  c.loopback[0].cpu_us_per_request = 6.5;
  c.loopback[0].utilisation = 0.97;
  c.loopback[0].latency_us = {59.123, 173};
  c.loopback[0].truth_us = {58, 170};
  c.loopback[0].lag_us = {1, 2};
  c.loopback[0].observe_us = {10, 200};
  c.loopback[0].send_time_error_us = {-0.25, 5.5};
  return c;
}

RunResult run_of(std::uint64_t shards, std::uint64_t connections, double rps, std::uint64_t response_bytes) {
  RunResult result;
  result.host.kernel = "6.18";
  result.host.cpu_model = "EPYC";
  ScenarioResult s;
  s.rps = rps;
  s.requests.completed = 1000;
  s.bytes_received = 1000 * response_bytes;
  s.connections.requested = connections;
  s.generator.shards = shards;
  result.scenarios.push_back(s);
  return result;
}

TEST(Calibration, ComesBackFromItsJson) {
  const std::string text = to_json(sample());
  const auto back = calibration_from_json(text);
  ASSERT_TRUE(back);
  EXPECT_EQ(to_json(*back), text);
  EXPECT_EQ(back->loopback[0].latency_us->p50, 59.123);
  EXPECT_FALSE(back->loopback[1].latency_us);
  ASSERT_EQ(back->core.size(), 2U);
  EXPECT_EQ(back->core[1].connections, 64U);
  EXPECT_EQ(back->core_rps_per_shard(), 12.5e6);
}

TEST(Calibration, TheStampErrorIsWhatTheServersOwnTimeDoesNotExplain) {
  const std::string text = to_json(sample());
  const auto document = json::parse(text);
  ASSERT_TRUE(document);
  const auto& rows = *document->find("loopback")->as_array();
  const json::Value* error = rows[0].find("stamp_error_us");
  ASSERT_TRUE(error);
  EXPECT_EQ(error->find("p50")->as_double(), 1.123);
  EXPECT_EQ(error->find("p99")->as_double(), 3.0);
  EXPECT_TRUE(rows[1].find("stamp_error_us")->is_null());
}

TEST(Calibration, OneFromBeforeTheCoreWasMeasuredByConnectionsIsRead) {
  std::string text = to_json(sample());
  const auto begin = text.find(",\n    \"by_connections\""), end = text.find(']', begin);
  ASSERT_NE(begin, std::string::npos);
  text.erase(begin, end + 1 - begin);
  const auto back = calibration_from_json(text);
  ASSERT_TRUE(back);
  EXPECT_TRUE(back->core.empty());
  EXPECT_EQ(back->loopback.size(), 3U);
}

TEST(Calibration, OneFromBeforeSendTimesWereCheckedIsRead) {
  std::string text = to_json(sample());
  const auto new_back = calibration_from_json(text);
  ASSERT_TRUE(new_back);
  EXPECT_EQ(new_back->loopback[0].send_time_error_us->p50, -0.25);
  EXPECT_EQ(new_back->loopback[0].send_time_error_us->p99, 5.5);
  EXPECT_FALSE(new_back->loopback[1].send_time_error_us);
  for (std::size_t at = 0; (at = text.find("send_time_error_us")) != std::string::npos;)
    text.replace(at, 4, "rest");
  const auto back = calibration_from_json(text);
  ASSERT_TRUE(back);
  EXPECT_EQ(back->loopback.size(), 3U);
  EXPECT_FALSE(back->loopback[0].send_time_error_us);
}

TEST(Calibration, OfAnotherVersionIsANote) {
  RunResult same = run_of(1, 16, 50'000, 120), other = same, not_compared = same;
  set_beside(sample(), same, kVersion);
  EXPECT_TRUE(same.notes.empty());
  set_beside(sample(), other, "0.5.0");
  EXPECT_EQ(other.notes, std::vector<std::string>{
                             "the calibration that this run is compared with is of saturn 0.4.0, this is "
                             "0.5.0: what it can do may have changed; saturn calibrate measures it anew"});
  EXPECT_TRUE(other.generator.calibration);
  not_compared.host.kernel = "6.19";
  set_beside(sample(), not_compared, "0.5.0");
  EXPECT_TRUE(not_compared.notes.empty());
}

TEST(Calibration, KeepsToItsSchema) {
  const auto schema = test::read_schema("calibration.schema.json");
  const auto document = json::parse(to_json(sample()));
  ASSERT_TRUE(document);
  EXPECT_EQ(test::SchemaValidator(schema).run(*document), std::vector<std::string>{});
}

TEST(Calibration, RefusesWhatIsNone) {
  for (const std::string text : {"", "[]", "{}", R"({"schema": "saturn.result/1"})", "not JSON"})
    EXPECT_FALSE(calibration_from_json(text)) << text;
  std::string broken = to_json(sample());
  broken.replace(broken.find("\"connections\": 16", broken.find("loopback")), 17, "\"connections\": -1");
  const auto read = calibration_from_json(broken);
  ASSERT_FALSE(read);
  EXPECT_EQ(read.errors().front().place, "/loopback/0/connections");
}

TEST(Calibration, ARunIsSetBesideTheWorkMostLikeIt) {
  struct Case {
    RunResult run;
    double ceiling, share;
  };
  Case cases[] = {
      {run_of(1, 16, 50'000, 120), 100'000, 0.5},
      {run_of(1, 300, 50'000, 120), 200'000, 0.25},
      {run_of(2, 512, 300'000, 90), 200'000, 0.75},  // 256 connections and 150,000 rps a shard
      {run_of(1, 300, 4'000, 50'000), 5'000, 0.8},   // the answers' size counts before the connections
  };
  for (Case& c : cases) {
    set_beside(sample(), c.run, kVersion);
    const auto& found = c.run.scenarios[0].generator.calibration;
    ASSERT_TRUE(found);
    EXPECT_EQ(found->rps_per_shard, c.ceiling);
    EXPECT_DOUBLE_EQ(found->share, c.share);
    EXPECT_EQ(found->date, sample().date);
  }
}

TEST(Calibration, TheTotalsShowTheScenarioThatUsedMost) {
  RunResult result = run_of(1, 16, 20'000, 120);
  result.scenarios.push_back(run_of(1, 16, 90'000, 120).scenarios[0]);
  result.scenarios.push_back(run_of(1, 16, 30'000, 120).scenarios[0]);
  set_beside(sample(), result, kVersion);
  ASSERT_TRUE(result.generator.calibration);
  EXPECT_DOUBLE_EQ(result.generator.calibration->share, 0.9);
}

TEST(Calibration, AnotherMachineOrNothingMeasuredIsNotCompared) {
  RunResult other_kernel = run_of(1, 16, 50'000, 120), other_cpu = other_kernel, nothing = other_kernel;
  other_kernel.host.kernel = "6.19";
  other_cpu.host.cpu_model = "Xeon";
  nothing.scenarios[0].rps.reset();
  for (RunResult* result : {&other_kernel, &other_cpu, &nothing}) {
    set_beside(sample(), *result, kVersion);
    EXPECT_FALSE(result->scenarios[0].generator.calibration);
    EXPECT_FALSE(result->generator.calibration);
  }
}

TEST(Calibration, IsKeptInTheCacheFolder) {
  ASSERT_EQ(setenv("XDG_CACHE_HOME", "/somewhere", 1), 0);
  EXPECT_EQ(*calibration_file(), "/somewhere/saturn/calibration.json");
  unsetenv("XDG_CACHE_HOME");
}

}  // namespace
}  // namespace saturn::cli
