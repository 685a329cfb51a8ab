// What `saturn doctor` looks at, as values: the rules judge them (rules.hpp), collect.cpp finds them. What
// could not be read is nullopt or empty. Tested through both.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "saturn/time.hpp"
#include "system/uring/probe.hpp"

namespace saturn::doctor {

inline constexpr std::uint64_t kUnlimited = UINT64_MAX;

struct Interface {
  std::string name;
  bool card = false;       ///< a device stands behind it; otherwise it is virtual
  bool elsewhere = false;  ///< the other half of a pair in another network namespace: a container's
  unsigned receive_queues = 0;
  bool steered = false;  ///< RPS spreads its packets
  std::string irq_cpus;  ///< that take its interrupts, "0-1"; empty: unknown
};

struct PortRange {
  unsigned first = 0, last = 0;
};

/// Processes of one name, together.
struct BusyProcess {
  std::string name;
  unsigned count = 0;
  double cores = 0;  ///< over a short look
};

struct StudyTime {
  std::string profile;
  Nanos time{0};
};

struct Facts {
  std::string kernel;  ///< "6.18.44"
  RingProbe ring;
  std::optional<int> io_uring_disabled;  ///< the sysctl
  std::optional<int> seccomp;            ///< mode: 0 none, 2 a filter
  std::string container;                 ///< "docker"; empty: none was seen
  std::optional<std::uint64_t> files_soft, files_hard, locked_bytes;
  unsigned cpus_online = 0, cpus_allowed = 0;
  std::optional<unsigned> physical_cores, threads_per_core;  ///< of the allowed ones
  std::optional<double> cpu_quota;
  std::string clock_source;
  std::optional<double> clock_read_ns;
  std::vector<std::string> governors;  ///< each once
  std::optional<PortRange> ports;
  std::optional<int> reuse_time_wait;  ///< tcp_tw_reuse: 0 never, 1 always, 2 on loopback
  std::optional<unsigned> accept_queue;
  std::string congestion_control;  ///< of new TCP sockets
  std::vector<Interface> interfaces;
  std::optional<Nanos> stamp_delay;  ///< kernel stamp → user space, one message on loopback
  bool stamps_tried = false;         ///< there was a connection to try it on
  std::optional<bool> run_queue_wait;
  std::optional<double> steal_share;  ///< of all CPU time since boot
  std::optional<bool> tracked;        ///< connection tracking counts loopback connections
  bool dockerd = false;
  std::optional<double> load_1min;     ///< the load average
  std::optional<double> others_cores;  ///< busy during a short look, saturn's own left out
  std::vector<BusyProcess> busiest;    ///< most first
  std::string study;                   ///< name of the study asked about; empty: none
  std::vector<StudyTime> study_times;  ///< of its profiles
};

}  // namespace saturn::doctor
