// WHEN, for a schedule: arrivals that are due start in a free slot, wait in a bounded backlog, or are dropped
// and counted; nothing is ever put off in silence. With a fixed total only arrivals that were not dropped use
// it up. due = begun + dropped + waiting, at every moment. Pure; owner: one shard. Tested in
// tests/unit/open_loop_test.cpp.
#pragma once
#include <optional>

#include "core/base/fixed_queue.hpp"
#include "core/load/arrivals.hpp"

namespace saturn {

class OpenLoop {
 public:
  OpenLoop(const ScenarioProgram& scenario, const ScenarioShare& share)
      : arrivals_(scenario, share),
        backlog_(share.backlog),
        total_(scenario.total_iterations),
        left_(share.iterations.value_or(UINT64_MAX)),
        next_seq_(share.first_seq) {}

  void schedule(Nanos start, Nanos measure_start, Nanos end) {
    arrivals_.schedule(start, measure_start, end);
  }

  /// When the next arrival is due; Nanos::max() when none is left.
  Nanos next_at() const { return arrivals_.next_at(); }

  /// Takes in every arrival that is due at `now`, in order. start(Due) tells whether a free slot took it.
  template <class Start>
  void advance(Nanos now, Start&& start) {
    for (; arrivals_.next_at() <= now; arrivals_.advance()) {
      if (left_ == 0 && arrivals_.next().measured) return arrivals_.end();
      Due due = numbered(arrivals_.next());
      due.seen_at = now;
      ++due_;
      if (backlog_.empty() && start(due)) {
        use_up(due);
      } else if (!backlog_.full()) {
        backlog_.push(due);
        use_up(due);
      } else {
        ++dropped_;
      }
    }
  }

  /// The arrival that has waited longest.
  std::optional<Due> take() {
    if (backlog_.empty()) return std::nullopt;
    return backlog_.pop();
  }
  std::size_t waiting() const { return backlog_.size(); }

  /// A later step of a flow is due when the one before it has ended.
  void count_due() { ++due_; }

  /// Nothing becomes due any more; what waits is given up. Returns how many.
  std::uint64_t end() {
    const std::uint64_t given_up = backlog_.size();
    backlog_.clear();
    arrivals_.end();
    return given_up;
  }

  /// The fixed total is used up, and none of it waits.
  bool exhausted() const { return left_ == 0 && backlog_.empty(); }
  std::uint64_t due() const { return due_; }
  std::uint64_t dropped() const { return dropped_; }

 private:
  /// With a fixed total the measured arrivals have the share's own block of numbers, the warm-up's lie
  /// beyond.
  Due numbered(Due due) const {
    if (total_) due.seq = due.measured ? next_seq_ : *total_ + due.seq;
    return due;
  }
  void use_up(const Due& due) {
    if (!due.measured || !total_) return;
    ++next_seq_;
    --left_;
  }

  Arrivals arrivals_;
  FixedQueue<Due> backlog_;
  std::optional<std::uint64_t> total_;
  std::uint64_t left_, next_seq_, due_ = 0, dropped_ = 0;
};

}  // namespace saturn
