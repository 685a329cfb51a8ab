// Ctrl-C: the first SIGINT or SIGTERM asks the run to stop, a second ends the process at once with 105. Also
// ignores SIGPIPE, so that a closed pipe is an error of a write. Process-wide; tested in
// tests/cli/run_stop_test.py.
#pragma once
#include <atomic>

namespace saturn::cli {

inline constexpr int kInterrupted = 105;

void install_signal_handlers();
const std::atomic<bool>& stop_requested();

}  // namespace saturn::cli
