// `saturn serve`: the reference target in the foreground, until SIGTERM or SIGINT. The first line of standard
// output is the address, so that a script that asked for port 0 can read it; everything else goes to standard
// error. Main thread only. Tested in tests/loopback/serve_command_test.py.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <csignal>
#include <cstdio>

#include "commands.hpp"
#include "core/plan/parse.hpp"
#include "print.hpp"
#include "target/listener.hpp"
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
    "\n"
    "Endpoints: GET /hello, POST /echo, GET and POST /items/, GET, PUT and DELETE /items/ID.\n"
    "GET /_truth tells what the server itself counted, POST /_truth/reset starts again at zero.\n"
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

/// Blocks both signals for every thread that is started from now on, so that sigwait() gets them.
sigset_t block_stop_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  return signals;
}

int serve(const target::Options& options) {
  const sigset_t signals = block_stop_signals();
  auto server = target::Server::start(options);
  if (!server) return print_errors(server.errors(), "serve");
  if (!is_loopback(options.host))
    fmt::print(stderr, "saturn serve: {} may be reached from other machines, faults included\n",
               options.host);
  fmt::print("saturn serve: listening on {}\n", server->url());
  std::fflush(stdout);
  int signal = 0;
  sigwait(&signals, &signal);
  pthread_sigmask(SIG_UNBLOCK, &signals, nullptr);  // a second one ends the process at once
  server->stop();
  const target::Counters counters = server->counters();
  fmt::print(stderr, "saturn serve: stopped after {} requests on {} connections\n", counters.requests,
             counters.accepted);
  return 0;
}

}  // namespace

int cmd_serve(const Arguments& arguments, const Arguments&) {
  target::Options options;
  std::string listen = "127.0.0.1:8000", delay = "0s", idle_timeout = "0s";
  CLI::App app(
      "The reference target: an HTTP/1.1 server with the study's API, known delays and faults,\n"
      "and counters of its own that a load generator's counts can be held against.",
      "saturn serve");
  app.add_option("--listen", listen, "address to listen on; port 0 takes a free one")
      ->type_name("HOST:PORT")
      ->capture_default_str();
  app.add_option("-t,--threads", options.threads, "connections are spread evenly over them")
      ->type_name("N")
      ->capture_default_str();
  app.add_option("--delay", delay, "waits so long before each answer, such as 5ms")->type_name("T");
  app.add_option("--idle-timeout", idle_timeout,
                 "closes a connection idle for so long after an answer, such as 2s")
      ->type_name("T");
  app.add_option("--db", options.db_file, "SQLite file of the items (in memory without it)")
      ->type_name("FILE");
  app.add_option("--seed-items", options.seed_items, "puts N records into the table at the start")
      ->check(CLI::Range(0, kMostSeedItems))  // CLI11 alone would read -1 as 2^64 - 1
      ->type_name("N");
  app.footer(kExamples);
  try {
    app.parse(Arguments(arguments.rbegin(), arguments.rend()));  // CLI11 takes them from the back
  } catch (const CLI::CallForHelp&) {
    fmt::print("{}", app.help());
    return 0;
  } catch (const CLI::ParseError& error) {
    return print_errors({{"", error.what(), ""}}, "serve");
  }
  Errors errors;
  read_duration(delay, "--delay", options.delay, errors);
  read_duration(idle_timeout, "--idle-timeout", options.idle_timeout, errors);
  if (const auto address = target::parse_listen(listen)) {
    options.host = address->host;
    options.port = address->port;
  } else {
    errors.insert(errors.end(), address.errors().begin(), address.errors().end());
  }
  return errors.empty() ? serve(options) : print_errors(errors, "serve");
}

}  // namespace saturn::cli
