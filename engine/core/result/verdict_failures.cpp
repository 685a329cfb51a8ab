#include "core/result/verdict_failures.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/result/report_dead.hpp"
#include "core/result/text_format.hpp"
#include "core/result/verdict_figures.hpp"

namespace saturn::verdict {
namespace {

constexpr double kDeadShare = 0.1;       ///< of the time: a closed loop's rate is a tenth lower by it
constexpr double kDeadShareOpen = 0.01;  ///< of what is due: from here it makes the 99th percentile
constexpr double kFailedShare = 0.1;     ///< of the requests: another load than the one asked for
constexpr double kFailedRemark = 0.01;
constexpr double kStarved =
    0.5;  ///< of the time: answers in the ring go before deadlines, so less does no harm

std::uint64_t failed_as(const ScenarioResult& s, Failure kind) {
  return s.errors[static_cast<std::size_t>(kind)];
}

std::uint64_t timed_out(const ScenarioResult& s) {
  return failed_as(s, Failure::connect_timeout) + failed_as(s, Failure::response_timeout);
}

/// Time-outs in which a shard stood still for a tenth of the wait, or had no core for half of the time, may
/// be the generator's.
std::uint64_t own_timeouts(const ScenarioResult& s) {
  const bool starved = std::any_of(s.shards.begin(), s.shards.end(),
                                   [](const ShardFacts& shard) { return waited_share(shard) > kStarved; });
  return starved ? timed_out(s) : std::min(timed_out(s), s.generator.stalled_timeouts);
}

std::uint64_t failed_by_the_target(const ScenarioResult& s) {
  std::uint64_t sum = timed_out(s) - own_timeouts(s);
  for (const Failure kind : {Failure::connect_refused, Failure::reset, Failure::closed_early,
                             Failure::malformed, Failure::too_large})
    sum += failed_as(s, kind);
  return sum;
}

double of_started(const ScenarioResult& s, std::uint64_t count) {
  return s.requests.started == 0 ? 0 : static_cast<double>(count) / static_cast<double>(s.requests.started);
}

/// "134 reset, 20 connect_refused", the most frequent first.
std::string kinds_of(const ScenarioResult& s, std::initializer_list<Failure> kinds) {
  std::vector<Failure> sorted(kinds);
  std::stable_sort(sorted.begin(), sorted.end(),
                   [&](Failure a, Failure b) { return failed_as(s, a) > failed_as(s, b); });
  std::string words;
  for (const Failure kind : sorted)
    if (const std::uint64_t count = failed_as(s, kind); count > 0)
      words += fmt::format("{}{} {}", words.empty() ? "" : ", ", text::count(count), to_name(kind));
  return words;
}

}  // namespace

bool dead_makes_figures(const ScenarioResult& s) {
  if (!s.dead || s.dead->time_s <= 0) return false;
  return s.dead->gone || s.dead->share >= (s.requests.due ? kDeadShareOpen : kDeadShare);
}

std::optional<Finding> dead(const VerdictCase& c) {
  const ScenarioResult& s = c.scenario;
  if (!s.dead || s.dead->windows.empty()) return std::nullopt;
  std::string reason = fmt::format("the target gave no answer {} ({} of the time)", dead_in_words(*s.dead),
                                   percent(s.dead->share));
  for (const std::string& window : dead_windows(*s.dead)) reason += ", " + window;
  if (s.dead->gone) reason += "; it did not come back";
  Finding finding{std::nullopt, false, std::move(reason)};
  if (dead_makes_figures(s)) {
    finding.limited_by = LimitedBy::target;
    finding.remedy = {"look into the target's own log"};
  }
  finding.severity = Severity::failure;
  return finding;
}

std::optional<Finding> failures(const VerdictCase& c) {
  const ScenarioResult& s = c.scenario;
  const std::uint64_t count = failed_by_the_target(s);
  const double share = of_started(s, count);
  if (count == 0 || share < kFailedRemark) return std::nullopt;
  Finding finding{
      std::nullopt, false,
      fmt::format(
          "{} of {} requests failed at the target ({})", text::count(count), text::count(s.requests.started),
          kinds_of(s, {Failure::connect_refused, Failure::reset, Failure::closed_early, Failure::malformed,
                       Failure::too_large, Failure::connect_timeout, Failure::response_timeout}))};
  if (share >= kFailedShare) {
    finding.limited_by = LimitedBy::target;
    finding.remedy = {"look into the target's own log"};
  }
  finding.severity = Severity::failure;
  return finding;
}

std::optional<Finding> own_failures(const VerdictCase& c) {
  const ScenarioResult& s = c.scenario;
  const std::uint64_t errors = failed_as(s, Failure::connect_error) + failed_as(s, Failure::send_error);
  const std::uint64_t count = errors + own_timeouts(s);
  const double share = of_started(s, count);
  if (count == 0 || share < kFailedRemark) return std::nullopt;
  const bool decides = share >= kFailedShare;
  Finding finding{
      decides ? std::optional(LimitedBy::generator) : std::nullopt,
      decides,
      fmt::format("{} of {} requests failed on this machine ({}{})", text::count(count),
                  text::count(s.requests.started), kinds_of(s, {Failure::connect_error, Failure::send_error}),
                  own_timeouts(s) == 0 ? ""
                                       : fmt::format("{}{} timed out while saturn had no core",
                                                     errors == 0 ? "" : ", ", text::count(own_timeouts(s)))),
      {errors >= own_timeouts(s) ? "ports, descriptors or the way to the target are short; see saturn doctor"
                                 : "give saturn cores of its own"}};
  finding.severity = Severity::failure;
  return finding;
}

}  // namespace saturn::verdict
