#include "study/procedure.hpp"

#include <fmt/format.h>

#include <chrono>
#include <system_error>
#include <thread>

#include "core/result/verdict.hpp"
#include "study/estimate.hpp"
#include "study/ports.hpp"
#include "study/read_back.hpp"
#include "study/seeder.hpp"

namespace saturn::study {
namespace {

constexpr auto kLook = std::chrono::milliseconds(50);

/// Sets `stop` for a run under way when the user asked for it or the target died: a dead target would be
/// asked on to the end.
class Watchdog {
 public:
  Watchdog(const std::atomic<bool>& user_stop, RunningTarget& target)
      : thread_([this, &user_stop, &target](const std::stop_token& done) {
          while (!done.stop_requested()) {
            if (!ended_) ended_ = target.ended();
            if (user_stop || ended_) stop_ = true;
            std::this_thread::sleep_for(kLook);
          }
        }) {}

  const std::atomic<bool>& stop() const { return stop_; }
  /// Ends the watch; why the target is gone, if it is.
  std::optional<std::string> finish() {
    thread_.request_stop();
    thread_.join();
    return ended_;
  }

 private:
  std::atomic<bool> stop_{false};
  std::optional<std::string> ended_;
  std::jthread thread_;  // last: it uses the others
};

/// The folder of one run's database: there while the run lasts.
class DataFolder {
 public:
  explicit DataFolder(std::filesystem::path path) : path_(std::move(path)) {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
    std::filesystem::create_directories(path_, ignored);
  }
  ~DataFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  DataFolder(const DataFolder&) = delete;
  DataFolder& operator=(const DataFolder&) = delete;
  std::filesystem::path database() const { return path_ / "database.sqlite3"; }

 private:
  std::filesystem::path path_;
};

class TargetRun {
 public:
  TargetRun(Launcher& launcher, const RunOrder& order)
      : launcher_(launcher), order_(order), data_(order.data_folder) {}

  RunOutcome run() {
    if (start() && settle() && seed() && warm_up() && measure()) verify();
    outcome_.interrupted = order_.stop;
    if (outcome_.interrupted) outcome_.reason = "interrupted";
    order_.on_step(std::string(phase::kStop));
    if (target_) target_->stop();
    return std::move(outcome_);
  }

 private:
  bool fail(const std::string& reason) {
    if (outcome_.reason.empty()) outcome_.reason = reason;
    return false;
  }

  bool start() {
    order_.on_step(std::string(phase::kStart));
    const auto port = pick_free_port();
    if (!port) return fail(to_text(port.errors().front()));
    auto target = launcher_.launch(
        {order_.target, order_.study.ready, *port, data_.database(), order_.log, order_.stop});
    if (!target) return fail(to_text(target.errors().front()));
    target_ = std::move(*target);
    return true;
  }

  /// False when the study was interrupted or the target ended meanwhile.
  bool wait(std::string_view step, Nanos duration) {
    order_.on_step(std::string(step));
    const auto end = std::chrono::steady_clock::now() + duration;
    for (;;) {
      if (const auto ended = target_->ended()) return fail(fmt::format("ended while {}: {}", step, *ended));
      if (order_.stop) return false;
      const auto left = end - std::chrono::steady_clock::now();
      if (left.count() <= 0) return true;
      std::this_thread::sleep_for(std::min<Nanos>(left, kLook));
    }
  }

  bool settle() { return wait(phase::kSettle, order_.profile.settle); }

  bool seed() {
    order_.on_step(std::string(phase::kSeed));
    Watchdog watchdog(order_.stop, *target_);
    const auto error = seed_records(order_.study.seed, target_->port(), order_.seed, watchdog.stop());
    if (const auto ended = watchdog.finish()) return fail("ended while seeding: " + *ended);
    if (error) return fail(to_text(*error));
    return wait(phase::kPause, order_.profile.pause);
  }

  bool warm_up() {
    Plan plan;
    plan.scenarios = scaled(order_.study.warmup, order_.profile);
    if (plan.scenarios.empty()) return true;
    order_.on_step(std::string(phase::kWarmUp));
    outcome_.warmup = run_plan(plan, "warming up", nullptr);
    return outcome_.warmup.has_value() && wait(phase::kIdle, order_.profile.idle);
  }

  bool measure() {
    Plan plan = order_.study.plan;
    plan.gap = order_.profile.gap;
    plan.scenarios = scenarios_for(order_.study.plan.scenarios, order_.target, order_.profile);
    ProcessMonitor monitor(target_->root_process(), order_.on_progress);
    outcome_.measured = run_plan(plan, "being measured", &monitor);
    if (!outcome_.measured) return false;
    outcome_.watches = monitor.watches();
    for (const auto& [index, watch] : outcome_.watches) {
      if (index >= outcome_.measured->scenarios.size()) continue;
      set_target(outcome_.measured->scenarios[index], watch.target);
    }
    judge(*outcome_.measured);  // once more, now that the target's cost is known
    if (!outcome_.reason.empty() || order_.stop) return false;
    for (const auto& scenario : outcome_.measured->scenarios)
      if (scenario.requests.ok == 0) return fail(scenario.name + ": not one request succeeded");
    measured_plan_ = std::move(plan);
    measured_plan_.base_url = base_url_of(target_->port());
    return true;
  }

  /// What was measured is kept even where the target ended in the middle; then the outcome has a reason.
  std::optional<RunResult> run_plan(Plan& plan, const std::string& what, Observer* observer) {
    plan.base_url = base_url_of(target_->port());
    Watchdog watchdog(order_.stop, *target_);
    RunOptions options;
    options.seed = order_.seed;
    options.observer = observer;
    options.stop = &watchdog.stop();
    options.labels = {{"target", order_.target.name}};
    options.target.how = TargetSelection::How::none;  // the study knows whom it launched
    auto result = saturn::run(plan, options);
    if (const auto ended = watchdog.finish()) fail(fmt::format("ended while {}: {}", what, *ended));
    if (!result) {
      fail(to_text(result.errors().front()));
      return std::nullopt;
    }
    return std::move(*result);
  }

  void verify() {
    order_.on_step(std::string(phase::kReadBack));
    outcome_.unverified = read_back(measured_plan_, order_.seed, *outcome_.measured, order_.study.seed,
                                    order_.study.read_back, target_->port());
    for (const auto& [scenario, problem] : outcome_.unverified)
      fail(fmt::format("{}: {}", scenario, problem));
  }

  Launcher& launcher_;
  const RunOrder& order_;
  DataFolder data_;
  std::unique_ptr<RunningTarget> target_;
  Plan measured_plan_;
  RunOutcome outcome_;
};

}  // namespace

RunOutcome carry_out(Launcher& launcher, const RunOrder& order) {
  return TargetRun(launcher, order).run();
}

}  // namespace saturn::study
