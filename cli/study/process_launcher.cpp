#include "study/process_launcher.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <thread>

#include "core/plan/parse.hpp"
#include "saturn/version.hpp"
#include "study/files.hpp"
#include "study/guarded_process.hpp"
#include "study/http_probe.hpp"
#include "study/ports.hpp"
#include "study/sha256.hpp"
#include "system/host/processes.hpp"

namespace saturn::study {
namespace {

constexpr Nanos kSchemaLimit = std::chrono::minutes(1);
constexpr Nanos kNewsOfEnd = std::chrono::seconds(1);
constexpr Nanos kProbePause = std::chrono::milliseconds(20);
constexpr std::size_t kTailLines = 4, kTailBytes = 600;

class RunningProcess final : public RunningTarget {
 public:
  RunningProcess(GuardedProcess process, std::uint16_t port, std::filesystem::path log)
      : process_(std::move(process)), port_(port), log_(std::move(log)) {}

  std::uint16_t port() const override { return port_; }
  pid_t root_process() const override { return process_.pid(); }
  std::optional<std::string> ended() override {
    const auto status = process_.exit_status();
    if (!status) return std::nullopt;
    return describe_exit(*status) + ", its last words: " + log_tail(log_, kTailLines, kTailBytes);
  }
  void stop() override { process_.stop(); }

 private:
  GuardedProcess process_;
  std::uint16_t port_;
  std::filesystem::path log_;
};

/// The place is left open: whoever reads it knows the target.
Error target_error(std::string message, std::string remedy = {}) {
  return {"", std::move(message), std::move(remedy), ErrorKind::unreachable};
}

/// Words, environment and folder of the target's commands, filled in.
class CommandLine {
 public:
  CommandLine(const LaunchOrder& order, const std::filesystem::path& program, const PythonEnv* python) {
    values_ = {{"port", std::to_string(order.port)},
               {"database", order.database.string()},
               {"saturn", program.string()}};
    for (const auto& setting : order.target.settings) values_[setting.name] = setting.text;
    std::vector<std::string> changes{"PYTHONDONTWRITEBYTECODE=1", "PYTHONUNBUFFERED=1"};
    for (const auto& [name, text] : order.target.process.env) changes.push_back(name + "=" + filled(text));
    if (python != nullptr) {
      const char* path = std::getenv("PATH");
      changes.push_back("PATH=" + (python->root / "bin").string() + ":" +
                        (path != nullptr ? path : "/usr/bin:/bin"));
      changes.push_back("VIRTUAL_ENV=" + python->root.string());
    }
    env_ = environment_with(changes);
    cwd_ = order.target.process.cwd.string();
  }

  Command command(const std::vector<std::string>& words) const {
    Command command{{}, env_, cwd_};
    for (const auto& word : words) command.argv.push_back(filled(word));
    return command;
  }

 private:
  std::string filled(const std::string& text) const {
    std::vector<std::string> unknown;  // none: check_study() has looked
    return fill_in(text, values_, unknown);
  }

  std::map<std::string, std::string> values_;
  std::vector<std::string> env_;
  std::string cwd_;
};

/// Before any worker starts: two workers that both make the schema race, one loses, and the server gives up.
std::optional<Error> make_schema(const LaunchOrder& order, const CommandLine& commands, int log) {
  auto process = GuardedProcess::start(commands.command(order.target.process.before), log);
  if (!process) return target_error(to_text(process.errors().front()));
  const auto status = process->wait(kSchemaLimit, &order.stop);
  if (status == 0) return std::nullopt;
  if (order.stop) return target_error("interrupted");
  return target_error("its \"before\" command failed: " +
                      (status ? describe_exit(*status) : std::string("not done after a minute")) +
                      ", its last words: " + log_tail(order.log, kTailLines, kTailBytes));
}

/// Workers whose master has just died answer as strangers do, so the news of its end gets a moment to arrive.
std::optional<Error> answered_by_stranger(const LaunchOrder& order, RunningTarget& target) {
  const bool stranger = listener_of(order.port, process_tree(target.root_process())) == Listener::stranger;
  const auto deadline = std::chrono::steady_clock::now() + (stranger ? kNewsOfEnd : Nanos(0));
  for (;;) {
    if (const auto ended = target.ended()) return target_error("ended before it was ready: " + *ended);
    if (std::chrono::steady_clock::now() >= deadline) break;
    std::this_thread::sleep_for(kProbePause);
  }
  if (!stranger) return std::nullopt;
  return target_error(fmt::format("port {} is answered by a process that is not the target", order.port),
                      "find it with: ss -ltnp");
}

/// One answer is not enough: it may come from one worker while another fails to start and takes the server
/// down.
std::optional<Error> wait_until_ready(const LaunchOrder& order, RunningTarget& target) {
  const auto deadline = std::chrono::steady_clock::now() + order.ready.timeout;
  const std::string where = fmt::format("127.0.0.1:{}{}", order.port, order.ready.path);
  std::string last = "no answer yet";
  for (unsigned good = 0; good < order.ready.times;) {
    if (const auto ended = target.ended()) return target_error("ended before it was ready: " + *ended);
    if (order.stop) return target_error("interrupted");
    if (std::chrono::steady_clock::now() > deadline)
      return target_error(
          fmt::format("not ready after {}: {} ({} good answers in a row are needed); its last "
                      "words: {}",
                      format_duration(order.ready.timeout), last, order.ready.times,
                      log_tail(order.log, kTailLines, kTailBytes)));
    const auto answer = probe(order.port, order.ready.path);
    if (answer && answer->status >= 200 && answer->status < 300) {
      ++good;
      continue;
    }
    good = 0;
    last = answer ? fmt::format("{} answers {}", where, answer->status) : to_text(answer.errors().front());
    std::this_thread::sleep_for(kProbePause);
  }
  return answered_by_stranger(order, target);
}

}  // namespace

Result<Prepared> ProcessLauncher::prepare(const TargetPlan& target, const Say& say,
                                          const std::atomic<bool>& stop) {
  Prepared prepared{{}, application_of(target, study_folder_, program_)};
  auto& versions = prepared.versions;
  const auto& requirements = target.process.requirements;
  if (requirements.empty()) {
    const auto& words = target.process.command;
    if (words.front() == "{{saturn}}") versions["saturn"] = std::string(version());
    return prepared;
  }
  if (!environments_.contains(requirements)) {
    auto made = ensure_python_env(requirements, say, stop);
    if (!made) return made.errors();
    if (!made->warning.empty()) notes_.push_back(made->warning);
    environments_.emplace(requirements, std::move(*made));
  }
  const PythonEnv& python = environments_.at(requirements);
  versions["python"] = python.python_version;
  for (const auto& package : target.versions) {
    const auto found = python.packages.find(package);
    if (found != python.packages.end()) versions[package] = found->second;
  }
  return prepared;
}

std::vector<StudyEnvironment> ProcessLauncher::environments() const {
  std::vector<StudyEnvironment> result;
  for (const auto& [requirements, python] : environments_)
    result.push_back({requirements.filename().string(), python.requirements_sha256, python.python_version,
                      python.packages});
  return result;
}

Result<std::unique_ptr<RunningTarget>> ProcessLauncher::launch(const LaunchOrder& order) {
  const auto python = environments_.find(order.target.process.requirements);
  const CommandLine commands(order, program_, python != environments_.end() ? &python->second : nullptr);
  const OwnedFd log(open_log(order.log));
  if (!log.ok()) return Error{order.log.string(), "cannot be written", "", ErrorKind::setup};
  if (!order.target.process.before.empty())
    if (auto error = make_schema(order, commands, log.get())) return *error;
  if (auto taken = refuse_taken_port(order.port)) return *taken;
  auto process = GuardedProcess::start(commands.command(order.target.process.command), log.get());
  if (!process) return target_error(to_text(process.errors().front()));
  auto running = std::make_unique<RunningProcess>(std::move(*process), order.port, order.log);
  if (auto error = wait_until_ready(order, *running)) return *error;
  return std::unique_ptr<RunningTarget>(std::move(running));
}

}  // namespace saturn::study
