#include "study/read_back.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/json/json_equal.hpp"
#include "core/json/value.hpp"
#include "study/http_probe.hpp"
#include "study/seeder.hpp"

namespace saturn::study {
namespace {

bool same_value(const json::Value& a, const json::Value& b) {
  const auto padded = [](const json::Value& value) {
    return json::to_text(value) + std::string(JsonComparer::kPadding, ' ');
  };
  const std::string left = padded(a), right = padded(b);
  const auto text = [](const std::string& value) {
    return std::span(value.data(), value.size() - JsonComparer::kPadding);
  };
  JsonComparer comparer(std::max(left.size(), right.size()));
  return comparer.equal(text(left), text(right));
}

std::string path_of(std::string_view request) {
  const auto begin = request.find(' ') + 1;
  return std::string(request.substr(begin, request.find(' ', begin) - begin));
}

/// `count` of the elements, evenly spread.
template <class Range>
auto sample_of(const Range& all, unsigned count) {
  std::vector<typename Range::const_iterator> chosen;
  const std::size_t step = std::max<std::size_t>(1, all.size() / std::max(1U, count));
  std::size_t index = 0;
  for (auto element = all.begin(); element != all.end(); ++element, ++index)
    if (index % step == 0 && chosen.size() < count) chosen.push_back(element);
  return chosen;
}

class ReadBack {
 public:
  ReadBack(unsigned sample, std::uint16_t port) : sample_(sample), port_(port) {}

  /// Empty when the sample holds what was written.
  std::string check_written(const Expectations& expected) const {
    for (const auto& element : sample_of(expected.written, sample_)) {
      const auto& [path, bodies] = *element;
      const auto answer = probe(port_, path);
      if (!answer) return to_text(answer.errors().front());
      const bool found =
          answer->status == 200 && std::any_of(bodies.begin(), bodies.end(),
                                               [&](const auto& body) { return holds(answer->body, body); });
      if (!found)
        return fmt::format("read back, {} does not hold what was written (status {}: {})", path,
                           answer->status, answer->body.substr(0, 120));
    }
    return "";
  }

  std::string check_deleted(const std::set<std::string>& deleted) const {
    for (const auto& path : sample_of(deleted, sample_)) {
      const auto answer = probe(port_, *path);
      if (!answer) return to_text(answer.errors().front());
      if (answer->status != 404 && answer->status != 410)
        return fmt::format("read back, {} is still there after it was deleted (status {})", *path,
                           answer->status);
    }
    return "";
  }

 private:
  unsigned sample_;
  std::uint16_t port_;
};

/// Whether all of its requests are known to have been carried out.
bool complete(const ScenarioResult& result) {
  return result.requests.failed == 0 && result.requests.not_ok == 0 && result.requests.in_flight_at_stop == 0;
}

const ScenarioResult* find_scenario(const RunResult& result, const std::string& name) {
  for (const auto& scenario : result.scenarios)
    if (scenario.name == name) return &scenario;
  return nullptr;
}

/// Records there must be: those seeded, and what POSTs to the same path and DELETEs changed; nullopt where it
/// is not certain.
std::optional<std::uint64_t> expected_count(const Plan& plan, const RunResult& result, const SeedRule& rule) {
  std::uint64_t expected = rule.scenario.iterations.value_or(0);
  for (const auto& scenario : plan.scenarios) {
    const Step& step = scenario.flow.front();
    const bool adds = step.method == "POST" && step.path == rule.scenario.flow.front().path;
    if (!adds && step.method != "DELETE") continue;
    const ScenarioResult* done = find_scenario(result, scenario.name);
    if (done == nullptr || !complete(*done) || scenario.flow.size() != 1) return std::nullopt;
    expected += adds ? done->requests.ok : std::uint64_t{0} - done->requests.ok;
  }
  return expected;
}

}  // namespace

bool holds(std::string_view answer, std::string_view sent) {
  const auto got = json::parse(answer), wanted = json::parse(sent);
  if (!got || !wanted || wanted->as_object() == nullptr) return false;
  return std::all_of(wanted->as_object()->begin(), wanted->as_object()->end(),
                     [&](const json::Member& member) {
                       const json::Value* value = got->find(member.key);
                       return value != nullptr && same_value(*value, member.value);
                     });
}

Expectations expectations_of(const Step& step, const ScenarioProgram& scenario, std::uint64_t seed) {
  Expectations expected;
  const RequestTemplate& request = scenario.steps.front().request;
  std::string head(request.max_bytes(), '\0'), body(request.max_body_bytes(), '\0');
  for (std::uint64_t seq = 1; seq <= scenario.total_iterations.value_or(0); ++seq) {
    const Coordinates at{seed, scenario.index, seq, 0, 0};
    const std::string path = path_of({head.data(), request.render(at, head)});
    if (step.method == "DELETE")
      expected.deleted.insert(path);
    else
      expected.written[path].emplace_back(body.data(), request.render_body(at, body));
  }
  return expected;
}

std::map<std::string, std::string> read_back(const Plan& plan, std::uint64_t seed, const RunResult& result,
                                             const SeedRule& rule, unsigned sample, std::uint16_t port) {
  std::map<std::string, std::string> problems;
  const auto program = compile(plan, seed);
  if (!program) return problems;  // run() has refused it already
  const ReadBack reader(sample, port);
  Expectations written;
  std::string writer;
  for (std::size_t i = 0; i < plan.scenarios.size(); ++i) {
    const Scenario& scenario = plan.scenarios[i];
    const Step& step = scenario.flow.front();
    const ScenarioResult* done = find_scenario(result, scenario.name);
    const bool known = done != nullptr && complete(*done) && scenario.flow.size() == 1 && scenario.iterations;
    if (!known || (step.method != "PUT" && step.method != "DELETE")) continue;
    Expectations expected = expectations_of(step, program->scenarios[i], seed);
    if (step.method == "PUT") {
      written = std::move(expected);
      writer = scenario.name;
      continue;
    }
    for (const auto& path : expected.deleted) written.written.erase(path);
    if (auto problem = reader.check_deleted(expected.deleted); !problem.empty())
      problems[scenario.name] = problem;
  }
  if (auto problem = reader.check_written(written); !problem.empty()) problems[writer] = problem;
  if (const auto expected = expected_count(plan, result, rule); expected && problems.empty()) {
    const auto found = count_records(port, rule.count_path);
    if (!found)
      problems[rule.count_path] = to_text(found.errors().front());
    else if (*found != *expected)
      problems[rule.count_path] =
          fmt::format("lists {} records, {} were expected after the run", *found, *expected);
  }
  return problems;
}

}  // namespace saturn::study
