#include "args_hints.hpp"

#include <algorithm>
#include <utility>

#include "args_flags.hpp"

namespace saturn::cli {
namespace {

constexpr const char* kNoTls = "no TLS in this build";
constexpr const char* kLater = "not in this version yet";
constexpr const char* kLeaveOut = "leave it out";

constexpr ForeignFlag kForeign[] = {
    {"-z", true, "that is oha's and hey's duration", "type -d {}"},
    {"--qps,--rps", true, "that is another tool's name for a rate", "type -R {}"},
    {"-r", true, "a rate in bombardier, requests per connection in gcannon",
     "type -R {} for the former, --requests-per-connection {} for the other"},
    {"-s,--script", true, "there are no scripts: a plan says what they say", "type saturn run plan.json"},
    {"--stage,--arrival", true, kLater, "type -d for one constant stage"},
    {"-D", true, "a body file in oha and hey, requests per connection in autocannon",
     "type -b @{} for the file, --requests-per-connection {} for the other"},
    {"-f,--body-file", true, "that is bombardier's body file", "type -b @{}"},
    {"--data,--data-raw,--data-binary", true, "that is curl's body", "type -b '{}'"},
    {"-i,--iterations", true, "iterations in k6, a body file in autocannon",
     "type -n {} for the number of requests, -b @{} for the file"},
    {"-a,--amount", true, "credentials in hey, a number of requests in autocannon",
     "type http://USER:PASSWORD@HOST/ for the former, -n for the other"},
    {"-T", true, "a time-out in wrk, a Content-Type in hey",
     "type --timeout {} for the former, -H 'Content-Type: {}' for the other"},
    {"-A", true, "that is hey's Accept header", "type -H 'Accept: {}'"},
    {"-W", true, "that is autocannon's warm-up", "type --warmup {}"},
    {"-w", false, "answers under way are always waited for", "leave it out, or set --graceful-stop"},
    {"-l,--latencies", false, "percentiles are always shown", kLeaveOut},
    {"-k,--insecure", false, kNoTls, "leave it out (connections are kept alive without it)"},
    {"--cacert,--cert,--key,--sni", true, kNoTls, kLeaveOut},
    {"-x,--proxy", true, "proxies are not in this version yet", kLeaveOut},
    {"-2,--http2,--http3", false, "saturn speaks HTTP/1.1 only", kLeaveOut},
    {"--disable-keepalive", false, "that is oha's and hey's name for it", "type --no-keepalive"},
    {"--concurrency", true, "that is another tool's name for it", "type -c {}"},
    {"--request", true, "that is curl's name for it", "type -X {}"},
    {"--max-time", true, "that is curl's name for it", "type --timeout {}, with a unit: 30s"},
    {"--url", true, "the URL stands without a flag", "type saturn run {}"},
    {"--output-format,--format", true, "there is one format, JSON", "type --json, or -o FILE"},
    {"-4,-6,--ipv4,--ipv6", false, kLater, "write the address itself in the URL"},
    {"--unix-socket,--connect-to,--var", true, kLater, kLeaveOut},
};

std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j < row.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = std::exchange(row[0], i);
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({replaced, row[j] + 1, row[j - 1] + 1});
    }
  }
  return row[b.size()];
}

bool names_include(const char* names, std::string_view name) {
  const auto list = names_of(names);
  return std::find(list.begin(), list.end(), name) != list.end();
}

bool takes_value(std::string_view name) {
  for (const auto& flag : run_flags())
    if (names_include(flag.names, name)) return flag.value != nullptr;
  for (const auto& flag : kForeign)
    if (names_include(flag.names, name)) return flag.takes_value;
  return false;
}

bool is_flag(std::string_view name) {
  const auto known = [&](const auto& flag) { return names_include(flag.names, name); };
  return std::any_of(run_flags().begin(), run_flags().end(), known) ||
         std::any_of(std::begin(kForeign), std::end(kForeign), known);
}

bool is_rate(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789.") == std::string_view::npos;
}

Error quiet_is_no_rate(const std::string& rate) {
  return {"-q " + rate, "that is oha's and hey's rate, -q is --quiet here", "type -R " + rate};
}

/// "-duration=10s" for "--duration=10s"; empty when `word` is no such thing.
std::string with_two_dashes(const std::string& word) {
  if (word.size() < 3 || word[0] != '-' || word[1] == '-') return {};
  const std::string name = "-" + word.substr(0, word.find('='));
  return is_flag(name) ? "-" + word : std::string();
}

}  // namespace

std::span<const ForeignFlag> foreign_flags() {
  return kForeign;
}

Error foreign_error(const ForeignFlag& flag, const std::string& place, const std::string& value) {
  std::string remedy;
  for (const char* at = flag.remedy; *at != '\0'; ++at) {
    if (at[0] == '{' && at[1] == '}') {
      remedy += value;
      ++at;
    } else {
      remedy += *at;
    }
  }
  return {place, flag.message, remedy};
}

Errors hints_from_words(Arguments& words) {
  Errors errors;
  Arguments kept;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string& word = words[i];
    const bool last = i + 1 == words.size();
    if (word == "--") {
      kept.insert(kept.end(), words.begin() + static_cast<std::ptrdiff_t>(i), words.end());
      break;
    }
    if (takes_value(word)) {
      if (last) {
        errors.push_back({word, "a value is missing", "see the flag in saturn run --help"});
        break;
      }
      kept.push_back(word);
      kept.push_back(words[++i]);
    } else if (word.size() > 3 && word.back() == '=' && takes_value(word.substr(0, word.size() - 1))) {
      errors.push_back({word, "a value is missing", "write it behind the sign, without a space"});
    } else if (word == "-q" && !last && is_rate(words[i + 1])) {
      errors.push_back(quiet_is_no_rate(words[++i]));
    } else if (word.rfind("-q", 0) == 0 && is_rate(word.substr(2))) {
      errors.push_back(quiet_is_no_rate(word.substr(2)));
    } else if (const auto meant = with_two_dashes(word); !meant.empty()) {
      errors.push_back({word, "long flags have two dashes", "type " + meant});
      if (meant.find('=') == std::string::npos && takes_value(meant)) ++i;
    } else {
      kept.push_back(word);
    }
  }
  words = std::move(kept);
  return errors;
}

std::optional<std::string> did_you_mean(std::string_view word, std::span<const std::string> known) {
  const std::size_t tolerated = word.size() <= 4 ? 1 : word.size() <= 8 ? 2 : 3;
  std::optional<std::string> best;
  std::size_t best_distance = tolerated + 1;
  for (const auto& candidate : known) {
    const auto distance = edit_distance(word, candidate);
    if (distance >= best_distance) continue;
    best_distance = distance;
    best = candidate;
  }
  return best;
}

Error unknown_flag(const std::string& word) {
  std::vector<std::string> names;
  const std::string name = word.substr(0, word.find('='));
  for (const auto& flag : run_flags())
    for (auto& own : names_of(flag.names))
      if ((own.size() > 2) == (name.size() > 2)) names.push_back(std::move(own));
  // A short flag is near every other one; only its other case is worth a question.
  if (name.size() == 2) {
    std::string swapped = name;
    swapped[1] = static_cast<char>(swapped[1] ^ 0x20);
    if (std::find(names.begin(), names.end(), swapped) != names.end())
      return {name, "no such flag", "did you mean " + swapped + "?"};
    return {name, "no such flag", "see saturn run --help for those there are"};
  }
  if (const auto near = did_you_mean(name, names))
    return {name, "no such flag", "did you mean " + *near + "?"};
  return {name, "no such flag", "see saturn run --help for those there are"};
}

}  // namespace saturn::cli
