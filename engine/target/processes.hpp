// The target as several processes on the same addresses: each has its own sockets (SO_REUSEPORT) and limit of
// open files, all count into one truth, so that whichever answers GET /_truth tells of all. Records in memory
// are each process's own. A process ends when it is told to, and with its parent however that ends. Make it
// before any other thread is started. Tested in tests/loopback/serve_processes_test.py.
#pragma once
#include <sys/types.h>

#include <memory>
#include <string>
#include <vector>

#include "saturn/error.hpp"
#include "target/server.hpp"

namespace saturn::target {

inline constexpr int kMostProcesses = 256;

class Processes {
 public:
  /// Returns in the parent, when all of them serve; options.threads is for each.
  static Result<Processes> start(const Options& options, int count);
  ~Processes();  ///< kills what stop() has not ended
  Processes(Processes&&) noexcept;
  Processes& operator=(Processes&&) = delete;

  const std::vector<std::string>& urls() const { return urls_; }
  Counters counters() const;
  void stop();  ///< closes all connections and waits for the processes; idempotent

 private:
  Processes() = default;

  std::vector<std::string> urls_;
  std::shared_ptr<Truth> truth_;
  std::vector<pid_t> running_;
};

}  // namespace saturn::target
