#include "args_flags.hpp"

#include <algorithm>

#include "args_values.hpp"
#include "core/plan/limits.hpp"
#include "core/plan/parse.hpp"
#include "core/plan/rate.hpp"
#include "core/plan/threshold.hpp"

namespace saturn::cli {
namespace {

constexpr std::uint64_t kMostThreads = 1024, kMostReceiveBytes = std::uint64_t{16} << 30;
constexpr std::uint64_t kLargestPid = 4'194'304;  ///< the kernel's own limit
constexpr const char* kLoad = "Load";
constexpr const char* kRequest = "Request";
constexpr const char* kConnections = "Connections and limits";
constexpr const char* kTarget = "The server's cost";
constexpr const char* kPlan = "With a plan";
constexpr const char* kMeasuring = "Measuring";
constexpr const char* kOutput = "Output";

template <class T>
bool keep_errors(Draft& draft, const Result<T>& result) {
  if (!result) draft.errors.insert(draft.errors.end(), result.errors().begin(), result.errors().end());
  return static_cast<bool>(result);
}

template <class T>
void count_into(Draft& draft, const std::string& place, const std::string& value, std::uint64_t low,
                std::uint64_t high, T& out) {
  const auto count = parse_count(value, place, low, high);
  if (keep_errors(draft, count)) out = static_cast<std::uint32_t>(*count);
}

template <class T>
void duration_into(Draft& draft, const std::string& place, const std::string& value, T& out) {
  const auto duration = parse_duration(value, place);
  if (keep_errors(draft, duration)) out = *duration;
}

/// hey, oha and curl have the request's body behind -d; "30" and "5 s" are left to parse_duration.
bool looks_like_body(const std::string& value) {
  return !value.empty() && (std::string_view("{[\"@<'").find(value[0]) != std::string_view::npos ||
                            value.find('=') != std::string::npos);
}

void apply_duration(Draft& draft, const std::string& place, const std::string& value) {
  if (looks_like_body(value)) {
    draft.errors.push_back({place, "\"" + value + "\" is not a duration: -d is how long to run, not the body",
                            "type -b '" + value + "' for a request body"});
    return;
  }
  duration_into(draft, place, value, draft.scenario.duration);
}

void apply_threads(Draft& draft, const std::string& place, const std::string& value) {
  const bool has_unit = value.find_first_not_of("0123456789.") != std::string::npos;
  if (has_unit && parse_duration(value, place)) {
    draft.errors.push_back(
        {place, "\"" + value + "\" is not a number of threads: -t is threads, not a time-out",
         "type --timeout " + value + " for a time-out, -d " + value + " for how long to run"});
    return;
  }
  count_into(draft, place, value, 1, kMostThreads, draft.run.threads);
}

void apply_header(Draft& draft, const std::string& place, const std::string& value) {
  if (auto header = parse_header(value, place); keep_errors(draft, header))
    draft.step.headers.push_back(*header);
}

void apply_body(Draft& draft, const std::string& place, const std::string& value) {
  const auto body = body_of(value, place);
  if (!keep_errors(draft, body)) return;
  draft.step.body_kind = BodyKind::text;
  draft.step.body = *body;
}

void apply_label(Draft& draft, const std::string& place, const std::string& value) {
  const auto label = parse_label(value, place);
  if (keep_errors(draft, label) && !draft.run.labels.insert(*label).second)
    draft.errors.push_back({place, "the label \"" + label->first + "\" is given twice", "keep one of them"});
}

void apply_output(Draft& draft, const std::string& place, const std::string& value) {
  if (value.empty() || value == "-")
    draft.errors.push_back({place, "\"" + value + "\" is not a file name",
                            "type --json for the result on standard output, or -o result.json"});
  draft.run.output = value;
}

/// "A,B"; given again, more of them.
void apply_source_ip(Draft& draft, const std::string&, const std::string& value) {
  std::size_t from = 0;
  for (auto comma = value.find(','); comma != std::string::npos; comma = value.find(',', from)) {
    draft.run.source_ips.push_back(value.substr(from, comma - from));
    from = comma + 1;
  }
  draft.run.source_ips.push_back(value.substr(from));
}

void apply_sockets(Draft& draft, const std::string& place, const std::string& value) {
  if (value == "descriptors") draft.run.sockets = SocketForm::descriptors;
  if (value == "table") draft.run.sockets = SocketForm::table;
  if (value == "linked") draft.run.sockets = SocketForm::linked;
  if (!draft.run.sockets)
    draft.errors.push_back(
        {place, "\"" + value + "\" is no form of sockets", "type --sockets descriptors, table or linked"});
}

/// One way to name the target's processes at a time.
bool choose_target(Draft& draft, const std::string& place, TargetSelection::How how) {
  auto& target = draft.run.target;
  const bool other = target.how != TargetSelection::How::listener && target.how != how;
  if (other)
    draft.errors.push_back(
        {place, "--target-pid and --target-cgroup both name the target's processes", "keep one of them"});
  target.how = how;
  return !other;
}

void apply_target_pid(Draft& draft, const std::string& place, const std::string& value) {
  const auto pid = parse_count(value, place, 1, kLargestPid);
  if (choose_target(draft, place, TargetSelection::How::pids) && keep_errors(draft, pid))
    draft.run.target.pids.push_back(static_cast<int>(*pid));
}

void apply_target_cgroup(Draft& draft, const std::string& place, const std::string& value) {
  if (value.empty())
    draft.errors.push_back({place, "\"\" is no control group", "cat /proc/PID/cgroup names a process's"});
  if (choose_target(draft, place, TargetSelection::How::cgroup)) draft.run.target.cgroup = value;
}

void apply_threshold(Draft& draft, const std::string& place, const std::string& value) {
  if (auto threshold = parse_threshold(value, place); keep_errors(draft, threshold))
    draft.run.thresholds.push_back(*threshold);
}

using Text = const std::string&;

constexpr Flag kFlags[] = {
    {"-c,--connections", "N", kLoad, "connections in total, not per thread (50)", "/scenarios/N/vus", false,
     [](Draft& d, Text p, Text v) { count_into(d, p, v, 1, limits::kVus, d.connections); }},
    {"-u,--vus", "N", kLoad, "virtual users: the same as -c", "/scenarios/N/vus", false,
     [](Draft& d, Text p, Text v) { count_into(d, p, v, 1, limits::kVus, d.vus); }},
    {"-d,--duration", "T", kLoad, "how long to measure: 500ms, 30s, 5m (10s; with -n alone no limit)",
     "/scenarios/N/duration", false, apply_duration},
    {"-n,--requests", "N", kLoad, "requests to begin, exactly; with -d the first reached ends the run",
     "/scenarios/N/iterations", false,
     [](Draft& d, Text p, Text v) {
       const auto count = parse_count(v, p, 1, limits::kIterations);
       if (keep_errors(d, count)) d.scenario.iterations = *count;
     }},
    {"-R,--rate", "RATE", kLoad, "requests due at fixed times, in all: 1000 (a second), 50/s, 10/ms",
     "/scenarios/N/rate", false,
     [](Draft& d, Text p, Text v) {
       d.rate_asked = true;
       if (auto rate = parse_rate(v, p); keep_errors(d, rate)) d.scenario.rate = *rate;
     }},
    {"--max-in-flight", "N", kLoad, "with -R: connections are added on demand up to N (10000; -c, if given)",
     "/scenarios/N/max_in_flight", false,
     [](Draft& d, Text p, Text v) { count_into(d, p, v, 1, limits::kVus, d.scenario.max_in_flight); }},
    {"--backlog", "N", kLoad, "with -R: due requests that may wait, others are dropped (10 s of them)",
     "/scenarios/N/backlog", false,
     [](Draft& d, Text p, Text v) {
       const auto count = parse_count(v, p, 0, limits::kBacklog);
       if (keep_errors(d, count)) d.scenario.backlog = *count;
     }},
    {"-t,--threads", "N", kLoad, "threads, each on its own core (one per 256 connections)", nullptr, false,
     apply_threads},
    {"--warmup", "T", kLoad, "load before measuring starts, outside -d and -n (0s)", "/scenarios/N/warmup",
     false, [](Draft& d, Text p, Text v) { duration_into(d, p, v, d.scenario.warmup); }},
    {"--graceful-stop", "T", kLoad, "time that answers under way get at the end (5s)",
     "/scenarios/N/graceful_stop", false,
     [](Draft& d, Text p, Text v) { duration_into(d, p, v, d.scenario.graceful_stop); }},
    {"--seed", "N", kLoad, "of every random value; overrides the plan's", nullptr, false,
     [](Draft& d, Text p, Text v) {
       const auto seed = parse_count(v, p, 0, UINT64_MAX);
       if (keep_errors(d, seed)) d.run.seed = *seed;
     }},

    {"-X,-m,--method", "METHOD", kRequest, "(GET; POST where there is a body)",
     "/scenarios/N/flow/0 as the key of the path: \"get\", \"post\", …", false,
     [](Draft& d, Text p, Text v) {
       if (auto method = parse_method(v, p); keep_errors(d, method)) d.method = *method;
     }},
    {"-H,--header", "'K: V'", kRequest, "a header; may be repeated", "/scenarios/N/flow/0/headers", true,
     apply_header},
    {"-b,--body", "STR|@FILE", kRequest, "the body; no Content-Type is added, give it with -H",
     "/scenarios/N/flow/0/body", false, apply_body},

    {"-p,--pipeline", "N", kConnections, "requests under way on one connection (1)", "/scenarios/N/pipeline",
     false, [](Draft& d, Text p, Text v) { count_into(d, p, v, 1, limits::kPipeline, d.scenario.pipeline); }},
    {"--requests-per-connection", "N", kConnections, "close and reopen after N requests (never)",
     "/scenarios/N/requests_per_connection", false,
     [](Draft& d, Text p, Text v) {
       const auto count = parse_count(v, p, 1, limits::kIterations);
       if (keep_errors(d, count)) d.scenario.requests_per_connection = *count;
     }},
    {"--no-keepalive", nullptr, kConnections, "a connection for each request",
     "/scenarios/N/requests_per_connection", false, [](Draft& d, Text, Text) { d.no_keepalive = true; }},
    {"--timeout", "T", kConnections, "of a request, from send to last byte (30s)", "/scenarios/N/timeout",
     false, [](Draft& d, Text p, Text v) { duration_into(d, p, v, d.scenario.timeout); }},
    {"--connect-timeout", "T", kConnections, "of a connection (10s)", "/scenarios/N/connect_timeout", false,
     [](Draft& d, Text p, Text v) { duration_into(d, p, v, d.scenario.connect_timeout); }},
    {"--max-head", "SIZE", kConnections, "largest response head (64KiB)", "/scenarios/N/max_head", false,
     [](Draft& d, Text p, Text v) {
       const auto size = parse_size(v, p, limits::kMinHeadBytes, limits::kMaxHeadBytes);
       if (keep_errors(d, size)) d.scenario.max_head_bytes = static_cast<std::uint32_t>(*size);
     }},
    {"--source-ip", "A,B", kConnections, "addresses of this host to connect from, in turn", nullptr, true,
     apply_source_ip},
    {"--recv-memory", "SIZE", kConnections, "receive buffers of all threads together (16MiB a thread)",
     nullptr, false,
     [](Draft& d, Text p, Text v) {
       const auto size = parse_size(v, p, 1, kMostReceiveBytes);
       if (keep_errors(d, size)) d.run.receive_memory = *size;
     }},

    {"--sockets", "FORM", kConnections,
     "descriptors, table (the ring's; where they run out), linked (made there)", nullptr, false,
     apply_sockets},

    {"--target-pid", "N", kTarget, "cost of this process and its children (of who listens); may be repeated",
     nullptr, true, apply_target_pid},
    {"--target-cgroup", "PATH", kTarget, "of all processes in this control group", nullptr, false,
     apply_target_cgroup},

    {"--base-url", "URL", kPlan, "instead of the plan's base_url", nullptr, false,
     [](Draft& d, Text p, Text v) {
       if (keep_errors(d, parse_url(v, p))) d.run.base_url = v;
     }},
    {"--only", "NAME", kPlan, "run this scenario only; may be repeated", nullptr, true,
     [](Draft& d, Text, Text v) { d.run.only.push_back(v); }},

    {"--spin", nullptr, kMeasuring, "never sleep while waiting: the least lateness, a core for each thread",
     nullptr, false, [](Draft& d, Text, Text) { d.spin = true; }},
    {"--no-spin", nullptr, kMeasuring,
     "always sleep (with -R: awake before a request is due, if that takes no core)", nullptr, false,
     [](Draft& d, Text, Text) { d.no_spin = true; }},
    {"--no-kernel-stamps", nullptr, kMeasuring,
     "take arrival times in user space: to see what the kernel's stamps cost", nullptr, false,
     [](Draft& d, Text, Text) { d.run.kernel_stamps = false; }},
    {"--discard-body", nullptr, kMeasuring,
     "drop bodies from 84 KiB on in the kernel, unless a check reads them", nullptr, false,
     [](Draft& d, Text, Text) { d.run.discard_body = true; }},
    {"--check-send-times", nullptr, kMeasuring, "compare the time of one send of 61 with the kernel's own",
     nullptr, false, [](Draft& d, Text, Text) { d.run.check_send_times = true; }},
    {"--threshold", "EXPR", kMeasuring,
     "exit 99 unless met: p(99)<200ms, errors rate<1%, rps>1000; repeatable (none)", nullptr, true,
     apply_threshold},
    {"--strict", nullptr, kMeasuring, "exit 97 when the verdict is that the numbers are not the target's",
     nullptr, false, [](Draft& d, Text, Text) { d.run.strict = true; }},

    {"-o,--output", "FILE", kOutput, "write the result as JSON: the whole file or none", nullptr, false,
     apply_output},
    {"--json", nullptr, kOutput, "the result as JSON alone on standard output, all text on standard error",
     nullptr, false, [](Draft& d, Text, Text) { d.run.json = true; }},
    {"--full", nullptr, kOutput, "every figure instead of the short summary", nullptr, false,
     [](Draft& d, Text, Text) { d.run.full = true; }},
    {"--explain", nullptr, kOutput, "why the verdict is what it is, and what else was weighed", nullptr,
     false, [](Draft& d, Text, Text) { d.run.explain = true; }},
    {"--label", "K=V", kOutput, "kept in the result; may be repeated", nullptr, true, apply_label},
    {"-q,--quiet", nullptr, kOutput, "no progress; with --json no text at all", nullptr, false,
     [](Draft& d, Text, Text) { d.run.quiet = true; }},
    {"--no-color", nullptr, kOutput, "(also by the environment variable NO_COLOR)", nullptr, false,
     [](Draft& d, Text, Text) { d.run.no_color = true; }},
    {"--latency", nullptr, kOutput, "accepted: percentiles are always shown", nullptr, false,
     [](Draft&, Text, Text) {}},
};

}  // namespace

std::span<const Flag> run_flags() {
  return kFlags;
}

std::vector<std::string> names_of(const char* names) {
  std::vector<std::string> list;
  std::string_view rest = names;
  while (!rest.empty()) {
    const auto comma = std::min(rest.find(','), rest.size());
    list.emplace_back(rest.substr(0, comma));
    rest.remove_prefix(std::min(comma + 1, rest.size()));
  }
  return list;
}

std::string place_of(const char* names) {
  return names_of(names).front();
}

}  // namespace saturn::cli
