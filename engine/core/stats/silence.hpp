// When nobody was answered, and when somebody had asked: what dead time is found from. `Silence` is a shard's
// account of it, in whole nanoseconds from the start of the measured phase; merging takes the times in which
// no shard heard anything, and those in which any had asked: exact, and in any order. `SilenceLog` keeps it
// while the shard runs: two comparisons for each piece received, no allocation. Owner: one shard, merged
// afterwards. Tested in tests/unit/silence_test.cpp.
#pragma once
#include <cstdint>
#include <vector>

#include "saturn/time.hpp"

namespace saturn {

struct TimeSpan {
  Nanos from{0}, to{0};
  bool operator==(const TimeSpan&) const = default;
};

class Silence {
 public:
  static constexpr Nanos kShortest = std::chrono::seconds(1);  ///< what is shorter is nobody's death
  static constexpr Nanos kAlways = Nanos::min() / 4, kForever = Nanos::max() / 4;
  static constexpr std::uint64_t kFewAnswers =
      10;  ///< so few say little of what is usual: the whole run's median does, too
  static constexpr int kUsualTimes = 10;
  static constexpr Nanos kBridged =
      std::chrono::seconds(1);  ///< nobody knows whether it was asked in between: a shard that stood still

  /// Nothing was heard in it.
  struct Gap {
    Nanos from = kAlways, to = kForever;
    Nanos usual{0};             ///< 99th percentile of service until then, without what waited through one
    std::uint64_t answers = 0;  ///< those that it is made from
    bool operator==(const Gap&) const = default;
  };

  std::vector<Gap> gaps = {Gap{}};  ///< at least `shortest`, in order; at first: nothing was ever heard
  std::vector<TimeSpan> asked;      ///< in order, apart from each other; complete within the gaps
  Nanos shortest = kShortest;       ///< more where there were too many gaps to be kept
  Nanos last_heard = kAlways;
  Nanos last_unreachable = kAlways;  ///< a connect failed or something timed out
  Nanos ended{0};                    ///< nothing is known of what came later

  void merge(const Silence& other);
  /// In order: nothing was heard though something had been asked, longer than the usual. Breaks in asking of
  /// up to a second are inside, but do not count as time asked. `median` of the service time counts where
  /// there were few answers. Uncut: a span may begin before the measured phase and end after it.
  std::vector<TimeSpan> dead(Nanos median) const;
};

class SilenceLog {
 public:
  static constexpr std::size_t kMostGaps = 4096, kMostSpans = 4096, kMostStalls = 1024;
  /// A failure stands for the time until the next try: a refused connect is tried again within a second.
  static constexpr Nanos kRefusedHolds = std::chrono::milliseconds(1100),
                         kFailureHolds = std::chrono::milliseconds(900);

  SilenceLog();

  /// What was sent at `sent_at` waited through a silence, so that its time is not the usual one.
  bool waited_through(Nanos sent_at) const { return sent_at < silent_until_; }
  /// Whether what is heard at `at` ends a silence: then silence_ends() is told what was usual before it.
  bool ends_silence(Nanos at) const { return at - silence_.last_heard >= silence_.shortest; }
  void silence_ends(Nanos at, Nanos usual, std::uint64_t answers);
  /// Bytes came at `at`, of an answer to what was sent at `sent_at`. Times need not come in order.
  void heard(Nanos sent_at, Nanos at) {
    if (waited_through(sent_at)) asked_in_silence(sent_at, at);
    if (at > silence_.last_heard) silence_.last_heard = at;
  }
  /// What was begun at `since` failed without an answer.
  void failed(Nanos since, Nanos at, bool unreachable, Nanos holds);
  /// Still without an answer at the end.
  void unanswered(Nanos since, Nanos at) { add(since, at); }
  /// The shard itself stood still: what happened in it is not known.
  void stalled(Nanos from, Nanos to);
  /// How much of this time that was.
  Nanos stalled_between(Nanos from, Nanos to) const;

  /// Ends the account. `usual` and `answers` as above.
  Silence finish(Nanos at, Nanos usual, std::uint64_t answers);

 private:
  void asked_in_silence(Nanos sent_at, Nanos at);
  void add(Nanos from, Nanos to);
  void make_room_for_a_gap();

  Silence silence_;
  Nanos silent_until_ = Silence::kAlways;  ///< the last gap's end
  std::vector<TimeSpan> stalls_;
};

}  // namespace saturn
