// `saturn serve` as a child of this process: on a free port, on a core of its own, and gone when this is
// destroyed or the process killed. Main thread only. Tested through tests/cli/calibrate_test.py.
#pragma once
#include <cstdint>
#include <memory>
#include <string>

#include "saturn/error.hpp"
#include "study/files.hpp"
#include "study/guarded_process.hpp"

namespace saturn::cli {

class ReferenceServer {
 public:
  /// Returns when it listens. `cpu` below zero: anywhere. `timed`: takes its own time for each answer.
  static Result<ReferenceServer> start(int cpu, bool timed);

  std::uint16_t port() const { return port_; }
  std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }

 private:
  ReferenceServer(study::GuardedProcess process, std::uint16_t port)
      : process_(std::move(process)), port_(port) {}

  study::GuardedProcess process_;
  std::uint16_t port_;
};

}  // namespace saturn::cli
