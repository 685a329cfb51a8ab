#include "core/stats/series.hpp"

#include <algorithm>

namespace saturn {

Series::Series()
    : bins_(kBins), latency_(std::make_unique_for_overwrite<std::uint32_t[]>(kBins * Layout::size())) {}

void Series::completed(Nanos since_start, std::uint64_t latency_ns, bool ok) noexcept {
  if (since_start < Nanos{0}) return;
  const std::size_t index = bin_at(since_start);
  Bin& bin = bins_[index];
  if (bin.completed == 0) begin_latencies(index);
  ++bin.completed;
  bin.not_ok += ok ? 0 : 1;
  bin.min_ns = std::min(bin.min_ns, latency_ns);
  bin.max_ns = std::max(bin.max_ns, latency_ns);
  ++latency_of(index)[Layout::clamped_index_of(latency_ns)];
}

void Series::failed(Nanos since_start) noexcept {
  if (since_start >= Nanos{0}) ++bins_[bin_at(since_start)].failed;
}

void Series::in_flight(Nanos since_start, std::uint64_t count) noexcept {
  if (since_start < Nanos{0} || count == 0) return;
  Bin& bin = bins_[bin_at(since_start)];
  bin.in_flight = std::max(bin.in_flight, count);
}

void Series::clock_step(Nanos from, Nanos to) noexcept {
  if (to < Nanos{0}) return;
  const std::size_t last = bin_at(to);  // first: it may double the width
  for (std::size_t index = bin_at(std::max(from, Nanos{0})); index <= last; ++index)
    bins_[index].clock_step = true;
}

std::size_t Series::bin_at(Nanos since_start) noexcept {
  const std::int64_t at = since_start.count();
  if (at >= recent_from_ns_ && at < recent_to_ns_) return recent_;
  while (at / width_ns_ >= static_cast<std::int64_t>(kBins)) double_width();
  recent_ = static_cast<std::size_t>(at / width_ns_);
  recent_from_ns_ = at - at % width_ns_;
  recent_to_ns_ = recent_from_ns_ + std::min(width_ns_, INT64_MAX - recent_from_ns_);
  used_ = std::max(used_, recent_ + 1);
  return recent_;
}

void Series::double_width() noexcept {
  for (std::size_t from = 1; from < used_; ++from) {
    Bin& target = bins_[from / 2];
    target.in_flight = std::max(target.in_flight, bins_[from].in_flight);
    add(from / 2, bins_[from], latency_of(from));
    bins_[from] = Bin{};
  }
  used_ = (used_ + 1) / 2;
  width_ns_ *= 2;
  recent_to_ns_ = recent_from_ns_;  // nothing is recent
}

void Series::add(std::size_t index, const Bin& bin, const std::uint32_t* latency) noexcept {
  Bin& target = bins_[index];
  if (target.completed == 0 && bin.completed != 0) begin_latencies(index);
  target.completed += bin.completed;
  target.not_ok += bin.not_ok;
  target.failed += bin.failed;
  target.clock_step = target.clock_step || bin.clock_step;
  if (bin.completed == 0) return;
  target.min_ns = std::min(target.min_ns, bin.min_ns);
  target.max_ns = std::max(target.max_ns, bin.max_ns);
  const std::size_t last = Layout::clamped_index_of(bin.max_ns);
  for (std::size_t i = Layout::clamped_index_of(bin.min_ns); i <= last; ++i)
    if (latency[i] != 0) latency_of(index)[i] += latency[i];
}

void Series::begin_latencies(std::size_t index) noexcept {
  std::fill_n(latency_of(index), Layout::size(), 0);
}

std::uint64_t Series::recent_p99_ns(Nanos since_start) const noexcept {
  const std::int64_t at = since_start.count();
  if (at < 0 || at / width_ns_ >= static_cast<std::int64_t>(kBins)) return 0;
  const auto now = static_cast<std::size_t>(at / width_ns_);
  const std::size_t from = now > 0 && at % width_ns_ < width_ns_ / 2 ? now - 1 : now;
  std::uint64_t count = 0, low = UINT64_MAX, high = 0;
  for (std::size_t bin = from; bin <= now; ++bin) {
    if (bins_[bin].completed == 0) continue;
    count += bins_[bin].completed;
    low = std::min(low, bins_[bin].min_ns);
    high = std::max(high, bins_[bin].max_ns);
  }
  if (count == 0) return 0;
  const std::uint64_t above = count / 100;  // so many may lie beyond it
  std::size_t i = Layout::clamped_index_of(high);
  const std::size_t lowest = Layout::clamped_index_of(low);
  for (std::uint64_t seen = 0; i > lowest; --i) {
    for (std::size_t bin = from; bin <= now; ++bin)
      if (bins_[bin].completed != 0) seen += latency_of(bin)[i];
    if (seen > above) break;
  }
  return std::min(Layout::highest_in(i), high);
}

void Series::merge(const Series& other) noexcept {
  while (width_ns_ < other.width_ns_) double_width();
  const auto ratio = static_cast<std::size_t>(width_ns_ / other.width_ns_);
  for (std::size_t from = 0; from < other.used_;) {
    const std::size_t index = from / ratio;
    const std::size_t next = std::min((index + 1) * ratio, other.used_);
    std::uint64_t in_flight = 0;
    for (; from < next; ++from) {
      in_flight = std::max(in_flight, other.bins_[from].in_flight);
      add(index, other.bins_[from], other.latency_of(from));
    }
    bins_[index].in_flight += in_flight;
    used_ = std::max(used_, index + 1);
  }
}

std::vector<SeriesPoint> Series::points(Nanos end) const {
  std::vector<SeriesPoint> points;
  points.reserve(used_);
  for (std::size_t index = 0; index < used_; ++index) points.push_back(point(index, end));
  return points;
}

SeriesPoint Series::point(std::size_t index, Nanos end) const {
  const Bin& bin = bins_[index];
  const Nanos start{static_cast<std::int64_t>(index) * width_ns_};
  SeriesPoint point;
  point.t_s = to_seconds(start);
  point.width_s = to_seconds(start < end ? std::min(width(), end - start) : width());
  point.rps = static_cast<double>(bin.completed) / point.width_s;
  if (bin.completed != 0) {
    point.p50_us = percentile_us(index, 50);
    point.p99_us = percentile_us(index, 99);
  }
  point.errors = bin.failed;
  point.not_ok = bin.not_ok;
  point.in_flight = bin.in_flight;
  point.clock_step = bin.clock_step;
  return point;
}

double Series::percentile_us(std::size_t index, std::uint64_t percent) const {
  const Bin& bin = bins_[index];
  const std::uint32_t* latency = latency_of(index);
  const std::uint64_t rank = (bin.completed * percent + 99) / 100;
  const std::size_t last = Layout::clamped_index_of(bin.max_ns);
  std::size_t i = Layout::clamped_index_of(bin.min_ns);
  for (std::uint64_t seen = 0; i < last; ++i) {
    seen += latency[i];
    if (seen >= rank) break;
  }
  return static_cast<double>(std::min(Layout::highest_in(i), bin.max_ns)) / 1000.0;
}

}  // namespace saturn
