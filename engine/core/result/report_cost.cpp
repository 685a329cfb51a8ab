#include "core/result/report_cost.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/result/verdict_figures.hpp"

namespace saturn {
namespace {

using text::Page;

/// Where there are several workers: the busiest first.
void write_processes(Page& page, const TargetCost& t) {
  constexpr std::size_t kMostLines = 16;
  std::vector<TargetProcess> all = t.processes;
  std::stable_sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.cpu_s > b.cpu_s; });
  for (std::size_t i = 0; i < std::min(all.size(), kMostLines); ++i) {
    std::vector<std::string> items = {fmt::format("{} {}", all[i].pid, all[i].name),
                                      text::duration(all[i].cpu_s) + " CPU"};
    if (all[i].rss_bytes > 0) items.push_back(text::bytes(static_cast<double>(all[i].rss_bytes)));
    page.field("", items);
  }
  if (all.size() > kMostLines) page.field("", {fmt::format("and {} more", all.size() - kMostLines)});
}

/// "3.1 %" "97 %": of a core, or of several together.
std::string percent_of_core(double cores) {
  const double percent = cores * 100;
  return percent < 10 ? fmt::format("{:.1f} %", percent) : fmt::format("{:.0f} %", percent);
}

/// "97 % of a core" "2.31 cores"
std::string in_cores(double cores) {
  return cores < 1.5 ? percent_of_core(cores) + " of a core" : fmt::format("{:.2f} cores", cores);
}

}  // namespace

void write_generator(Page& page, const GeneratorCost& g) {
  if (g.shards == 0) return;
  const std::string busy = percent_of_core(g.utilisation);
  std::vector<std::string> items;
  if (g.cpu_us_per_request) items.push_back(text::time(*g.cpu_us_per_request) + " CPU a request");
  items.push_back(g.shards == 1
                      ? fmt::format("{} of one core, 1 thread", busy)
                      : fmt::format("{} of each of {} cores, {} threads", busy, g.shards, g.shards));
  if (g.calibration)
    items.push_back(fmt::format("{:.0f} % of the calibrated {} requests/s a thread",
                                g.calibration->share * 100,
                                text::count(static_cast<std::uint64_t>(g.calibration->rps_per_shard))));
  if (g.spun_s > 0 && g.cpu_s > 0)
    items.push_back(fmt::format("{:.0f} % of it spinning", 100 * g.spun_s / g.cpu_s));
  if (g.buffers_short > 0)
    items.push_back(fmt::format("receive buffers ran short {} times", text::count(g.buffers_short)));
  if (g.rss_max_bytes > 0)
    items.push_back(fmt::format("{} of memory", text::bytes(static_cast<double>(g.rss_max_bytes))));
  page.field("generator", items);
}

void write_cost(Page& page, const ScenarioResult& s) {
  std::vector<std::string> items;
  const auto add = [&](std::string_view who, const std::optional<double>& us, std::optional<double> cores) {
    std::string item(who);
    if (us) item += fmt::format(" {} CPU a request", text::time(*us));
    if (cores) item += fmt::format("{} {}", us ? "," : "", in_cores(*cores));
    items.push_back(std::move(item));
  };
  if (s.generator.shards > 0)
    add("saturn", s.generator.cpu_us_per_request,
        s.generator.utilisation * static_cast<double>(s.generator.shards));
  if (s.target) add("target", s.target->cpu_us_per_request, verdict::target_cores(s));
  if (!items.empty()) page.field("cost", items);
}

void write_target(Page& page, const std::optional<TargetCost>& target) {
  if (!target) return;
  const TargetCost& t = *target;
  std::vector<std::string> items;
  if (t.cpu_us_per_request) items.push_back(text::time(*t.cpu_us_per_request) + " CPU a request");
  const std::size_t count = t.processes.size();
  items.push_back(
      fmt::format("{} CPU in {} {}", text::duration(t.cpu_s), count, count == 1 ? "process" : "processes"));
  if (t.rss_max_bytes > 0)
    items.push_back(fmt::format("{} of memory", text::bytes(static_cast<double>(t.rss_max_bytes))));
  if (t.busiest_worker_share)
    items.push_back(fmt::format("busiest worker {:.0f} % of it", *t.busiest_worker_share * 100));
  page.field("target", items);
  if (t.busiest_worker_share) write_processes(page, t);
}

}  // namespace saturn
