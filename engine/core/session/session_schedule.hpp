// Session's open loop: arrivals go to free slots, wait in the backlog or are dropped; a connection is opened
// for each that waits while there are slots left. Included by session.hpp only.
#pragma once
#include <algorithm>

#include "core/session/session.hpp"

namespace saturn {

/// Arrivals that are due by now start in free slots, the longest idle first.
template <class T>
void Session<T>::on_arrivals(Nanos now) {
  if (!open_ || open_->next_at() > now) return;
  open_->advance(now, [&](const Due& due) { return start_in_free_slot(due); });
  recorder_.tally().due = open_->due();
  recorder_.tally().dropped = open_->dropped();
  open_on_demand(now);
}

template <class T>
bool Session<T>::start_in_free_slot(const Due& due) {
  while (!idle_.empty()) {
    const std::uint32_t id = idle_.pop();
    Slot& slot = slots_[id];
    slot.listed_idle = false;
    if (slot.state != SlotState::idle) continue;  // lost its connection since, or is busy with a repetition
    begin_due(id, due);
    send_pending(id);
    return true;
  }
  return false;
}

/// What a slot that has become free goes on with: the next step of its flow, or the oldest of the backlog.
template <class T>
bool Session<T>::take_due(std::uint32_t id) {
  Slot& slot = slots_[id];
  if (slot.step == 0) {
    const auto due = open_->take();
    if (due) begin_due(id, *due);
    return due.has_value();
  }
  if (intake_ == Intake::none) return false;
  open_->count_due();
  recorder_.tally().due = open_->due();
  begin(id, slot.free_at, intake_ == Intake::measured);
  return true;
}

template <class T>
void Session<T>::begin_due(std::uint32_t id, const Due& due) {
  Slot& slot = slots_[id];
  if (slot.fresh) {
    // Its connect was begun when the arrival was seen and the slot was free; without any lateness, when it
    // was due and the slot would have been free.
    const Nanos seen = std::max(due.seen_at, slot.free_before);
    slot.behind = seen - std::max(due.at, slot.free_before - slot.behind);
    slot.fresh = false;
  }
  slot.seq = due.seq;
  slot.iteration = slot.iterations++;
  begin(id, due.at, due.measured);
}

/// When a generator that loses no time would send it. What its slot was late with before it is late with
/// still: that is carried over until nothing waits any more. A later step of a flow is due when its slot is
/// free.
template <class T>
void Session<T>::set_ideal(const Slot& slot, Exchange& exchange) const {
  if (!open_) {
    exchange.ideal_at = slot.free_at;
    return;
  }
  const Nanos ideally_free = slot.free_at - slot.behind;
  exchange.ideal_at = exchange.step == 0 ? std::max(exchange.due_at, ideally_free) : ideally_free;
  exchange.carried = std::max(exchange.due_at, slot.free_at) - exchange.ideal_at;
}

/// Lists a slot that nothing is to be done with now.
template <class T>
void Session<T>::offer(std::uint32_t id, Nanos now) {
  Slot& slot = slots_[id];
  if (slot.state == SlotState::idle && !slot.listed_idle) {
    slot.listed_idle = true;
    idle_.push(id);
  } else if (slot.state == SlotState::closed && !slot.listed_closed) {
    slot.listed_closed = true;
    closed_.push(id);
    open_on_demand(now);
  }
}

/// After set-up: the slots whose connections are opened on demand, or could not be opened.
template <class T>
void Session<T>::list_closed_slots(Nanos now) {
  for (std::uint32_t id = 0; id < slots_.size(); ++id) offer(id, now);
}

/// One connect for each arrival that waits and has none under way.
template <class T>
void Session<T>::open_on_demand(Nanos now) {
  const auto wanted = std::min<std::uint64_t>(open_->waiting(), kOpeningWindow);
  while (opening_on_demand_ < wanted && !closed_.empty()) {
    const std::uint32_t id = closed_.pop();
    Slot& slot = slots_[id];
    slot.listed_closed = false;
    if (slot.state != SlotState::closed || now < slot.paused_until) continue;  // its timer lists it again
    slot.opened_on_demand = true;
    ++opening_on_demand_;
    connect(id, now);
  }
}

/// What became due until now was due; what waits is given up and counted.
template <class T>
void Session<T>::end_schedule(Nanos now) {
  if (!open_) return;
  on_arrivals(now);
  recorder_.tally().backlog_at_stop += open_->end();
}

}  // namespace saturn
