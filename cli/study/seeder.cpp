#include "study/seeder.hpp"

#include <fmt/format.h>

#include "core/json/value.hpp"
#include "saturn/run.hpp"
#include "study/http_probe.hpp"

namespace saturn::study {
namespace {

Error seed_error(std::string message) {
  return {"seeding", std::move(message), "", ErrorKind::unreachable};
}

/// "500: 3, connect_refused: 1"
std::string what_went_wrong(const ScenarioResult& result) {
  std::string text;
  const auto add = [&](const std::string& kind, std::uint64_t count) {
    text += fmt::format("{}{}: {}", text.empty() ? "" : ", ", kind, count);
  };
  for (const auto& [status, count] : result.status)
    if (status < 200 || status >= 300) add(std::to_string(status), count);
  for (std::size_t kind = 0; kind < kFailureKinds; ++kind)
    if (result.errors[kind] != 0) add(std::string(to_name(static_cast<Failure>(kind))), result.errors[kind]);
  return text;
}

}  // namespace

std::string base_url_of(std::uint16_t port) {
  return "http://127.0.0.1:" + std::to_string(port);
}

Result<std::size_t> count_records(std::uint16_t port, const std::string& path) {
  const auto answer = probe(port, path, std::chrono::seconds(30));
  if (!answer) return answer.errors();
  const auto list = json::parse(answer->body);
  if (answer->status != 200 || !list || list->as_array() == nullptr)
    return seed_error(fmt::format("GET {} answers {}, not 200 with a JSON array", path, answer->status));
  return list->as_array()->size();
}

std::optional<Error> seed_records(const SeedRule& rule, std::uint16_t port, std::uint64_t seed,
                                  const std::atomic<bool>& stop) {
  Plan plan;
  plan.base_url = base_url_of(port);
  plan.scenarios = {rule.scenario};
  RunOptions options;
  options.seed = seed;
  options.stop = &stop;
  const auto result = run(plan, options);
  if (!result) return result.errors().front();
  if (stop) return seed_error("interrupted");
  const auto wanted = rule.scenario.iterations.value_or(0);
  const ScenarioResult& scenario = result->scenarios.front();
  if (scenario.requests.ok != wanted)
    return seed_error(
        fmt::format("{} of {} records made ({})", scenario.requests.ok, wanted, what_went_wrong(scenario)));
  const auto found = count_records(port, rule.count_path);
  if (!found) return found.errors().front();
  if (*found != wanted)
    return seed_error(
        fmt::format("GET {} lists {} records after {} were made", rule.count_path, *found, wanted));
  return std::nullopt;
}

}  // namespace saturn::study
