// The command line of `saturn run` as values: what to run (a URL's plan is complete here, a plan file is only
// named), how to run it and where the result goes. Every mistake is collected, none is guessed around.
// Main thread only. Tested in tests/unit/args_test.cpp and tests/cli/run_args_test.py.
#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "commands.hpp"
#include "saturn/error.hpp"
#include "saturn/plan.hpp"
#include "saturn/run.hpp"

namespace saturn::cli {

/// What flags replace in a plan of one scenario (the warm-up: in any).
struct PlanChanges {
  std::optional<Nanos> duration, warmup;
  std::optional<std::uint64_t> iterations;
  std::optional<std::uint32_t> vus;
  std::optional<Rate> rate;
};

struct RunArguments {
  bool help = false;
  std::string source;      ///< as typed: a URL, a plan file or "-"
  bool plan_file = false;  ///< `source` names a plan: a file, or "-" for standard input
  Plan plan;             ///< of a URL, with one scenario and one step; of a plan file only after load_plan()
  std::string base_url;  ///< replaces the plan file's
  std::vector<std::string> only;     ///< scenarios of the plan file to run; empty: all
  PlanChanges changes;               ///< of the plan file
  std::vector<std::string> changed;  ///< what they changed, for the first line: "duration 1s (plan: 30s)"
  bool list = false;                 ///< say what the plan holds, and run nothing
  std::optional<unsigned> threads;
  std::optional<std::uint64_t> seed;
  std::map<std::string, std::string> labels;
  std::optional<std::uint64_t> receive_memory;  ///< of all threads, in bytes
  std::optional<SocketForm> sockets;
  std::vector<std::string> source_ips;  ///< as typed; the run looks whether they are this host's
  TargetSelection target;
  std::string output;            ///< of -o; empty: none
  std::optional<WaitMode> wait;  ///< of --wait, --spin and --no-spin
  bool kernel_stamps = true, discard_body = false, check_send_times = false;
  std::vector<Threshold> thresholds;  ///< beside the plan's
  bool strict = false;                ///< figures that are not the target's are a failure
  bool json = false, quiet = false, no_color = false;
  bool full = false, explain = false;  ///< every figure; the verdict's reasons with their meaning
};

struct ParsedRun {
  RunArguments run;
  Errors errors;  ///< empty: `run` can be used
};

/// `arguments` are those after "run". Reads the file of `-b @file`, nothing else.
ParsedRun parse_run(const Arguments& arguments);

}  // namespace saturn::cli
