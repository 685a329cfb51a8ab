#include "calibration.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "core/result/json_node.hpp"
#include "study/cache_folder.hpp"

namespace saturn::cli {
namespace {

using Json = nlohmann::ordered_json;
constexpr std::string_view kSchema = "saturn.calibration/1";

double rounded(double value) {
  return std::round(value * 1e3) / 1e3;
}

Json percentiles(const std::optional<Percentiles>& p) {
  if (!p) return nullptr;
  return {{"p50", rounded(p->p50)}, {"p99", rounded(p->p99)}};
}

void read(const JsonNode& node, std::optional<Percentiles>& out) {
  if (node.is_null()) return;
  Percentiles& p = out.emplace();
  node["p50"].read(p.p50);
  node["p99"].read(p.p99);
}

void read(const JsonNode& node, CalibrationRow& row) {
  node["connections"].read(row.connections);
  node["body_bytes"].read(row.body_bytes);
  node["response_bytes"].read(row.response_bytes);
  node["rps_per_shard"].read(row.rps_per_shard);
  node["cpu_us_per_request"].read(row.cpu_us_per_request);
  node["utilisation"].read(row.utilisation);
  read(node["latency_us"], row.latency_us);
  read(node["truth_us"], row.truth_us);
  read(node["lag_us"], row.lag_us);
  read(node["observe_us"], row.observe_us);
  read(node.added("send_time_error_us"), row.send_time_error_us);
}

/// Older calibrations have no by_connections; nobody reads their one figure.
void read(const JsonNode& node, std::vector<CoreRow>& rows) {
  node.added("by_connections").each([&](const JsonNode& item) {
    CoreRow& row = rows.emplace_back();
    item["connections"].read(row.connections);
    item["rps_per_shard"].read(row.rps_per_shard);
  });
}

/// How unlike two sizes are: the same for half and for twice as much.
double distance(double a, double b) {
  return std::abs(std::log2(std::max(1.0, a)) - std::log2(std::max(1.0, b)));
}

/// The row for answers of the most similar size and, among those, for the most similar number of connections.
const CalibrationRow& nearest(const std::vector<CalibrationRow>& rows, double response_bytes,
                              double connections) {
  return *std::min_element(rows.begin(), rows.end(), [&](const CalibrationRow& a, const CalibrationRow& b) {
    const auto unlike = [&](const CalibrationRow& row) {
      return std::pair(distance(static_cast<double>(row.response_bytes), response_bytes),
                       distance(row.connections, connections));
    };
    return unlike(a) < unlike(b);
  });
}

void note_version(const Calibration& calibration, RunResult& result, std::string_view version) {
  if (calibration.version == version) return;
  result.notes.push_back(fmt::format(
      "the calibration that this run is compared with is of saturn {}, this is {}: what it can do may "
      "have changed; saturn calibrate measures it anew",
      calibration.version, version));
}

}  // namespace

std::optional<Percentiles> CalibrationRow::stamp_error_us() const {
  if (!latency_us || !truth_us) return std::nullopt;
  return Percentiles{latency_us->p50 - truth_us->p50, latency_us->p99 - truth_us->p99};
}

double Calibration::core_rps_per_shard() const {
  double most = 0;
  for (const CoreRow& row : core) most = std::max(most, row.rps_per_shard);
  return most;
}

std::string to_json(const Calibration& c) {
  Json core = Json::array();
  for (const CoreRow& row : c.core)
    core.push_back({{"connections", row.connections}, {"rps_per_shard", rounded(row.rps_per_shard)}});
  Json rows = Json::array();
  for (const CalibrationRow& row : c.loopback)
    rows.push_back({{"connections", row.connections},
                    {"body_bytes", row.body_bytes},
                    {"response_bytes", row.response_bytes},
                    {"rps_per_shard", rounded(row.rps_per_shard)},
                    {"cpu_us_per_request",
                     row.cpu_us_per_request ? Json(rounded(*row.cpu_us_per_request)) : Json(nullptr)},
                    {"utilisation", rounded(row.utilisation)},
                    {"latency_us", percentiles(row.latency_us)},
                    {"truth_us", percentiles(row.truth_us)},
                    {"stamp_error_us", percentiles(row.stamp_error_us())},
                    {"lag_us", percentiles(row.lag_us)},
                    {"observe_us", percentiles(row.observe_us)},
                    {"send_time_error_us", percentiles(row.send_time_error_us)}});
  const Json document = {
      {"schema", kSchema},
      {"saturn", {{"version", c.version}, {"git", c.git}}},
      {"date", c.date},
      {"host", {{"kernel", c.kernel}, {"cpu_model", c.cpu_model}}},
      {"core", {{"rps_per_shard", rounded(c.core_rps_per_shard())}, {"by_connections", std::move(core)}}},
      {"loopback", std::move(rows)}};
  return document.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

Result<Calibration> calibration_from_json(std::string_view text) {
  const Result<json::Value> document = json::parse(text);
  if (!document) return document.errors();
  Errors errors;
  Calibration c;
  std::string schema;
  const JsonNode node(&*document, "", errors);
  node["schema"].read(schema);
  node["saturn"]["version"].read(c.version);
  node["saturn"]["git"].read(c.git);
  node["date"].read(c.date);
  node["host"]["kernel"].read(c.kernel);
  node["host"]["cpu_model"].read(c.cpu_model);
  read(node["core"], c.core);
  node["loopback"].each([&](const JsonNode& item) { read(item, c.loopback.emplace_back()); });
  if (schema != kSchema)
    return Error{"/schema", "this is no calibration: it is not \"" + std::string(kSchema) + "\"", ""};
  if (!errors.empty()) return errors;
  return c;
}

Result<std::filesystem::path> calibration_file() {
  const auto folder = study::cache_folder();
  if (!folder) return folder.errors();
  return *folder / "calibration.json";
}

void set_beside(const Calibration& calibration, RunResult& result, std::string_view version) {
  if (calibration.kernel != result.host.kernel || calibration.cpu_model != result.host.cpu_model) return;
  if (calibration.loopback.empty()) return;
  for (ScenarioResult& s : result.scenarios) {
    if (!s.rps || s.requests.completed == 0 || s.generator.shards == 0) continue;
    const auto shards = static_cast<double>(s.generator.shards);
    const CalibrationRow& like =
        nearest(calibration.loopback,
                static_cast<double>(s.bytes_received) / static_cast<double>(s.requests.completed),
                static_cast<double>(s.connections.requested) / shards);
    if (like.rps_per_shard <= 0) continue;
    const CalibratedShare beside{like.rps_per_shard, *s.rps / shards / like.rps_per_shard, calibration.date};
    s.generator.calibration = beside;
    auto& highest = result.generator.calibration;
    if (!highest || highest->share < beside.share) highest = beside;
  }
  if (result.generator.calibration) note_version(calibration, result, version);
}

}  // namespace saturn::cli
