#include "system/clock/system_clock.hpp"

#include <fmt/format.h>
#include <sys/resource.h>
#include <time.h>

#include <fstream>
#include <sstream>

namespace saturn {
namespace {

Nanos read(clockid_t id) {
  timespec ts{};
  clock_gettime(id, &ts);
  return std::chrono::seconds(ts.tv_sec) + Nanos(ts.tv_nsec);
}

}  // namespace

Nanos monotonic_now() {
  return read(CLOCK_MONOTONIC);
}
Nanos wall_now() {
  return read(CLOCK_REALTIME);
}
Nanos process_cpu() {
  return read(CLOCK_PROCESS_CPUTIME_ID);
}

std::string utc_now() {
  timespec ts{};
  clock_gettime(CLOCK_REALTIME, &ts);
  tm parts{};
  gmtime_r(&ts.tv_sec, &parts);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:06}Z", parts.tm_year + 1900, parts.tm_mon + 1,
                     parts.tm_mday, parts.tm_hour, parts.tm_min, parts.tm_sec, ts.tv_nsec / 1000);
}

CostReading SystemClock::cost() const {
  CostReading reading;
  reading.cpu = read(CLOCK_THREAD_CPUTIME_ID);
  rusage usage{};
  if (getrusage(RUSAGE_THREAD, &usage) == 0) {
    reading.involuntary_switches = static_cast<std::uint64_t>(usage.ru_nivcsw);
    reading.context_switches = static_cast<std::uint64_t>(usage.ru_nvcsw) + reading.involuntary_switches;
  }
  std::ifstream schedstat("/proc/thread-self/schedstat");
  std::string line;
  std::getline(schedstat, line);
  const auto waited = parse_run_queue_wait(line);
  reading.run_queue_known = waited.has_value();
  reading.run_queue_wait = waited.value_or(Nanos(0));
  return reading;
}

std::optional<Nanos> parse_run_queue_wait(std::string_view schedstat) {
  std::istringstream fields{std::string(schedstat)};
  std::int64_t on_cpu = 0, waiting = 0, times = 0;  // ns, ns, how often it got a core
  if (!(fields >> on_cpu >> waiting >> times) || times <= 0) return std::nullopt;
  return Nanos(waiting);
}

}  // namespace saturn
