// Silence: what a shard heard and asked becomes dead time, exactly, and shards merge into what none heard.
#include "core/stats/silence.hpp"

#include <gtest/gtest.h>

#include <array>

namespace saturn {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr Nanos kService = milliseconds(1);

class Log {
 public:
  /// Answers from `from` to `to`, each millisecond one, sent 1 ms before; 99 % of them within 1 ms.
  Log& answers(Nanos from, Nanos to) {
    for (Nanos at = from; at <= to; at += milliseconds(1)) answer(at - kService, at);
    return *this;
  }
  Log& answer(Nanos sent, Nanos at) {
    if (log_.ends_silence(at)) log_.silence_ends(at, answers_ == 0 ? Nanos(0) : kService, answers_);
    log_.heard(sent, at);
    ++answers_;
    return *this;
  }
  Log& refused(Nanos at) {
    log_.failed(at, at, true, SilenceLog::kRefusedHolds);
    return *this;
  }
  Log& reset(Nanos sent, Nanos at) {
    log_.failed(sent, at, false, SilenceLog::kFailureHolds);
    return *this;
  }
  SilenceLog& log() { return log_; }
  Silence end(Nanos at) { return log_.finish(at, answers_ == 0 ? Nanos(0) : kService, answers_); }

 private:
  SilenceLog log_;
  std::uint64_t answers_ = 0;
};

using Spans = std::vector<TimeSpan>;

TEST(Silence, AnswersWithoutAPauseLeaveNone) {
  EXPECT_EQ(Log().answers(Nanos(0), seconds(3)).end(seconds(3)).dead(kService), Spans{});
}

TEST(Silence, OfATargetThatWasKilledLastsFromItsLastAnswerToTheEnd) {
  Log log;
  log.answers(Nanos(0), milliseconds(700)).reset(milliseconds(700), milliseconds(701));
  for (const int at : {702, 803, 1004, 1405, 2206}) log.refused(milliseconds(at));
  const Silence silence = log.end(milliseconds(2900));
  EXPECT_EQ(silence.dead(kService), (Spans{{milliseconds(700), milliseconds(2900)}}));
  EXPECT_EQ(silence.last_heard, milliseconds(700));
  EXPECT_EQ(silence.last_unreachable, milliseconds(2206));
}

TEST(Silence, OfATargetThatStoodStillIsNamedByTheAnswersThatEndIt) {
  Log log;
  log.answers(Nanos(0), milliseconds(500));
  log.answer(milliseconds(1990), milliseconds(2000));  // sent late, served first …
  log.answer(milliseconds(500), milliseconds(2001));   // … as others had been waiting all the time
  log.answers(milliseconds(2002), seconds(3));
  EXPECT_EQ(log.end(seconds(3)).dead(kService), (Spans{{milliseconds(500), milliseconds(2000)}}));
}

TEST(Silence, ShorterThanASecondIsNone) {
  for (const auto& [length, dead] : {std::pair(999, false), std::pair(1000, true)}) {
    Log log;
    log.answers(Nanos(0), seconds(1)).answer(seconds(1), seconds(1) + milliseconds(length));
    EXPECT_EQ(log.end(seconds(5)).dead(kService).size(), dead ? 1U : 0U) << length;
  }
}

TEST(Silence, ShorterThanTenTimesTheUsualIsNone) {
  for (const auto& [usual, dead] : {std::pair(150, true), std::pair(151, false)}) {
    SilenceLog log;
    log.heard(Nanos(0), milliseconds(10));
    log.silence_ends(milliseconds(1510), milliseconds(usual), 1000);
    log.heard(milliseconds(10), milliseconds(1510));
    EXPECT_EQ(log.finish(seconds(2), milliseconds(usual), 1000).dead(kService).size(), dead ? 1U : 0U);
  }
}

TEST(Silence, WithFewAnswersBeforeItIsMeasuredByTheWholeRunsMedianToo) {
  for (const auto& [answers, dead] : {std::pair(9, false), std::pair(10, true)}) {
    SilenceLog log;
    log.heard(Nanos(0), milliseconds(10));
    log.silence_ends(seconds(3), kService, static_cast<std::uint64_t>(answers));
    log.heard(milliseconds(10), seconds(3));
    EXPECT_EQ(log.finish(seconds(4), kService, 100).dead(seconds(1)).size(), dead ? 1U : 0U);
  }
}

TEST(Silence, InWhichNobodyAskedIsNotDead) {
  Log log;
  for (int second = 0; second < 20; second += 2) log.answer(seconds(second), seconds(second) + kService);
  EXPECT_EQ(log.end(seconds(20)).dead(kService), Spans{});
}

TEST(Silence, AroundOneFailureAtALowRateIsNotDead) {
  Log log;
  log.answers(Nanos(0), seconds(1)).reset(seconds(2), seconds(2)).answer(seconds(3), seconds(3) + kService);
  EXPECT_EQ(log.end(seconds(4)).dead(kService), Spans{});
}

TEST(Silence, OfRefusalsASecondApartIsOne) {
  Log log;
  log.answers(Nanos(0), seconds(1));
  for (int second = 2; second < 6; ++second) log.refused(seconds(second));
  log.answers(seconds(6), seconds(7));
  EXPECT_EQ(log.end(seconds(7)).dead(kService), (Spans{{seconds(2), seconds(6)}}));
}

TEST(Silence, OfResetsOneAfterAnotherIsOneAndRepeats) {
  Log log;
  for (int round = 0; round < 3; ++round) {
    const Nanos start = seconds(4 * round);
    log.answers(start, start + seconds(2));
    for (Nanos at = start + milliseconds(2001); at < start + seconds(4); at += milliseconds(5))
      log.reset(at - milliseconds(1), at);
  }
  EXPECT_EQ(log.end(seconds(12)).dead(kService),
            (Spans{{seconds(2), seconds(4)}, {seconds(6), seconds(8)}, {seconds(10), seconds(12)}}));
}

TEST(Silence, WhatIsLookedAtLateStillCountsWhenItCame) {
  Log log;
  log.answers(Nanos(0), seconds(1));
  log.answer(seconds(1), seconds(4));                      // handled first
  log.answer(seconds(1), seconds(2) + milliseconds(500));  // but this one came before it
  EXPECT_EQ(log.end(seconds(4)).dead(kService),
            (Spans{{seconds(1), milliseconds(2500)}, {milliseconds(2500), seconds(4)}}));
}

TEST(Silence, InWhichTheShardItselfStoodStillIsNotTheTargets) {
  Log log;
  log.answers(Nanos(0), seconds(1));
  log.log().stalled(seconds(1), milliseconds(3500));
  log.answer(seconds(1), milliseconds(3501));  // without the kernel's stamps: seen late
  EXPECT_EQ(log.end(seconds(4)).dead(kService), Spans{});
  EXPECT_EQ(log.log().stalled_between(milliseconds(3400), seconds(9)), milliseconds(100));
  EXPECT_EQ(log.log().stalled_between(Nanos(0), seconds(2)), seconds(1));
  EXPECT_EQ(log.log().stalled_between(milliseconds(3500), seconds(9)), Nanos(0));
}

TEST(Silence, IsNotCutInPiecesByAShardThatStoodStillForAMoment) {
  for (const auto& [asked, dead] : {std::pair(499, false), std::pair(500, true)}) {
    Log log;
    log.answers(Nanos(0), seconds(1));
    log.log().stalled(milliseconds(1500), milliseconds(2500));
    log.answer(seconds(1), milliseconds(2500 + asked));
    const auto found = log.end(seconds(4)).dead(kService);
    ASSERT_EQ(found.size(), dead ? 1U : 0U) << asked;
    if (!found.empty()) {
      EXPECT_EQ(found[0], (TimeSpan{seconds(1), seconds(3)}));
    }
  }
}

TEST(Silence, OfSeveralShardsIsWhereNoneHeardAnything) {
  Log dead_early, dead_late;
  dead_early.answers(Nanos(0), seconds(1)).answer(seconds(1), seconds(5));
  dead_late.answers(Nanos(0), seconds(2)).answer(seconds(2), milliseconds(5900));
  Silence sum;
  sum.merge(dead_early.end(seconds(6)));
  sum.merge(dead_late.end(seconds(6)));
  EXPECT_EQ(sum.dead(kService), (Spans{{seconds(2), seconds(5)}}));
  EXPECT_EQ(sum.last_heard, milliseconds(5900));

  Log alive;
  sum.merge(alive.answers(Nanos(0), seconds(6)).end(seconds(6)));
  EXPECT_EQ(sum.dead(kService), Spans{});
}

TEST(Silence, OfAShardWithoutWorkSaysNothing) {
  Log busy, idle;
  const Silence one = busy.answers(Nanos(0), seconds(1)).answer(seconds(1), seconds(3)).end(seconds(3));
  Silence sum = one;
  sum.merge(idle.end(seconds(3)));
  EXPECT_EQ(sum.dead(kService), one.dead(kService));
  EXPECT_EQ(sum.dead(kService).size(), 1U);
  EXPECT_EQ(sum.gaps, one.gaps);
}

TEST(Silence, IsAskedInByAnyShard) {
  // -R 1 over two shards: each meets a refusal every two seconds, together they ask all the time.
  Log odd, even;
  odd.answers(Nanos(0), seconds(1));
  even.answers(Nanos(0), seconds(1));
  for (int second = 2; second < 8; ++second) (second % 2 == 0 ? even : odd).refused(seconds(second));
  Silence sum = odd.end(seconds(8));
  EXPECT_EQ(sum.asked.size(), 4U);
  sum.merge(even.end(seconds(8)));
  EXPECT_EQ(sum.dead(kService), (Spans{{seconds(2), seconds(8)}}));
}

TEST(Silence, MergesTheSameInAnyOrder) {
  std::array<Silence, 3> all;
  for (int shard = 0; shard < 3; ++shard) {
    Log log;
    for (int round = 0; round < 10; ++round) {
      const Nanos start = seconds(5 * round) + milliseconds(300 * shard);
      log.answers(start, start + milliseconds(700 + 200 * shard));
      log.reset(start + seconds(1), start + seconds(1) + milliseconds(100 * (shard + 1)));
      log.answer(start + seconds(1), start + seconds(3));
    }
    all[static_cast<std::size_t>(shard)] = log.end(seconds(50));
  }
  Silence left = all[0], right = all[1];
  left.merge(all[1]);
  left.merge(all[2]);
  right.merge(all[2]);
  Silence other = all[0];
  other.merge(right);
  EXPECT_EQ(left.gaps, other.gaps);
  EXPECT_EQ(left.asked, other.asked);
  EXPECT_EQ(left.dead(kService), other.dead(kService));
  EXPECT_EQ(left.dead(kService).size(), 10U);
}

TEST(Silence, KeepsTheLongestGapsWhereThereAreTooMany) {
  SilenceLog log;
  Nanos at = Nanos(0);
  for (std::size_t i = 0; i < SilenceLog::kMostGaps + 100; ++i) {
    const Nanos next = at + (i % 2 == 0 ? milliseconds(1500) : milliseconds(2500));
    if (log.ends_silence(next)) log.silence_ends(next, kService, 1000);
    log.heard(at, next);
    at = next;
  }
  const Silence silence = log.finish(at, kService, 1000);
  EXPECT_EQ(silence.shortest, seconds(2));
  EXPECT_LE(silence.gaps.size(), SilenceLog::kMostGaps);
  EXPECT_EQ(silence.dead(kService).size(), (SilenceLog::kMostGaps + 100) / 2);
}

}  // namespace
}  // namespace saturn
