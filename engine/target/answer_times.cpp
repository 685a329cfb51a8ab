#include "target/answer_times.hpp"

#include <algorithm>

#include "core/stats/hdr_encode.hpp"

namespace saturn::target {

void AnswerTotals::add_exact(std::uint64_t sum_ns, std::uint64_t min_ns, std::uint64_t max_ns) {
  sum_ns_ += sum_ns;
  min_ns_ = std::min(min_ns_, min_ns);
  max_ns_ = std::max(max_ns_, max_ns);
}

MaybeDistribution AnswerTotals::summary() const {
  MaybeDistribution summary = summarise(buckets_, true);
  if (!summary) return summary;
  const double max_us = static_cast<double>(max_ns_) / 1000.0;
  summary->min_us = static_cast<double>(min_ns_) / 1000.0;
  summary->max_us = max_us;
  summary->mean_us = static_cast<double>(sum_ns_) / static_cast<double>(summary->count) / 1000.0;
  for (double* percentile : {&summary->p50_us, &summary->p75_us, &summary->p90_us, &summary->p95_us,
                             &summary->p99_us, &summary->p99_9_us, &summary->p99_99_us})
    *percentile = std::min(*percentile, max_us);
  return summary;
}

void AnswerTimes::record(Nanos arrived_at, Nanos sent_at) {
  if (get(cleared_) != get(asked_)) clear();
  if (arrived_at == kNoStamp || sent_at < arrived_at) return set(unstamped_, get(unstamped_) + 1);
  const auto took_ns = static_cast<std::uint64_t>((sent_at - arrived_at).count());
  Cell& bucket = buckets_[Histogram::Layout::clamped_index_of(took_ns)];
  set(sum_ns_, get(sum_ns_) + took_ns);
  if (took_ns < get(min_ns_)) set(min_ns_, took_ns);
  if (took_ns > get(max_ns_)) set(max_ns_, took_ns);
  bucket.store(get(bucket) + 1, std::memory_order_release);  // last: a reader that finds it finds the rest
}

void AnswerTimes::clear() {
  const std::uint64_t asked = get(asked_);
  for (Cell& bucket : buckets_) set(bucket, 0);
  set(unstamped_, 0);
  set(sum_ns_, 0);
  set(min_ns_, UINT64_MAX);
  set(max_ns_, 0);
  cleared_.store(asked, std::memory_order_release);
}

void AnswerTimes::add_to(AnswerTotals& totals) const {
  if (cleared_.load(std::memory_order_acquire) != get(asked_)) return;
  for (std::size_t i = 0; i < buckets_.size(); ++i)
    if (const std::uint64_t count = buckets_[i].load(std::memory_order_acquire); count != 0)
      totals.add(i, count);
  totals.unstamped += get(unstamped_);
  totals.add_exact(get(sum_ns_), get(min_ns_), get(max_ns_));
}

}  // namespace saturn::target
