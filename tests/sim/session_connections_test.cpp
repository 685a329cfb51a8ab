// What a session does when connections end, fail or misbehave, one behaviour of a server at a time, in
// virtual time.
#include <gtest/gtest.h>

#include <map>

#include "sim/sim_run.hpp"

namespace saturn {
namespace {

using namespace test;  // NOLINT(google-build-using-namespace)
using std::chrono::microseconds;
using std::chrono::milliseconds;
using std::chrono::seconds;

SimOptions server(std::function<SimAnswer(const SimRequest&)> answers) {
  SimOptions options;
  options.server = std::move(answers);
  return options;
}

TEST(Session, AnIdleCloseIsRepairedWithoutLosingARequest) {
  // The server closes 1 ms after its answer, announced by nothing; the close arrives while the next answer is
  // awaited or before it is sent.
  Plan plan = plan_of(3, {}, 300);
  const auto run = run_sim(plan, server([](const SimRequest& request) {
                             SimAnswer made = answer(response(), milliseconds(1));
                             made.close = request.on_connection % 10 == 0;
                             return made;
                           }));
  EXPECT_EQ(run.tally.ok, 300U);
  EXPECT_EQ(run.tally.failed, 0U);
  EXPECT_EQ(run.tally.reconnects, run.connections_accepted - 3);
  EXPECT_GT(run.tally.reconnects, 20U);
  expect_balanced(run.tally);
}

TEST(Session, ARequestThatCrossesTheCloseIsSentOnceMore) {
  const auto run = run_sim(plan_of(1, {}, 10), server([](const SimRequest& request) {
                             SimAnswer made = answer(response(), milliseconds(1));
                             if (request.on_connection == 2)
                               made = {"", microseconds(10), true, false};  // closed, nothing answered
                             return made;
                           }));
  EXPECT_EQ(run.tally.started, 10U);
  EXPECT_EQ(run.tally.ok, 10U);
  EXPECT_EQ(run.tally.retried, 9U);
  EXPECT_EQ(run.requests_seen, 19U);
  expect_balanced(run.tally);
}

TEST(Session, APostIsNeverSentTwice) {
  Plan plan = plan_of(1, {}, 10);
  plan.scenarios[0].flow[0].method = "POST";
  const auto run = run_sim(plan, server([](const SimRequest& request) {
                             SimAnswer made = answer(response());
                             if (request.on_connection == 2) made = {"", microseconds(10), true, false};
                             return made;
                           }));
  EXPECT_EQ(run.requests_seen, 10U);
  EXPECT_EQ(run.tally.retried, 0U);
  EXPECT_EQ(errors_of(run.tally, Failure::closed_early), 5U);
  EXPECT_EQ(run.tally.ok, 5U);
  expect_balanced(run.tally);
}

TEST(Session, AnAnswerThatBeganIsNotAskedForAgain) {
  const auto run =
      run_sim(plan_of(1, {}, 4), server([](const SimRequest& request) {
                SimAnswer made = answer(response());
                if (request.on_connection == 2)
                  made = {"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf", microseconds(10), true, false};
                return made;
              }));
  EXPECT_EQ(errors_of(run.tally, Failure::closed_early), 2U);
  EXPECT_EQ(run.tally.retried, 0U);
  expect_balanced(run.tally);
}

TEST(Session, AFreshConnectionThatIsResetFailsItsRequest) {
  const auto run = run_sim(plan_of(1, {}, 5), server([](const SimRequest&) {
                             return SimAnswer{"", microseconds(10), false, true};
                           }));
  EXPECT_EQ(errors_of(run.tally, Failure::reset), 5U);
  EXPECT_EQ(run.tally.retried, 0U);
  expect_balanced(run.tally);
}

TEST(Session, ARefusedConnectFailsItsExchangeAndPausesTheSlot) {
  SimOptions options = server([](const SimRequest&) { return answer(response()); });
  options.refuse = [](std::uint64_t, Nanos) { return true; };
  const auto run = run_sim(plan_of(1, seconds(3), {}), options);
  // Pauses after set-up's refusal and each later one: 100, 200, 400, 800, 1000, … ms.
  EXPECT_EQ(run.tally.connections_failed, 1U);
  EXPECT_EQ(run.tally.connections_refused, 1U);
  EXPECT_EQ(run.tally.started, 5U);
  EXPECT_EQ(errors_of(run.tally, Failure::connect_refused), 5U);
  expect_balanced(run.tally);
}

TEST(Session, AServerThatComesBackIsUsedAgain) {
  SimOptions options = server([](const SimRequest&) { return answer(response(), milliseconds(1)); });
  options.refuse = [](std::uint64_t, Nanos at) { return at < seconds(2); };
  const auto run = run_sim(plan_of(2, seconds(4), {}), options);
  EXPECT_EQ(run.tally.connections_failed, 2U);
  EXPECT_GT(run.tally.ok, 4000U);
  EXPECT_EQ(run.connections_accepted, 2U);
  expect_balanced(run.tally);
}

TEST(Session, ASilentServerTimesOutAndTheSlotGoesOn) {
  Plan plan = plan_of(1, {}, 6);
  plan.scenarios[0].timeout = milliseconds(200);
  const auto run = run_sim(plan, server([](const SimRequest& request) {
                             return request.number % 2 == 0 ? SimAnswer{} : answer(response());
                           }));
  EXPECT_EQ(run.tally.ok, 3U);
  EXPECT_EQ(errors_of(run.tally, Failure::response_timeout), 3U);
  EXPECT_GE(run.took, milliseconds(600));
  EXPECT_LT(run.took, milliseconds(620));
  expect_balanced(run.tally);
}

TEST(Session, GarbageIsMalformedAndEndsTheConnection) {
  const auto run =
      run_sim(plan_of(1, {}, 3), server([](const SimRequest&) { return answer("SSH-2.0-OpenSSH_9.2\r\n"); }));
  EXPECT_EQ(errors_of(run.tally, Failure::malformed), 3U);
  EXPECT_EQ(run.connections_accepted, 3U);
  expect_balanced(run.tally);
}

TEST(Session, AHeadWithoutEndIsTooLarge) {
  Plan plan = plan_of(1, {}, 2);
  plan.scenarios[0].max_head_bytes = 1024;
  const auto run = run_sim(plan, server([](const SimRequest&) {
                             return answer("HTTP/1.1 200 OK\r\nX: " + std::string(5000, 'a'));
                           }));
  EXPECT_EQ(errors_of(run.tally, Failure::too_large), 2U);
  expect_balanced(run.tally);
}

TEST(Session, BytesThatNobodyAskedForAreNeverASecondAnswer) {
  const auto run =
      run_sim(plan_of(1, {}, 10), server([](const SimRequest&) { return answer(response() + response()); }));
  EXPECT_EQ(run.tally.completed, 10U);
  EXPECT_EQ(run.requests_seen, 10U);
  EXPECT_EQ(run.connections_accepted, 10U);
  expect_balanced(run.tally);
}

TEST(Session, ConnectionCloseIsObeyedAndABodyMayEndWithTheConnection) {
  const auto run =
      run_sim(plan_of(2, {}, 10), server([](const SimRequest& request) {
                if (request.number % 2 == 0) return answer(response("ok", "Connection: close\r\n"));
                return SimAnswer{"HTTP/1.1 200 OK\r\n\r\nuntil the end", microseconds(10), true, false};
              }));
  EXPECT_EQ(run.tally.ok, 10U);
  EXPECT_EQ(run.requests_seen, 10U);
  expect_balanced(run.tally);
}

TEST(Session, RequestsPerConnectionOpensANewOneAfterThatMany) {
  Plan plan = plan_of(2, {}, 30);
  plan.scenarios[0].requests_per_connection = 5;
  std::map<std::uint64_t, std::uint64_t> on_connection;
  const auto run = run_sim(plan, server([&](const SimRequest& request) {
                             on_connection[request.connection] = request.on_connection;
                             return answer(response());
                           }));
  EXPECT_EQ(run.tally.ok, 30U);
  for (const auto& [connection, count] : on_connection) EXPECT_LE(count, 5U) << connection;
  EXPECT_EQ(run.tally.opened_total, run.connections_accepted);
  EXPECT_EQ(run.tally.reconnects, 0U);
}

TEST(Session, PipelinedRequestsLeftUnansweredByACloseAreSentAgain) {
  Plan plan = plan_of(1, {}, 200);
  plan.scenarios[0].pipeline = 4;
  const auto run = run_sim(plan, server([](const SimRequest& request) {
                             SimAnswer made = answer(response());
                             if (request.on_connection == 5)
                               made = answer(response("ok", "Connection: close\r\n"));
                             return made;
                           }));
  EXPECT_EQ(run.tally.ok, 200U);
  EXPECT_EQ(run.tally.failed, 0U);
  EXPECT_GT(run.tally.retried, 0U);
  expect_balanced(run.tally);
}

TEST(Session, ALateCompletionOfTheLastScenarioIsNotTakenForThisOnes) {
  Plan plan = plan_of(1, {}, 1);
  plan.scenarios.push_back(plan.scenarios[0]);
  plan.scenarios[1].name = "second";
  const auto program = compile(plan, 1);
  ASSERT_TRUE(program);
  const auto share = split(*program, 1)[0];
  SimTransport network(1, server([](const SimRequest&) { return answer(response()); }));
  Shard<SimTransport, SimTransport> work(network, network, *program, share);
  std::vector<std::uint32_t> generations;
  for (std::size_t scenario = 0; scenario < 2; ++scenario) {
    Gate gate;
    gate.start_at.store((network.now() + milliseconds(1)).count());
    Live live;
    const std::atomic<bool> stop{false};
    const auto tally = work.run(scenario, gate, live, stop).tally;
    EXPECT_EQ(tally.ok, 1U);
    generations.push_back(network.generation(0));
  }
  EXPECT_LT(generations[0], generations[1]);
}

TEST(Session, ARequestThatWasNeverSentCannotTimeOut) {
  // Every second answer comes a little after its deadline, but before the deadline is looked at: the next
  // request is queued in that very turn.
  Plan plan = plan_of(1, {}, 20);
  plan.scenarios[0].timeout = milliseconds(100);
  const auto run =
      run_sim(plan, server([](const SimRequest& request) {
                return answer(response(), request.number % 2 == 0 ? microseconds(100'100) : microseconds(50));
              }));
  EXPECT_EQ(run.requests_seen, run.tally.started);
  expect_balanced(run.tally);
}

TEST(Session, APostQueuedWhenTheCloseArrivesGoesToTheNextConnection) {
  // The answer and the silent close arrive together; the next request was queued, but never sent.
  Plan plan = plan_of(4, {}, 200);
  plan.scenarios[0].flow[0].method = "POST";
  SimOptions options = server([](const SimRequest& request) {
    SimAnswer made = answer(response());
    made.close = request.on_connection == 10;
    return made;
  });
  options.held_up = microseconds(10);
  const auto run = run_sim(plan, options);
  EXPECT_EQ(run.tally.ok, 200U);
  EXPECT_EQ(run.tally.retried, 0U);
  EXPECT_EQ(run.requests_seen, 200U);
  EXPECT_GT(run.tally.reconnects, 15U);
  expect_balanced(run.tally);
}

TEST(Session, SurplusBytesInAReadOfTheirOwnAreNotTheNextAnswer) {
  SimOptions options = server([](const SimRequest&) { return answer(response() + response()); });
  options.faults.short_read = 1;
  options.held_up = microseconds(10);
  const auto run = run_sim(plan_of(1, {}, 50), options);
  EXPECT_EQ(run.tally.completed, 50U);
  EXPECT_EQ(run.requests_seen, 50U);
  EXPECT_LT(run.tally.steps[0].ttfb.max(), 1'000'000U);
  expect_balanced(run.tally);
}

TEST(Session, AnAnswerThatLiesInTheRingIsNotTimedOut) {
  // The generator is held up for a second at every look; the server answered in time.
  Plan plan = plan_of(600, {}, 1200);  // more than one turn takes
  plan.scenarios[0].timeout = milliseconds(200);
  SimOptions options = server([](const SimRequest&) { return answer(response(), milliseconds(5)); });
  options.held_up = seconds(1);
  const auto run = run_sim(plan, options);
  EXPECT_EQ(run.tally.ok, 1200U);
  EXPECT_EQ(run.tally.failed, 0U);
  expect_balanced(run.tally);
}

TEST(Session, AStopWhileConnectionsAreOpenedBeginsNothing) {
  Plan plan = plan_of(1000, {}, 10);
  plan.scenarios[0].warmup = seconds(1);
  const auto program = compile(plan, 1);
  ASSERT_TRUE(program);
  const auto share = split(*program, 1)[0];
  SimTransport network(1000, server([](const SimRequest&) { return answer(response()); }));
  Shard<SimTransport, SimTransport> work(network, network, *program, share);
  Gate gate;
  gate.start_at.store((network.now() + milliseconds(10)).count());
  Live live;
  const std::atomic<bool> stop{true};
  const auto tally = work.run(0, gate, live, stop).tally;
  EXPECT_EQ(tally.started, 0U);
  EXPECT_EQ(network.requests_seen(), 0U);
  EXPECT_LE(network.connections_accepted(), 128U);
  expect_balanced(tally);
}

TEST(Session, AnAbandonedStartEndsTheScenario) {
  const auto program = compile(plan_of(3, {}, 10), 1);
  ASSERT_TRUE(program);
  const auto share = split(*program, 1)[0];
  SimTransport network(3, server([](const SimRequest&) { return answer(response()); }));
  Shard<SimTransport, SimTransport> work(network, network, *program, share);
  Gate gate;
  gate.start_at.store(Gate::kAbandoned);
  Live live;
  const std::atomic<bool> stop{false};
  EXPECT_EQ(work.run(0, gate, live, stop).tally.started, 0U);
  EXPECT_EQ(gate.done.load(), 1U);
}

}  // namespace
}  // namespace saturn
