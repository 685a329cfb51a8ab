// Reads the plan file of a run (or standard input) and narrows it by --base-url and --only, and changes it
// by flags. Every error of the file names it and the JSON pointer. Main thread only; tested in
// tests/cli/run_plan_test.py.
#pragma once
#include "args.hpp"

namespace saturn::cli {

/// Fills `run.plan`; no errors: it can be run.
Errors load_plan(RunArguments& run);

}  // namespace saturn::cli
