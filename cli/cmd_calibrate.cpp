// `saturn calibrate`: what this machine's generator can do. First the core alone (Null transport), over
// numbers of connections, then one shard over loopback against a reference server of our own on another core,
// over connections and body sizes. Stored, so that later runs can say how much of it they used. Main thread
// only. Tested in tests/cli/calibrate_test.py.
#include <fmt/format.h>

#include <array>
#include <cstdio>
#include <filesystem>

#include "calibration.hpp"
#include "commands.hpp"
#include "core/json/value.hpp"
#include "core/result/text_format.hpp"
#include "output_file.hpp"
#include "print.hpp"
#include "read_words.hpp"
#include "reference_server.hpp"
#include "saturn/run.hpp"
#include "saturn/version.hpp"
#include "signals.hpp"
#include "study/cache_folder.hpp"
#include "study/http_probe.hpp"
#include "system/clock/system_clock.hpp"
#include "system/host/host.hpp"
#include "system/run/core_ceiling.hpp"

namespace saturn::cli {
namespace {

constexpr const char* kExamples =
    "Examples:\n"
    "  saturn calibrate                   about 25 s; kept in ~/.cache/saturn/calibration.json\n"
    "  saturn calibrate --quick           two rows of 0.2 s, to see what it does\n"
    "  saturn calibrate -o here.json      into another file; saturn run does not look there\n"
    "\n"
    "Stop other work on the machine first. Later runs on this machine (same CPU and kernel) say how much of\n"
    "the ceiling for work like theirs they used.\n";

constexpr Nanos kAroundRow = std::chrono::milliseconds(200);  ///< starting servers, connecting, draining

struct Body {
  std::uint64_t bytes;
  const char* path;
};
constexpr Body kSmall{13, "/_fault/bytes/13"}, kMiddle{16'384, "/_fault/bytes/16384"},
    kLarge{102'400, "/_fault/bytes/102400"};

struct Effort {
  Nanos core_length, length;  ///< of each number of connections without a network; of each row over loopback
  std::vector<std::uint32_t> connections;
  std::vector<Body> bodies;
};

Effort full() {
  return {std::chrono::milliseconds(300),
          std::chrono::seconds(1),
          {16, 64, 256, 1024},
          {kSmall, kMiddle, kLarge}};
}
Effort quick() {
  return {std::chrono::milliseconds(50), std::chrono::milliseconds(200), {16, 64}, {kSmall}};
}

struct Options {
  std::string output;
  bool quick = false;
  Arguments arguments;
  Errors errors;
};
using Text = const std::string&;

constexpr FlagOf<Options> kFlags[] = {
    {"-o,--output", "FILE", "Output", "where to keep it (~/.cache/saturn/calibration.json)", nullptr, false,
     [](Options& o, Text, Text value) { o.output = value; }},
    {"--quick", nullptr, "Effort", "few and short runs", nullptr, false,
     [](Options& o, Text, Text) { o.quick = true; }},
};

constexpr ForeignFlag kForeign[] = {
    {"-d,--duration,-c,--connections,-t,--threads", true, "what is measured is fixed, so that it compares",
     "leave it out, or type --quick for less"},
};

std::optional<Percentiles> percentiles(const MaybeDistribution& d) {
  if (!d) return std::nullopt;
  return Percentiles{d->p50_us, d->p99_us};
}

/// The time the server itself took, where it says.
std::optional<Percentiles> truth_of(const ReferenceServer& server) {
  const auto answer = study::probe(server.port(), "/_truth");
  if (!answer) return std::nullopt;
  const auto truth = json::parse(answer->body);
  const json::Value* latency = truth ? truth->find("latency_us") : nullptr;
  if (latency == nullptr || latency->as_object() == nullptr) return std::nullopt;
  const auto figure = [&](const char* key) {
    const json::Value* value = latency->find(key);
    return value != nullptr ? value->as_double() : std::nullopt;
  };
  if (!figure("p50") || !figure("p99")) return std::nullopt;
  return Percentiles{*figure("p50"), *figure("p99")};
}

/// One shard for so long. A result of nothing where it was interrupted.
Result<ScenarioResult> load(const ReferenceServer& server, std::uint32_t connections, const Body& body,
                            Nanos length, bool check_send_times) {
  Plan plan;
  plan.base_url = server.url();
  Scenario scenario;
  scenario.vus = connections;
  scenario.duration = length;
  Step step;
  step.path = body.path;
  scenario.flow.push_back(step);
  plan.scenarios.push_back(scenario);
  RunOptions options;
  options.threads = 1;
  options.check_send_times = check_send_times;
  options.stop = &stop_requested();
  auto result = saturn::run(plan, options);
  if (!result) return result.errors();
  if (stop_requested()) return ScenarioResult{};
  ScenarioResult& s = result->scenarios[0];
  if (s.rps && s.requests.ok == s.requests.started && result->balanced()) return std::move(s);
  return Error{"saturn serve",
               fmt::format("{} of {} requests were not answered well", s.requests.started - s.requests.ok,
                           s.requests.started),
               "see whether something else uses its memory or ports", ErrorKind::unreachable};
}

/// Rate and cost first; then latencies, beside those of a server that takes its own times, which costs it
/// CPU, and send times beside the kernel's. Each has a server of its own, so that the server's times are
/// those of these requests alone.
Result<CalibrationRow> measure(std::uint32_t connections, const Body& body, Nanos length, int server_cpu) {
  CalibrationRow row;
  row.connections = connections;
  row.body_bytes = body.bytes;
  for (const bool with_truth : {false, true}) {
    const auto server = ReferenceServer::start(server_cpu, with_truth);
    if (!server) return server.errors();
    const auto load_result = load(*server, connections, body, with_truth ? length / 2 : length, with_truth);
    if (!load_result) return load_result.errors();
    if (stop_requested()) return row;
    const ScenarioResult& s = *load_result;
    if (with_truth) {
      row.latency_us = percentiles(s.latency);
      row.truth_us = truth_of(*server);
      if (const auto& error = s.generator.send_time_error)
        row.send_time_error_us = Percentiles{error->p50_us, error->p99_us};
      continue;
    }
    row.response_bytes = s.bytes_received / s.requests.completed;
    row.rps_per_shard = *s.rps;
    row.cpu_us_per_request = s.generator.cpu_us_per_request;
    row.utilisation = s.generator.utilisation;
    row.lag_us = percentiles(s.lag);
    row.observe_us = percentiles(s.observe);
  }
  return row;
}

std::string pair_of(const std::optional<Percentiles>& p) {
  return p ? text::significant(p->p50) + " / " + text::significant(p->p99) : "-";
}

/// "+1.5 / -0.25"
std::string difference(const std::optional<Percentiles>& p) {
  return p ? text::with_sign(p->p50) + " / " + text::with_sign(p->p99) : "-";
}

void say(const std::string& line) {
  print(stdout, line + "\n");  // what is lost is told, and the exit code at the end
}

std::string cells(const std::string& connections, const std::string& body, const std::string& rps,
                  const std::string& cpu, const std::array<std::string, 6>& pairs) {
  std::string line =
      text::right(connections, 11) + text::right(body, 11) + text::right(rps, 12) + text::right(cpu, 8);
  for (const std::string& pair : pairs) line += text::right(pair, 18);
  return line;
}

std::string row_line(const CalibrationRow& row) {
  return cells(text::count(row.connections), text::bytes(static_cast<double>(row.body_bytes)),
               text::count(static_cast<std::uint64_t>(row.rps_per_shard)),
               row.cpu_us_per_request ? fmt::format("{:.2f}", *row.cpu_us_per_request) : "-",
               {pair_of(row.latency_us), pair_of(row.truth_us), difference(row.stamp_error_us()),
                difference(row.send_time_error_us), pair_of(row.lag_us), pair_of(row.observe_us)});
}

/// The core over each number of connections; what is left out was interrupted.
std::vector<CoreRow> measure_core(const Effort& effort) {
  std::vector<CoreRow> rows;
  std::string rates, connections;
  for (const std::uint32_t count : effort.connections) {
    const double rate = core_requests_per_second(count, effort.core_length, stop_requested());
    if (stop_requested()) return rows;
    rows.push_back({count, rate});
    rates += (rates.empty() ? "" : " / ") + fmt::format("{:.1f}", rate / 1e6);
    connections += (connections.empty() ? "" : " / ") + text::count(count);
  }
  say(fmt::format("core alone: {} million requests/s a shard over {} connections", rates, connections));
  return rows;
}

/// Nothing of it is kept when it is interrupted: a part would pass for the whole.
Result<Calibration> calibrate(const Effort& effort) {
  const HostFacts host = host_facts();
  const std::vector<int> cpus = allowed_cpus();
  Calibration c{std::string(version()), std::string(git()), utc_now(), host.kernel, host.cpu_model, {}, {}};
  const std::size_t rows = effort.connections.size() * effort.bodies.size();
  const Nanos about =
      effort.connections.size() * effort.core_length + rows * (effort.length * 3 / 2 + kAroundRow);
  say(fmt::format("{}, Linux {}: the core alone, then {} kinds of work over loopback, about {:.0f} s",
                  host.cpu_model, host.kernel, rows, to_seconds(about)));
  if (cpus.size() < 2)
    say("only one core is allowed: server and generator share it, so these figures are no ceiling");
  c.core = measure_core(effort);
  if (stop_requested()) return c;
  if (cpus.size() > 1)
    say(fmt::format("loopback: server on core {}, one shard on core {}; times in µs, p50 / p99", cpus.front(),
                    cpus.back()));
  say(cells("connections", "body", "requests/s", "CPU µs",
            {"latency", "server's own", "stamp error", "send error", "lag", "observe"}));
  for (const Body& body : effort.bodies)
    for (const std::uint32_t connections : effort.connections) {
      auto row = measure(connections, body, effort.length, cpus.size() > 1 ? cpus.front() : -1);
      if (stop_requested()) return c;
      if (!row) return row.errors();
      say(row_line(*row));
      c.loopback.push_back(*row);
    }
  return c;
}

int run(const Options& options) {
  const auto path =
      options.output.empty() ? calibration_file() : Result<std::filesystem::path>(options.output);
  if (!path) return print_errors(path.errors(), "calibrate");
  if (options.output.empty())
    if (const auto refused = study::make_private_folder(path->parent_path()))
      return print_errors({*refused}, "calibrate");
  const auto file = OutputFile::prepare(path->string());
  if (!file) return print_errors(file.errors(), "calibrate");
  install_signal_handlers();
  const auto calibration = calibrate(options.quick ? quick() : full());
  if (stop_requested()) {
    std::fputs("interrupted: nothing was stored\n", stderr);
    return kInterrupted;
  }
  if (!calibration) return print_errors(calibration.errors(), "calibrate");
  if (const auto error = file->write(to_json(*calibration))) return print_errors({*error}, "calibrate");
  std::error_code ignored;
  if (options.output.empty())  // whatever the umask: later runs look at who may write it
    std::filesystem::permissions(*path, std::filesystem::perms(0644), ignored);
  say("calibration: " + file->path());
  return with_output_checked(0, kOutputLost);
}

}  // namespace

const CommandTable& calibrate_table() {
  static const CommandTable table{
      "calibrate",
      "",
      "Measures what this machine's generator can do: the engine without a network, then one shard over\n"
      "loopback against a server of its own. Later runs on this machine are compared with it.",
      kExamples,
      rows_of(std::span<const FlagOf<Options>>(kFlags)),
      kForeign};
  return table;
}

int cmd_calibrate(const Arguments& arguments, const Arguments&) {
  Options options;
  const std::span<const FlagOf<Options>> flags = kFlags;
  if (const auto code = read_words(calibrate_table(), flags, arguments, options)) return *code;
  return run(options);
}

}  // namespace saturn::cli
