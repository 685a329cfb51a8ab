// Session's connections: opening, failing with growing pauses, losing and closing them. Included by
// session.hpp only.
#pragma once
#include <algorithm>

#include "core/session/session.hpp"

namespace saturn {

template <class T>
Session<T>::Session(T& transport, const Program& program, std::size_t scenario, const ScenarioShare& share,
                    Recorder& recorder, std::uint32_t first_generation)
    : transport_(transport),
      scenario_(program.scenarios[scenario]),
      recorder_(recorder),
      load_(scenario_, share),
      timers_(share.vus),
      seed_(program.seed),
      first_vu_(share.first_vu),
      pipeline_(scenario_.pipeline),
      discards_(scenario_.discard_body && scenario_.pipeline == 1),
      at_start_(scenario_.rate ? share.vus_at_start : share.vus),
      idle_(scenario_.rate ? share.vus : 0),
      closed_(scenario_.rate ? share.vus : 0) {
  if (scenario_.rate) open_.emplace(scenario_, share);
  slots_.reserve(share.vus);
  for (std::uint32_t id = 0; id < share.vus; ++id)
    slots_.emplace_back(scenario_.max_head_bytes, first_generation);
  exchanges_.resize(std::size_t{share.vus} * pipeline_);
  head_caches_.resize(scenario_.steps.size());
  batch_.reserve(slots_.size() + 1);
  std::size_t body_limit = 0, request_body = 0;
  for (const StepProgram& step : scenario_.steps) {
    std::string block;
    if (step.request.is_static()) {
      for (std::uint32_t i = 0; i < pipeline_; ++i) block += step.request.static_bytes();
    } else {
      bytes_per_slot_ = std::max(bytes_per_slot_, step.request.max_bytes() * pipeline_);
    }
    static_blocks_.push_back(std::move(block));
    body_limit = std::max(body_limit, step.body_limit);
    request_body = std::max(request_body, step.request.max_body_bytes());
  }
  send_arena_.resize(slots_.size() * bytes_per_slot_);
  if (body_limit == 0) return;
  body_stride_ = body_limit + JsonComparer::kPadding;
  body_arena_.resize(slots_.size() * body_stride_);
  request_body_.resize(request_body + JsonComparer::kPadding);
  comparer_.emplace(std::max(body_limit, request_body));
  for (std::uint32_t id = 0; id < slots_.size(); ++id)
    slots_[id].sink = {&body_arena_[id * body_stride_], body_limit, 0};
}

template <class T>
void Session<T>::open_next(Nanos now) {
  if (may_open_next()) {
    ++opening_;
    slots_[next_to_open_].opened_in_setup = true;
    connect(next_to_open_++, now);
  }
  if (!opened() || !in_setup_) return;
  in_setup_ = false;
  if (open_) list_closed_slots(now);
}

/// A stop during set-up: what is not connected by now counts as failed, so that the accounts balance.
template <class T>
void Session<T>::abandon_opening() {
  if (!in_setup_) return;
  recorder_.tally().connections_failed += opening_ + (at_start_ - next_to_open_);
  in_setup_ = false;
  opening_ = 0;
  next_to_open_ = at_start_;
}

template <class T>
void Session<T>::connect(std::uint32_t id, Nanos now) {
  Slot& slot = slots_[id];
  slot.set_state(SlotState::connecting);
  slot.connect_began_at = now;
  timers_.set(id, now + scenario_.connect_timeout);
  transport_.connect(id, slot.generation);
}

/// The connection is over. Completions of its generation that are still on their way are ignored from here
/// on.
template <class T>
void Session<T>::drop(std::uint32_t id) {
  Slot& slot = slots_[id];
  if (slot.connected()) --connections_;
  transport_.close(id);
  ++slot.generation;
  slot.answer_begun = false;
  slot.set_state(slot.state == SlotState::sending ? SlotState::closing : SlotState::closed);
}

template <class T>
void Session<T>::connect_failed(std::uint32_t id, Failure kind, Nanos now) {
  drop(id);
  Slot& slot = slots_[id];
  slot.pause = slot.pause.count() == 0 ? kFirstPause : std::min(slot.pause * 2, kLongestPause);
  slot.paused_until = now + slot.pause;
  timers_.set(id, slot.paused_until);
  if (slot.opened_on_demand) {  // the arrival that has waited longest was waiting for this
    slot.opened_on_demand = false;
    --opening_on_demand_;
    if (const auto due = open_->take()) begin_due(id, *due);
  }
  for (; slot.pending > 0; --slot.pending) {
    fail(id, place(id, 0), kind, now);
    slot.head = slot.head + 1 == pipeline_ ? 0 : slot.head + 1;
  }
  if (open_) open_on_demand(now);
  if (!in_setup_ || !slot.opened_in_setup) return;
  slot.opened_in_setup = false;
  ScenarioTally& tally = recorder_.tally();
  ++tally.connections_failed;
  if (kind == Failure::connect_refused) ++tally.connections_refused;
  if (kind == Failure::connect_timeout) ++tally.connections_timed_out;
  --opening_;
}

template <class T>
void Session<T>::on_connected(std::uint32_t id, const Completion& completion, Nanos now) {
  Slot& slot = slots_[id];
  if (completion.error != 0) {
    const int error = completion.error;
    connect_failed(id,
                   error == TransportErrors::kRefused    ? Failure::connect_refused
                   : error == TransportErrors::kTimedOut ? Failure::connect_timeout
                                                         : Failure::connect_error,
                   now);
    return;
  }
  ScenarioTally& tally = recorder_.tally();
  slot.set_state(SlotState::idle);
  slot.pause = Nanos(0);
  slot.paused_until = Nanos(0);
  slot.answers_here = slot.sent_here = 0;
  slot.free_before = slot.free_at;
  slot.fresh = slot.pending == 0;
  slot.free_at = now;
  for (std::uint32_t i = 0; i < slot.pending; ++i) {
    Exchange& exchange = place(id, i);
    if (exchange.sent_at.count() == 0) set_ideal(slot, exchange);
  }
  if (slot.opened_on_demand) {
    slot.opened_on_demand = false;
    --opening_on_demand_;
  }
  ++connections_;
  ++tally.opened_total;
  // A connection that its plan ends on purpose is a new one, not a repaired one.
  if (slot.ever_connected && !scenario_.requests_per_connection) ++tally.reconnects;
  slot.ever_connected = true;
  tally.connect.record(static_cast<std::uint64_t>((now - slot.connect_began_at).count()));
  transport_.arm_receive(id);
  if (in_setup_ && slot.opened_in_setup) {
    slot.opened_in_setup = false;
    ++tally.established;
    --opening_;
  }
  fill(id, now);
  if (open_) open_on_demand(now);
}

template <class T>
void Session<T>::on_timer(std::uint32_t id, Nanos now) {
  Slot& slot = slots_[id];
  switch (slot.state) {
    case SlotState::connecting: {
      const Nanos deadline = slot.connect_began_at + scenario_.connect_timeout;
      if (now < deadline) return timers_.set(id, deadline);
      return connect_failed(id, Failure::connect_timeout, now);
    }
    case SlotState::sending:
    case SlotState::awaiting: {
      if (slot.unanswered == slot.queued) return;  // their time begins when they are sent
      const Nanos deadline = place(id, 0).sent_at + scenario_.timeout;
      if (now < deadline) return timers_.set(id, deadline);
      cut(id, Failure::response_timeout, false, now);
      drop(id);
      return fill(id, now);
    }
    case SlotState::closed:
      if (now < slot.paused_until) return timers_.set(id, slot.paused_until);
      return fill(id, now);
    case SlotState::idle:
    case SlotState::closing:
      return;
  }
}

template <class T>
void Session<T>::close_all(Nanos now) {
  closing_ = true;
  intake_ = Intake::none;
  for (std::uint32_t id = 0; id < slots_.size(); ++id) {
    Slot& slot = slots_[id];
    if (slot.unanswered > slot.queued || slot.state == SlotState::connecting)
      recorder_.cut_off(asked_at(id, place(id, 0)), now);
    recorder_.tally().in_flight_at_stop += slot.unanswered + slot.pending;
    under_way_ -= slot.unanswered + slot.pending;
    slot.unanswered = slot.pending = slot.queued = 0;
    if (slot.connected() || slot.state == SlotState::connecting) drop(id);
  }
}

template <class T>
std::uint32_t Session<T>::next_generation() const {
  std::uint32_t next = 0;
  for (const Slot& slot : slots_) next = std::max(next, slot.generation + 1);
  return next;
}

}  // namespace saturn
