#include "args_hints.hpp"

#include <algorithm>
#include <filesystem>

namespace saturn::cli {
namespace {

constexpr const char* kNoTls = "no TLS in this build";
constexpr const char* kLater = "not in this version yet";
constexpr const char* kLeaveOut = "leave it out";
constexpr const char* kNoRedirects = "redirects are not followed in this version";
constexpr const char* kInUrl = "write the login into the URL: http://USER:PASSWORD@HOST/";
constexpr const char* kInsteadOfScript =
    "type -X POST, -H and -b for a method, headers and a body; for several requests write a plan: saturn run "
    "plan.json";

constexpr ForeignFlag kForeign[] = {
    {"-z", true, "that is oha's and hey's duration", "type -d {}"},
    {"--qps,--rps", true, "that is another tool's name for a rate", "type -R {}"},
    {"-r", true, "a rate in bombardier, requests per connection in gcannon",
     "type -R {} for the former, --requests-per-connection {} for the other"},
    {"-s,--script", true, "wrk's and k6's scripts are not run", kInsteadOfScript},
    {"--stage,--stages,--arrival", true, kLater, "type -d for one constant stage"},
    {"-D", true, "a body file in oha and hey, requests per connection in autocannon",
     "type -b @{} for the file, --requests-per-connection {} for the other"},
    {"-f,--body-file,--post-file", true, "that is another tool's name for a body file", "type -b @{}"},
    {"--file", true, "saturn has no such flag", "type saturn run {} for a plan, -b @{} for a body"},
    {"--targets", true, "that is vegeta's list of requests",
     "write them as steps of a plan: saturn run plan.json"},
    {"--data,--data-raw,--data-binary,--post-data", true, "that is curl's body", "type -b '{}'"},
    {"-F,--form", true, "multipart forms are not in this version",
     "type -b 'a=1&b=2' -H 'Content-Type: application/x-www-form-urlencoded' for a plain one"},
    {"-i", true, "iterations in k6, a body file in autocannon",
     "type -n {} for the number of requests, -b @{} for the file"},
    {"--tag", true, "that is k6's name for it", "type --label {}"},
    {"-e,--env", true, "plans and URLs have no variables in this version", "aim a plan with --base-url URL"},
    {"--iterations", true, "that is k6's name for it", "type -n {}"},
    {"-a,--amount", true, "credentials in hey, a number of requests in autocannon",
     "type http://USER:PASSWORD@HOST/ for the former, -n for the other"},
    {"--user,--basic-auth", true, "saturn has no flag for a login", kInUrl},
    {"-T", true, "a time-out in wrk, a Content-Type in hey",
     "type --timeout {} for the former, -H 'Content-Type: {}' for the other"},
    {"-A", true, "that is hey's Accept header", "type -H 'Accept: {}'"},
    {"--host", true, "Host is a header", "type -H 'Host: {}'"},
    {"--cookie,--cookies", true, "a cookie is a header", "type -H 'Cookie: NAME=VALUE'"},
    {"--user-agent", true, "User-Agent is a header", "type -H 'User-Agent: {}'"},
    {"--compressed", false, "answers are counted as they come, never unpacked",
     "type -H 'Accept-Encoding: gzip' to ask for compressed ones"},
    {"--disable-compression", false, "saturn never asks for compressed answers", kLeaveOut},
    {"-L,--location", false, kNoRedirects, "aim at the URL that the answer's Location names"},
    {"--redirect,--redirects,--max-redirects,--follow", true, kNoRedirects,
     "aim at the URL that the answer's Location names"},
    {"-W", true, "that is autocannon's warm-up", "type --warmup {}"},
    {"-w", false, "answers under way are always waited for", "leave it out, or set --graceful-stop"},
    {"-l,--latencies", false, "percentiles are always shown", kLeaveOut},
    {"--latency-correction", false, "with -R latency always counts from the time when a request was due",
     "leave it out, and give the rate with -R"},
    {"-k,--insecure", false, kNoTls, "leave it out (connections are kept alive without it)"},
    {"--cacert,--cert,--key,--sni", true, kNoTls, kLeaveOut},
    {"-x,--proxy", true, "proxies are not in this version yet", kLeaveOut},
    {"-2,-h2,--h2,--http2,--http2-prior-knowledge,--http3", false, "saturn speaks HTTP/1.1 only", kLeaveOut},
    {"--http-version", true, "saturn speaks HTTP/1.1 only", kLeaveOut},
    {"--disable-keepalive", false, "that is oha's and hey's name for it", "type --no-keepalive"},
    {"--no-connection-reuse,--no-vu-connection-reuse", false, "that is k6's name for it",
     "type --no-keepalive"},
    {"--concurrency", true, "that is another tool's name for it", "type -c {}"},
    {"--cpus", true, "that is hey's name for it", "type -t {}"},
    {"--request", true, "that is curl's name for it", "type -X {}"},
    {"--max-time", true, "that is curl's name for it", "type --timeout {}"},
    {"--url", true, "the URL stands without a flag", "type saturn run {}"},
    {"--output-format,--format", true, "there is one format, JSON", "type --json, or -o FILE"},
    {"--summary-export", true, "that is k6's name for it", "type -o {}"},
    {"--no-tui,--no-progress", false, "that is another tool's name for it", "type -q"},
    {"-v,--verbose,--debug", false, "there is no verbose mode",
     "type -o result.json for all that was measured, saturn --version for the version"},
    {"-4,-6,--ipv4,--ipv6", false, kLater, "write the address itself in the URL"},
    {"--resolve,--connect-to", true, kLater, "write the address in the URL, the name with -H 'Host: NAME'"},
    {"--unix-socket,--var,--junit,--hgrm,--csv,--timeseries,--metrics-file,--otlp,--until-ci,"
     "--repeat,--against,--transport,--dry-run,--trace",
     true, kLater, kLeaveOut},
};

bool is_rate(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789.") == std::string_view::npos;
}

Error quiet_is_no_rate(const std::string& rate) {
  return {"-q " + rate, "that is oha's and hey's rate, -q is --quiet here", "type -R " + rate};
}

bool is_json_or_file(const std::string& word) {
  return !word.empty() && std::string_view("{[\"@").find(word[0]) != std::string_view::npos;
}

Error json_is_no_body(const std::string& body) {
  return {"--json", "that is curl's body, --json is the result's format here",
          "type -H 'Content-Type: application/json' -b '" + body + "'"};
}

/// "Accept: text/html", as a whole word of the command line.
bool is_header(const std::string& word) {
  const auto colon = word.find(": ");
  return colon != std::string::npos && colon > 0 && word.find_first_of(" /") > colon;
}

/// k6: "json=result.json".
Error out_is_k6s(const std::string& value) {
  const auto equals = value.find('=');
  const std::string file = equals == std::string::npos ? value : value.substr(equals + 1);
  return {"--out", "that is k6's name for it", "type -o " + (file.empty() ? "result.json" : file)};
}

struct Script {
  const char* ending;
  const char* tool;
};
constexpr Script kScripts[] = {{".js", "k6"},         {".mjs", "k6"},        {".ts", "k6"},
                               {".lua", "wrk"},       {".jmx", "JMeter"},    {".py", "Locust"},
                               {".yml", "Artillery"}, {".yaml", "Artillery"}};

bool ends_with(std::string_view text, std::string_view ending) {
  return text.size() > ending.size() && text.substr(text.size() - ending.size()) == ending;
}

/// "dir/x.js" and "x.js", but not "host:8000/x.js", "example.com/x.js" and "localhost/x.js".
bool looks_like_a_file(const std::string& source) {
  std::error_code ignored;
  if (std::filesystem::is_regular_file(source, ignored)) return true;
  const auto slash = source.find('/');
  if (slash == std::string::npos) return source.find(':') == std::string::npos;
  const std::string first = source.substr(0, slash);
  if (first.empty() || first == "." || first == "..") return true;
  return first != "localhost" && first.find_first_of(".:[") == std::string::npos;
}

}  // namespace

std::span<const ForeignFlag> foreign_flags() {
  return kForeign;
}

std::size_t hint_of_run(const Arguments& words, std::size_t at, Errors& errors) {
  const std::string& word = words[at];
  const std::string next = at + 1 < words.size() ? words[at + 1] : std::string();
  const auto behind = [&](std::string_view name) { return word.substr(name.size()); };
  if (word == "-q" && is_rate(next)) return errors.push_back(quiet_is_no_rate(next)), 2;
  if (word.rfind("-q", 0) == 0 && is_rate(behind("-q"))) {
    errors.push_back(quiet_is_no_rate(behind("-q")));
    return 1;
  }
  if (word == "-h" && is_header(next)) {
    errors.push_back({"-h", "that prints the help; a header has a large H",
                      "type -H '" + next.substr(0, next.find(':')) + ": …'"});
    return 2;
  }
  if (word == "--json" && is_json_or_file(next)) return errors.push_back(json_is_no_body(next)), 2;
  if (word.rfind("--json=", 0) == 0) return errors.push_back(json_is_no_body(behind("--json="))), 1;
  if (word == "--out") return errors.push_back(out_is_k6s(next)), next.empty() ? 1 : 2;
  if (word.rfind("--out=", 0) == 0) return errors.push_back(out_is_k6s(behind("--out="))), 1;
  return 0;
}

std::optional<Error> script_error(const std::string& source) {
  if (source.find("://") != std::string::npos) return std::nullopt;
  for (const auto& script : kScripts)
    if (ends_with(source, script.ending) && looks_like_a_file(source))
      return Error{source, "this is a script for " + std::string(script.tool) + ", which saturn does not run",
                   kInsteadOfScript};
  return std::nullopt;
}

}  // namespace saturn::cli
