#include "core/result/verdict_stalls.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

#include "core/result/text_format.hpp"
#include "core/result/verdict_figures.hpp"

namespace saturn::verdict {
namespace {

constexpr double kDoubtOfNoAccount_us = 100;  ///< interrupts and waking a receiver take that long, too
constexpr double kMovedShare = 0.1;           ///< of a percentile: what it may be off by without a word
constexpr double kFrozenFactor = 10;          ///< times the median service time: slow answers are no freeze
constexpr double kOutOfTheOrdinary = 5;       ///< times the median service time: that p99 needs a cause
constexpr double kLateWorthAWord = 0.1;       ///< of the latency's p99

/// So much of the latency's p99 or median may be that sends were not exactly timed.
struct Doubt {
  const char* about = "";
  double of_us = 0, width_us = 0, share = 0;  ///< share: of the sends
};

/// Of `share` of the sends that are in doubt, how wide it is for the widest `needed` (of all sends); the next
/// lower percentile that is known, at least the median. nullopt: there are not enough.
std::optional<double> width_of(const Distribution& widths, double share, double needed) {
  if (share < needed) return std::nullopt;
  const double widest = needed / share;
  return widest <= 0.05   ? widths.p95_us
         : widest <= 0.1  ? widths.p90_us
         : widest <= 0.25 ? widths.p75_us
                          : widths.p50_us;
}

std::optional<Doubt> doubt_by_sends(const ScenarioResult& s) {
  if (!s.send_uncertainty || !s.latency || s.latency_from != "sent" || s.requests.measured == 0)
    return std::nullopt;
  const double share =
      static_cast<double>(s.send_uncertainty->count) / static_cast<double>(s.requests.measured);
  for (const auto& [about, of_us, needed] :
       {std::tuple{"p99", s.latency->p99_us, 0.01}, std::tuple{"median", s.latency->p50_us, 0.5}})
    if (const auto width = width_of(*s.send_uncertainty, share, needed);
        width && *width > std::max(kMovedShare * of_us, kDoubtOfNoAccount_us))
      return Doubt{about, of_us, *width, share};
  return std::nullopt;
}

}  // namespace

bool freeze_shows(const ScenarioResult& s) {
  if (!s.requests.due || !s.freezes || !s.latency || !s.service) return false;
  const double longest_us = s.freezes->longest_s * 1e6;
  return s.freezes->times > 0 && longest_us >= kFrozenFactor * s.service->p50_us &&
         s.latency->p99_us >= kOutOfTheOrdinary * s.service->p50_us && 2 * longest_us >= s.latency->p99_us;
}

bool machine_froze(const ScenarioResult& s) {
  return freeze_shows(s) && 2 * s.freezes->held_up_s >= s.freezes->total_s;
}

std::optional<Finding> send_uncertainty(const VerdictCase& c) {
  const auto doubt = doubt_by_sends(c.scenario);
  if (!doubt) return std::nullopt;
  return Finding{
      LimitedBy::generator,
      true,
      fmt::format(
          "{} of the sends were interrupted, for {}: the latency {} of {} may be too high by that much",
          percent(doubt->share), time(doubt->width_us), doubt->about, time(doubt->of_us)),
      {"stop what else runs on saturn's cores, or give it cores of its own with taskset -c"}};
}

std::optional<Finding> target_froze(const VerdictCase& c) {
  const ScenarioResult& s = c.scenario;
  if (!freeze_shows(s) || machine_froze(s)) return std::nullopt;
  const std::string catching_up =
      late_share(s).value_or(0) > kLateWorthAWord
          ? fmt::format("; of that saturn needed up to {} to catch up", time(s.lag->p99_us))
          : "";
  return Finding{
      LimitedBy::target, false,
      fmt::format(
          "the target froze: {} {} it answered nobody, for up to {}, which made the latency p99 of {}{}; "
          "its median service time was {}",
          text::count(s.freezes->times), s.freezes->times == 1 ? "time" : "times",
          time(s.freezes->longest_s * 1e6), time(s.latency->p99_us), catching_up, time(s.service->p50_us))};
}

}  // namespace saturn::verdict
