#include "core/plan/rate.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

#include "core/plan/limits.hpp"
#include "core/plan/parse.hpp"

namespace saturn {
namespace {

__extension__ using Wide = unsigned __int128;

constexpr std::size_t kMostDigits = 15;  ///< of a rate, so that no product overflows

Error bad(std::string_view place, std::string message) {
  return Error{std::string(place), std::move(message), "write for example 1000, 50/s or 10/ms"};
}

/// "2.50" is 25 per 10 of the unit: `count` without the point, and the power of ten that makes up for it.
struct Decimal {
  std::uint64_t count = 0, scale = 1;
};

std::optional<Decimal> parse_decimal(std::string_view text) {
  const auto point = std::min(text.find('.'), text.size());
  std::string digits(text.substr(0, point));
  std::string decimals(text.substr(std::min(point + 1, text.size())));
  while (!decimals.empty() && decimals.back() == '0') decimals.pop_back();
  Decimal value;
  for (std::size_t i = 0; i < decimals.size(); ++i) value.scale *= 10;
  digits += decimals;
  if (digits.empty() || digits.size() > kMostDigits) return std::nullopt;
  const auto [end, code] = std::from_chars(digits.data(), digits.data() + digits.size(), value.count);
  if (code != std::errc{} || end != digits.data() + digits.size()) return std::nullopt;
  return value;
}

}  // namespace

Nanos arrival_offset(const Rate& rate, std::uint64_t number) {
  const Wide offset = static_cast<Wide>(number) * static_cast<std::uint64_t>(rate.per.count()) / rate.count;
  return offset > static_cast<Wide>(INT64_MAX) ? Nanos::max() : Nanos(static_cast<std::int64_t>(offset));
}

std::uint64_t arrivals_within(const Rate& rate, Nanos span) {
  if (span.count() <= 0) return 0;
  const auto per = static_cast<std::uint64_t>(rate.per.count());
  const Wide before = static_cast<Wide>(static_cast<std::uint64_t>(span.count())) * rate.count;
  const Wide number = (before + per - 1) / per;  // those with number × per < span × count
  return number > static_cast<Wide>(UINT64_MAX) ? UINT64_MAX : static_cast<std::uint64_t>(number);
}

Result<Rate> parse_rate(std::string_view text, std::string_view place) {
  const std::string quoted = "\"" + std::string(text) + "\"";
  const auto slash = std::min(text.find('/'), text.size());
  const auto number = parse_decimal(text.substr(0, slash));
  if (!number) return bad(place, quoted + " is not a rate");
  std::string unit = "1s";
  if (slash != text.size()) {
    unit = text.substr(slash + 1);
    const bool bare = unit.find_first_of("0123456789") == std::string::npos;  // "s" for "1s"
    if (bare) unit = "1" + unit;
  }
  const auto per = parse_duration(unit, place);
  if (!per || per->count() <= 0) return bad(place, quoted + " is not a rate");
  if (per->count() > limits::kTime.count() / static_cast<std::int64_t>(number->scale))
    return bad(place, quoted + " is too small a rate");
  return Rate{number->count, *per * static_cast<std::int64_t>(number->scale)};
}

std::string format_rate(const Rate& rate) {
  std::string per = format_duration(rate.per);
  const bool one = per.size() > 1 && per[0] == '1' && (per[1] < '0' || per[1] > '9');
  return std::to_string(rate.count) + "/" + (one ? per.substr(1) : per);
}

std::uint32_t connections_at_start(const Rate& rate) {
  const std::uint64_t wanted = arrivals_within(rate, std::chrono::milliseconds(10));
  return static_cast<std::uint32_t>(std::clamp<std::uint64_t>(wanted, 10, limits::kInFlight));
}

void settle_in_flight(Scenario& scenario, bool vus_given) {
  if (!scenario.rate || scenario.rate->count == 0 || scenario.rate->per.count() <= 0) return;
  if (vus_given) {
    if (!scenario.max_in_flight) scenario.max_in_flight = scenario.vus;
    return;
  }
  scenario.vus = std::min(connections_at_start(*scenario.rate), scenario.max_in_flight.value_or(UINT32_MAX));
}

}  // namespace saturn
