// HOW: the slots of one scenario on one shard. Completions and timers go in; connects, sends and closes go
// out to the transport, finished exchanges to the recorder. No clock, no syscall: `now` comes with each call.
// Allocates only at construction. Owner: one shard. Tested in tests/sim over the simulated transport, and by
// the contract suite on every transport.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "core/base/timer_wheel.hpp"
#include "core/base/zero_pages.hpp"
#include "core/json/json_equal.hpp"
#include "core/load/closed_loop.hpp"
#include "core/load/open_loop.hpp"
#include "core/plan/program.hpp"
#include "core/session/arrival.hpp"
#include "core/session/slot.hpp"
#include "core/shard/recorder.hpp"
#include "core/transport/send_time.hpp"
#include "core/transport/transport.hpp"

namespace saturn {

template <class T>
class Session {
 public:
  /// Which new exchanges are begun. With `none` those under way are still finished.
  enum class Intake : std::uint8_t { none, warmup, measured };

  static constexpr std::uint32_t kOpeningWindow = 128;  ///< connects under way at a time during set-up
  static constexpr Nanos kFirstPause = std::chrono::milliseconds(100),
                         kLongestPause = std::chrono::seconds(1);

  /// From a send to the arrival of its answer two sides have their work to do: what seems quicker was sent
  /// sooner than its place in the batch says.
  static constexpr Nanos kQuickestAnswer = std::chrono::microseconds(3);

  /// A body of which so much is still to come is dropped but for its end, whose arrival the kernel stamps
  /// only where it is read; so much at a time.
  static constexpr std::uint64_t kReadAtTheEnd = 16 << 10, kWorthDropping = 64 << 10, kMostDropped = 1 << 30;

  Session(T& transport, const Program& program, std::size_t scenario, const ScenarioShare& share,
          Recorder& recorder, std::uint32_t first_generation);

  void open_all(Nanos now) {
    recorder_.tally().connections_requested = at_start_;
    on_timers(now);  // the wheel begins now: what it is set to is not overdue
    open_next(now);
  }
  /// One connect a turn, so that each has clock readings of its own around it: many handed over at once would
  /// all have taken as long as the whole batch.
  void open_next(Nanos now);
  bool may_open_next() const { return opening_ < kOpeningWindow && next_to_open_ < at_start_; }
  /// Every slot has its connection, or failed to get it.
  bool opened() const { return next_to_open_ == at_start_ && opening_ == 0; }
  void abandon_opening();

  void set_intake(Intake intake, Nanos now) {
    intake_ = intake;
    if (intake == Intake::none) return end_schedule(now);
    if (open_) return;  // arrivals come by themselves
    for (std::uint32_t id = 0; id < slots_.size(); ++id) {
      slots_[id].free_at = now;
      fill(id, now);
    }
  }

  // Of a schedule (an open loop); without one they do nothing.
  void schedule(Nanos start, Nanos measure_start, Nanos end) {
    if (open_) open_->schedule(start, measure_start, end);
  }
  /// When the next arrival is due, and whether a slot is free for it.
  Nanos next_arrival_at() const { return open_ ? open_->next_at() : Nanos::max(); }
  bool has_free_slot() const { return !idle_.empty(); }
  void on_arrivals(Nanos now);
  std::uint64_t backlog() const { return open_ ? open_->waiting() : 0; }

  void on(const Completion& completion, Nanos now);
  void on_timers(Nanos now) {
    timers_.advance(now, [&](std::uint32_t id) { on_timer(id, now); });
  }
  Nanos next_timer_at() const { return timers_.next_at(); }

  /// Send times of the batch that the transport just handed over: sends run in order between the two clock
  /// readings.
  void stamp(const Submitted& batch);

  std::uint64_t under_way() const { return under_way_; }
  std::uint64_t connections() const { return connections_; }
  /// No work is left and none is under way.
  bool finished() const {
    return under_way_ == 0 && sending_ == 0 && (open_ ? open_->exhausted() : load_.exhausted());
  }

  /// Cuts off what is under way (counted as in flight) and closes every connection.
  void close_all(Nanos now);
  /// Generations go on from scenario to scenario: a late completion of the last one must not be taken for
  /// this one's.
  std::uint32_t next_generation() const;

  /// The kernel holds no bytes of ours any more.
  bool quiet() const { return sending_ == 0; }

 private:
  struct Batched {
    SlotId slot;
    std::uint32_t generation;
    std::uint32_t exchanges;  ///< 0: the rest of a partial send, already stamped
  };

  Exchange& place(std::uint32_t id, std::uint32_t offset) {
    std::uint32_t index = slots_[id].head + offset;
    if (index >= pipeline_) index -= pipeline_;
    return exchanges_[std::size_t{id} * pipeline_ + index];
  }
  Coordinates coordinates(std::uint32_t id, const Exchange& exchange) const {
    return {seed_, scenario_.index, exchange.seq, first_vu_ + id, exchange.iteration};
  }

  // taking and sending work
  void fill(std::uint32_t id, Nanos now);
  bool take(std::uint32_t id, Nanos now);
  void begin(std::uint32_t id, Nanos due_at, bool measured);
  bool may_send_more(const Slot& slot) const {
    return !scenario_.requests_per_connection ||
           slot.sent_here + slot.pending < *scenario_.requests_per_connection;
  }
  /// Without a schedule a VU that has work connects for it. With one an arrival waits for any slot, and only
  /// a flow that has begun belongs to its own.
  bool may_take_closed(const Slot& slot) const { return !open_ || slot.step != 0; }
  void send_pending(std::uint32_t id);
  std::span<const char> render_pending(std::uint32_t id);

  // a schedule
  bool take_due(std::uint32_t id);
  void begin_due(std::uint32_t id, const Due& due);
  bool start_in_free_slot(const Due& due);
  void offer(std::uint32_t id, Nanos now);
  void open_on_demand(Nanos now);
  void list_closed_slots(Nanos now);
  void end_schedule(Nanos now);

  // connections
  void connect(std::uint32_t id, Nanos now);
  void drop(std::uint32_t id);
  void connect_failed(std::uint32_t id, Failure kind, Nanos now);

  // events
  void on_timer(std::uint32_t id, Nanos now);
  void on_connected(std::uint32_t id, const Completion& completion, Nanos now);
  void on_sent(std::uint32_t id, const Completion& completion, Nanos now);
  void on_received(std::uint32_t id, const Completion& completion, Nanos now);
  void on_discarded(std::uint32_t id, const Completion& completion, Nanos now);
  void on_ended(std::uint32_t id, const Completion& completion, Nanos now);

  // exchanges
  void begin_answer(std::uint32_t id, Nanos at);
  std::uint32_t droppable(const Slot& slot, std::uint64_t at_least) const;
  void answered(std::uint32_t id, const Arrival& arrival);
  [[gnu::cold, gnu::noinline]] void bound(Exchange& exchange, Nanos arrived_at);
  bool judge(std::uint32_t id, const Exchange& exchange, int status);
  bool json_equals_request(std::uint32_t id, const Exchange& exchange);
  void cut(std::uint32_t id, Failure kind, bool may_retry, Nanos now);
  /// Since when the target has been asked: sent, or connecting for it.
  Nanos asked_at(std::uint32_t id, const Exchange& exchange) const {
    const Slot& slot = slots_[id];
    const bool of_one = slot.unanswered + slot.pending > 0;  // else what stands in its place is long over
    return of_one && exchange.sent_at.count() != 0 ? exchange.sent_at : slot.connect_began_at;
  }
  void fail(std::uint32_t id, const Exchange& exchange, Failure kind, Nanos now) {
    recorder_.failed(exchange, kind, asked_at(id, exchange), now);
    --under_way_;
    slots_[id].step = 0;
    freed(slots_[id], exchange, now);
  }

  // lateness
  void set_ideal(const Slot& slot, Exchange& exchange) const;
  /// Its exchange is over. What was sent late, for whatever reason, leaves its slot so much behind: without
  /// that the same service would have ended sooner.
  void freed(Slot& slot, const Exchange& exchange, Nanos at) const {
    slot.free_at = at;
    if (open_) slot.behind = exchange.sent_at.count() != 0 ? exchange.lag() : Nanos(0);
  }

  T& transport_;
  const ScenarioProgram& scenario_;
  Recorder& recorder_;
  ClosedLoop load_;
  std::optional<OpenLoop> open_;  ///< instead of load_, where there is a schedule
  TimerWheel timers_;
  std::uint64_t seed_;
  std::uint32_t first_vu_, pipeline_;
  Intake intake_ = Intake::none;
  bool in_setup_ = true, closing_ = false, discards_;
  std::uint32_t at_start_, next_to_open_ = 0, opening_ = 0, sending_ = 0;
  std::uint64_t under_way_ = 0, connections_ = 0;

  std::vector<Slot> slots_;
  std::vector<Exchange> exchanges_;         ///< slots × pipeline
  std::vector<HeadCache> head_caches_;      ///< by step
  std::vector<std::string> static_blocks_;  ///< by step: a static request `pipeline` times over
  ZeroPages<char> send_arena_;              ///< slots × bytes_per_slot_, for requests that are rendered
  std::size_t bytes_per_slot_ = 0;
  ZeroPages<char> body_arena_;  ///< slots × body_stride_, only where a check needs bodies
  std::size_t body_stride_ = 0;
  std::vector<char> request_body_;  ///< the request's body, rendered again for a check
  std::optional<JsonComparer> comparer_;
  // With a schedule, the slots that can take an arrival and those whose connection can be opened for one, the
  // longest there first. An entry may be out of date: what a slot is for is looked at when it is taken.
  FixedQueue<std::uint32_t> idle_, closed_;
  std::uint32_t opening_on_demand_ = 0;
  std::vector<Batched> batch_;
  std::size_t batch_head_ = 0;
};

}  // namespace saturn

#include "core/session/session_connect.hpp"   // IWYU pragma: keep
#include "core/session/session_exchange.hpp"  // IWYU pragma: keep
#include "core/session/session_schedule.hpp"  // IWYU pragma: keep
