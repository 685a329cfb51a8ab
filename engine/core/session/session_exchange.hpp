// Session's exchanges: taking work, sending it, reading and judging answers, and what happens to those that a
// lost connection leaves unanswered. Included by session.hpp only.
#pragma once
#include <algorithm>

#include "core/session/session.hpp"

namespace saturn {

template <class T>
void Session<T>::fill(std::uint32_t id, Nanos now) {
  Slot& slot = slots_[id];
  switch (slot.state) {
    case SlotState::closing:
    case SlotState::connecting:
      return;
    case SlotState::closed:
      if (closing_ || in_setup_ || now < slot.paused_until) return;
      if (slot.pending > 0 || (may_take_closed(slot) && take(id, now))) return connect(id, now);
      if (open_) offer(id, now);
      return;
    case SlotState::idle:
    case SlotState::sending:
    case SlotState::awaiting:
      while (slot.unanswered + slot.pending < pipeline_ && may_send_more(slot) && take(id, now)) {
      }
      if (slot.pending > 0 && slot.state != SlotState::sending) send_pending(id);
      if (open_) offer(id, now);
  }
}

template <class T>
bool Session<T>::take(std::uint32_t id, Nanos now) {
  if (open_) return take_due(id);
  if (intake_ == Intake::none) return false;
  Slot& slot = slots_[id];
  const bool warmup = intake_ == Intake::warmup;
  if (slot.step == 0) {
    const auto next = load_.take(id, warmup);
    if (!next) {
      if (recorder_.tally().first_idle_at.count() == 0) recorder_.tally().first_idle_at = now;
      return false;
    }
    slot.seq = next->seq;
    slot.iteration = next->iteration;
  }
  begin(id, Nanos(0), !warmup);
  return true;
}

/// The slot's next exchange, pending until it is sent. `due_at` is 0 where there is no schedule.
template <class T>
void Session<T>::begin(std::uint32_t id, Nanos due_at, bool measured) {
  Slot& slot = slots_[id];
  Exchange& exchange = place(id, slot.unanswered + slot.pending);
  exchange = Exchange{};
  exchange.due_at = due_at;
  exchange.step = slot.step;
  set_ideal(slot, exchange);
  exchange.seq = slot.seq;
  exchange.iteration = slot.iteration;
  exchange.measured = measured;
  slot.step = slot.step + 1 == scenario_.steps.size() ? 0 : slot.step + 1;
  ++slot.pending;
  ++under_way_;
  recorder_.started(exchange.step);
}

template <class T>
std::span<const char> Session<T>::render_pending(std::uint32_t id) {
  const Slot& slot = slots_[id];
  const std::uint32_t step = place(id, slot.unanswered).step;
  const RequestTemplate& request = scenario_.steps[step].request;
  if (request.is_static())
    return std::span(static_blocks_[step]).first(request.static_bytes().size() * slot.pending);
  const std::span<char> arena = std::span(send_arena_).subspan(id * bytes_per_slot_, bytes_per_slot_);
  std::size_t size = 0;
  for (std::uint32_t i = 0; i < slot.pending; ++i)
    size += request.render(coordinates(id, place(id, slot.unanswered + i)), arena.subspan(size));
  return arena.first(size);
}

template <class T>
void Session<T>::send_pending(std::uint32_t id) {
  Slot& slot = slots_[id];
  slot.to_send = render_pending(id);
  slot.sent_here += slot.pending;
  slot.set_state(SlotState::sending);
  ++sending_;
  batch_.push_back({id, slot.generation, slot.pending});
  slot.unanswered += slot.pending;
  slot.queued = slot.pending;
  slot.pending = 0;
  transport_.send(id, slot.to_send);
}

template <class T>
void Session<T>::stamp(const Submitted& batch) {
  const SendTimes times(batch);
  for (std::uint32_t k = 0; k < batch.count; ++k) {
    const Batched& entry = batch_[batch_head_++];
    Slot& slot = slots_[entry.slot];
    if (entry.exchanges == 0 || entry.generation != slot.generation) continue;
    const bool inexact = times.inexact(k);
    if (inexact) ++recorder_.tally().inexact_sends;
    const Nanos at = times.at(k);
    for (std::uint32_t i = 0; i < entry.exchanges; ++i) {
      Exchange& exchange = place(entry.slot, slot.unanswered - 1 - i);
      if (exchange.sent_at.count() != 0) continue;  // a request sent again keeps its first time
      exchange.sent_at = at;
      exchange.sent_after = batch.before;
      exchange.inexact = inexact;
    }
    slot.queued = 0;
    timers_.set(entry.slot, place(entry.slot, 0).sent_at + scenario_.timeout);
  }
  if (batch_head_ == batch_.size()) {
    batch_.clear();
    batch_head_ = 0;
  }
}

template <class T>
void Session<T>::on(const Completion& completion, Nanos now) {
  const std::uint32_t id = completion.slot;
  const bool current = completion.generation == slots_[id].generation;
  switch (completion.kind) {
    case Completion::Kind::sent:
      on_sent(id, completion, now);
      break;  // of any generation: one send at a time a slot
    case Completion::Kind::connected:
      if (current) on_connected(id, completion, now);
      break;
    case Completion::Kind::received:
      if (current) on_received(id, completion, now);
      break;
    case Completion::Kind::discarded:
      if (current) on_discarded(id, completion, now);
      break;
    case Completion::Kind::ended:
      if (current) on_ended(id, completion, now);
      break;
  }
  if (completion.buffer != kNoBuffer) transport_.release(completion.buffer);
}

template <class T>
void Session<T>::on_sent(std::uint32_t id, const Completion& completion, Nanos now) {
  Slot& slot = slots_[id];
  recorder_.tally().bytes_sent += completion.bytes;
  if (slot.state == SlotState::closing) {
    --sending_;
    slot.set_state(SlotState::closed);
    return fill(id, now);
  }
  SATURN_ASSERT(slot.state == SlotState::sending);
  const bool peer_gone =
      completion.error == TransportErrors::kReset || completion.error == TransportErrors::kBrokenPipe;
  if (completion.error == 0 && completion.bytes < slot.to_send.size()) {
    slot.to_send = slot.to_send.subspan(completion.bytes);
    batch_.push_back({id, slot.generation, 0});
    return transport_.send(id, slot.to_send);
  }
  --sending_;
  slot.set_state(slot.unanswered > 0 ? SlotState::awaiting : SlotState::idle);
  if (completion.error != 0 && !peer_gone) {
    cut(id, Failure::send_error, false, now);
    drop(id);
  }
  // Where the peer is gone the receive tells how (an answer may still be on its way), and decides.
  fill(id, now);
}

template <class T>
void Session<T>::on_received(std::uint32_t id, const Completion& completion, Nanos now) {
  Slot& slot = slots_[id];
  const Arrival arrival = arrival_of(completion.arrived_at, place(id, 0).sent_after, now);
  recorder_.tally().bytes_received += completion.data.size();
  if (slot.unanswered > slot.queued) recorder_.heard(place(id, 0).sent_at, arrival.at);
  std::span<const char> data = completion.data;
  const std::uint32_t generation = slot.generation;
  while (!data.empty() && slot.generation == generation) {
    if (slot.unanswered == slot.queued) {  // bytes that nobody asked for: the connection cannot be trusted
      cut(id, Failure::closed_early, true, now);
      drop(id);
      break;
    }
    if (!slot.answer_begun) begin_answer(id, arrival.at);
    const auto [outcome, consumed] = slot.parser.feed(data);
    data = data.subspan(consumed);
    if (outcome == ResponseParser::Outcome::need_more) break;
    if (outcome == ResponseParser::Outcome::complete) {
      answered(id, arrival);
      continue;
    }
    cut(id, outcome == ResponseParser::Outcome::malformed ? Failure::malformed : Failure::too_large, false,
        now);
    drop(id);
  }
  if (discards_ && slot.generation == generation) transport_.discard(id, droppable(slot, kWorthDropping));
  fill(id, now);
}

template <class T>
void Session<T>::on_discarded(std::uint32_t id, const Completion& completion, Nanos now) {
  recorder_.heard(place(id, 0).sent_at, now);
  recorder_.tally().bytes_received += completion.bytes;
  recorder_.tally().bytes_discarded += completion.bytes;
  slots_[id].parser.skip(completion.bytes);
  transport_.discard(id, droppable(slots_[id], 0));
}

template <class T>
std::uint32_t Session<T>::droppable(const Slot& slot, std::uint64_t at_least) const {
  const std::uint64_t left = slot.answer_begun ? slot.parser.body_left() : 0;
  if (left < at_least + kReadAtTheEnd) return 0;
  return static_cast<std::uint32_t>(std::min(left - kReadAtTheEnd, kMostDropped));
}

template <class T>
void Session<T>::on_ended(std::uint32_t id, const Completion& completion, Nanos now) {
  Slot& slot = slots_[id];
  if (slot.answer_begun && completion.error == 0 &&
      slot.parser.end_of_stream() == ResponseParser::Outcome::complete) {
    const std::uint32_t generation = slot.generation;
    recorder_.heard(place(id, 0).sent_at, now);
    answered(id, {now, now, false});  // the end of a stream carries no stamp
    if (slot.generation != generation) return fill(id, now);
  }
  cut(id, completion.error == 0 ? Failure::closed_early : Failure::reset, true, now);
  drop(id);
  fill(id, now);
}

template <class T>
void Session<T>::begin_answer(std::uint32_t id, Nanos at) {
  Slot& slot = slots_[id];
  Exchange& exchange = place(id, 0);
  const StepProgram& step = scenario_.steps[exchange.step];
  exchange.first_byte_at = at;
  slot.answer_begun = true;
  slot.sink.size = 0;
  slot.parser.start(step.head_method, step.body_limit > 0 ? &slot.sink : nullptr,
                    &head_caches_[exchange.step]);
}

template <class T>
void Session<T>::answered(std::uint32_t id, const Arrival& arrival) {
  Slot& slot = slots_[id];
  Exchange& exchange = place(id, 0);
  const ResponseHead head = slot.parser.head();
  if (exchange.inexact || arrival.at < exchange.sent_at + kQuickestAnswer) bound(exchange, arrival.at);
  recorder_.completed(exchange, head.status, judge(id, exchange, head.status), arrival);
  freed(slot, exchange, arrival.at);
  slot.head = slot.head + 1 == pipeline_ ? 0 : slot.head + 1;
  slot.answer_begun = false;
  --slot.unanswered;
  --under_way_;
  ++slot.answers_here;
  const bool used_up = scenario_.requests_per_connection && slot.unanswered == 0 && !may_send_more(slot);
  if (!head.keep_alive || used_up) {
    cut(id, Failure::closed_early, true,
        arrival.seen_at);  // later pipelined requests will not be answered here
    drop(id);
    return;
  }
  if (slot.unanswered > 0) return;
  if (slot.state == SlotState::awaiting) slot.set_state(SlotState::idle);
}

/// What an answer's arrival says of a send that is inexact, or turns out to be: its batch was interrupted too
/// shortly to be seen otherwise. It left before.
template <class T>
void Session<T>::bound(Exchange& exchange, Nanos arrived_at) {
  if (!exchange.inexact) ++recorder_.tally().inexact_sends;
  exchange.inexact = true;
  exchange.sent_after = std::min(exchange.sent_after, arrived_at);
  exchange.sent_at = std::min(exchange.sent_at, arrived_at);
}

template <class T>
bool Session<T>::judge(std::uint32_t id, const Exchange& exchange, int status) {
  const StepProgram& step = scenario_.steps[exchange.step];
  bool ok = status < 1000 && step.accepted[static_cast<std::size_t>(status)];
  std::size_t check = 0;
  if (step.custom_expect) recorder_.check(exchange.step, check++, ok);
  if (step.json_equals_request) {
    const bool equal = json_equals_request(id, exchange);
    recorder_.check(exchange.step, check++, equal);
    ok = ok && equal;
  }
  return ok;
}

template <class T>
bool Session<T>::json_equals_request(std::uint32_t id, const Exchange& exchange) {
  const auto& sink = slots_[id].sink;
  if (sink.size > sink.capacity) return false;
  const std::size_t size =
      scenario_.steps[exchange.step].request.render_body(coordinates(id, exchange), request_body_);
  return comparer_->equal({request_body_.data(), size}, {sink.data, sink.size});
}

/// The connection is going: its unanswered exchanges fail, except those that may be sent once more on the
/// next one. An idle close that crossed the request on the wire shows as: the connection had served before,
/// and no byte of this answer came.
template <class T>
void Session<T>::cut(std::uint32_t id, Failure kind, bool may_retry, Nanos now) {
  Slot& slot = slots_[id];
  // What the kernel has not seen yet was not lost: it waits for the next connection like what is pending.
  const std::uint32_t unanswered = slot.unanswered - slot.queued, all = slot.unanswered + slot.pending;
  const bool lost_on_the_wire = may_retry && slot.answers_here > 0;
  const bool about_the_first = kind == Failure::malformed || kind == Failure::too_large;
  std::uint32_t kept = 0;
  for (std::uint32_t i = 0; i < all; ++i) {
    Exchange& exchange = place(id, i);
    const bool begun = i == 0 && slot.answer_begun;
    const bool retry =
        lost_on_the_wire && !begun && !exchange.retried && scenario_.steps[exchange.step].idempotent;
    if (i < unanswered && !retry) {
      fail(id, exchange, i > 0 && about_the_first ? Failure::closed_early : kind, now);
      continue;
    }
    if (i < unanswered) {
      exchange.retried = true;
      ++recorder_.tally().retried;
    }
    if (kept != i) place(id, kept) = exchange;
    ++kept;
  }
  slot.unanswered = slot.queued = 0;
  slot.pending = kept;
}

}  // namespace saturn
