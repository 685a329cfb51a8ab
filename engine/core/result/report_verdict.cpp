#include "core/result/report_verdict.hpp"

#include <fmt/format.h>

#include "core/result/verdict_figures.hpp"

namespace saturn {
namespace {

using text::Paint;

std::string_view in_words(LimitedBy limit) {
  switch (limit) {
    case LimitedBy::target:
      return "the target";
    case LimitedBy::generator:
      return "the generator";
    case LimitedBy::network:
      return "the network";
    case LimitedBy::load:
      return "the load asked for";
    case LimitedBy::unknown:
      break;
  }
  return "unknown";
}

Paint paint_of(const Verdict& verdict) {
  if (!verdict.valid) return Paint::red;
  return verdict.limited_by == LimitedBy::unknown ? Paint::yellow : Paint::green;
}

/// A sentence over as many lines as it needs.
void sentence(text::Page& page, std::string_view label, const std::string& words, Paint paint) {
  page.field(label, text::words(words), paint, " ");
}

}  // namespace

void write_verdict(text::Page& page, const ScenarioResult& s) {
  if (!s.verdict) return;
  const Verdict& found = *s.verdict;
  const Paint paint = paint_of(found);
  const std::string limit(in_words(found.limited_by));
  const bool none = found.reasons.empty();
  if (found.valid)
    sentence(page, "limited by", none ? limit : limit + ": " + found.reasons.front(), paint);
  else
    sentence(
        page, "NOT VALID",
        fmt::format("{}these figures are not the target's{}",
                    found.limited_by == LimitedBy::unknown ? "" : fmt::format("limited by {}, so ", limit),
                    none ? "" : ": " + found.reasons.front()),
        paint);
  for (std::size_t i = 1; i < found.reasons.size(); ++i)
    sentence(page, i == 1 ? "and" : "", found.reasons[i], found.valid ? Paint::plain : Paint::red);
  if (s.latency && s.latency_user)
    sentence(page, "median",
             fmt::format("user space saw p50 {}; the {} {}", verdict::time(s.latency_user->p50_us),
                         s.latency_from == "sent" ? "target took" : "answer was there after",
                         verdict::time(s.latency->p50_us)),
             Paint::plain);
}

}  // namespace saturn
