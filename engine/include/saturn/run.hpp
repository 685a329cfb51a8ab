// The engine's front door: run a plan, watch it, get the result. Blocking; the calling thread is the
// coordinator.
#pragma once
#include <atomic>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "saturn/error.hpp"
#include "saturn/plan.hpp"
#include "saturn/result.hpp"

namespace saturn {

enum class Phase : std::uint8_t { opening, warmup, measure, drain, finished };

/// How a shard waits for its next event. hybrid: it sleeps until shortly before a request is due, then looks
/// without sleeping; spin: it never sleeps.
enum class WaitMode : std::uint8_t { sleep, hybrid, spin };
std::string_view to_name(WaitMode mode);

/// How a ring knows its sockets: by file descriptor, or by their place in a table of its own, where they take
/// none; linked: in the table too, and made by the ring itself, each linked to its connect.
enum class SocketForm : std::uint8_t { descriptors, table, linked };

/// A live view of one scenario, at most every 100 ms. Counts are since the scenario's start, warm-up
/// included.
struct Progress {
  std::size_t scenario = 0, scenarios = 1;
  std::string_view name;
  Phase phase = Phase::opening;
  Nanos elapsed{0};              ///< in this scenario, from its first request
  std::optional<Nanos> planned;  ///< warm-up and duration; nullopt where only a count limits it
  std::optional<std::uint64_t> planned_requests;
  std::uint64_t started = 0, completed = 0, not_ok = 0, failed = 0, connections = 0;
  std::uint64_t dropped = 0, backlog = 0;  ///< of a schedule: turned away; due, but not started yet
  std::uint64_t connections_planned = 0;   ///< that are opened before the start
  /// Of answers that came in about the last second of the measured phase: the highest of the shards' own.
  std::optional<double> recent_p99_us;
  std::size_t steps = 1;         ///< requests of an iteration
  std::uint64_t iterations = 0;  ///< begun; `planned_requests` is of these where there are several steps
};

/// Callbacks come from the thread that called run(), between turns of the coordinator.
class Observer {
 public:
  virtual ~Observer() = default;
  virtual void run_starting(const std::string& /*address*/, unsigned /*shards*/) {}
  /// Before a scenario opens its connections: the place for what takes milliseconds.
  virtual void scenario_opening(std::size_t /*scenario*/) {}
  /// Right before the first request of a scenario's measured phase (after warm-up), and when its time is over
  /// or its work done; what is under way then may still be answered.
  virtual void measuring_starts(std::size_t /*scenario*/) {}
  virtual void measuring_ended(std::size_t /*scenario*/) {}
  virtual void progress(const Progress&) {}
};

/// Whose CPU and memory stand in the result as the target's.
struct TargetSelection {
  enum class How : std::uint8_t {
    listener,  ///< who listens on the address, where that is of this host: master and workers
    pids,      ///< the processes named and their descendants
    cgroup,    ///< all that is in a control group
    none,
  };
  How how = How::listener;
  std::vector<int> pids{};
  std::string cgroup{};
};

struct RunOptions {
  std::optional<unsigned> threads;  ///< shards; default: CONTRACT's rule
  std::optional<std::uint64_t> seed;
  std::map<std::string, std::string> labels;
  std::vector<std::string> argv;
  Observer* observer = nullptr;
  const std::atomic<bool>* stop =
      nullptr;  ///< set by a signal handler: the run ends, what was measured is returned
  bool pin = true;
  std::optional<WaitMode> wait;  ///< default: hybrid where a scheduled request would be late asleep and no
                                 ///< core that the target may use is taken, else sleep
  bool kernel_stamps = true;     ///< arrival by the kernel's receive time stamps; false: by user space only
  bool discard_body =
      false;  ///< large bodies that no check reads are dropped in the kernel, but for their end
  bool check_send_times = false;                  ///< against the kernel's TX stamps, one send of 61
  std::optional<std::uint64_t> receive_memory{};  ///< bytes for all shards; default: 16 MiB a shard
  std::optional<SocketForm> sockets{};            ///< default: the table where descriptors do not suffice
  std::vector<std::string> source_ips{};          ///< local addresses that connections are bound to in turn
  TargetSelection target{};
};

Result<RunResult> run(const Plan& plan, const RunOptions& options);

}  // namespace saturn
