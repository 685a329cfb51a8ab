// One connection's place: its state, the exchanges under way and what is being sent. A plain record; the
// rules are in the shard's turn (core/shard). The state changes in one function, and only along the table
// below, asserted in every build.
#pragma once
#include <algorithm>
#include <cstdint>
#include <span>

#include "core/base/assert.hpp"
#include "core/http/response_parser.hpp"
#include "saturn/time.hpp"

namespace saturn {

enum class SlotState : std::uint8_t {
  closed,      ///< no connection
  connecting,  ///< the connect is under way
  idle,        ///< connected, nothing is asked
  sending,     ///< the kernel has bytes of ours
  awaiting,    ///< everything is sent, answers are outstanding
  closing,     ///< given up, but the kernel still holds bytes being sent
};

constexpr bool allowed(SlotState from, SlotState to) {
  switch (from) {
    case SlotState::closed:
      return to == SlotState::connecting;
    case SlotState::connecting:
      return to == SlotState::idle || to == SlotState::closed;
    case SlotState::idle:
      return to == SlotState::sending || to == SlotState::closed;
    case SlotState::sending:
      return to != SlotState::connecting && to != SlotState::sending;
    case SlotState::awaiting:
      return to == SlotState::idle || to == SlotState::sending || to == SlotState::closed;
    case SlotState::closing:
      return to == SlotState::closed;
  }
  return false;
}

/// The stamps and coordinates of one request and its response. It lives in the slot's ring, one place a
/// pipelined request.
struct Exchange {
  Nanos due_at{0};         ///< where there is a schedule; 0: a closed loop
  Nanos ideal_at{0};       ///< a generator that loses no time would have sent it: due, and its slot free
  Nanos carried{0};        ///< from then until it really was both, because of what was late before
  Nanos sent_at{0};        ///< first byte given to the kernel; where inexact no later than this; 0: not yet
  Nanos sent_after{0};     ///< the clock before its batch: it cannot have left earlier
  Nanos first_byte_at{0};  ///< of the response
  std::uint64_t seq = 0, iteration = 0;
  std::uint32_t step = 0;
  bool measured = false;  ///< started after warm-up
  bool retried = false;   ///< sent again after an idle close
  bool inexact = false;   ///< it left at any time between sent_after and sent_at

  /// What its latency counts from: never later than it left.
  Nanos sent_from() const { return inexact ? sent_after : sent_at; }
  /// How late it left, at most, and of that what was not carried over from before.
  Nanos lag() const { return std::max(Nanos(0), sent_at - ideal_at); }
  Nanos turnaround() const { return std::max(Nanos(0), sent_at - ideal_at - carried); }
};

struct Slot {
  SlotState state = SlotState::closed;
  bool ever_connected = false;
  bool answer_begun = false;  ///< the parser is in the head exchange's response
  bool opened_in_setup = false;
  bool opened_on_demand = false;                    ///< an arrival waits for this connect
  bool fresh = false;                               ///< connected, and nothing asked since (open loop)
  bool listed_idle = false, listed_closed = false;  ///< in the session's lists (open loop)
  std::uint32_t generation = 0;
  std::uint32_t head = 0;        ///< ring index of the oldest exchange
  std::uint32_t unanswered = 0;  ///< sent (or being sent), oldest first from head
  std::uint32_t pending = 0;     ///< taken but not sent, behind them
  std::uint32_t queued =
      0;  ///< the newest of the unanswered: queued to be sent, the kernel has not seen them yet
  std::uint32_t step = 0;                ///< next step of the flow
  std::uint64_t seq = 0, iteration = 0;  ///< of the iteration under way
  std::uint64_t answers_here = 0;        ///< responses on this connection
  std::uint64_t sent_here = 0;           ///< requests on this connection
  std::uint64_t iterations = 0;          ///< begun so far (open loop)
  Nanos free_at{0};                      ///< since when it could take a request
  Nanos behind{0};                       ///< so much sooner it would have been, had nothing been sent late
  Nanos free_before{0};                  ///< free_at before its connection was made anew
  Nanos paused_until{0};
  Nanos pause{0};  ///< length of the next pause after a failed connect
  Nanos connect_began_at{0};
  std::span<const char> to_send;
  ResponseParser parser;
  ResponseParser::BodySink sink;

  Slot(std::uint32_t max_head_bytes, std::uint32_t first_generation)
      : generation(first_generation), parser(max_head_bytes) {}

  void set_state(SlotState to) {
    SATURN_ASSERT(allowed(state, to));
    state = to;
  }
  bool connected() const {
    return state == SlotState::idle || state == SlotState::sending || state == SlotState::awaiting;
  }
};

}  // namespace saturn
