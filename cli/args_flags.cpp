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
constexpr const char* kExperts = "For experts";

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
  time_into(draft, place, value, draft.scenario.duration);
}

bool begins_like_a_number(const std::string& value) {
  return !value.empty() && std::string_view("0123456789+-.").find(value[0]) != std::string_view::npos;
}

/// A login is not printed.
void apply_vus(Draft& draft, const std::string& place, const std::string& value) {
  if (value.find(':') == std::string::npos)
    return count_into(draft, place, value, 1, limits::kVus, draft.vus);
  draft.errors.push_back({place, "that is a number of virtual users, not curl's login",
                          "write the login into the URL: http://USER:PASSWORD@HOST/"});
}

void apply_pipeline(Draft& draft, const std::string& place, const std::string& value) {
  if (value.empty() || begins_like_a_number(value))
    return count_into(draft, place, value, 1, limits::kPipeline, draft.scenario.pipeline);
  draft.errors.push_back(
      {place,
       "\"" + value + "\" is not a number: -p is requests under way on a connection, not ab's file to POST",
       "type -b @" + value + " for the body"});
}

void apply_wait(Draft& draft, const std::string& place, const std::string& value) {
  for (const auto mode : {WaitMode::sleep, WaitMode::hybrid, WaitMode::spin})
    if (value == to_name(mode)) return draft.waits.emplace_back(place, mode), void();
  draft.errors.push_back({place, "\"" + value + "\" is no way to wait", "type --wait sleep, hybrid or spin"});
}

/// "404" or "200,404".
void apply_expect(Draft& draft, const std::string& place, const std::string& value) {
  std::string_view rest = value;
  while (true) {
    const auto comma = std::min(rest.find(','), rest.size());
    const auto status = parse_count(rest.substr(0, comma), place, 200, 999);
    if (!status) {
      draft.errors.push_back({place,
                              "\"" + std::string(rest.substr(0, comma)) + "\" is no status of an answer",
                              "write 200 to 999, several with commas: --expect 200,404"});
      return;
    }
    draft.step.expect.statuses.push_back(static_cast<int>(*status));
    if (comma == rest.size()) return;
    rest.remove_prefix(comma + 1);
  }
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
  if (value.rfind("json=", 0) == 0) {
    draft.errors.push_back({place, "that is k6's way to name a file", "type -o " + value.substr(5)});
    return;
  }
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
    {"-c,--connections", "N", kLoad, "connections in total, not per thread; with -n at most N (50)",
     "/scenarios/N/vus", false,
     [](Draft& d, Text p, Text v) { count_into(d, p, v, 1, limits::kVus, d.connections); }},
    {"-u,--vus", "N", kLoad, "virtual users: another name for -c (50)", "/scenarios/N/vus", false, apply_vus},
    {"-d,--duration", "T", kLoad, "how long to measure: 500ms, 30s or 30, 5m (10s; with -n alone no limit)",
     "/scenarios/N/duration", false, apply_duration},
    {"-n,--requests", "N", kLoad, "requests to begin, exactly; with -d the first reached ends it (no limit)",
     "/scenarios/N/iterations", false,
     [](Draft& d, Text p, Text v) {
       const auto count = parse_count(v, p, 1, limits::kIterations);
       if (keep_errors(d, count)) d.scenario.iterations = *count;
     }},
    {"-R,--rate", "RATE", kLoad,
     "due at fixed times, in all: 1000 (a second), 50/s, 10/ms (as answers allow)", "/scenarios/N/rate",
     false,
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
     false, [](Draft& d, Text p, Text v) { time_into(d, p, v, d.warmup); }},
    {"--graceful-stop", "T", kLoad, "time that answers under way get at the end (5s)",
     "/scenarios/N/graceful_stop", false,
     [](Draft& d, Text p, Text v) { time_into(d, p, v, d.scenario.graceful_stop); }},
    {"--seed", "N", kLoad, "of every random value; overrides the plan's (drawn)", nullptr, false,
     [](Draft& d, Text p, Text v) {
       const auto seed = parse_count(v, p, 0, UINT64_MAX);
       if (keep_errors(d, seed)) d.run.seed = *seed;
     }},

    {"-X,-m,--method", "METHOD", kRequest, "of the request (GET; POST where there is a body)",
     "/scenarios/N/flow/0 as the key of the path: \"get\", \"post\", …", false,
     [](Draft& d, Text p, Text v) {
       if (auto method = parse_method(v, p); keep_errors(d, method)) d.method = *method;
     }},
    {"-H,--header", "'K: V'", kRequest, "a header; may be repeated", "/scenarios/N/flow/0/headers", true,
     apply_header},
    {"-b,--body", "STR|@FILE", kRequest, "the body; no Content-Type is added, give it with -H (none)",
     "/scenarios/N/flow/0/body", false, apply_body},
    {"--expect", "STATUS,…", kRequest, "statuses that are ok: 404, or 200,404 (2xx and 3xx)",
     "/scenarios/N/flow/0/expect/status", false, apply_expect},
    {"--no-templates", nullptr, kRequest, "{{ … }} in URL, headers and body is sent as it stands",
     "/scenarios/N/flow/0 by \\{{ for each {{", false, [](Draft& d, Text, Text) { d.no_templates = true; }},

    {"-p,--pipeline", "N", kConnections, "requests under way on one connection (1)", "/scenarios/N/pipeline",
     false, apply_pipeline},
    {"--requests-per-connection", "N", kConnections, "close and reopen after N requests (never)",
     "/scenarios/N/requests_per_connection", false,
     [](Draft& d, Text p, Text v) {
       const auto count = parse_count(v, p, 1, limits::kIterations);
       if (keep_errors(d, count)) d.scenario.requests_per_connection = *count;
     }},
    {"--no-keepalive", nullptr, kConnections, "a connection for each request",
     "/scenarios/N/requests_per_connection", false, [](Draft& d, Text, Text) { d.no_keepalive = true; }},
    {"--timeout", "T", kConnections, "of a request, from send to last byte (30s)", "/scenarios/N/timeout",
     false, [](Draft& d, Text p, Text v) { time_into(d, p, v, d.scenario.timeout); }},
    {"--connect-timeout", "T", kConnections, "of a connection (10s)", "/scenarios/N/connect_timeout", false,
     [](Draft& d, Text p, Text v) { time_into(d, p, v, d.scenario.connect_timeout); }},

    {"--base-url", "URL", kPlan, "where it is aimed (the plan's base_url)", nullptr, false,
     [](Draft& d, Text p, Text v) {
       if (keep_errors(d, parse_url(v, p))) d.run.base_url = v;
     }},
    {"--only", "NAME", kPlan, "run this scenario only; may be repeated", nullptr, true,
     [](Draft& d, Text, Text v) { d.run.only.push_back(v); }},
    {"--list", nullptr, kPlan, "print its scenarios with their steps, and run nothing", nullptr, false,
     [](Draft& d, Text, Text) { d.run.list = true; }},

    {"--target-pid", "N", kTarget, "of this process and its children; may be repeated (who listens)", nullptr,
     true, apply_target_pid},
    {"--target-cgroup", "PATH", kTarget, "of all processes in this control group (who listens)", nullptr,
     false, apply_target_cgroup},

    {"--threshold", "EXPR", kMeasuring,
     "exit 99 unless met: p(99)<200ms, errors rate<1%, rps>1000; repeatable (none)", nullptr, true,
     apply_threshold},
    {"--strict", nullptr, kMeasuring, "exit 97 when the verdict is that the numbers are not the target's",
     nullptr, false, [](Draft& d, Text, Text) { d.run.strict = true; }},
    {"--wait", "MODE", kMeasuring,
     "sleep; spin: a core a thread; hybrid: awake before a request is due (chosen)", nullptr, false,
     apply_wait},
    {"--spin", nullptr, kMeasuring, "the same as --wait spin", nullptr, false,
     [](Draft& d, Text p, Text) { d.waits.emplace_back(p, WaitMode::spin); }},
    {"--no-spin", nullptr, kMeasuring, "the same as --wait sleep", nullptr, false,
     [](Draft& d, Text p, Text) { d.waits.emplace_back(p, WaitMode::sleep); }},

    {"-o,--output", "FILE", kOutput, "write the result as JSON: the whole file or none (no file)", nullptr,
     false, apply_output},
    {"--json", nullptr, kOutput, "the result as JSON alone on standard output, all text on standard error",
     nullptr, false, [](Draft& d, Text, Text) { d.run.json = true; }},
    {"--full", nullptr, kOutput, "every figure instead of the short summary", nullptr, false,
     [](Draft& d, Text, Text) { d.run.full = true; }},
    {"--explain", nullptr, kOutput, "why the verdict is what it is, and what else was weighed", nullptr,
     false, [](Draft& d, Text, Text) { d.run.explain = true; }},
    {"--label", "K=V", kOutput, "kept in the result; may be repeated", nullptr, true, apply_label},
    {"-q,--quiet", nullptr, kOutput, "no progress; with --json no text at all", nullptr, false,
     [](Draft& d, Text, Text) { d.run.quiet = true; }},
    {"--no-color", nullptr, kOutput, "text without colour (also by the environment variable NO_COLOR)",
     nullptr, false, [](Draft& d, Text, Text) { d.run.no_color = true; }},
    {"--latency", nullptr, kOutput, "accepted: percentiles are always shown", nullptr, false,
     [](Draft&, Text, Text) {}},

    {"--max-head", "SIZE", kExperts, "largest response head (64KiB)", "/scenarios/N/max_head", false,
     [](Draft& d, Text p, Text v) {
       const auto size = parse_size(v, p, limits::kMinHeadBytes, limits::kMaxHeadBytes);
       if (keep_errors(d, size)) d.scenario.max_head_bytes = static_cast<std::uint32_t>(*size);
     }},
    {"--source-ip", "A,B", kExperts, "addresses of this host to connect from, in turn (the kernel's choice)",
     nullptr, true, apply_source_ip},
    {"--recv-memory", "SIZE", kExperts, "receive buffers of all threads together (16MiB a thread)", nullptr,
     false,
     [](Draft& d, Text p, Text v) {
       const auto size = parse_size(v, p, 1, kMostReceiveBytes);
       if (keep_errors(d, size)) d.run.receive_memory = *size;
     }},
    {"--sockets", "FORM", kExperts,
     "descriptors; table: the ring's; linked: made by the ring (as limits allow)", nullptr, false,
     apply_sockets},
    {"--no-kernel-stamps", nullptr, kExperts,
     "take arrival times in user space: to see what the kernel's stamps cost", nullptr, false,
     [](Draft& d, Text, Text) { d.run.kernel_stamps = false; }},
    {"--check-send-times", nullptr, kExperts, "compare the time of one send of 61 with the kernel's own",
     nullptr, false, [](Draft& d, Text, Text) { d.run.check_send_times = true; }},
    {"--discard-body", nullptr, kExperts,
     "drop bodies from 84 KiB on in the kernel, unless a check reads them", nullptr, false,
     [](Draft& d, Text, Text) { d.run.discard_body = true; }},
};

}  // namespace

std::span<const Flag> run_flags() {
  return kFlags;
}

}  // namespace saturn::cli
