#include "serve_values.hpp"

#include <fmt/format.h>

#include <charconv>
#include <cmath>

#include "core/plan/parse.hpp"

namespace saturn::cli {
namespace {

constexpr const char* kSlow = "--delay-slow";
constexpr const char* kStall = "--stall";

Error wrong(const char* flag, std::string_view text, const char* remedy) {
  return {flag, fmt::format("'{}' cannot be read", text), remedy, ErrorKind::usage};
}

}  // namespace

Result<SlowShare> read_slow_share(std::string_view text) {
  constexpr const char* remedy = "such as 1%:20ms: every hundredth answer takes 20 ms";
  const std::size_t percent = text.find("%:");
  if (percent == std::string_view::npos) return wrong(kSlow, text, remedy);
  double share = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + percent, share);
  if (failure != std::errc{} || end != text.data() + percent) return wrong(kSlow, text, remedy);
  const double per_million = std::round(share * 1e4);
  if (!(per_million >= 1 && per_million <= 1e6))
    return Error{kSlow, fmt::format("{} is no share", text.substr(0, percent + 1)),
                 "give one from 0.0001% to 100%", ErrorKind::usage};
  const auto delay = parse_duration(text.substr(percent + 2), kSlow);
  if (!delay) return delay.errors();
  return SlowShare{static_cast<std::uint32_t>(per_million), *delay};
}

Result<target::Stall> read_stall(std::string_view text) {
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos)
    return wrong(kStall, text, "such as 1s:50ms: every second a pause of 50 ms");
  const auto every = parse_duration(text.substr(0, colon), kStall);
  if (!every) return every.errors();
  const auto lasts = parse_duration(text.substr(colon + 1), kStall);
  if (!lasts) return lasts.errors();
  if (*lasts <= Nanos(0) || *lasts >= *every)
    return Error{
        kStall,
        fmt::format("a pause of {} does not fit into {}", text.substr(colon + 1), text.substr(0, colon)),
        "the first value is the period, the second the shorter pause in it", ErrorKind::usage};
  return target::Stall{*every, *lasts};
}

}  // namespace saturn::cli
