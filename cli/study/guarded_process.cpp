#include "study/guarded_process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <filesystem>
#include <system_error>
#include <utility>

#include "study/guard.hpp"

namespace saturn::study {
namespace {

namespace fs = std::filesystem;

bool executable_file(const fs::path& path) {
  std::error_code ignored;
  return fs::is_regular_file(path, ignored) && access(path.c_str(), X_OK) == 0;
}

std::string find_executable(const Command& command) {
  const std::string& name = command.argv.front();
  if (name.find('/') != std::string::npos) {
    const fs::path path = fs::absolute(command.cwd.empty() ? fs::path(name) : fs::path(command.cwd) / name);
    return executable_file(path) ? path.string() : std::string();
  }
  std::string_view search = "/usr/local/bin:/usr/bin:/bin";
  for (const auto& variable : command.env)
    if (variable.starts_with("PATH=")) search = std::string_view(variable).substr(5);
  while (!search.empty()) {
    const auto end = std::min(search.find(':'), search.size());
    const fs::path path = fs::path(search.substr(0, end)) / name;
    if (end != 0 && executable_file(path)) return fs::absolute(path).string();
    search.remove_prefix(std::min(end + 1, search.size()));
  }
  return {};
}

std::vector<char*> pointers(const std::vector<std::string>& strings) {
  std::vector<char*> result;
  for (const auto& text : strings) result.push_back(const_cast<char*>(text.c_str()));  // execve's signature
  result.push_back(nullptr);
  return result;
}

/// A pipe above the standard descriptors, which the command gets anew.
bool make_pipe(int (&ends)[2]) {
  int raw[2];
  if (pipe2(raw, O_CLOEXEC) != 0) return false;
  for (int i = 0; i < 2; ++i) {
    ends[i] = fcntl(raw[i], F_DUPFD_CLOEXEC, 3);
    close(raw[i]);
  }
  return ends[0] >= 0 && ends[1] >= 0;
}

Error system_error(const std::string& place, const std::string& what, int error) {
  return {place, what + ": " + std::strerror(error), "", ErrorKind::setup};
}

}  // namespace

Result<GuardedProcess> GuardedProcess::start(const Command& command, int output_fd, Nanos stop_grace) {
  const std::string& name = command.argv.front();
  const std::string executable = find_executable(command);
  if (executable.empty())
    return Error{name, "command not found", "install it or correct the command in the study file",
                 ErrorKind::setup};
  int control[2], status[2];
  if (!make_pipe(control) || !make_pipe(status)) return system_error(name, "no pipe to its guard", errno);
  const int output = fcntl(output_fd, F_DUPFD_CLOEXEC, 3);

  const auto argv = pointers(command.argv);
  const auto env = pointers(command.env);
  const auto grace_ms = std::chrono::duration_cast<std::chrono::milliseconds>(stop_grace).count();
  const GuardOrder order{executable.c_str(),
                         argv.data(),
                         env.data(),
                         command.cwd.empty() ? nullptr : command.cwd.c_str(),
                         output,
                         control[0],
                         status[1],
                         static_cast<int>(grace_ms)};
  GuardedProcess process;
  process.guard_ = fork();
  if (process.guard_ == 0) run_guard(order);
  const int fork_error = errno;
  close(output);
  close(control[0]);
  close(status[1]);
  process.control_fd_ = control[1];
  process.status_fd_ = status[0];
  if (process.guard_ < 0) return system_error(name, "cannot start it", fork_error);

  GuardMessage message{};
  ssize_t got = 0;
  while ((got = read(status[0], &message, sizeof message)) < 0 && errno == EINTR) {
  }
  if (got != sizeof message) return Error{name, "its guard ended unexpectedly", "", ErrorKind::setup};
  if (message.kind != GuardMessage::Kind::started)
    return system_error(name, "cannot execute it", message.value);
  process.pid_ = message.value;
  return process;
}

GuardedProcess::GuardedProcess(GuardedProcess&& other) noexcept {
  *this = std::move(other);
}

GuardedProcess& GuardedProcess::operator=(GuardedProcess&& other) noexcept {
  std::swap(guard_, other.guard_);
  std::swap(pid_, other.pid_);
  std::swap(control_fd_, other.control_fd_);
  std::swap(status_fd_, other.status_fd_);
  std::swap(exit_status_, other.exit_status_);
  return *this;
}

std::optional<int> GuardedProcess::exit_status() {
  return wait(Nanos(0), nullptr);
}

std::optional<int> GuardedProcess::wait(Nanos limit, const std::atomic<bool>* stop) {
  constexpr auto kSlice = std::chrono::milliseconds(50);
  const auto deadline = std::chrono::steady_clock::now() + limit;
  while (!exit_status_ && status_fd_ >= 0) {
    const auto left =
        std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
    const int timeout_ms = static_cast<int>(std::clamp(left, std::chrono::milliseconds(0), kSlice).count());
    pollfd ready{status_fd_, POLLIN, 0};
    if (poll(&ready, 1, timeout_ms) > 0) {
      GuardMessage message{};
      const bool told = read(status_fd_, &message, sizeof message) == sizeof message;
      exit_status_ = told ? message.value : SIGKILL;  // without its guard the command was killed
    } else if (left.count() <= 0 || (stop != nullptr && stop->load())) {
      break;
    }
  }
  return exit_status_;
}

void GuardedProcess::stop() {
  if (control_fd_ >= 0) close(std::exchange(control_fd_, -1));
  if (guard_ > 0) {
    int status = 0;
    while (waitpid(guard_, &status, 0) < 0 && errno == EINTR) {
    }
    if (!WIFEXITED(status) && pid_ > 0) kill(-pid_, SIGKILL);  // somebody killed the guard: do its last duty
  }
  guard_ = -1;
  if (status_fd_ >= 0) close(std::exchange(status_fd_, -1));
}

std::string describe_exit(int wait_status) {
  if (WIFSIGNALED(wait_status)) {
    const int signal = WTERMSIG(wait_status);
    return "killed by signal " + std::to_string(signal) + " (" + strsignal(signal) + ")";
  }
  return "exit code " + std::to_string(WEXITSTATUS(wait_status));
}

std::vector<std::string> environment_with(const std::vector<std::string>& changes) {
  std::vector<std::string> result = changes;
  for (char** variable = environ; *variable != nullptr; ++variable) {
    const std::string_view text(*variable);
    const auto name = text.substr(0, text.find('=') + 1);
    const bool changed = std::any_of(changes.begin(), changes.end(),
                                     [&](const std::string& change) { return change.starts_with(name); });
    if (!changed) result.emplace_back(text);
  }
  return result;
}

}  // namespace saturn::study
