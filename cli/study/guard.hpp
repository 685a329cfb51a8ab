// The guard: a small process between saturn and a command it starts. It leads a session of its own, adopts
// every descendant of the command, and when saturn asks or vanishes (even by SIGKILL) it ends the command's
// whole process group and whatever left it. After fork() it makes system calls only: no allocation. Tested in
// tests/unit/study_guarded_process_test.cpp.
#pragma once

namespace saturn::study {

struct GuardMessage {
  enum class Kind : int { started, exec_failed, exited };
  Kind kind;
  int value;  ///< pid, errno or wait status
};

/// All pointers stay valid in the forked guard; the descriptors are above 2 and close on exec.
struct GuardOrder {
  const char* executable;
  char* const* argv;
  char* const* env;
  const char* cwd;    ///< null: unchanged
  int output_fd;      ///< standard output and error of the command
  int control_fd;     ///< end of file: stop
  int status_fd;      ///< GuardMessages to saturn
  int stop_grace_ms;  ///< between SIGTERM and SIGKILL
};

/// Runs in the forked child and never returns.
[[noreturn]] void run_guard(const GuardOrder& order);

}  // namespace saturn::study
