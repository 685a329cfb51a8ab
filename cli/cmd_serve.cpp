// `saturn serve`: the reference target in the foreground, until SIGTERM or SIGINT, as one process or several.
// The first line of standard output is the address, so that a script that asked for port 0 can read it (more
// addresses follow it); everything else goes to standard error. Main thread only. Tested in
// tests/loopback/serve_command_test.py and serve_processes_test.py.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <csignal>
#include <cstdio>
#include <initializer_list>

#include "commands.hpp"
#include "core/plan/parse.hpp"
#include "parse_words.hpp"
#include "print.hpp"
#include "serve_values.hpp"
#include "target/listener.hpp"
#include "target/processes.hpp"
#include "target/server.hpp"

namespace saturn::cli {
namespace {

constexpr int kMostSeedItems = 10'000'000;
constexpr const char* kExamples =
    "Examples:\n"
    "  saturn serve                                  one thread on 127.0.0.1:8000\n"
    "  saturn serve --listen 127.0.0.1:0             a free port, named in the first line of output\n"
    "  saturn serve --threads 2 --db items.db        two threads, records in a file\n"
    "  saturn serve --delay 5ms --idle-timeout 2s    a server that takes 5 ms and drops idle connections\n"
    "  saturn serve --truth --delay 1ms --delay-slow 1%:20ms --stall 1s:50ms\n"
    "                                                known latencies, and its own time for each answer in "
    "/_truth\n"
    "  saturn serve --processes 8 --listen 127.0.0.1:8000 --listen 127.0.0.2:8000\n"
    "                                                room for many connections: a limit of open files each\n"
    "\n"
    "Endpoints: GET /hello, POST /echo, GET and POST /items/, GET, PUT and DELETE /items/ID.\n"
    "GET /_truth tells what the server itself counted, POST /_truth/reset starts again at zero. With --truth "
    "its\n"
    "latency_us is of every answer but its own: kernel arrival of the request to the return of the answer's "
    "send.\n"
    "/_fault/...: bytes/N chunked/N close-delimited/N status/N slow/T close drop-after/N informational "
    "extra\n"
    "garbage half reset early silence endless-head: known answers and faults, to test clients with.\n";

void read_duration(const std::string& text, const char* flag, Nanos& value, Errors& errors) {
  const auto parsed = parse_duration(text, flag);
  if (parsed) {
    value = *parsed;
  } else {
    errors.insert(errors.end(), parsed.errors().begin(), parsed.errors().end());
  }
}

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

/// Further addresses stand in `also`.
void read_addresses(const Arguments& texts, target::Options& options, Errors& errors) {
  for (std::size_t i = 0; i < texts.size(); ++i) {
    const auto address = target::parse_listen(texts[i]);
    if (!address) {
      errors.insert(errors.end(), address.errors().begin(), address.errors().end());
    } else if (i == 0) {
      options.host = address->host;
      options.port = address->port;
    } else {
      options.also.push_back(*address);
    }
  }
}

void read_mix(const std::string& slow, const std::string& stall, target::Options& options, Errors& errors) {
  if (!slow.empty()) {
    if (const auto share = read_slow_share(slow)) {
      options.slow_per_million = share->per_million;
      options.slow_delay = share->delay;
    } else {
      errors.insert(errors.end(), share.errors().begin(), share.errors().end());
    }
  }
  if (!stall.empty()) {
    if (const auto read = read_stall(stall)) {
      options.stall = *read;
    } else {
      errors.insert(errors.end(), read.errors().begin(), read.errors().end());
    }
  }
}

}  // namespace

int cmd_serve(const Arguments& arguments, const Arguments&) {
  target::Options options;
  Arguments listen;
  std::string delay = "0s", slow, stall, idle_timeout = "0s";
  int processes = 0;
  CLI::App app(
      "The reference target: an HTTP/1.1 server with the study's API, known delays and faults,\n"
      "and counters of its own that a load generator's counts can be held against.",
      "saturn serve");
  app.add_option("--listen", listen,
                 "address to listen on (127.0.0.1:8000), may be repeated; port 0 takes a free one, after "
                 "that the same")
      ->type_name("HOST:PORT")
      ->allow_extra_args(false);
  app.add_option("-t,--threads", options.threads, "connections are spread evenly over them")
      ->type_name("N")
      ->capture_default_str();
  app.add_option(
         "--processes", processes,
         "that many processes, each with --threads, on the same addresses; kernel hands connections out")
      ->type_name("N");
  app.add_flag("--truth", options.timed, "takes its own time for each answer, for GET /_truth (costs CPU)");
  app.add_option("--delay", delay, "waits so long before each answer, such as 5ms")->type_name("T");
  app.add_option("--delay-slow", slow, "that share of the answers waits so long instead, such as 1%:20ms")
      ->type_name("SHARE:T");
  app.add_option("--stall", stall, "answers nothing for T, again and again, such as 1s:50ms")
      ->type_name("EVERY:T");
  app.add_option("--idle-timeout", idle_timeout,
                 "closes a connection idle for so long after an answer, such as 2s")
      ->type_name("T");
  app.add_option("--db", options.db_file, "SQLite file of the items (in memory without it)")
      ->type_name("FILE");
  app.add_option("--seed-items", options.seed_items, "puts N records into the table at the start")
      ->check(CLI::Range(0, kMostSeedItems))  // CLI11 alone would read -1 as 2^64 - 1
      ->type_name("N");
  app.footer(kExamples);
  if (const auto code = parse_words(app, arguments, "serve")) return *code;
  Errors errors;
  read_duration(delay, "--delay", options.delay, errors);
  read_duration(idle_timeout, "--idle-timeout", options.idle_timeout, errors);
  read_mix(slow, stall, options, errors);
  if (listen.empty()) listen.emplace_back("127.0.0.1:8000");
  read_addresses(listen, options, errors);
  if (!errors.empty()) return print_errors(errors, "serve");
  return app.count("--processes") == 0 ? serve(options) : serve_by_processes(options, processes);
}

}  // namespace saturn::cli
