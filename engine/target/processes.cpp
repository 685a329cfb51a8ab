#include "target/processes.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstring>

#include "target/listener.hpp"
#include "target/store.hpp"
#include "target/truth.hpp"

namespace saturn::target {
namespace {

constexpr char kReady = '+';

/// What a process says when it serves, or why it cannot.
void say(const Fd& to_parent, const std::string& text) {
  const ssize_t written = ::write(to_parent.get(), text.data(), text.size());
  (void)written;  // a parent that is gone has ended this process
}

std::string hear(const Fd& from) {
  std::string text;
  char bytes[1024];
  for (ssize_t count = 0; (count = ::read(from.get(), bytes, sizeof bytes)) > 0;) {
    text.append(bytes, static_cast<std::size_t>(count));
    if (text.front() == kReady) break;
  }
  return text;
}

/// The life of a process: until SIGTERM. Ctrl-C reaches it too, but is the parent's to act upon.
[[noreturn]] void serve(const Options& options, std::vector<Listener> listeners, std::shared_ptr<Truth> truth,
                        std::size_t first_thread, pid_t parent, const Fd& to_parent) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent) _exit(1);
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigset_t blocked = signals;
  sigaddset(&blocked, SIGINT);
  pthread_sigmask(SIG_BLOCK, &blocked, nullptr);
  auto server = Server::start(options, std::move(listeners), std::move(truth), first_thread);
  if (!server) {
    say(to_parent, to_text(server.errors().front()));
    _exit(1);
  }
  say(to_parent, std::string(1, kReady));
  int signal = 0;
  sigwait(&signals, &signal);
  server->stop();
  _exit(0);
}

/// A file is filled once, before anybody serves from it.
Errors seed_file(const Options& options) {
  if (options.db_file.empty() || options.seed_items == 0) return {};
  auto store = Store::open(options.db_file);
  if (!store) return store.errors();
  if ((*store)->seed(options.seed_items) == Store::Outcome::done) return {};
  return {{"--seed-items", "cannot fill the table: " + (*store)->last_error(),
           "stop other writers of the database, or take another file", ErrorKind::setup}};
}

}  // namespace

Result<Processes> Processes::start(const Options& options, int count) {
  if (count < 1 || count > kMostProcesses)
    return Error{"--processes", fmt::format("{} processes are not possible", count),
                 fmt::format("give a number from 1 to {}", kMostProcesses), ErrorKind::usage};
  if (options.threads < 1 || options.threads > kMostThreads)
    return Error{"--threads", fmt::format("{} threads are not possible", options.threads),
                 fmt::format("give a number from 1 to {}", kMostThreads), ErrorKind::usage};
  const auto processes = static_cast<std::size_t>(count), threads = static_cast<std::size_t>(options.threads);
  auto sets = listen_on_all(options, processes);
  if (!sets) return sets.errors();
  if (Errors errors = seed_file(options); !errors.empty()) return errors;
  Options of_each = options;
  if (!options.db_file.empty()) of_each.seed_items = 0;

  Processes group;
  group.truth_ = std::make_shared<Truth>(processes * threads, options.timed);
  for (const Listener& listener : sets->front()) group.urls_.push_back(listener.url);
  const pid_t parent = getpid();
  std::vector<Fd> answers;
  for (std::size_t i = 0; i < processes; ++i) {
    int ends[2];
    const bool piped = pipe2(ends, O_CLOEXEC) == 0;
    const pid_t pid = piped ? fork() : -1;
    if (pid < 0)
      return Error{"--processes", fmt::format("cannot start a process: {}", std::strerror(errno)),
                   "take fewer, or raise the limits (ulimit -u, ulimit -n)", ErrorKind::setup};
    Fd to_hear(ends[0]), to_say(ends[1]);
    if (pid == 0) {
      std::vector<Listener> own = std::move((*sets)[i]);
      sets->clear();
      answers.clear();
      to_hear.close();
      serve(of_each, std::move(own), group.truth_, i * threads, parent, to_say);
    }
    group.running_.push_back(pid);
    answers.push_back(std::move(to_hear));
    (*sets)[i].clear();
  }
  for (const Fd& answer : answers) {
    const std::string text = hear(answer);
    if (text.empty() || text.front() != kReady)
      return Error{"--processes", "a process could not start: " + text, "", ErrorKind::setup};
  }
  return group;
}

Processes::Processes(Processes&& other) noexcept
    : urls_(std::move(other.urls_)),
      truth_(std::move(other.truth_)),
      running_(std::exchange(other.running_, {})) {}

Processes::~Processes() {
  for (const pid_t pid : running_) {
    kill(pid, SIGKILL);
    waitpid(pid, nullptr, 0);
  }
}

Counters Processes::counters() const {
  return truth_->read();
}

void Processes::stop() {
  for (const pid_t pid : running_) kill(pid, SIGTERM);
  for (const pid_t pid : running_) waitpid(pid, nullptr, 0);
  running_.clear();
}

}  // namespace saturn::target
