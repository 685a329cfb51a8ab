#include "system/host/host_load.hpp"

#include <algorithm>
#include <sstream>

#include "system/clock/system_clock.hpp"
#include "system/host/processes.hpp"
#include "system/host/read_file.hpp"

namespace saturn {
namespace {

constexpr Nanos kShortestForTicks =
    std::chrono::milliseconds(200);  ///< ten ticks a core: an error of about 10 %

}  // namespace

MachineSnapshot machine_snapshot() {
  return {machine_busy(), process_cpu(), monotonic_now()};
}

std::optional<double> other_cores(const MachineSnapshot& start, const MachineSnapshot& end,
                                  double target_cpu_s) {
  if (!start.busy || !end.busy || end.at - start.at < kShortestForTicks) return std::nullopt;
  const double others_s =
      to_seconds(*end.busy - *start.busy) - target_cpu_s - to_seconds(end.own - start.own);
  return std::max(0.0, others_s / to_seconds(end.at - start.at));
}

std::optional<double> parse_loadavg(std::string_view text) {
  std::istringstream fields{std::string(text)};
  double load = 0;
  if (!(fields >> load) || load < 0) return std::nullopt;
  return load;
}

std::optional<double> load_average() {
  return parse_loadavg(read_file("/proc/loadavg"));
}

HostLoad host_load_between(const MachineSnapshot& start, const MachineSnapshot& end,
                           std::optional<double> target_cpu_s, unsigned cpus, std::optional<double> loadavg) {
  HostLoad load;
  if (target_cpu_s) load.other_cores = other_cores(start, end, *target_cpu_s);
  if (load.other_cores && cpus > 0) load.other_share = *load.other_cores / cpus;
  load.loadavg = loadavg;
  return load;
}

}  // namespace saturn
