// saturn.saturation/1 as JSON (tools/schema/saturation.schema.json). Tested in
// tests/unit/saturation_test.cpp.
#include <cmath>
#include <nlohmann/json.hpp>

#include "core/result/saturation.hpp"

namespace saturn {
namespace {

using Json = nlohmann::ordered_json;

Json rounded(double value, double steps) {
  return std::isfinite(value) ? Json(std::round(value * steps) / steps) : Json(nullptr);
}
Json figure(double value) {
  return rounded(value, 1e6);
}
Json micros(double value) {
  return rounded(value, 1e3);
}
Json maybe(const std::optional<double>& value, Json (*format)(double)) {
  return value ? format(*value) : Json(nullptr);
}

Json slos(const std::vector<ThresholdResult>& all) {
  Json list = Json::array();
  for (const auto& t : all)
    list.push_back({{"expression", t.expression},
                    {"metric", t.metric},
                    {"value", maybe(t.value, figure)},
                    {"unit", t.unit},
                    {"passed", t.passed}});
  return list;
}

Json point(const SaturationPoint& p) {
  return {{"stage", p.stage},
          {"rate", figure(p.rate)},
          {"rps", maybe(p.rps, micros)},
          {"p50_us", maybe(p.p50_us, micros)},
          {"p99_us", maybe(p.p99_us, micros)},
          {"errors_rate", maybe(p.errors_rate, figure)},
          {"not_started", figure(p.not_started)},
          {"slo_met", p.slo_met},
          {"sustained", p.sustained},
          {"valid", p.valid},
          {"limited_by", to_name(p.limited_by)},
          {"why", p.why},
          {"shards", p.shards},
          {"slo", slos(p.slos)}};
}

Json one_at_a_time(const std::optional<OneAtATime>& one) {
  if (!one) return nullptr;
  return {{"rps", micros(one->rps)}, {"p50_us", micros(one->p50_us)}, {"p99_us", micros(one->p99_us)}};
}

}  // namespace

std::string to_json(const SaturationResult& r) {
  Json points = Json::array();
  for (const auto& p : r.points) points.push_back(point(p));
  const Json document = {
      {"schema", "saturn.saturation/1"},
      {"saturn", {{"version", r.build.version}, {"git", r.build.git}, {"compiler", r.build.compiler}}},
      {"host",
       {{"kernel", r.host.kernel}, {"cpu_model", r.host.cpu_model}, {"cpus_allowed", r.host.cpus_allowed}}},
      {"argv", r.argv},
      {"url", r.url},
      {"address", r.address},
      {"seed", r.seed},
      {"started_at", r.started_at},
      {"ended_at", r.ended_at},
      {"elapsed_s", figure(r.elapsed_s)},
      {"interrupted", r.interrupted},
      {"balanced", r.balanced},
      {"slo", r.slos},
      {"slo_default", r.default_slos},
      {"precision", figure(r.precision)},
      {"step_s", figure(r.step_s)},
      {"warmup_s", figure(r.warmup_s)},
      {"one_at_a_time", one_at_a_time(r.one_at_a_time)},
      {"max_rate", maybe(r.max_rate, micros)},
      {"confirmed", r.confirmed},
      {"limited_by", to_name(r.limited_by)},
      {"reason", r.reason},
      {"notes", r.notes},
      {"points", std::move(points)}};
  return document.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace saturn
