#include "core/result/result_read_verdict.hpp"

namespace saturn {

void read_verdict(const JsonNode& node, std::optional<Verdict>& out) {
  if (node.is_null()) return;
  Verdict& v = out.emplace();
  node["valid"].read(v.valid);
  node["reasons"].each([&](const JsonNode& item) { item.read(v.reasons.emplace_back()); });
  node["rules"].each([&](const JsonNode& item) { item.read(v.rules.emplace_back()); });
  if (const JsonNode remedy = node.added("remedy"); !remedy.is_null()) remedy.read(v.remedy);
  node.added("summary").read(v.summary);
  node.added("shared_machine").read(v.shared_machine);
  std::string severity;
  node.added("severity").read(severity);
  for (const Severity known : {Severity::ok, Severity::warning, Severity::failure})
    if (severity == to_name(known)) v.severity = known;
  std::string name;
  node["limited_by"].read(name);
  for (const LimitedBy known :
       {LimitedBy::target, LimitedBy::generator, LimitedBy::network, LimitedBy::load, LimitedBy::unknown})
    if (name == to_name(known)) {
      v.limited_by = known;
      return;
    }
  if (!name.empty()) node["limited_by"].complain("is no limit that this saturn knows: " + name);
}

void read_dead(const JsonNode& node, std::optional<DeadTime>& out) {
  if (node.is_null()) return;
  DeadTime& d = out.emplace();
  node["time_s"].read(d.time_s);
  node["over_s"].read(d.over_s);
  node["share"].read(d.share);
  node["windows"].each([&](const JsonNode& item) {
    TimeWindow& window = d.windows.emplace_back();
    item["from_s"].read(window.from_s);
    item["to_s"].read(window.to_s);
  });
  node["more_windows"]["count"].read(d.more_windows);
  node["more_windows"]["time_s"].read(d.more_windows_s);
  node["at_end"].read(d.at_end);
  node["gone"].read(d.gone);
  node["last_answer_s"].read(d.last_answer_s);
}

void read_host_load(const JsonNode& node, std::optional<HostLoad>& out) {
  if (node.is_null()) return;
  HostLoad& h = out.emplace();
  node["other_cores"].read(h.other_cores);
  node["other_share"].read(h.other_share);
  node["loadavg"].read(h.loadavg);
}

}  // namespace saturn
