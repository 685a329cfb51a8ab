// A command under a guard (guard.hpp): started in its own session and process group, output into a
// descriptor, and gone with all its descendants when it is stopped, destroyed, or when saturn itself is
// killed. Owner: the thread that runs the study. Tested in tests/unit/study_guarded_process_test.cpp.
#pragma once
#include <sys/types.h>

#include <atomic>
#include <optional>
#include <string>
#include <vector>

#include "saturn/error.hpp"
#include "saturn/time.hpp"

namespace saturn::study {

struct Command {
  std::vector<std::string> argv;  ///< argv[0] without a slash is looked up in the PATH of `env`
  std::vector<std::string> env;   ///< "NAME=value", complete
  std::string cwd;                ///< empty: saturn's own
};

class GuardedProcess {
 public:
  static constexpr Nanos kStopGrace = std::chrono::seconds(5);  ///< between SIGTERM and SIGKILL

  /// `output_fd` is borrowed. Fails when the command cannot be executed; place is argv[0].
  static Result<GuardedProcess> start(const Command& command, int output_fd, Nanos stop_grace = kStopGrace);

  GuardedProcess(GuardedProcess&& other) noexcept;
  GuardedProcess& operator=(GuardedProcess&& other) noexcept;
  GuardedProcess(const GuardedProcess&) = delete;
  GuardedProcess& operator=(const GuardedProcess&) = delete;
  ~GuardedProcess() { stop(); }

  pid_t pid() const { return pid_; }  ///< of the command, which leads the process group of this number
  /// Wait status once the command has ended by itself; nullopt while it runs. Does not block.
  std::optional<int> exit_status();
  /// Blocks until the command ends, the deadline passes or `stop` is set; nullopt for the last two.
  std::optional<int> wait(Nanos limit, const std::atomic<bool>* stop);
  /// Ends the command and every descendant; blocks until none is left. Safe to call again.
  void stop();

 private:
  GuardedProcess() = default;

  pid_t guard_ = -1, pid_ = -1;
  int control_fd_ = -1, status_fd_ = -1;
  std::optional<int> exit_status_;
};

std::string describe_exit(int wait_status);  ///< "exit code 3", "killed by signal 9 (Killed)"

/// The environment of this process, with `changes` ("NAME=value") in place of variables of the same name.
std::vector<std::string> environment_with(const std::vector<std::string>& changes);

}  // namespace saturn::study
