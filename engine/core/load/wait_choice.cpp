#include "core/load/wait_choice.hpp"

#include <fmt/format.h>

namespace saturn {
namespace {

WaitChoice sleeps(WaitWhy why) {
  return {.mode = WaitMode::sleep, .why = why};
}

std::string span(Nanos time) {
  const double us = to_micros(time);
  return us < 1000 ? fmt::format("{:.0f} µs", us) : fmt::format("{:.2f} ms", us / 1000);
}

}  // namespace

WaitChoice choose_wait(std::optional<WaitMode> asked, const WaitFacts& facts) {
  if (asked) return {.mode = *asked, .why = WaitWhy::asked};
  if (!facts.scheduled) return sleeps(WaitWhy::closed_loop);
  if (facts.target_unknown) return sleeps(WaitWhy::target_unknown);
  if (facts.target_may_share) return sleeps(WaitWhy::target_shares);
  if (facts.target_may_share_core) return sleeps(WaitWhy::target_sibling);
  if (facts.allowed_cores < facts.shards) return sleeps(WaitWhy::few_cores);
  const unsigned busy = facts.shards + (facts.target_here ? 1 : 0);
  if (facts.cpu_quota && *facts.cpu_quota < busy) return sleeps(WaitWhy::quota);
  const bool trial = facts.warmup <= Nanos{0};
  if (trial && facts.counted) return sleeps(WaitWhy::counted);
  const double answers = facts.rate_per_s / facts.shards * to_seconds(trial ? kWaitTrial : facts.warmup);
  if (answers < static_cast<double>(kEnoughForWait)) return sleeps(WaitWhy::few_answers);
  return {.mode = WaitMode::sleep, .why = WaitWhy::trial, .in_trial = trial};
}

WaitChoice decide_wait(const WaitChoice& before, const WaitSamples& seen) {
  if (before.why != WaitWhy::trial) return before;
  WaitChoice choice = before;
  choice.lag_p50 = seen.lag_p50;
  choice.service_p50 = seen.service_p50;
  if (seen.answers < kEnoughForWait) {
    choice.why = WaitWhy::few_answers;
  } else if (to_seconds(seen.lag_p50) <= kLagWorthBeingAwake * to_seconds(seen.service_p50)) {
    choice.why = WaitWhy::not_worth_it;
  } else if (seen.sibling_busy) {
    choice.why = WaitWhy::sibling_busy;
  } else {
    choice.mode = WaitMode::hybrid;
    choice.why = WaitWhy::worth_it;
  }
  return choice;
}

std::string to_words(const WaitChoice& choice) {
  const char* const while_in = choice.in_trial ? "a trial of 200 ms before the measured time" : "the warm-up";
  switch (choice.why) {
    case WaitWhy::asked:
      return "asked for";
    case WaitWhy::closed_loop:
      return "a closed loop: no request has a time of its own to be late for";
    case WaitWhy::target_unknown:
      return "the target's processes were not found: it may run on saturn's cores (--target-pid names them)";
    case WaitWhy::target_shares:
      return "the target may run on saturn's cores: hold each to its own with taskset -c";
    case WaitWhy::target_sibling:
      return "the target may run on the other thread of saturn's physical core: hold it to others with "
             "taskset "
             "-c";
    case WaitWhy::few_cores:
      return "there are fewer cores than threads of saturn";
    case WaitWhy::quota:
      return "the CPU quota does not suffice for cores that stay awake";
    case WaitWhy::counted:
      return "a fixed number of requests leaves none for a trial (--warmup allows one)";
    case WaitWhy::few_answers:
      return fmt::format("fewer than {} answers a thread in {} tell nothing of the target's service time",
                         kEnoughForWait, while_in);
    case WaitWhy::trial:
      return fmt::format("the run ended in {}", while_in);
    case WaitWhy::sibling_busy:
      return "something else used the other thread of saturn's physical core";
    case WaitWhy::undecided:
      return fmt::format("saturn was held up at the end of {}", while_in);
    case WaitWhy::worth_it:
    case WaitWhy::not_worth_it:
      break;
  }
  return fmt::format("in {} a sleeping request was late by {} (p50), {} 10 % of the service time's {}",
                     while_in, span(choice.lag_p50), choice.why == WaitWhy::worth_it ? "over" : "not over",
                     span(choice.service_p50));
}

}  // namespace saturn
