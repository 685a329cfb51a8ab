// Which processes are the target: those named by pid, those of a control group, or those that listen on the
// address. saturn itself is never among them. Called by the coordinator before a scenario's connections are
// opened (it reads much of /proc). Who belongs to a listener is a pure function. Tested in
// tests/unit/target_finder_test.cpp and tests/cli/run_target_test.py.
#pragma once
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "saturn/error.hpp"
#include "saturn/run.hpp"
#include "system/host/processes.hpp"
#include "system/net/resolve.hpp"

namespace saturn {

struct FoundTarget {
  std::string source;  ///< how it was found, for the result
  std::vector<pid_t> pids;
  std::vector<pid_t>
      listeners{};  ///< those of `pids` that hold the listening socket, where that was looked at
  std::filesystem::path cgroup{};  ///< whose CPU total counts; empty: the sum of the processes does
  std::string note{};              ///< what a reader must know
};

class TargetFinder {
 public:
  /// An error where what was named is not there, or is this process.
  static Result<TargetFinder> create(const TargetSelection& selection);

  /// Who it is now; no pids where nobody can be found.
  FoundTarget find(const SocketAddress& address) const;

 private:
  explicit TargetFinder(TargetSelection selection) : selection_(std::move(selection)) {}
  TargetSelection selection_;
  std::filesystem::path cgroup_;
};

/// Pure: of the processes that hold the listening socket those that serve (`own`, this process, and its
/// ancestors do only if nobody else does), their descendants, and a master that does not hold it itself: the
/// parent of several that do.
std::vector<pid_t> family_of(const std::vector<pid_t>& holders, const std::vector<ProcessStat>& all,
                             pid_t own);

/// Pure: `pids` without `own` and its descendants.
std::vector<pid_t> without_own(const std::vector<pid_t>& pids, const std::vector<ProcessStat>& all,
                               pid_t own);

}  // namespace saturn
