// Bodies that are dropped unread: everything that is counted is what a run that reads them counts, whatever
// the pieces are and however an answer ends.
#include "sim/sim_run.hpp"

namespace saturn {
namespace {

using namespace test;  // NOLINT(google-build-using-namespace)

using std::chrono::microseconds;

constexpr std::uint64_t kRequests = 210;
constexpr std::size_t kSizes[] = {0, 300, 60'000, 81'920, 102'400, 300'000, 1'048'576};

std::string answer_to(std::uint64_t number) {
  return response(std::string(kSizes[number % std::size(kSizes)], 'x'));
}

SimOptions served_by(std::function<SimAnswer(const SimRequest&)> server) {
  SimOptions options;
  options.server = std::move(server);
  options.largest_piece = 4096;
  return options;
}

SimOutcome run_body(const Plan& plan, const SimOptions& options, bool discard_body) {
  return run_sim(plan, options, 0, 1, discard_body);
}

void expect_the_same(const SimOutcome& with, const SimOutcome& without) {
  const ScenarioTally &a = with.tally, &b = without.tally;
  expect_balanced(a);
  expect_balanced(b);
  EXPECT_EQ(a.started, b.started);
  EXPECT_EQ(a.ok, b.ok);
  EXPECT_EQ(a.failed, b.failed);
  EXPECT_EQ(a.status, b.status);
  EXPECT_EQ(a.errors, b.errors);
  EXPECT_EQ(a.retried, b.retried);
  EXPECT_EQ(a.bytes_received, b.bytes_received);
  EXPECT_EQ(a.bytes_sent, b.bytes_sent);
  EXPECT_EQ(a.missing_stamps, b.missing_stamps);
  EXPECT_EQ(with.requests_seen, without.requests_seen);
  EXPECT_EQ(with.connections_accepted, without.connections_accepted);
  EXPECT_EQ(b.bytes_discarded, 0U);
  EXPECT_EQ(with.buffers_out, 0U);
}

TEST(SimDiscard, DropsAllButTheFirstPieceAndTheEndOfEachLargeBody) {
  for (const std::size_t body : {81'920UL, 102'400UL, 1'048'576UL}) {
    const auto options =
        served_by([&](const SimRequest&) { return answer(response(std::string(body, 'x'))); });
    const SimOutcome with = run_body(plan_of(1, {}, 100), options, true);
    expect_the_same(with, run_body(plan_of(1, {}, 100), options, false));
    const std::size_t all = response(std::string(body, 'x')).size(), left = all - 4096;
    EXPECT_EQ(with.tally.ok, 100U);
    EXPECT_EQ(with.tally.bytes_received, 100 * all);
    EXPECT_EQ(with.tally.bytes_discarded, left >= 81'920 ? 100 * (left - 16'384) : 0) << body;
    EXPECT_EQ(with.tally.missing_stamps, 0U);
  }
}

TEST(SimDiscard, CountsTheSameHoweverTheStreamIsCut) {
  int dropping = 0;
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    SimOptions options = served_by([](const SimRequest& r) { return answer(answer_to(r.number)); });
    options.seed = seed;
    options.faults.short_read = seed % 3;
    options.faults.late_discard = seed % 4;
    options.faults.buffers_short = seed % 5 * 10;
    options.largest_piece = seed % 2 == 0 ? 4096 : 50'000;
    options.between_pieces = Nanos(1 + seed % 7 * 100);
    options.held_up = microseconds(seed % 6);  // many pieces at a time
    const SimOutcome with = run_body(plan_of(5, {}, kRequests), options, true);
    SCOPED_TRACE(seed);
    expect_the_same(with, run_body(plan_of(5, {}, kRequests), options, false));
    EXPECT_EQ(with.tally.ok, kRequests);
    if (with.tally.bytes_discarded > 0) ++dropping;
  }
  EXPECT_GE(dropping, 16);  // a generator that is held up may find a whole answer
}

TEST(SimDiscard, AnAnswerCutShortFailsAsItDoesElse) {
  for (const bool reset : {false, true}) {
    for (std::uint64_t seed = 1; seed <= 5; ++seed) {
      SimOptions options = served_by([&](const SimRequest& r) -> SimAnswer {
        std::string bytes = response(std::string(300'000, 'x'));
        const bool cut = r.number % 3 == 0;
        if (cut) bytes.resize(r.number * 1'400);  // in the first piece, in what is dropped, in the end
        return {bytes, microseconds(50), cut && !reset, cut && reset};
      });
      options.seed = seed;
      options.faults.short_read = 5;
      options.faults.late_discard = 2;
      const SimOutcome with = run_body(plan_of(5, {}, kRequests), options, true);
      SCOPED_TRACE(seed);
      expect_the_same(with, run_body(plan_of(5, {}, kRequests), options, false));
      EXPECT_EQ(errors_of(with.tally, reset ? Failure::reset : Failure::closed_early), kRequests / 3);
      EXPECT_GT(with.tally.bytes_discarded, 0U);
    }
  }
}

TEST(SimDiscard, ABodyThatStopsComingTimesOut) {
  Plan plan = plan_of(1, {}, 30);
  plan.scenarios[0].timeout = std::chrono::milliseconds(20);
  const auto options = served_by([](const SimRequest& r) {
    std::string bytes = response(std::string(300'000, 'x'));
    if (r.number % 5 == 0) bytes.resize(200'000);
    return answer(bytes);
  });
  const SimOutcome with = run_body(plan, options, true);
  expect_the_same(with, run_body(plan, options, false));
  EXPECT_EQ(errors_of(with.tally, Failure::response_timeout), 6U);
  EXPECT_EQ(with.tally.ok, 24U);
  const std::size_t all = response(std::string(300'000, 'x')).size();
  EXPECT_EQ(with.tally.bytes_discarded, 24 * (all - 4096 - 16'384) + 6 * (200'000 - 4096));
}

TEST(SimDiscard, DropsNothingOfChunksOfPipelinedAnswersOrOfWhatACheckReads) {
  Plan pipelined = plan_of(3, {}, 60), heads = plan_of(3, {}, 60), checked = plan_of(3, {}, 60);
  Step& step = checked.scenarios[0].flow[0];
  step.method = "POST";
  step.body_kind = BodyKind::json;
  step.body = '"' + std::string(100'000, 'x') + '"';
  step.expect.json_equals_request = true;
  pipelined.scenarios[0].pipeline = 4;
  heads.scenarios[0].flow[0].method = "HEAD";
  const std::string large = response(std::string(300'000, 'x'));
  std::string chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n493e0\r\n";
  chunked += std::string(300'000, 'x') + "\r\n0\r\n\r\n";
  const auto run = [](const Plan& plan, const std::string& bytes) {
    const auto options = served_by([&](const SimRequest&) { return answer(bytes); });
    const SimOutcome with = run_body(plan, options, true);
    expect_the_same(with, run_body(plan, options, false));
    EXPECT_EQ(with.tally.ok, 60U);
    return with.tally.bytes_discarded;
  };
  EXPECT_EQ(run(pipelined, large), 0U);
  EXPECT_EQ(run(heads, large.substr(0, large.size() - 300'000)), 0U);
  EXPECT_EQ(run(checked, response(step.body)), 0U);
  EXPECT_EQ(run(plan_of(3, {}, 60), chunked), 0U);
  EXPECT_GT(run(plan_of(3, {}, 60), large), 0U);
}

}  // namespace
}  // namespace saturn
