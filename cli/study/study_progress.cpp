#include "study/study_progress.hpp"

#include <fmt/format.h>

#include "core/result/text_format.hpp"
#include "system/clock/system_clock.hpp"

namespace saturn::study {
namespace {

constexpr Nanos kEvery = std::chrono::seconds(10);  ///< without a terminal

}  // namespace

std::string progress_words(const Progress& progress) {
  std::string words(progress.name);
  if (progress.planned_requests)
    words += fmt::format(" {} of {}", text::count(progress.completed + progress.failed),
                         text::count(*progress.planned_requests));
  else if (progress.planned)
    words += fmt::format(" {:.0f} of {:.0f} s",
                         std::min(to_seconds(progress.elapsed), to_seconds(*progress.planned)),
                         to_seconds(*progress.planned));
  if (progress.failed + progress.not_ok > 0)
    words += fmt::format(", {} failed or not ok", text::count(progress.failed + progress.not_ok));
  return words;
}

Share share_of(const Progress& progress) {
  if (progress.planned_requests)
    return {static_cast<double>(progress.completed + progress.failed),
            static_cast<double>(*progress.planned_requests)};
  if (progress.planned) return {to_seconds(progress.elapsed), to_seconds(*progress.planned)};
  return {};
}

void StudyProgress::say(const std::string& line) {
  clear();
  std::fputs((line + "\n").c_str(), options_.out);
  std::fflush(options_.out);
}

void StudyProgress::run_starting(std::size_t run, std::size_t runs, const std::string& target,
                                 unsigned repeat) {
  run_name_ = fmt::format("[{}/{}] {} repeat {}", run + 1, runs, target, repeat);
  run_began_ = monotonic_now();
  time_left_.run_began(run_began_);
}

void StudyProgress::step(const std::string& what) {
  time_left_.phase_began(what, monotonic_now());
  show(what, true);
}

void StudyProgress::progress(const Progress& progress) {
  time_left_.phase_began(measuring(progress.name), monotonic_now());
  time_left_.phase_share(share_of(progress));
  show(progress_words(progress), false);
}

void StudyProgress::run_ended(const std::string& reason, const std::string& row) {
  const Nanos now = monotonic_now(), took = now - run_began_;
  time_left_.run_ended(now, reason.empty());
  if (!reason.empty()) return say(fmt::format("{} failed: {}", run_name_, reason));
  if (options_.quiet) return;
  say(fmt::format("{} done in {}, {} left", run_name_, for_people(took), for_people(time_left_.left(now))));
  if (!row.empty()) say("  " + row);
}

/// A new step is drawn at once on a terminal; elsewhere only time decides, or there would be a page for each
/// run.
void StudyProgress::show(const std::string& what, bool at_once) {
  if (options_.quiet) return;
  const Nanos now = monotonic_now();
  const Nanos every = options_.terminal ? std::chrono::milliseconds(200) : kEvery;
  const bool due = !shown_at_ || now - *shown_at_ >= every;
  if (!due && !(at_once && options_.terminal)) return;
  shown_at_ = now;
  const std::string line = fmt::format("{}: {} · {} left", run_name_, what, for_people(time_left_.left(now)));
  if (!options_.terminal) return say(line);
  std::fputs(("\r\x1b[K" + text::clipped(line, options_.width - 1)).c_str(), options_.out);
  std::fflush(options_.out);
  drawn_ = true;
}

void StudyProgress::clear() {
  if (drawn_) std::fputs("\r\x1b[K", options_.out);
  drawn_ = false;
}

}  // namespace saturn::study
