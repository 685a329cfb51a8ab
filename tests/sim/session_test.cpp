// The session's rules, one behaviour of a server at a time, in virtual time.
#include <gtest/gtest.h>

#include <map>
#include <set>

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

TEST(Session, CountLimitedRunStartsExactlyThatManyExchanges) {
  const auto run =
      run_sim(plan_of(7, {}, 1000), server([](const SimRequest&) { return answer(response()); }));
  EXPECT_EQ(run.tally.started, 1000U);
  EXPECT_EQ(run.tally.ok, 1000U);
  EXPECT_EQ(run.requests_seen, 1000U);
  EXPECT_EQ(run.connections_accepted, 7U);
  EXPECT_EQ(run.tally.reconnects, 0U);
  EXPECT_EQ(run.buffers_out, 0U);
  EXPECT_TRUE(run.tally.ended_by_count);
  expect_balanced(run.tally);
}

TEST(Session, LatencyIsFromTheSendToTheKernelArrivalOfTheLastByte) {
  const auto run = run_sim(plan_of(1, {}, 10),
                           server([](const SimRequest&) { return answer(response(), milliseconds(3)); }));
  // 3 ms of service, 5 us of wire, and half of the 100 ns that the simulated send takes.
  EXPECT_EQ(run.tally.steps[0].latency_ok.min(), 3'005'050U);
  EXPECT_EQ(run.tally.steps[0].latency_ok.max(), 3'005'050U);
}

TEST(Session, ATimeLimitedRunCountsArrivalsInTheWindowAndDrainsTheRest) {
  // 10 VUs, an answer each 100 ms: the tenth of each VU is under way when the second ends.
  const auto run = run_sim(plan_of(10, seconds(1), {}),
                           server([](const SimRequest&) { return answer(response(), milliseconds(100)); }));
  EXPECT_EQ(run.tally.started, 100U);
  EXPECT_EQ(run.tally.measured, 100U);
  EXPECT_EQ(run.tally.in_window, 90U);
  EXPECT_EQ(run.tally.in_flight_at_stop, 0U);
  EXPECT_FALSE(run.tally.ended_by_count);
  expect_balanced(run.tally);
}

TEST(Session, WhatOutlivesTheGracefulStopIsInFlight) {
  Plan plan = plan_of(4, seconds(1), {});
  plan.scenarios[0].graceful_stop = milliseconds(500);
  const auto run = run_sim(plan, server([](const SimRequest&) { return answer(response(), seconds(20)); }));
  EXPECT_EQ(run.tally.started, 4U);
  EXPECT_EQ(run.tally.in_flight_at_stop, 4U);
  EXPECT_EQ(run.tally.failed, 0U);
  expect_balanced(run.tally);
}

TEST(Session, WarmupIsOutsideTheCountAndTheDistributions) {
  Plan plan = plan_of(2, {}, 50);
  plan.scenarios[0].warmup = seconds(1);
  const auto run =
      run_sim(plan, server([](const SimRequest&) { return answer(response(), milliseconds(10)); }));
  EXPECT_EQ(run.tally.measured, 50U);
  EXPECT_GT(run.tally.warmup, 190U);
  EXPECT_EQ(run.tally.started, run.tally.warmup + 50U);
  expect_balanced(run.tally);
}

TEST(Session, AnIdleVuTakesWorkFromASlowOne) {
  Plan plan = plan_of(10, {}, 1000);
  plan.scenarios[0].executor = Executor::shared_iterations;
  std::uint64_t slow = 0;
  const auto run =
      run_sim(plan, server([&](const SimRequest& request) {
                slow += request.slot == 0 ? 1 : 0;
                return answer(response(), request.slot == 0 ? milliseconds(50) : milliseconds(1));
              }));
  EXPECT_EQ(run.tally.ok, 1000U);
  EXPECT_EQ(slow, 3U);  // the other nine took the rest
  EXPECT_GT(run.tally.first_idle_at.count(), 0);
}

TEST(Session, PerVuIterationsGivesEachVuItsOwn) {
  Plan plan = plan_of(5, {}, 20);
  plan.scenarios[0].executor = Executor::per_vu_iterations;
  std::map<SlotId, int> by_slot;
  const auto run =
      run_sim(plan, server([&](const SimRequest& request) {
                ++by_slot[request.slot];
                return answer(response(), request.slot == 0 ? milliseconds(50) : milliseconds(1));
              }));
  EXPECT_EQ(run.tally.ok, 100U);
  for (const auto& [slot, count] : by_slot) EXPECT_EQ(count, 20) << slot;
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

TEST(Session, PipeliningKeepsThatManyUnansweredAndAnswersInOrder) {
  Plan plan = plan_of(2, {}, 1000);
  plan.scenarios[0].pipeline = 8;
  std::map<std::uint64_t, std::set<Nanos>> arrivals;  // of the first eight requests, by connection
  const auto run = run_sim(plan, server([&](const SimRequest& request) {
                             if (request.on_connection <= 8) arrivals[request.connection].insert(request.at);
                             return answer(response());
                           }));
  EXPECT_EQ(run.tally.ok, 1000U);
  EXPECT_EQ(run.requests_seen, 1000U);
  EXPECT_EQ(arrivals.size(), 2U);
  for (const auto& [connection, times] : arrivals) EXPECT_EQ(times.size(), 1U) << connection;  // in one send
  expect_balanced(run.tally);
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

TEST(Session, ARedirectIsOkByDefaultAndNotWhereTheScenarioExpects200) {
  const auto redirect = [](const SimRequest&) { return answer(response("", "Location: /x\r\n", 301)); };
  EXPECT_EQ(run_sim(plan_of(1, {}, 5), server(redirect)).tally.ok, 5U);
  Plan plan = plan_of(1, {}, 5);
  plan.scenarios[0].flow[0].expect.statuses = {200};
  const auto run = run_sim(plan, server(redirect));
  EXPECT_EQ(run.tally.not_ok, 5U);
  EXPECT_EQ(run.tally.checks[0][0].failed, 5U);
  EXPECT_EQ(run.tally.steps[0].latency_not_ok.count(), 5U);
  expect_balanced(run.tally);
}

TEST(Session, SequenceNumbersOfAFixedTotalAreEachSentOnceOverAllShards) {
  Plan plan = plan_of(7, {}, 500);
  plan.scenarios[0].flow[0].path = "/items/{{seq}}";
  std::multiset<int> seen;
  for (std::uint32_t shard = 0; shard < 3; ++shard) {
    run_sim(plan, server([&](const SimRequest& request) {
              seen.insert(std::stoi(std::string(request.bytes.substr(request.bytes.find("/items/") + 7))));
              return answer(response());
            }),
            shard, 3);
  }
  ASSERT_EQ(seen.size(), 500U);
  int expected = 1;
  for (const int seq : seen) EXPECT_EQ(seq, expected++);
}

TEST(Session, TheAnswersJsonIsComparedWithTheRequests) {
  Plan plan = plan_of(2, {}, 40);
  Step& step = plan.scenarios[0].flow[0];
  step.method = "POST";
  step.body_kind = BodyKind::json;
  step.body = R"({"n": "{{seq}}", "s": "x"})";
  step.expect.statuses = {200};
  step.expect.json_equals_request = true;
  const auto run =
      run_sim(plan, server([](const SimRequest& request) {
                const std::string n(request.bytes.substr(request.bytes.find("\"n\":") + 4));
                const bool wrong = request.number % 4 == 0;
                return answer(response("{ \"s\": \"x\", \"n\": " + n.substr(0, n.find_first_of(",}")) +
                                       (wrong ? "1" : ".0") + " }"));
              }));
  EXPECT_EQ(run.tally.ok, 30U);
  EXPECT_EQ(run.tally.not_ok, 10U);
  EXPECT_EQ(run.tally.checks[0][0].passed, 40U);
  EXPECT_EQ(run.tally.checks[0][1].failed, 10U);
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

TEST(Session, AFlowTakesItsStepsInOrder) {
  Plan plan = plan_of(2, {}, 20);
  Step second = plan.scenarios[0].flow[0];
  second.name = "second";
  second.path = "/second";
  plan.scenarios[0].flow.push_back(second);
  std::map<SlotId, std::string> paths;
  const auto run = run_sim(plan, server([&](const SimRequest& request) {
                             paths[request.slot] += request.bytes[5];
                             return answer(response());
                           }));
  EXPECT_EQ(run.tally.ok, 40U);
  EXPECT_EQ(run.tally.steps[0].completed, 20U);
  EXPECT_EQ(run.tally.steps[1].completed, 20U);
  for (const auto& [slot, path] : paths)
    for (std::size_t i = 0; i < path.size(); ++i) EXPECT_EQ(path[i], i % 2 == 0 ? 'h' : 's');
}

}  // namespace
}  // namespace saturn
