#include "progress.hpp"

#include <fmt/format.h>

#include <chrono>
#include <cmath>
#include <utility>
#include <vector>

#include "core/result/text_format.hpp"
#include "describe.hpp"
#include "signals.hpp"

namespace saturn::cli {
namespace {

constexpr Nanos kRateWindow = std::chrono::seconds(1);
constexpr Nanos kLineEvery = std::chrono::seconds(10);
constexpr Nanos kShortestForRate = std::chrono::milliseconds(200);

struct Part {
  std::string text;
  bool alarming = false;
};

std::string elapsed_of(const Progress& progress) {
  std::string text = fmt::format("{:.1f}", to_seconds(progress.elapsed));
  return text + (progress.planned ? fmt::format(" of {:g} s", to_seconds(*progress.planned)) : " s");
}

std::string phase_of(Phase phase) {
  switch (phase) {
    case Phase::warmup:
      return "warm-up";
    case Phase::drain:
      return "waiting for the last answers";
    case Phase::opening:
    case Phase::measure:
    case Phase::finished:
      break;
  }
  return {};
}

/// What of the work is done: of iterations where those are what was asked for.
std::string done_of(const Progress& progress) {
  if (!progress.planned_requests) return counted(progress.completed, "answer");
  const bool flow = progress.steps > 1;
  return text::count(flow ? progress.iterations : progress.completed) + " of " +
         counted(*progress.planned_requests, flow ? "iteration" : "request");
}

std::vector<Part> parts_of(const Progress& progress, std::optional<double> rate) {
  std::vector<Part> parts;
  if (progress.scenarios > 1)
    parts.push_back({fmt::format("{} {}/{}", progress.name, progress.scenario + 1, progress.scenarios)});
  if (progress.phase == Phase::opening) {
    parts.push_back({fmt::format("connecting {} of {}", text::count(progress.connections),
                                 text::count(progress.connections_planned))});
    return parts;
  }
  parts.push_back({elapsed_of(progress)});
  if (const auto phase = phase_of(progress.phase); !phase.empty()) parts.push_back({phase});
  if (rate) parts.push_back({text::count(static_cast<std::uint64_t>(std::llround(*rate))) + "/s"});
  if (progress.recent_p99_us) parts.push_back({"p99 " + text::time(*progress.recent_p99_us)});
  parts.push_back({counted(progress.failed, "error"), progress.failed != 0});
  if (progress.dropped != 0) parts.push_back({text::count(progress.dropped) + " dropped", true});
  if (progress.backlog != 0) parts.push_back({text::count(progress.backlog) + " waiting"});
  if (progress.not_ok != 0) parts.push_back({text::count(progress.not_ok) + " not ok", true});
  // The last ones are left out where the line is too narrow.
  if (progress.connections != 0) parts.push_back({counted(progress.connections, "connection")});
  parts.push_back({done_of(progress)});
  return parts;
}

Nanos steady_now() {
  return std::chrono::steady_clock::now().time_since_epoch();
}

}  // namespace

std::string progress_line(const Progress& progress, std::optional<double> rate, const Terminal& style) {
  std::string line = "  ";
  std::size_t used = 2;
  bool first = true;
  for (const auto& part : parts_of(progress, rate)) {
    const std::string separator = first ? "" : " · ";
    used += text::columns(separator) + text::columns(part.text);
    // The last column stays free: a terminal would wrap there, and a wrapped line cannot be redrawn.
    if (style.terminal && !first && used >= style.width) break;
    line += separator + (part.alarming && style.colour ? "\x1b[31m" + part.text + "\x1b[0m" : part.text);
    first = false;
  }
  return line;
}

std::optional<double> ProgressMeter::rate(const Progress& progress, Nanos now) {
  if (progress.scenario != scenario_) {
    scenario_ = progress.scenario;
    held_ = 0;
  }
  // Against the newest sample that is a second old; in the first second, against the oldest.
  const Sample* since = nullptr;
  for (std::size_t back = 1; back <= held_; ++back) {
    since = &samples_[(next_ + samples_.size() - back) % samples_.size()];
    if (now - since->at >= kRateWindow) break;
  }
  std::optional<double> rate;
  if (since != nullptr && now - since->at >= kShortestForRate)
    rate = static_cast<double>(progress.completed - since->completed) / to_seconds(now - since->at);
  samples_[next_] = {now, progress.completed};
  next_ = (next_ + 1) % samples_.size();
  held_ = std::min(held_ + 1, samples_.size());
  return rate;
}

std::string ProgressMeter::update(const Progress& progress, Nanos now) {
  const auto current = rate(progress, now);
  if (style_.terminal) {
    drawn_ = true;
    // The cursor goes back to the line's start: where a narrower window breaks the line in two, it stays on
    // the first part, and the next one, with what is below it taken away, leaves nothing behind.
    return "\r" + progress_line(progress, current, style_) + "\x1b[J\r";
  }
  if (!printed_at_) printed_at_ = now;
  if (now - *printed_at_ < kLineEvery) return {};
  *printed_at_ += kLineEvery;
  return progress_line(progress, current, style_) + "\n";
}

std::string ProgressMeter::clear() {
  return std::exchange(drawn_, false) ? "\r\x1b[J" : "";
}

ProgressView::ProgressView(std::FILE* out, bool no_color, bool quiet,
                           std::function<void(const std::string&, unsigned)> announce)
    : out_(out), meter_(terminal_of(out, no_color)), quiet_(quiet), announce_(std::move(announce)) {}

void ProgressView::run_starting(const std::string& address, unsigned shards) {
  announce_(address, shards);
}

void ProgressView::progress(const Progress& progress) {
  if (quiet_) return;
  if (stop_requested().load() && !std::exchange(told_stop_, true))
    write(meter_.clear() + "  stopping; Ctrl-C again ends at once, without a result\n");
  if (meter_.on_terminal()) meter_.resize(width_of(out_));
  write(meter_.update(progress, steady_now()));
}

void ProgressView::finish() {
  write(meter_.clear());
}

void ProgressView::write(const std::string& text) {
  if (text.empty()) return;
  std::fputs(text.c_str(), out_);
  std::fflush(out_);
}

}  // namespace saturn::cli
