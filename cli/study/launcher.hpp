// The launcher seam: how a target comes into being for one run and goes away again. Processes today;
// containers and servers that run already follow behind the same two classes. Owner: the thread that runs the
// study.
#pragma once
#include <sys/types.h>

#include <atomic>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "saturn/error.hpp"
#include "study/study_plan.hpp"

namespace saturn::study {

/// One started target. Destroying it ends it, with everything it started.
class RunningTarget {
 public:
  virtual ~RunningTarget() = default;
  virtual std::uint16_t port() const = 0;
  virtual pid_t root_process() const = 0;  ///< the workers are its descendants
  /// Why it is no longer running ("exit code 3: last lines of its log"); nullopt while it runs.
  virtual std::optional<std::string> ended() = 0;
  virtual void stop() = 0;
};

struct LaunchOrder {
  const TargetPlan& target;
  const ReadyRule& ready;
  std::uint16_t port;              ///< free when it was picked; tested again right before the start
  std::filesystem::path database;  ///< does not exist yet
  std::filesystem::path log;       ///< standard output and error, appended
  const std::atomic<bool>& stop;   ///< give up when it is set
};

/// What preparing a target found out about it.
struct Prepared {
  std::map<std::string, std::string> versions;
  std::optional<Fingerprint> application;
};

class Launcher {
 public:
  using Say = std::function<void(const std::string&)>;

  virtual ~Launcher() = default;
  virtual std::string_view name() const = 0;
  /// Once for each target before the first run: what takes long and is used by every repeat. Nothing is
  /// started.
  virtual Result<Prepared> prepare(const TargetPlan& target, const Say& say,
                                   const std::atomic<bool>& stop) = 0;
  /// What was installed for the targets prepared so far.
  virtual std::vector<StudyEnvironment> environments() const = 0;
  /// Notes for the reader of the result that preparing gave rise to.
  virtual std::vector<std::string> notes() const = 0;
  /// Schema, start, readiness. Fails with the target gone.
  virtual Result<std::unique_ptr<RunningTarget>> launch(const LaunchOrder& order) = 0;
};

}  // namespace saturn::study
