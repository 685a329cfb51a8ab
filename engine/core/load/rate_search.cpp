#include "core/load/rate_search.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>

namespace saturn {

RateSearch::RateSearch(const Options& options)
    : options_(options), rate_(rounded_rate(std::clamp(options.start, options.lowest, options.highest))) {}

void RateSearch::tell(bool held) {
  ++tries_;
  Seen& seen = seen_[rate_];
  ++(held ? seen.held : seen.missed);
  if (held && (!low_ || rate_ >= *low_)) {
    confirmed_ = low_ == rate_ && stage_ == Stage::confirm ? confirmed_ + 1 : 0;
    if (stage_ == Stage::grow && low_) factor_ = std::min(2.0, factor_ * factor_);
    low_ = rate_;
  }
  if (held && high_ == rate_) {  // the miss was not the target's: go on from here, carefully
    high_.reset();
    factor_ = 1 + 2 * options_.precision;
  }
  if (!held) lower_from(rate_);
  decide();
}

/// `missed` is the limit now: what held above it, or at it, counts no more.
void RateSearch::lower_from(double missed) {
  high_ = high_ ? std::min(*high_, missed) : missed;
  if (!low_ || *low_ < missed) return;
  confirmed_ = 0;
  low_.reset();
  for (auto at = seen_.lower_bound(missed); at != seen_.begin() && !low_;)
    if ((--at)->second.missed == 0) low_ = at->first;
}

bool RateSearch::near() const {
  return *high_ / *low_ <= 1 + options_.precision;
}

void RateSearch::try_next(Stage stage, double rate) {
  stage_ = stage;
  rate_ = rounded_rate(std::clamp(rate, options_.lowest, options_.highest));
}

void RateSearch::decide() {
  stage_ = Stage::done;
  if (tries_ >= options_.most_tries) return;
  if (!low_ && *high_ <= options_.lowest) return;
  if (!low_) return try_next(Stage::shrink, *high_ / 2);
  if (!high_ && *low_ < options_.highest) return try_next(Stage::grow, *low_ * factor_);
  if (high_ && !near()) {
    const double middle = rounded_rate(std::sqrt(*low_ * *high_));
    if (middle > *low_ && middle < *high_) return try_next(Stage::narrow, middle);
  }
  if (high_ && seen_[*high_].missed == 1 && seen_[*high_].held == 0) return try_next(Stage::doubt, *high_);
  if (confirmed_ < options_.confirmations) try_next(Stage::confirm, *low_);
}

std::string_view to_name(RateSearch::Stage stage) {
  static constexpr std::string_view kNames[] = {"grow", "shrink", "narrow", "doubt", "confirm", "done"};
  return kNames[static_cast<std::size_t>(stage)];
}

double rounded_rate(double per_second) {
  if (per_second <= 0) return 0;
  const double step = std::pow(10, std::floor(std::log10(per_second)) - 4);
  return step >= 1 ? std::round(per_second / step) * step
                   : std::round(per_second / step) / std::round(1 / step);
}

Rate to_rate(double per_second) {
  Rate rate;
  std::int64_t scale = 1;
  while (scale < 1'000'000 && std::abs(per_second * static_cast<double>(scale) -
                                       std::round(per_second * static_cast<double>(scale))) > 1e-6)
    scale *= 10;
  rate.count = static_cast<std::uint64_t>(std::llround(per_second * static_cast<double>(scale)));
  rate.per = std::chrono::seconds(scale);
  return rate;
}

}  // namespace saturn
