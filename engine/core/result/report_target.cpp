#include "core/result/report_target.hpp"

#include <fmt/format.h>

#include <algorithm>

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

}  // namespace

void write_target(Page& page, const std::optional<TargetCost>& target) {
  if (!target) return;
  const TargetCost& t = *target;
  std::vector<std::string> items;
  if (t.cpu_us_per_request) items.push_back(fmt::format("{:.1f} µs CPU a request", *t.cpu_us_per_request));
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
