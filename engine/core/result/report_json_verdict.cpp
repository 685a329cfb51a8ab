#include "core/result/report_json_verdict.hpp"

#include "core/result/json_figures.hpp"

namespace saturn {

using namespace json_figures;  // NOLINT(google-build-using-namespace)

Json verdict_json(const std::optional<Verdict>& v) {
  if (!v) return nullptr;
  return {{"valid", v->valid},
          {"limited_by", to_name(v->limited_by)},
          {"reasons", v->reasons},
          {"rules", v->rules},
          {"remedy", v->remedy.empty() ? Json(nullptr) : Json(v->remedy)},
          {"summary", v->summary},
          {"severity", to_name(v->severity)},
          {"shared_machine", v->shared_machine}};
}

Json dead_json(const std::optional<DeadTime>& d) {
  if (!d) return nullptr;
  Json windows = Json::array();
  for (const TimeWindow& w : d->windows)
    windows.push_back({{"from_s", seconds(w.from_s)}, {"to_s", seconds(w.to_s)}});
  return {{"time_s", seconds(d->time_s)},
          {"over_s", seconds(d->over_s)},
          {"share", figure(d->share)},
          {"windows", std::move(windows)},
          {"more_windows", {{"count", d->more_windows}, {"time_s", seconds(d->more_windows_s)}}},
          {"at_end", d->at_end},
          {"gone", d->gone},
          {"last_answer_s", maybe(d->last_answer_s, seconds)}};
}

Json host_load_json(const std::optional<HostLoad>& load) {
  if (!load) return nullptr;
  return {{"other_cores", maybe(load->other_cores, figure)},
          {"other_share", maybe(load->other_share, figure)},
          {"loadavg", maybe(load->loadavg, figure)}};
}

}  // namespace saturn
