// Send times held against the kernel's TX stamps: in whole runs, where each that was asked for is accounted
// for, and the checker alone with send times that are wrong by a known amount.
#include "system/uring/send_check.hpp"

#include <gtest/gtest.h>
#include <linux/net_tstamp.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>

#include "loopback/listening.hpp"
#include "loopback/serve_start.hpp"
#include "saturn/run.hpp"
#include "system/clock/system_clock.hpp"

namespace saturn {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;

RunResult checked(const target::Server& server, const Scenario& asked, std::string path = "/hello",
                  bool kernel_stamps = true) {
  Plan plan;
  plan.base_url = server.url();
  Scenario scenario = asked;
  Step step;
  step.path = std::move(path);
  scenario.flow.push_back(step);
  plan.scenarios.push_back(scenario);
  RunOptions options;
  options.threads = 1;
  options.check_send_times = true;
  options.kernel_stamps = kernel_stamps;
  auto result = run(plan, options);
  if (!result) throw std::runtime_error(to_text(result.errors().front()));
  return std::move(*result);
}

Scenario load_of(std::uint32_t vus, std::uint64_t iterations) {
  Scenario scenario;
  scenario.vus = vus;
  scenario.iterations = iterations;
  scenario.executor = Executor::per_vu_iterations;
  return scenario;
}

/// A target that is slow enough for the check to ask for each kOneOf-th send.
target::Server slow() {
  target::Options options;
  options.delay = microseconds(200);
  static_assert(microseconds(200) * SendCheck::kOneOf > 4 * SendCheck::kLeastGap);
  return test::start(options);
}

/// Of so many sends the first is asked for and then each kOneOf-th; each of those has its stamp and is
/// compared, unless it was not finished at once.
void expect_all(const RunResult& result, std::uint64_t sends) {
  const std::uint64_t asked = (sends + SendCheck::kOneOf - 1) / SendCheck::kOneOf;
  const GeneratorCost& g = result.scenarios.at(0).generator;
  ASSERT_TRUE(g.send_time_error);
  EXPECT_LE(g.send_time_error->samples, asked);
  EXPECT_GE(g.send_time_error->samples + g.inexact_sends, asked);
  EXPECT_GE(g.send_time_error->samples, asked / 2);
  EXPECT_LT(g.send_time_error->p50_us, 50);
  EXPECT_GT(g.send_time_error->p50_us, -50);
  EXPECT_LE(g.send_time_error->min_us, g.send_time_error->p1_us);
  EXPECT_LE(g.send_time_error->p1_us, g.send_time_error->p50_us);
  EXPECT_LE(g.send_time_error->p50_us, g.send_time_error->p99_us);
  EXPECT_LE(g.send_time_error->p99_us, g.send_time_error->max_us);
  EXPECT_EQ(result.generator.send_time_error->samples, g.send_time_error->samples);
  EXPECT_EQ(result.notes, std::vector<std::string>{});
}

TEST(SendCheck, EverySendAskedForIsCompared) {
  const auto server = slow();
  const RunResult result = checked(server, load_of(1, 1'000));
  expect_all(result, 1'000);
  EXPECT_EQ(result.scenarios[0].latency_source, "kernel-rx") << "arrivals keep their stamps";
  EXPECT_EQ(result.scenarios[0].generator.missing_stamps, 0U);
}

TEST(SendCheck, OfManyConnectionsToo) {
  target::Options options;
  options.delay = milliseconds(10);  // a round of them takes longer than the least gap, twice
  const auto server = test::start(options);
  const RunResult result = checked(server, load_of(130, 20));
  EXPECT_EQ(result.scenarios[0].requests.ok, 130U * 20);
  EXPECT_EQ(result.scenarios[0].generator.missing_stamps, 0U);
  const GeneratorCost& g = result.scenarios[0].generator;
  ASSERT_TRUE(g.send_time_error);
  EXPECT_GE(g.send_time_error->samples + g.inexact_sends, 20U) << "one a round";
  EXPECT_LE(g.send_time_error->samples, 130U * 20 / SendCheck::kOneOf + 1);
}

TEST(SendCheck, ConnectionsThatComeAndGoToo) {
  const auto server = slow();
  Scenario scenario = load_of(4, 300);
  scenario.requests_per_connection = 3;
  expect_all(checked(server, scenario), 4 * 300);
  scenario.requests_per_connection = 1;
  expect_all(checked(server, scenario), 4 * 300);
}

TEST(SendCheck, ABatchOnOneConnectionIsOneSend) {
  const auto server = test::start();
  Scenario scenario = load_of(1, 8'000);
  scenario.pipeline = 8;
  const RunResult result = checked(server, scenario);
  const GeneratorCost& g = result.scenarios[0].generator;
  ASSERT_TRUE(g.send_time_error);
  EXPECT_GE(g.send_time_error->samples, 1U);
  EXPECT_LE(g.send_time_error->samples, 8'000U / SendCheck::kOneOf + 1);
}

TEST(SendCheck, WithoutArrivalStampsThereAreNone) {
  const auto server = slow();
  const RunResult result = checked(server, load_of(1, 200), "/_fault/bytes/20000", false);
  expect_all(result, 200);
  EXPECT_EQ(result.scenarios[0].latency_source, "user");
}

TEST(SendCheck, NotAskedForThereIsNone) {
  const auto server = test::start();
  Plan plan;
  plan.base_url = server.url();
  Scenario scenario = load_of(1, 10);
  scenario.flow.emplace_back().path = "/hello";
  plan.scenarios.push_back(scenario);
  const auto result = run(plan, {});
  ASSERT_TRUE(result);
  EXPECT_FALSE(result->generator.send_time_error);
  EXPECT_TRUE(result->notes.empty());
}

/// A connection of the test's own, and the check of it.
class Checker : public testing::Test {
 protected:
  void SetUp() override {
    std::array<ClockOffset::Sample, 9> samples;
    for (ClockOffset::Sample& sample : samples) sample = {monotonic_now(), wall_now(), monotonic_now()};
    wall_clock_.update(samples);
    check_.put_into(&errors_);
    connect();
  }
  void TearDown() override { close(fd_); }

  void connect() {
    if (fd_ >= 0) close(fd_);
    fd_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const auto& to = listening_.address();
    ASSERT_EQ(::connect(fd_, reinterpret_cast<const sockaddr*>(&to.storage), to.length), 0);
    const int on = 1;  // else a send waits for the acknowledgement of the one before
    ASSERT_EQ(setsockopt(fd_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on), 0);
  }
  /// The send after which the next one is asked for.
  void pass_over(std::uint32_t sends = SendCheck::kOneOf - 1, Nanos gap = SendCheck::kLeastGap) {
    for (std::uint32_t i = 0; i < sends; ++i) check_.prepare(1, -1, 1, 0);
    pretended_ = std::max(pretended_, monotonic_now()) + gap;
    check_.submitted({pretended_, pretended_, sends, 0});
  }
  /// Sends, and says that it happened `wrong` later than it did. Returns how long the send took.
  Nanos send(std::size_t bytes, Nanos wrong, std::uint64_t late = 0) {
    const std::string text(bytes, 'x');
    Submitted batch;
    check_.prepare(0, fd_, bytes, 0);
    batch.before = monotonic_now();
    EXPECT_EQ(::send(fd_, text.data(), text.size(), MSG_NOSIGNAL), static_cast<ssize_t>(bytes));
    batch.after = monotonic_now();
    const Nanos took = batch.after - batch.before;
    batch.before += wrong;
    batch.after += wrong;
    batch.count = 1;
    batch.late = late;
    check_.submitted(batch);
    return took;
  }

  static constexpr Nanos kDoubt = microseconds(50);  ///< of the distance between the two clocks
  Listening listening_{"127.0.0.1"};
  int fd_ = -1;
  Nanos pretended_{0};  ///< the end of a batch that there was not
  ClockOffset wall_clock_;
  SignedHistogram errors_;
  SendCheck check_;
};

TEST_F(Checker, FindsSendTimesThatAreWrong) {
  for (const Nanos wrong : {Nanos(0), Nanos(microseconds(500)), Nanos(microseconds(-500))}) {
    SignedHistogram errors;
    check_.put_into(&errors);
    const Nanos took = send(100, wrong);
    check_.read(wall_clock_);
    pass_over();
    ASSERT_EQ(errors.count(), 1U);
    EXPECT_LE(Nanos(errors.max()), took + kDoubt - wrong);
    EXPECT_GE(Nanos(errors.min()), -took - kDoubt - wrong);
  }
}

TEST_F(Checker, AsksForOneOfMany) {
  const auto count_after_one_more = [&] {
    send(10, Nanos(0));
    check_.read(wall_clock_);
    return errors_.count();
  };
  EXPECT_EQ(count_after_one_more(), 1U);
  EXPECT_EQ(count_after_one_more(), 1U);
  pass_over(SendCheck::kOneOf - 3);
  EXPECT_EQ(count_after_one_more(), 1U);
  pass_over(0);
  EXPECT_EQ(count_after_one_more(), 2U);
}

TEST_F(Checker, AsksNotTooOften) {
  check_.submitted({Nanos(0), Nanos(0), 0, 0});
  send(10, Nanos(0));
  check_.read(wall_clock_);
  ASSERT_EQ(errors_.count(), 1U);
  for (std::uint32_t i = 1; i < SendCheck::kOneOf; ++i) check_.prepare(1, -1, 1, 0);
  check_.submitted({Nanos(0), SendCheck::kLeastGap - Nanos(1), 60, 0});
  send(10, Nanos(0));
  check_.read(wall_clock_);
  EXPECT_EQ(errors_.count(), 1U);
  for (std::uint32_t i = 1; i < SendCheck::kOneOf; ++i) check_.prepare(1, -1, 1, 0);
  check_.submitted({Nanos(0), SendCheck::kLeastGap, 60, 0});
  send(10, Nanos(0));
  check_.read(wall_clock_);
  EXPECT_EQ(errors_.count(), 2U);
}

TEST_F(Checker, LeavesOutWhatHasNoOneTime) {
  send(10, Nanos(0), 1);
  check_.read(wall_clock_);
  EXPECT_EQ(errors_.count(), 0U) << "late";
  pass_over();
  send(SendCheck::kMostBytes + 1, Nanos(0));
  check_.read(wall_clock_);
  EXPECT_EQ(errors_.count(), 0U) << "large";
  send(SendCheck::kMostBytes, Nanos(0));
  check_.read(wall_clock_);
  EXPECT_EQ(errors_.count(), 1U);
}

TEST_F(Checker, OfASocketThatWasClosedNothingIsRead) {
  send(10, Nanos(0));
  check_.closed(0);
  check_.read(wall_clock_);
  pass_over();
  connect();
  send(10, Nanos(0));
  check_.read(wall_clock_);
  EXPECT_EQ(errors_.count(), 1U);
}

TEST_F(Checker, AStampOfASendThatWasGivenUpIsNotTakenForAnothers) {
  const int none = 0;
  const unsigned all = SOF_TIMESTAMPING_TX_SOFTWARE | SOF_TIMESTAMPING_SOFTWARE | SOF_TIMESTAMPING_OPT_ID |
                       SOF_TIMESTAMPING_OPT_TSONLY;
  ASSERT_EQ(setsockopt(fd_, SOL_SOCKET, SO_TIMESTAMPING, &all, sizeof all), 0);
  ASSERT_EQ(::send(fd_, "0123456789", 10, MSG_NOSIGNAL), 10);  // leaves its stamp, of byte 9 as well
  ASSERT_EQ(setsockopt(fd_, SOL_SOCKET, SO_TIMESTAMPING, &none, sizeof none), 0);
  const Nanos later = milliseconds(5);
  for (const Nanos until = monotonic_now() + later; monotonic_now() < until;) {
  }
  send(10, Nanos(0));
  check_.read(wall_clock_);
  ASSERT_EQ(errors_.count(), 1U);
  EXPECT_GT(Nanos(errors_.min()), -later / 2);
}

TEST_F(Checker, AsksNoMoreWhereNoStampsCome) {
  const int none = 0;
  for (std::uint32_t i = 0; i < SendCheck::kMostGivenUp; ++i) {
    const std::string text(10, 'x');
    check_.prepare(0, fd_, text.size(), 0);
    ASSERT_EQ(setsockopt(fd_, SOL_SOCKET, SO_TIMESTAMPING, &none, sizeof none), 0);
    ASSERT_EQ(::send(fd_, text.data(), text.size(), MSG_NOSIGNAL), 10);
    check_.submitted({monotonic_now(), monotonic_now(), 1, 0});
    for (std::uint32_t k = 0; k < SendCheck::kTries; ++k) check_.read(wall_clock_);
    pass_over();
  }
  send(10, Nanos(0));
  check_.read(wall_clock_);
  EXPECT_EQ(errors_.count(), 0U);
}

TEST_F(Checker, WithNobodyToTellTheStampsAreReadAllTheSame) {
  check_.put_into(nullptr);
  send(10, Nanos(0));
  check_.read(wall_clock_);
  check_.put_into(&errors_);
  check_.read(wall_clock_);
  EXPECT_EQ(errors_.count(), 0U);
}

}  // namespace
}  // namespace saturn
