// The result of `saturn saturate` for people: the rate, whose limit it is, and every rate that was tried with
// its p99 as a bar. Tested in tests/unit/saturation_test.cpp.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/result/saturation.hpp"
#include "core/result/text_format.hpp"

namespace saturn {
namespace {

using text::Page;
using text::Paint;

constexpr std::size_t kBar = 18;

std::string_view in_words(LimitedBy limit) {
  switch (limit) {
    case LimitedBy::target:
      return "the target";
    case LimitedBy::generator:
      return "saturn itself";
    case LimitedBy::network:
      return "the network";
    case LimitedBy::load:
      return "what was asked for";
    case LimitedBy::unknown:
      break;
  }
  return "unknown";
}

std::string time(const std::optional<double>& us) {
  return us ? text::duration(*us / 1e6) : "none";
}

std::string percent(const std::optional<double>& share) {
  return share ? fmt::format("{:.3g} %", *share * 100) : "none";
}

/// 1 to kBar: by the ratio to the least and the largest p99, so that 1 ms and 1 s fit one picture.
std::string bar(const std::optional<double>& us, double least, double most) {
  if (!us || *us <= 0) return "";
  const double place = most > least ? std::log(*us / least) / std::log(most / least) : 0;
  const auto length = 1 + static_cast<std::size_t>(std::llround(place * static_cast<double>(kBar - 1)));
  std::string drawn;
  for (std::size_t i = 0; i < std::min(length, kBar); ++i) drawn += "█";
  return drawn;
}

void write_points(Page& page, const std::vector<SaturationPoint>& points) {
  std::vector<const SaturationPoint*> by_rate;
  double least = 0, most = 0;
  for (const auto& p : points) {
    by_rate.push_back(&p);
    const double us = p.p99_us.value_or(0);
    if (us > 0) least = least > 0 ? std::min(least, us) : us;
    most = std::max(most, us);
  }
  std::stable_sort(by_rate.begin(), by_rate.end(),
                   [](const auto* a, const auto* b) { return a->rate < b->rate; });
  page.blank();
  page.line("      asked/s  answered/s       p50       p99   errors         log of p99");
  for (const auto* p : by_rate) {
    std::string line = text::right(text::rate(p->rate), 13) +
                       text::right(p->rps ? text::rate(*p->rps) : "none", 12) +
                       text::right(time(p->p50_us), 10) + text::right(time(p->p99_us), 10) +
                       text::right(percent(p->errors_rate), 9) + (p->sustained ? "  ok   " : "  miss ") +
                       bar(p->p99_us, least, most);
    while (line.back() == ' ') line.pop_back();
    page.line(line, p->sustained ? Paint::plain : Paint::yellow);
  }
}

void write_found(Page& page, const SaturationResult& r) {
  if (!r.max_rate) return page.field("max rate", {"none: no rate was sustained"}, Paint::red);
  std::vector<std::string> items = {fmt::format("{}/s sustained", text::rate(*r.max_rate))};
  items.emplace_back(r.confirmed ? "confirmed" : "not confirmed");
  page.field("max rate", items, Paint::bold);
}

}  // namespace

std::string progress_line(const SaturationPoint& p) {
  return fmt::format("  {}/s: p99 {}, {}{}{}", text::rate(p.rate), time(p.p99_us),
                     p.sustained ? "ok" : "miss", p.why.empty() ? "" : " (" + p.why + ")",
                     p.shards > 1 ? fmt::format(", {} threads", p.shards) : "");
}

std::string to_text(const SaturationResult& r, const TextStyle& style) {
  Page page({style.colour, std::max(style.width, 80U)});
  page.line(fmt::format("saturate  {}", r.url), Paint::bold);
  if (r.interrupted)
    page.line(fmt::format("INTERRUPTED after {}: the search was not finished.", text::duration(r.elapsed_s)),
              Paint::yellow);
  if (!r.balanced)
    page.line("SATURN'S OWN ACCOUNTS DO NOT BALANCE: trust none of these figures, please report", Paint::red);
  for (const auto& note : r.notes) page.field("note", text::words(note), Paint::yellow, " ");
  page.blank();
  write_found(page, r);
  if (!r.reason.empty())
    page.field("limited by", text::words(fmt::format("{}: {}", in_words(r.limited_by), r.reason)),
               r.limited_by == LimitedBy::generator ? Paint::yellow : Paint::plain, " ");
  page.field("SLO", r.slos);
  if (r.one_at_a_time)
    page.field("unloaded", {fmt::format("{}/s", text::rate(r.one_at_a_time->rps)),
                            fmt::format("p50 {}", time(r.one_at_a_time->p50_us)),
                            fmt::format("p99 {}", time(r.one_at_a_time->p99_us)), "one request at a time"});
  if (!r.points.empty()) write_points(page, r.points);
  return page.take();
}

}  // namespace saturn
