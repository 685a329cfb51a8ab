#include "system/host/target_monitor.hpp"

#include <algorithm>
#include <numeric>

#include "system/clock/system_clock.hpp"
#include "system/host/cgroup.hpp"

namespace saturn {
namespace {

constexpr Nanos kStale = std::chrono::milliseconds(500);  ///< a warm-up lies between: workers may be new
constexpr std::size_t kManyProcesses = 64;
constexpr unsigned kLooksLeftOut = 10;  ///< with so many, memory is looked at every second only

const ProcessSample* find(const std::vector<ProcessSample>& samples, const ProcessSample& like) {
  const auto found = std::find_if(samples.begin(), samples.end(), [&](const auto& s) {
    return s.pid == like.pid && s.started_ticks == like.started_ticks;
  });
  return found == samples.end() ? nullptr : &*found;
}

bool is_in(const std::vector<ProcessSample>& samples, pid_t pid) {
  return std::any_of(samples.begin(), samples.end(), [&](const auto& s) { return s.pid == pid; });
}

bool has_child(const std::vector<ProcessSample>& samples, pid_t pid) {
  return std::any_of(samples.begin(), samples.end(), [&](const auto& s) { return s.parent == pid; });
}

/// CPU of each worker, in seconds. A process with children among them only supervises. Where it is known who
/// listens, a helper without the socket (a cache manager, a resource tracker) is no worker either.
std::vector<double> workers_of(const std::vector<ProcessSample>& samples,
                               const std::vector<TargetProcess>& used, const std::vector<pid_t>& listeners) {
  std::vector<double> workers, listening;
  for (std::size_t i = 0; i < samples.size(); ++i) {
    if (has_child(samples, samples[i].pid)) continue;
    workers.push_back(used[i].cpu_s);
    if (std::find(listeners.begin(), listeners.end(), samples[i].pid) != listeners.end())
      listening.push_back(used[i].cpu_s);
  }
  return listening.empty() ? workers : listening;
}

/// With one worker there is nothing to share.
std::optional<double> busiest_share(const std::vector<double>& workers) {
  const double sum = std::accumulate(workers.begin(), workers.end(), 0.0);
  if (workers.size() < 2 || sum <= 0) return std::nullopt;
  return *std::max_element(workers.begin(), workers.end()) / sum;
}

}  // namespace

TargetReading reading_between(const std::vector<ProcessSample>& start, const std::vector<ProcessSample>& end,
                              const std::vector<pid_t>& listeners) {
  TargetReading reading;
  Nanos cpu{0};
  for (const ProcessSample& process : end) {
    const ProcessSample* before = find(start, process);
    const Nanos used = process.cpu - (before != nullptr ? before->cpu : Nanos(0));
    reading.processes_changed |= before == nullptr;
    reading.cost.processes.push_back({process.pid, process.name, to_seconds(used), process.rss_bytes});
    cpu += used;
  }
  for (const ProcessSample& process : start) {
    if (find(end, process) != nullptr) continue;
    reading.processes_changed = true;
    reading.ended.push_back(std::to_string(process.pid) + " (" + process.name + ")");
  }
  reading.cost.cpu_s = to_seconds(cpu);
  const std::vector<double> workers = workers_of(end, reading.cost.processes, listeners);
  reading.cost.workers = workers.size();
  reading.cost.busiest_worker_share = busiest_share(workers);
  return reading;
}

void set_target(ScenarioResult& scenario, TargetCost cost) {
  if (scenario.requests.in_window > 0)
    cost.cpu_us_per_request = cost.cpu_s * 1e6 / static_cast<double>(scenario.requests.in_window);
  scenario.target = std::move(cost);
}

void TargetMonitor::look() {
  found_ = find_();
  looked_at_ = monotonic_now();
}

void TargetMonitor::start() {
  const bool stale = monotonic_now() - looked_at_ > kStale;
  start_ = sample_processes(found_.pids);
  started_at_ = monotonic_now();
  if (stale) {
    look();
    for (const pid_t pid : found_.pids)
      if (!is_in(start_, pid))
        for (auto& born : sample_processes({pid})) start_.push_back(std::move(born));
  }
  total_start_ = found_.cgroup.empty() ? std::nullopt : cgroup_cpu(found_.cgroup);
  end_.clear();
  rss_bytes_.clear();
  rss_max_bytes_ = 0;
  remember_memory(start_);
}

void TargetMonitor::stop() {
  end_ = sample_processes(found_.pids);
  stopped_at_ = monotonic_now();
  total_end_ = found_.cgroup.empty() ? std::nullopt : cgroup_cpu(found_.cgroup);
  remember_memory(end_);
}

void TargetMonitor::look_at_memory() {
  if (found_.pids.size() > kManyProcesses && ++looks_ % kLooksLeftOut != 0) return;
  std::uint64_t sum = 0;
  for (const pid_t pid : found_.pids) {
    const std::uint64_t bytes = resident_bytes(pid);
    rss_bytes_[pid] = std::max(rss_bytes_[pid], bytes);
    sum += bytes;
  }
  rss_max_bytes_ = std::max(rss_max_bytes_, sum);
}

void TargetMonitor::remember_memory(const std::vector<ProcessSample>& samples) {
  std::uint64_t sum = 0;
  for (const ProcessSample& sample : samples) {
    rss_bytes_[sample.pid] = std::max(rss_bytes_[sample.pid], sample.rss_bytes);
    sum += sample.rss_bytes;
  }
  rss_max_bytes_ = std::max(rss_max_bytes_, sum);
}

std::optional<TargetReading> TargetMonitor::reading() {
  const FoundTarget now = find_();
  for (const pid_t pid : now.pids)
    if (!is_in(end_, pid) && std::find(found_.pids.begin(), found_.pids.end(), pid) == found_.pids.end())
      for (auto& born : sample_processes({pid})) end_.push_back(std::move(born));
  if (start_.empty() && end_.empty()) return std::nullopt;
  std::vector<pid_t> listeners = found_.listeners;
  listeners.insert(listeners.end(), now.listeners.begin(), now.listeners.end());
  TargetReading reading = reading_between(start_, end_, listeners);
  reading.cost.source = found_.source;
  reading.cost.over_s = to_seconds(stopped_at_ - started_at_);
  for (TargetProcess& process : reading.cost.processes)
    process.rss_bytes = std::max(process.rss_bytes, rss_bytes_[process.pid]);
  reading.cost.rss_max_bytes = rss_max_bytes_;
  if (!total_start_ || !total_end_) return reading;
  reading.cost.cpu_s = to_seconds(*total_end_ - *total_start_);
  reading.ended.clear();  // the group's total knows what they used
  return reading;
}

}  // namespace saturn
