// What the recorder pays per response: one value into a histogram and into the series; and what a merge of
// one shard costs at the end, for latencies that spread over a few octaves as those of a web server do.
#include <benchmark/benchmark.h>

#include <vector>

#include "core/base/prng.hpp"
#include "core/stats/hdr_encode.hpp"
#include "core/stats/series.hpp"

namespace saturn {
namespace {

std::vector<std::uint64_t> latencies() {
  Prng random(1);
  std::vector<std::uint64_t> values(4096);
  for (std::uint64_t& value : values)
    value = static_cast<std::uint64_t>(random.between(20'000, 50'000) << random.between(0, 6));
  return values;
}

Histogram filled() {
  Histogram histogram;
  for (int round = 0; round < 25; ++round)
    for (const std::uint64_t value : latencies()) histogram.record(value);
  return histogram;
}

void histogram_record(benchmark::State& state) {
  const auto values = latencies();
  Histogram histogram;
  std::size_t i = 0;
  for (auto _ : state) histogram.record(values[i++ % values.size()]);
  benchmark::DoNotOptimize(histogram.count());
}
BENCHMARK(histogram_record);

void histogram_merge(benchmark::State& state) {
  const Histogram shard = filled();
  Histogram sum;
  for (auto _ : state) {
    sum.merge(shard);
    benchmark::DoNotOptimize(sum.count());
  }
}
BENCHMARK(histogram_merge);

void histogram_percentile(benchmark::State& state) {
  const Histogram histogram = filled();
  for (auto _ : state) benchmark::DoNotOptimize(histogram.value_at_percentile(99));
}
BENCHMARK(histogram_percentile);

void histogram_encode(benchmark::State& state) {
  const Histogram histogram = filled();
  for (auto _ : state) benchmark::DoNotOptimize(encode_hdr(histogram));
}
BENCHMARK(histogram_encode);

void series_completed(benchmark::State& state) {
  const auto values = latencies();
  Series series;
  std::size_t i = 0;
  for (auto _ : state) {  // 100,000 responses a second, bins and widths go by as in a run
    series.completed(Nanos{static_cast<std::int64_t>(i) * 10'000}, values[i % values.size()], true);
    ++i;
  }
  benchmark::DoNotOptimize(series.width());
}
BENCHMARK(series_completed);

}  // namespace
}  // namespace saturn
