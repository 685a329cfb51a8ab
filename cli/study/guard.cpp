#include "study/guard.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <ctime>
#include <iterator>

namespace saturn::study {
namespace {

constexpr int kDetached[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGPIPE};

void tell(int fd, GuardMessage::Kind kind, int value) {
  const GuardMessage message{kind, value};
  [[maybe_unused]] const auto written =
      write(fd, &message, sizeof message);  // saturn may be gone: nobody to tell
}

/// The guard must hold no descriptor of saturn's: a pipe end kept here would hide another reader's end of
/// file. The standard ones stay taken, so that nothing opened later gets their numbers.
void keep_only(int a, int b, int c) {
  const int null = open("/dev/null", O_RDWR);
  for (int standard = 0; standard < 3; ++standard) dup2(null, standard);
  int keep[] = {a, b, c};
  std::sort(std::begin(keep), std::end(keep));
  unsigned from = 3;
  for (const int fd : keep) {
    if (static_cast<unsigned>(fd) > from) close_range(from, static_cast<unsigned>(fd) - 1, 0);
    from = static_cast<unsigned>(fd) + 1;
  }
  close_range(from, ~0U, 0);
}

[[noreturn]] void run_command(const GuardOrder& order, int exec_fd, pid_t guard) {
  sigset_t none;
  sigemptyset(&none);
  for (const int signal : kDetached) ::signal(signal, SIG_DFL);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  setsid();
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != guard) _exit(127);
  dup2(order.output_fd, 1);
  dup2(order.output_fd, 2);
  if (order.cwd == nullptr || chdir(order.cwd) == 0) execve(order.executable, order.argv, order.env);
  const int error = errno;
  [[maybe_unused]] const auto written = write(exec_fd, &error, sizeof error);
  _exit(127);
}

bool has_exited(pid_t pid, siginfo_t& info) {
  info.si_pid = 0;
  return waitid(P_PID, static_cast<id_t>(pid), &info, WEXITED | WNOHANG | WNOWAIT) == 0 && info.si_pid == pid;
}

int wait_status(const siginfo_t& info) {
  return info.si_code == CLD_EXITED ? info.si_status << 8 : info.si_status;
}

long now_ms() {
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * 1000 + now.tv_nsec / 1'000'000;
}

/// What left the group (a daemon of the target's) was adopted by the guard: read from its own list of
/// children.
void kill_adopted() {
  char text[4096];
  const int fd = open("/proc/thread-self/children", O_RDONLY | O_CLOEXEC);
  if (fd < 0) return;
  const auto length = read(fd, text, sizeof text);
  close(fd);
  pid_t pid = 0;
  for (ssize_t i = 0; i < length; ++i) {
    if (text[i] >= '0' && text[i] <= '9') {
      pid = pid * 10 + (text[i] - '0');
    } else if (pid != 0) {
      kill(pid, SIGKILL);
      pid = 0;
    }
  }
}

/// The leader stays unreaped until the group was killed, so that its group id cannot belong to somebody else.
void end_group(pid_t leader, int grace_ms, int signals) {
  siginfo_t info{};
  kill(-leader, SIGTERM);
  const long deadline_ms = now_ms() + grace_ms;
  pollfd poll_signals{signals, POLLIN, 0};
  while (!has_exited(leader, info)) {
    const long left_ms = deadline_ms - now_ms();
    if (left_ms <= 0) break;
    if (poll(&poll_signals, 1, static_cast<int>(left_ms)) > 0) {
      signalfd_siginfo ignored;
      [[maybe_unused]] const auto got = read(signals, &ignored, sizeof ignored);
    }
  }
  kill(-leader, SIGKILL);
  waitpid(leader, nullptr, 0);
  for (;;) {  // each round reaps one; killing a parent hands its children to the guard
    kill_adopted();
    if (waitpid(-1, nullptr, 0) < 0 && errno == ECHILD) return;
  }
}

void watch(const GuardOrder& order, pid_t command, int signals) {
  bool told = false;
  siginfo_t info{};
  for (;;) {
    if (!told && has_exited(command, info)) {
      tell(order.status_fd, GuardMessage::Kind::exited, wait_status(info));
      told = true;
    }
    pollfd waits[2] = {{order.control_fd, POLLIN, 0}, {signals, POLLIN, 0}};
    if (poll(waits, 2, -1) < 0 && errno != EINTR) return;
    if (waits[0].revents != 0) return;
    if (waits[1].revents != 0) {
      signalfd_siginfo ignored;
      [[maybe_unused]] const auto got = read(signals, &ignored, sizeof ignored);
    }
  }
}

}  // namespace

void run_guard(const GuardOrder& order) {
  setsid();  // a Ctrl-C at the terminal is saturn's business
  prctl(PR_SET_NAME, "saturn-guard");
  prctl(PR_SET_CHILD_SUBREAPER, 1);
  for (const int signal : kDetached) ::signal(signal, SIG_IGN);
  keep_only(order.output_fd, order.control_fd, order.status_fd);
  sigset_t child_signals;
  sigemptyset(&child_signals);
  sigaddset(&child_signals, SIGCHLD);
  sigprocmask(SIG_SETMASK, &child_signals, nullptr);
  const int signals = signalfd(-1, &child_signals, SFD_CLOEXEC | SFD_NONBLOCK);

  int exec_pipe[2];
  if (signals < 0 || pipe2(exec_pipe, O_CLOEXEC) != 0) {
    tell(order.status_fd, GuardMessage::Kind::exec_failed, errno);
    _exit(1);
  }
  const pid_t guard = getpid();
  const pid_t command = fork();
  if (command == 0) run_command(order, exec_pipe[1], guard);
  close(exec_pipe[1]);
  int error = command < 0 ? errno : 0;
  if (error != 0 || read(exec_pipe[0], &error, sizeof error) == static_cast<ssize_t>(sizeof error)) {
    tell(order.status_fd, GuardMessage::Kind::exec_failed, error);
    _exit(1);
  }
  close(exec_pipe[0]);
  tell(order.status_fd, GuardMessage::Kind::started, command);
  watch(order, command, signals);
  end_group(command, order.stop_grace_ms, signals);
  _exit(0);
}

}  // namespace saturn::study
