// Deadlines of slots: one timer an id, O(1) to set, no kernel timer per request. A hashed wheel of 4,096
// ticks of about 1 ms; a deadline beyond the horizon is looked at again each turn of the wheel. Moving a
// deadline later costs nothing (the old entry is found to be early and put back), which is the common case:
// every request pushes its slot's time-out. Owner: one shard. Tested in tests/unit/timer_wheel_test.cpp.
#pragma once
#include <array>
#include <bit>
#include <cstdint>
#include <vector>

#include "core/base/assert.hpp"
#include "saturn/time.hpp"

namespace saturn {

class TimerWheel {
 public:
  static constexpr unsigned kTickBits = 20;  ///< a tick is 2^20 ns
  static constexpr std::size_t kBuckets = 4096;
  static constexpr Nanos kNever = Nanos::max();

  explicit TimerWheel(std::size_t ids) : deadline_(ids, kNever), links_(ids) {
    heads_.fill(kNone);
    expired_.reserve(ids);
    postponed_.reserve(ids);
  }

  /// The id fires once when advance() passes `at`; replaces its earlier deadline.
  void set(std::uint32_t id, Nanos at) {
    SATURN_ASSERT(id < links_.size());
    deadline_[id] = at;
    Link& link = links_[id];
    if (link.bucket != kNone) {
      if (tick_of(at) >= link.tick) return;
      unlink(id);
    }
    insert(id);
  }
  void clear(std::uint32_t id) { deadline_[id] = kNever; }
  Nanos deadline(std::uint32_t id) const { return deadline_[id]; }

  /// Calls fire(id) for each id whose deadline is not after `now`. fire may set and clear any timer.
  template <class Fire>
  void advance(Nanos now, Fire&& fire) {
    const std::uint64_t target = tick_of(now);
    if (target >= current_ + kBuckets) current_ = target - kBuckets + 1;
    for (; current_ <= target; ++current_)
      expire_bucket(static_cast<std::uint32_t>(current_ % kBuckets), now, fire);
    current_ = target;  // the tick under way is looked at again: it may hold deadlines later than now
  }

  /// When to call advance() next so that no timer fires more than a tick late; kNever when none is set.
  Nanos next_at() const {
    if (occupied_words_ == 0) return kNever;
    const auto first = static_cast<std::size_t>(current_ % kBuckets);
    std::size_t word = first / 64;
    std::uint64_t bits = occupied_[word] & ~std::uint64_t{0} << (first % 64);
    if (bits == 0) {  // the next word with anything in it; this one's earlier half comes last
      const int skipped = std::countr_zero(std::rotr(occupied_words_, static_cast<int>(word + 1)));
      word = (word + 1 + static_cast<std::size_t>(skipped)) % kWords;
      bits = occupied_[word];
    }
    const std::size_t bucket = word * 64 + static_cast<std::size_t>(std::countr_zero(bits));
    const std::uint64_t distance = (bucket + kBuckets - first) % kBuckets;
    return Nanos(static_cast<std::int64_t>((current_ + distance + 1) << kTickBits));
  }

 private:
  static constexpr std::uint32_t kNone = UINT32_MAX;
  static constexpr std::size_t kWords = kBuckets / 64;
  static_assert(kWords == 64, "one word says which words have anything in them");
  struct Link {
    std::uint32_t next = kNone, previous = kNone, bucket = kNone;
    std::uint64_t tick = 0;
  };

  static std::uint64_t tick_of(Nanos at) {
    return static_cast<std::uint64_t>(at.count() < 0 ? 0 : at.count()) >> kTickBits;
  }

  void insert(std::uint32_t id) {
    Link& link = links_[id];
    std::uint64_t tick = tick_of(deadline_[id]);
    if (tick < current_) tick = current_;
    if (tick >= current_ + kBuckets) tick = current_ + kBuckets - 1;
    link.tick = tick;
    link.bucket = static_cast<std::uint32_t>(tick % kBuckets);
    link.previous = kNone;
    link.next = heads_[link.bucket];
    if (link.next != kNone) links_[link.next].previous = id;
    heads_[link.bucket] = id;
    occupied_[link.bucket / 64] |= std::uint64_t{1} << (link.bucket % 64);
    occupied_words_ |= std::uint64_t{1} << (link.bucket / 64);
  }

  void unlink(std::uint32_t id) {
    Link& link = links_[id];
    if (link.next != kNone) links_[link.next].previous = link.previous;
    if (link.previous != kNone) {
      links_[link.previous].next = link.next;
    } else {
      heads_[link.bucket] = link.next;
      if (link.next == kNone) vacate(link.bucket);
    }
    link.bucket = kNone;
  }

  void vacate(std::uint32_t bucket) {
    std::uint64_t& word = occupied_[bucket / 64];
    word &= ~(std::uint64_t{1} << (bucket % 64));
    if (word == 0) occupied_words_ &= ~(std::uint64_t{1} << (bucket / 64));
  }

  template <class Fire>
  void expire_bucket(std::uint32_t bucket, Nanos now, Fire& fire) {
    std::uint32_t id = heads_[bucket];
    while (id != kNone) {
      const std::uint32_t next = links_[id].next;
      if (deadline_[id] <= now) {
        unlink(id);
        deadline_[id] = kNever;
        expired_.push_back(id);
      } else if (links_[id].tick < tick_of(deadline_[id]) || deadline_[id] == kNever) {
        unlink(id);
        if (deadline_[id] != kNever) postponed_.push_back(id);
      }
      id = next;
    }
    for (const std::uint32_t late : postponed_) insert(late);  // never into a bucket before the one under way
    postponed_.clear();
    for (const std::uint32_t fired : expired_) fire(fired);
    expired_.clear();
  }

  std::vector<Nanos> deadline_;
  std::vector<Link> links_;
  std::array<std::uint32_t, kBuckets> heads_{};
  std::array<std::uint64_t, kWords> occupied_{};
  std::uint64_t occupied_words_ = 0;
  std::vector<std::uint32_t> expired_, postponed_;
  std::uint64_t current_ = 0;
};

}  // namespace saturn
