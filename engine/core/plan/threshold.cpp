#include "core/plan/threshold.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>
#include <string>
#include <vector>

#include "core/plan/fields.hpp"

namespace saturn {
namespace {

using Metric = Threshold::Metric;
using Statistic = Threshold::Statistic;
using Comparison = Threshold::Comparison;

constexpr const char* kExamples = "write for example 'p(99)<200ms', 'errors rate<1%' or 'rps>1000'";
constexpr const char* kMetrics =
    "this version has latency, service, ttfb, errors, checks, dropped, rps and ok_rps";
constexpr const char* kOfTimes = "a time has p(N), min, mean, med and max";

enum class Kind : std::uint8_t { time, counted, share, pace };

struct MetricRow {
  std::string_view name;
  Metric metric;
  Kind kind;
};
constexpr MetricRow kRows[] = {
    {"latency", Metric::latency, Kind::time},
    {"service", Metric::service, Kind::time},
    {"ttfb", Metric::ttfb, Kind::time},
    {"errors", Metric::errors, Kind::counted},
    {"dropped", Metric::dropped, Kind::counted},
    {"checks", Metric::checks, Kind::share},
    {"rps", Metric::rps, Kind::pace},
    {"ok_rps", Metric::ok_rps, Kind::pace},
};
constexpr std::string_view kLater[] = {"connect", "lag", "observe", "verdict"};

struct Unit {
  std::string_view name;
  double us;
};
constexpr Unit kTimes[] = {{"ns", 1e-3}, {"us", 1}, {"µs", 1}, {"μs", 1}, {"ms", 1e3}, {"s", 1e6}};

struct Operator {
  std::string_view text;
  Comparison comparison;
};
// Longer ones first: "<" is the start of "<=".
constexpr Operator kOperators[] = {{"<=", Comparison::at_most},
                                   {">=", Comparison::at_least},
                                   {"==", Comparison::equal},
                                   {"<", Comparison::below},
                                   {">", Comparison::above}};

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

std::optional<double> whole_number(std::string_view text) {
  double value = 0;
  if (text.empty() || text.find_first_not_of("0123456789.") != std::string_view::npos) return std::nullopt;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (code != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

class Reader {
 public:
  Reader(std::string_view text, std::string_view place) : text_(trimmed(text)), place_(place) {}

  Result<Threshold> run() {
    found_.expression = std::string(text_);
    const auto at = std::min(text_.find_first_of("<>=!"), text_.size());
    if (at == text_.size()) return bad("compares nothing", kExamples);
    const std::string_view rest = text_.substr(at);
    const auto* sign = std::find_if(std::begin(kOperators), std::end(kOperators),
                                    [&](const Operator& o) { return rest.starts_with(o.text); });
    if (sign == std::end(kOperators)) return bad("has no comparison", "there are <, <=, >, >= and ==");
    found_.comparison = sign->comparison;
    if (auto error = read_subject(trimmed(text_.substr(0, at)))) return *error;
    if (auto error = read_bound(trimmed(rest.substr(sign->text.size())))) return *error;
    if (found_.comparison == Comparison::equal && (kind_ == Kind::time || kind_ == Kind::pace))
      return bad("wants a time or a rate to be exactly one value", "use <= or >=");
    return found_;
  }

 private:
  Error bad(const std::string& why, std::string remedy) const {
    return {std::string(place_), "\"" + std::string(text_) + "\" " + why, std::move(remedy)};
  }

  /// "latency p(99)", "p(99)", "errors rate", "rps".
  std::optional<Error> read_subject(std::string_view subject) {
    if (subject.empty()) return bad("names nothing to look at", kExamples);
    if (subject.find('{') != std::string_view::npos)
      return bad("has a filter, which is not in this version",
                 "write the threshold into the scenario it is for");
    const auto space = std::min(subject.find(' '), subject.size());
    std::string_view name = subject.substr(0, space), statistic = trimmed(subject.substr(space));
    const bool bare = space == subject.size() && is_statistic_of_times(name);
    if (bare) {
      statistic = name;
      name = "latency";
    }
    const auto* row =
        std::find_if(std::begin(kRows), std::end(kRows), [&](const MetricRow& r) { return r.name == name; });
    if (row == std::end(kRows)) return unknown_metric(name);
    found_.metric = row->metric;
    kind_ = row->kind;
    return read_statistic(row->name, statistic);
  }

  static bool is_statistic_of_times(std::string_view text) {
    static constexpr std::string_view kNames[] = {"min", "max", "mean", "avg", "med", "median"};
    const bool percentile =
        text.size() > 1 && text[0] == 'p' && (text[1] == '(' || (text[1] >= '0' && text[1] <= '9'));
    return percentile || std::find(std::begin(kNames), std::end(kNames), text) != std::end(kNames);
  }

  Error unknown_metric(std::string_view name) const {
    if (std::find(std::begin(kLater), std::end(kLater), name) != std::end(kLater))
      return bad("looks at " + std::string(name) + ", which is not in this version", kMetrics);
    if (name.starts_with("http_req_duration")) return bad("uses k6's name", "write latency p(99)<200ms");
    if (name.starts_with("http_req_failed")) return bad("uses k6's name", "write errors rate<1%");
    std::vector<std::string_view> names;
    for (const auto& row : kRows) names.push_back(row.name);
    const std::string near = did_you_mean(name, names);
    return bad("looks at \"" + std::string(name) + "\", which is no metric", near.empty() ? kMetrics : near);
  }

  std::optional<Error> read_statistic(std::string_view metric, std::string_view text) {
    const std::string shown(text);
    switch (kind_) {
      case Kind::time:
        return read_time_statistic(metric, text);
      case Kind::pace:
        if (!text.empty())
          return bad("asks " + std::string(metric) + " for \"" + shown + "\"",
                     "it is one number: " + std::string(metric) + ">1000");
        found_.statistic = Statistic::value;
        return std::nullopt;
      case Kind::counted:
      case Kind::share:
        break;
    }
    const bool counts = kind_ == Kind::counted;
    if (text == "rate") found_.statistic = Statistic::rate;
    if (text == "count" && counts) found_.statistic = Statistic::count;
    if (text == "rate" || (text == "count" && counts)) return std::nullopt;
    const std::string have = std::string(metric) + (counts ? " has rate and count" : " has rate");
    const std::string example = metric == "checks" ? "checks rate==1" : std::string(metric) + " rate<1%";
    return bad(text.empty() ? "does not say what of " + std::string(metric)
                            : "asks " + std::string(metric) + " for \"" + shown + "\"",
               have + ": " + example);
  }

  std::optional<Error> read_time_statistic(std::string_view metric, std::string_view text) {
    if (text.empty())
      return bad("does not say what of " + std::string(metric),
                 std::string(kOfTimes) + ": " + std::string(metric) + " p(99)<200ms");
    if (text == "avg" || text == "median")
      return bad("uses another tool's name", text == "avg" ? "write mean" : "write med");
    found_.statistic = text == "min"    ? Statistic::min
                       : text == "max"  ? Statistic::max
                       : text == "mean" ? Statistic::mean
                                        : Statistic::percentile;
    if (found_.statistic != Statistic::percentile) return std::nullopt;
    if (text == "med") {
      found_.percentile = 50;
      return std::nullopt;
    }
    if (text[0] != 'p') return bad("asks for \"" + std::string(text) + "\"", kOfTimes);
    if (whole_number(text.substr(1)))
      return bad("has no brackets", "write p(" + std::string(text.substr(1)) + ")");
    const bool brackets = text.size() > 3 && text[1] == '(' && text.back() == ')';
    const auto percentile =
        brackets ? whole_number(trimmed(text.substr(2, text.size() - 3))) : std::optional<double>();
    if (!percentile || *percentile > 100)
      return bad("asks for \"" + std::string(text) + "\"", "p(N) takes 0 to 100: p(99), p(99.9)");
    found_.percentile = *percentile;
    return std::nullopt;
  }

  std::optional<Error> read_bound(std::string_view text) {
    const auto digits = std::min(text.find_first_not_of("0123456789."), text.size());
    const auto number = whole_number(text.substr(0, digits));
    const std::string_view unit = trimmed(text.substr(digits));
    if (!number) return bad("has no number to compare with", kExamples);
    found_.bound = *number;
    found_.unit = std::string(unit);
    const std::string start(text_.substr(0, static_cast<std::size_t>(text.data() - text_.data())));
    const std::string as_number(text.substr(0, digits));
    switch (kind_) {
      case Kind::time:
        if (unit.empty()) return bad("has no unit", "did you mean " + start + as_number + "ms?");
        if (std::none_of(std::begin(kTimes), std::end(kTimes), [&](const Unit& u) { return u.name == unit; }))
          return bad("has no unit of time", "there are ns, us, ms and s");
        return std::nullopt;
      case Kind::pace:
        if (!unit.empty() && unit != "/s")
          return bad("has no unit of a rate", "it is a number a second: " + start + as_number);
        return std::nullopt;
      case Kind::counted:
      case Kind::share:
        break;
    }
    if (found_.statistic == Statistic::count) {
      if (!unit.empty() || std::floor(*number) != *number)
        return bad("compares a count with no whole number", "write for example " + start + "0");
      return std::nullopt;
    }
    if (!unit.empty() && unit != "%") return bad("has no unit of a share", "write 1% or 0.01");
    if (*number > (unit.empty() ? 1 : 100))
      return bad("compares with more than all",
                 unit.empty() ? "did you mean " + start + as_number + "%?" : "a share is at most 100%");
    return std::nullopt;
  }

  std::string_view text_, place_;
  Kind kind_ = Kind::time;
  Threshold found_;
};

/// "p(99)<200ms", or {"expr": "p(99)<200ms"}.
void read_threshold(const json::Value& value, const std::string& place, std::vector<Threshold>& out,
                    Errors& errors) {
  std::string text, at = place;
  if (const auto* written = value.as_string()) {
    text = *written;
  } else if (value.as_object() != nullptr) {
    Fields fields(value, place, errors);
    fields.read("expr", text);
    if (fields.find("expr") == nullptr)
      fields.fail("expr", "a threshold needs an expression", R"(add "expr": "p(99)<200ms")");
    fields.not_yet({"abort_on_fail", "after"});
    fields.finish();
    at = fields.place_of("expr");
    if (text.empty()) return;
  } else {
    errors.push_back({place, "a threshold is a string, not " + std::string(value.type_name()),
                      R"(write for example "p(99)<200ms")"});
    return;
  }
  auto parsed = parse_threshold(text, at);
  if (parsed)
    out.push_back(std::move(*parsed));
  else
    errors.insert(errors.end(), parsed.errors().begin(), parsed.errors().end());
}

}  // namespace

Result<Threshold> parse_threshold(std::string_view text, std::string_view place) {
  return Reader(text, place).run();
}

void read_thresholds(Fields& fields, std::vector<Threshold>& out, Errors& errors) {
  const auto* value = fields.find("thresholds");
  if (value == nullptr) return;
  const auto* list = value->as_array();
  if (list == nullptr)
    return fields.fail("thresholds", "a list is wanted here, not " + std::string(value->type_name()),
                       R"(write ["p(99)<200ms"])");
  for (std::size_t i = 0; i < list->size(); ++i)
    read_threshold((*list)[i], fields.place_of("thresholds") + "/" + std::to_string(i), out, errors);
}

std::string_view to_name(Threshold::Metric metric) {
  for (const auto& row : kRows)
    if (row.metric == metric) return row.name;
  return {};
}

double micros_in(std::string_view unit) {
  for (const auto& time : kTimes)
    if (time.name == unit) return time.us;
  return 1;
}

}  // namespace saturn
