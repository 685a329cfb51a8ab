#include "core/result/rule_meaning.hpp"

#include <array>

namespace saturn {
namespace {

struct Meaning {
  std::string_view rule, text;
};

constexpr std::array kMeanings = {
    Meaning{
        "too_short",
        "Less than 0.1 s was measured. Timer ticks and start-up are too large a part of that to judge by."},
    Meaning{"dead",
            "Requests were under way, or connects were refused, and no answer came for a second or longer."},
    Meaning{"failures", "Requests failed in ways that only the target or its network can cause."},
    Meaning{"own_failures", "Requests failed on this machine: they never reached the target."},
    Meaning{"machine_busy",
            "Other processes took a large part of this machine. What ran beside them had to wait."},
    Meaning{"connections", "Fewer connections came up than were asked for. The load was another one."},
    Meaning{
        "generator_busy",
        "A thread of saturn used nearly all of its core. The rate is what saturn can do, not the target."},
    Meaning{"no_core", "A thread of saturn was ready to run while other work had its core."},
    Meaning{"steal", "The host of this virtual machine gave the time of saturn's core to others."},
    Meaning{"target_steal",
            "The host of this virtual machine gave the time of the target's cores to others."},
    Meaning{"quota", "A CPU quota stopped saturn for a part of the time."},
    Meaning{
        "generator_slow",
        "Much of a request's time passed in saturn: answers waited for it, and it sent the next one late."},
    Meaning{"generator_late",
            "Requests left later than they were due. That delay is saturn's own and a part of the latency."},
    Meaning{"send_uncertainty",
            "saturn was interrupted while it sent, so when those requests left is known only roughly."},
    Meaning{"buffers_short", "Answers waited in the kernel because saturn had no free receive buffer."},
    Meaning{"shared_core_threads", "Two hardware threads of one core did work that was to be apart."},
    Meaning{"shared_cores",
            "saturn and the target wanted more cores than this machine has. Each slowed the other down."},
    Meaning{"target_froze", "The target stopped answering for a moment. Requests that were due then waited."},
    Meaning{
        "one_worker",
        "The target has several workers, but one did nearly all of the work. The others had no connections."},
    Meaning{"target_cpu",
            "The target used the CPU it can use. That is what a limit of the target looks like."},
    Meaning{"in_flight",
            "Rate times service time is the number of requests under way. So many were not allowed."},
    Meaning{"arrivals_missed", "Requests were due that were never sent. Who held them up was not seen."},
    Meaning{"load_reached", "The rate asked for was sent on time and answered. More may be possible."},
    Meaning{"facts_unknown", "Two facts are missing that would tell whether saturn was held up."},
    Meaning{"target_waited_for",
            "Nothing held saturn up: nearly all of a request's time passed outside of it."},
};

}  // namespace

std::string_view meaning_of_rule(std::string_view rule) {
  for (const Meaning& meaning : kMeanings)
    if (meaning.rule == rule) return meaning.text;
  return {};
}

}  // namespace saturn
