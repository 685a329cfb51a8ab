#include "core/stats/silence.hpp"

#include <algorithm>

namespace saturn {
namespace {

/// Puts a span into a list in order, one with those that it touches. Allocates nothing within the capacity;
/// beyond, it is taken together with the last one.
void insert(std::vector<TimeSpan>& all, TimeSpan span) {
  auto first = std::lower_bound(all.begin(), all.end(), span,
                                [](const TimeSpan& a, const TimeSpan& b) { return a.to < b.from; });
  auto last = first;
  for (; last != all.end() && last->from <= span.to; ++last) {
    span.from = std::min(span.from, last->from);
    span.to = std::max(span.to, last->to);
  }
  if (first != last) {
    *first = span;
    all.erase(first + 1, last);
  } else if (all.size() < all.capacity()) {
    all.insert(first, span);
  } else if (first != all.end()) {
    first->from = span.from;
  } else {
    all.back().to = span.to;
  }
}

std::vector<TimeSpan> without(const std::vector<TimeSpan>& all, const std::vector<TimeSpan>& cuts) {
  std::vector<TimeSpan> kept;
  for (TimeSpan span : all) {
    for (const TimeSpan& cut : cuts) {
      if (cut.to <= span.from || cut.from >= span.to) continue;
      if (cut.from > span.from) kept.push_back({span.from, cut.from});
      span.from = std::min(cut.to, span.to);
    }
    if (span.from < span.to) kept.push_back(span);
  }
  return kept;
}

}  // namespace

void Silence::merge(const Silence& other) {
  shortest = std::max(shortest, other.shortest);
  std::vector<Gap> both;
  for (std::size_t mine = 0, theirs = 0; mine < gaps.size() && theirs < other.gaps.size();) {
    const Gap &a = gaps[mine], &b = other.gaps[theirs];
    const Gap gap{std::max(a.from, b.from), std::min(a.to, b.to), std::max(a.usual, b.usual),
                  a.answers + b.answers};
    if (gap.to - gap.from >= shortest) both.push_back(gap);
    ++(a.to < b.to ? mine : theirs);
  }
  gaps = std::move(both);
  asked.reserve(asked.size() + other.asked.size());
  for (const TimeSpan& span : other.asked) insert(asked, span);
  last_heard = std::max(last_heard, other.last_heard);
  last_unreachable = std::max(last_unreachable, other.last_unreachable);
  ended = std::max(ended, other.ended);
}

std::vector<TimeSpan> Silence::dead(Nanos median) const {
  std::vector<TimeSpan> found;
  for (const Gap& gap : gaps) {
    const Nanos usual = gap.answers < kFewAnswers ? std::max(gap.usual, median) : gap.usual;
    const Nanos least = std::max(shortest, kUsualTimes * usual);
    TimeSpan whole;
    Nanos sum{0};  // of what is known to have been asked in it
    const auto close = [&] {
      if (sum >= least) found.push_back(whole);
      sum = Nanos(0);
    };
    for (const TimeSpan& span : asked) {
      const Nanos from = std::max(gap.from, span.from), to = std::min({gap.to, span.to, ended});
      if (from >= to) continue;
      if (from - whole.to > kBridged) close();
      if (sum == Nanos(0)) whole.from = from;
      whole.to = to;
      sum += to - from;
    }
    close();
  }
  return found;
}

SilenceLog::SilenceLog() {
  silence_.gaps.clear();
  silence_.gaps.reserve(kMostGaps);
  silence_.asked.reserve(kMostSpans);
  stalls_.reserve(kMostStalls);
}

void SilenceLog::silence_ends(Nanos at, Nanos usual, std::uint64_t answers) {
  make_room_for_a_gap();
  if (at - silence_.last_heard < silence_.shortest) return;
  silence_.gaps.push_back({silence_.last_heard, at, usual, answers});
  silent_until_ = at;
}

/// Where there are too many, those are kept that are twice as long.
void SilenceLog::make_room_for_a_gap() {
  while (silence_.gaps.size() >= kMostGaps) {
    silence_.shortest *= 2;
    std::erase_if(silence_.gaps,
                  [&](const Silence::Gap& gap) { return gap.to - gap.from < silence_.shortest; });
  }
}

/// Something heard late: it had been asked in the silence, and where it came before the silence ended there
/// was less of that.
void SilenceLog::asked_in_silence(Nanos sent_at, Nanos at) {
  auto& gaps = silence_.gaps;
  for (std::size_t i = gaps.size(); i-- > 0 && gaps[i].to > sent_at;) {
    const Silence::Gap gap = gaps[i];
    add(std::max(sent_at, gap.from), std::min(at, gap.to));
    if (at <= gap.from || at >= gap.to) continue;
    gaps[i].from = at;
    if (gap.to - at < silence_.shortest) gaps.erase(gaps.begin() + static_cast<std::ptrdiff_t>(i));
    if (at - gap.from >= silence_.shortest && gaps.size() < kMostGaps)
      gaps.insert(gaps.begin() + static_cast<std::ptrdiff_t>(i), {gap.from, at, gap.usual, gap.answers});
  }
}

void SilenceLog::add(Nanos from, Nanos to) {
  if (from < to) insert(silence_.asked, {from, to});
}

void SilenceLog::failed(Nanos since, Nanos at, bool unreachable, Nanos holds) {
  // Failures between answers leave nothing behind.
  auto& asked = silence_.asked;
  while (!asked.empty() && asked.back().to <= silence_.last_heard && asked.back().from >= silent_until_)
    asked.pop_back();
  add(since, at + holds);
  if (unreachable) silence_.last_unreachable = std::max(silence_.last_unreachable, at);
}

void SilenceLog::stalled(Nanos from, Nanos to) {
  if (from < to && stalls_.size() < kMostStalls) stalls_.push_back({from, to});
}

Nanos SilenceLog::stalled_between(Nanos from, Nanos to) const {
  Nanos sum{0};
  for (auto stall = stalls_.rbegin(); stall != stalls_.rend() && stall->to > from; ++stall)
    sum += std::max(Nanos(0), std::min(stall->to, to) - std::max(stall->from, from));
  return sum;
}

Silence SilenceLog::finish(Nanos at, Nanos usual, std::uint64_t answers) {
  make_room_for_a_gap();
  silence_.gaps.push_back({silence_.last_heard, Silence::kForever, usual, answers});
  silence_.asked = without(silence_.asked, stalls_);
  silence_.ended = at;
  return std::move(silence_);
}

}  // namespace saturn
