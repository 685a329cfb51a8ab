// `saturn serve`: the reference target in the foreground, until SIGTERM or SIGINT, as one process or several.
// The first line of standard output is the address, so that a script that asked for port 0 can read it (more
// addresses follow it); everything else goes to standard error. Main thread only. Tested in
// tests/loopback/serve_command_test.py and serve_processes_test.py.
#include <fmt/format.h>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <initializer_list>

#include "commands.hpp"
#include "print.hpp"
#include "read_words.hpp"
#include "serve_flags.hpp"
#include "target/listener.hpp"
#include "target/processes.hpp"
#include "target/server.hpp"

namespace saturn::cli {
namespace {

bool is_loopback(const std::string& host) {
  return host == "localhost" || host == "::1" || host.starts_with("127.");
}

/// Blocks the signals for every thread that is started from now on, so that sigwait() gets them.
sigset_t block_signals(std::initializer_list<int> numbers) {
  sigset_t signals;
  sigemptyset(&signals);
  for (const int number : numbers) sigaddset(&signals, number);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  return signals;
}

/// False where nobody could read the address.
bool announce(const target::Options& options, const std::vector<std::string>& urls) {
  std::vector<std::string> hosts{options.host};
  for (const target::HostAndPort& place : options.also) hosts.push_back(place.host);
  for (const std::string& host : hosts)
    if (!is_loopback(host))
      fmt::print(stderr, "saturn serve: {} may be reached from other machines, faults included\n", host);
  std::string lines;
  for (const std::string& url : urls) lines += fmt::format("saturn serve: listening on {}\n", url);
  return print(stdout, lines);
}

void say_goodbye(const target::Counters& counters) {
  fmt::print(stderr, "saturn serve: stopped after {} requests on {} connections\n", counters.requests,
             counters.accepted);
}

int serve(const target::Options& options) {
  const sigset_t signals = block_signals({SIGTERM, SIGINT});
  auto server = target::Server::start(options);
  if (!server) return print_errors(server.errors(), "serve");
  int signal = 0;
  const bool announced = announce(options, server->urls());
  if (announced) sigwait(&signals, &signal);
  pthread_sigmask(SIG_UNBLOCK, &signals, nullptr);  // a second one ends the process at once
  server->stop();
  say_goodbye(server->counters());
  return announced ? 0 : 1;
}

int serve_by_processes(const target::Options& options, int count) {
  const sigset_t signals = block_signals({SIGTERM, SIGINT, SIGCHLD});
  auto processes = target::Processes::start(options, count);
  if (!processes) return print_errors(processes.errors(), "serve");
  int signal = 0;
  const bool announced = announce(options, processes->urls());
  if (announced) sigwait(&signals, &signal);
  pthread_sigmask(SIG_UNBLOCK, &signals, nullptr);
  processes->stop();
  if (signal == SIGCHLD)
    return print_errors(
        {{"", "one of the processes has ended, so the others were stopped", "", ErrorKind::unreachable}},
        "serve");
  say_goodbye(processes->counters());
  return announced ? 0 : 1;
}

}  // namespace

int cmd_serve(const Arguments& arguments, const Arguments&) {
  ServeDraft draft;
  if (const auto code = read_words(serve_table(), serve_flags(), arguments, draft, check_serve)) return *code;
  for (const std::string& line : draft.seconds) fmt::print(stderr, "saturn serve: {}\n", line);
  return draft.processes ? serve_by_processes(draft.options, static_cast<int>(*draft.processes))
                         : serve(draft.options);
}

}  // namespace saturn::cli
