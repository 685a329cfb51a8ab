#include "core/result/result_read_cost.hpp"

namespace saturn {
namespace {

void read(const JsonNode& node, std::optional<CalibratedShare>& out) {
  if (node.is_null()) return;
  CalibratedShare& c = out.emplace();
  node["rps_per_shard"].read(c.rps_per_shard);
  node["share"].read(c.share);
  node["date"].read(c.date);
}

void read(const JsonNode& node, std::optional<SendTimeError>& out) {
  if (node.is_null()) return;
  SendTimeError& e = out.emplace();
  node["samples"].read(e.samples);
  node["p1"].read(e.p1_us);
  node["p50"].read(e.p50_us);
  node["p99"].read(e.p99_us);
  node["min"].read(e.min_us);
  node["max"].read(e.max_us);
}

void read(const JsonNode& node, std::optional<Throttling>& out) {
  if (node.is_null()) return;
  Throttling& t = out.emplace();
  node["periods"].read(t.periods);
  node["time_s"].read(t.seconds);
}

}  // namespace

void read_generator(const JsonNode& node, GeneratorCost& g) {
  node["shards"].read(g.shards);
  node["cpu_s"].read(g.cpu_s);
  node.added("spun_s").read(g.spun_s);
  node["cpu_us_per_request"].read(g.cpu_us_per_request);
  node["utilisation"].read(g.utilisation);
  node["run_queue_wait_s"].read(g.run_queue_wait_s);
  node.added("steal").read(g.steal);
  read(node.added("throttled"), g.throttled);
  node["context_switches"].read(g.context_switches);
  node.added("involuntary_switches").read(g.involuntary_switches);
  node["turns"].read(g.turns);
  node.added("completions_per_turn").read(g.completions_per_turn);
  node.added("completions_most").read(g.completions_most);
  node["batches"].read(g.batches);
  node.added("bytes").added("sent").read(g.bytes_sent);
  node.added("bytes").added("received").read(g.bytes_received);
  node["buffers_short"].read(g.buffers_short);
  node.added("inexact_sends").read(g.inexact_sends);
  node.added("missing_stamps").read(g.missing_stamps);
  node.added("clock_steps").read(g.clock_steps);
  node.added("stalled_timeouts").read(g.stalled_timeouts);
  read(node.added("send_time_error_us"), g.send_time_error);
  node["rss_max_bytes"].read_or_zero(g.rss_max_bytes);
  node["wait"].read(g.wait);
  if (const JsonNode reason = node.added("wait_reason"); !reason.is_null()) reason.read(g.wait_reason);
  read(node.added("calibration"), g.calibration);
}

void read_target(const JsonNode& node, std::optional<TargetCost>& out) {
  if (node.is_null()) return;
  TargetCost& t = out.emplace();
  node["source"].read(t.source);
  node["cpu_s"].read(t.cpu_s);
  node.added("over_s").read_or_zero(t.over_s);
  node["cpu_us_per_request"].read(t.cpu_us_per_request);
  node["rss_max_bytes"].read_or_zero(t.rss_max_bytes);
  node.added("workers").read_or_zero(t.workers);
  node["busiest_worker_share"].read(t.busiest_worker_share);
  node.added("steal").read(t.steal);
  node["processes"].each([&](const JsonNode& item) {
    TargetProcess& p = t.processes.emplace_back();
    item["pid"].read(p.pid);
    item["name"].read(p.name);
    item["cpu_s"].read(p.cpu_s);
    item["rss_bytes"].read_or_zero(p.rss_bytes);
  });
}

}  // namespace saturn
