#include "serve_flags.hpp"

#include "args_values.hpp"
#include "core/plan/parse.hpp"
#include "serve_values.hpp"
#include "target/listener.hpp"
#include "target/processes.hpp"

namespace saturn::cli {
namespace {

constexpr std::uint64_t kMostSeedItems = 10'000'000, kMostPlaces = 1'000'000;
constexpr const char* kDefaultAddress = "127.0.0.1:8000";
constexpr const char* kWhere = "Where";
constexpr const char* kAnswers = "Answers";
constexpr const char* kData = "Data";
constexpr const char* kCounting = "Counting";

constexpr const char* kAbout =
    "The reference target: an HTTP/1.1 server with the study's API, known delays and faults,\n"
    "and counters of its own that a load generator's counts can be held against.";

constexpr const char* kNotes =
    "T is a time: 500ms, 30s, 1m30s; a bare number is seconds.\n"
    "\n"
    "Examples:\n"
    "  saturn serve                                  one thread on 127.0.0.1:8000\n"
    "  saturn serve --listen 127.0.0.1:0             a free port, named in the first line of output\n"
    "  saturn serve --threads 2 --db items.db        two threads, records in a file\n"
    "  saturn serve --delay 5ms --idle-timeout 2s    a server that takes 5 ms and drops idle connections\n"
    "  saturn serve --truth --delay 1ms --delay-slow 1%:20ms --stall 1s:50ms\n"
    "                                                known latencies, its own time for each answer in "
    "/_truth\n"
    "  saturn serve --delay 20ms --max-concurrency 8 8 answers at a time, 20 ms each: 400 requests/s\n"
    "  saturn serve --processes 8 --listen 127.0.0.1:8000 --listen 127.0.0.2:8000\n"
    "                                                room for many connections: a limit of open files each\n"
    "\n"
    "Endpoints: GET /hello, POST /echo, GET and POST /items/, GET, PUT and DELETE /items/ID.\n"
    "GET /_truth tells what the server itself counted, POST /_truth/reset starts again at zero. With "
    "--truth\n"
    "its latency_us is of every answer but its own: kernel arrival of the request to the return of the\n"
    "answer's send.\n"
    "/_fault/...: bytes/N chunked/N close-delimited/N status/N slow/T close drop-after/N informational "
    "extra\n"
    "garbage half reset early silence endless-head: known answers and faults, to test clients with.\n";

using Text = const std::string&;

/// A bare number is seconds, and said: 5 may have been meant as milliseconds.
void time_said(ServeDraft& draft, Text place, Text value, Nanos& out) {
  time_into(draft, place, value, out);
  if (value.find_first_not_of("0123456789.") == std::string::npos && value != "0")
    draft.seconds.push_back(place + " " + value + " is " + format_duration(out));
}

void apply_slow(ServeDraft& draft, Text, Text value) {
  const auto share = read_slow_share(value);
  if (!keep_errors(draft, share)) return;
  draft.options.slow_per_million = share->per_million;
  draft.options.slow_delay = share->delay;
}

void apply_stall(ServeDraft& draft, Text, Text value) {
  const auto stall = read_stall(value);
  if (keep_errors(draft, stall)) draft.options.stall = *stall;
}

constexpr FlagOf<ServeDraft> kFlags[] = {
    {"--listen", "HOST:PORT", kWhere, "may be repeated; port 0 takes a free one (127.0.0.1:8000)", nullptr,
     true, [](ServeDraft& d, Text, Text v) { d.listen.push_back(v); }},
    {"-t,--threads", "N", kWhere, "connections are spread evenly over them (1)", nullptr, false,
     [](ServeDraft& d, Text p, Text v) { count_into(d, p, v, 1, target::kMostThreads, d.options.threads); }},
    {"--processes", "N", kWhere, "each with --threads, on the same addresses (this one)", nullptr, false,
     [](ServeDraft& d, Text p, Text v) { count_into(d, p, v, 1, target::kMostProcesses, d.processes); }},

    {"--delay", "T", kAnswers, "waits so long before each answer, such as 5ms (0s)", nullptr, false,
     [](ServeDraft& d, Text p, Text v) { time_said(d, p, v, d.options.delay); }},
    {"--max-concurrency", "N", kAnswers,
     "delayed answers worked on at a time, others wait in order (no limit)", nullptr, false,
     [](ServeDraft& d, Text p, Text v) { count_into(d, p, v, 1, kMostPlaces, d.options.max_concurrency); }},
    {"--delay-slow", "SHARE:T", kAnswers, "this share waits so long instead, such as 1%:20ms (none)", nullptr,
     false, apply_slow},
    {"--stall", "EVERY:T", kAnswers, "answers nothing for T, again and again, such as 1s:50ms (never)",
     nullptr, false, apply_stall},
    {"--idle-timeout", "T", kAnswers, "closes a connection that was idle so long after an answer (never)",
     nullptr, false, [](ServeDraft& d, Text p, Text v) { time_said(d, p, v, d.options.idle_timeout); }},

    {"--db", "FILE", kData, "SQLite file of the items (in memory)", nullptr, false,
     [](ServeDraft& d, Text, Text v) { d.options.db_file = v; }},
    {"--seed-items", "N", kData, "puts N records into the table at the start (0)", nullptr, false,
     [](ServeDraft& d, Text p, Text v) { count_into(d, p, v, 0, kMostSeedItems, d.options.seed_items); }},

    {"--truth", nullptr, kCounting, "takes its own time for each answer, for GET /_truth (costs CPU)",
     nullptr, false, [](ServeDraft& d, Text, Text) { d.options.timed = true; }},
};

constexpr ForeignFlag kForeign[] = {
    {"-p,--port", true, "the port stands behind the address", "type --listen 127.0.0.1:{}"},
    {"-l,-a,--host,--bind,--address,--addr", true, "the address stands before the port",
     "type --listen HOST:PORT (here: {})"},
    {"-w,--workers", true, "workers are threads or processes", "type --threads {}, or --processes {}"},
    {"--latency,-d", true, "the time before an answer is --delay", "type --delay {}"},
    {"--database", true, "the database is --db", "type --db {}"},
    {"--cert,--key,--tls", true, "no TLS in this build", "leave it out"},
    {"-v,--verbose,-q,--quiet", false, "it says where it listens, and nothing more", "leave it out"},
};

/// "8000", ":8000" or "127.0.0.1:8000" without a flag.
bool is_address(const std::string& word) {
  const auto port = word.substr(word.rfind(':') + 1);
  return !port.empty() && port.find_first_not_of("0123456789") == std::string::npos;
}

}  // namespace

std::span<const FlagOf<ServeDraft>> serve_flags() {
  return kFlags;
}

const CommandTable& serve_table() {
  static const CommandTable table{"serve", "", kAbout, kNotes, rows_of(serve_flags()), kForeign};
  return table;
}

void check_serve(ServeDraft& draft) {
  for (auto& error : draft.errors)
    for (const auto& word : draft.arguments)
      if (error.place == word && is_address(word))
        error.remedy = "type --listen " + (word.find(':') == std::string::npos ? "127.0.0.1:" + word : word);
  const auto& answers = draft.options;
  if (answers.max_concurrency > 0 && answers.delay == Nanos(0) && answers.slow_per_million == 0)
    draft.errors.push_back(
        {"--max-concurrency", "an answer without a delay takes no place", "add --delay 20ms"});
  if (answers.max_concurrency > 0 && draft.processes)
    draft.errors.push_back(
        {"--max-concurrency", "is of one process", "type --threads instead of --processes"});
  if (draft.listen.empty()) draft.listen.emplace_back(kDefaultAddress);
  for (std::size_t i = 0; i < draft.listen.size(); ++i) {
    const auto address = target::parse_listen(draft.listen[i]);
    if (!keep_errors(draft, address)) continue;
    if (i == 0) {
      draft.options.host = address->host;
      draft.options.port = address->port;
    } else {
      draft.options.also.push_back(*address);
    }
  }
}

}  // namespace saturn::cli
