// `saturn run`: arguments → plan → saturn::run() → text, JSON, file and exit code. Once a run has begun, its
// result is printed whatever the code. Main thread only; tested in tests/cli/run_*_test.py.
#include <cstdio>
#include <filesystem>
#include <optional>

#include "args.hpp"
#include "calibration.hpp"
#include "commands.hpp"
#include "core/result/merge.hpp"
#include "core/result/report.hpp"
#include "core/result/text_format.hpp"
#include "core/result/thresholds.hpp"
#include "describe.hpp"
#include "list_plan.hpp"
#include "load_plan.hpp"
#include "output_file.hpp"
#include "print.hpp"
#include "progress.hpp"
#include "read_words.hpp"
#include "redact.hpp"
#include "saturn/run.hpp"
#include "saturn/version.hpp"
#include "signals.hpp"
#include "study/cache_folder.hpp"
#include "study/files.hpp"
#include "terminal.hpp"

namespace saturn::cli {
namespace {

constexpr int kUsage = 1;

void append(Errors& errors, const Errors& more) {
  errors.insert(errors.end(), more.begin(), more.end());
}

/// Nothing for people: the result alone.
bool silent(const RunArguments& run) {
  return run.json && run.quiet;
}

/// What this machine was calibrated to, where it was. A file that cannot be used is no reason to fail.
void compare_with_calibration(RunResult& result) {
  const auto path = calibration_file();
  std::error_code ignored;
  if (!path || !std::filesystem::exists(*path, ignored)) return;
  auto distrusted = study::distrust(path->parent_path());
  if (!distrusted) distrusted = study::distrust(*path);
  const auto text = distrusted ? Result<std::string>(*distrusted) : study::read_whole(*path);
  const auto calibration = text ? calibration_from_json(*text) : Result<Calibration>(text.errors());
  if (calibration) return set_beside(*calibration, result, version());
  result.notes.push_back("the calibration in " + path->string() + " cannot be used: " +
                         to_text(calibration.errors().front()) + "; saturn calibrate makes a new one");
}

/// Writes -o's file. When it fails now, after the run, the result must not be lost.
bool write_output(const OutputFile& file, const std::string& json) {
  const auto error = file.write(json);
  if (!error) return true;
  print_errors({*error}, "run");
  rescue_and_tell(json);
  return false;
}

/// On a terminal a line is broken between words; elsewhere programs may read it.
std::string within(const Terminal& terminal, const std::string& line) {
  if (!terminal.terminal) return line + "\n";
  text::Page page({false, static_cast<unsigned>(terminal.width)});
  page.line(line);
  return page.take();
}

/// What people get to read: some ten lines or every figure, and the verdict explained where that was asked
/// for.
std::string summary(const RunResult& result, const RunArguments& run, const Terminal& terminal) {
  const TextStyle style{terminal.colour, static_cast<unsigned>(terminal.width)};
  return (run.full ? to_text(result, style) : to_short_text(result, style)) +
         (run.explain ? explain(result, style) : "");
}

/// Text, file and JSON; the exit code is the run's, or 2 where the result could not be written: requests were
/// sent, and they were in vain.
int deliver(const RunResult& result, const RunArguments& run, const std::optional<OutputFile>& output,
            const Arguments& argv, std::FILE* people, const Terminal& style) {
  bool delivered = true;
  const std::string json = run.json || output ? to_json(result) : std::string();
  const auto tell = [&](const std::string& text) {
    if (!print(people, text) && people == stdout) delivered = false;
  };
  if (!silent(run)) tell(summary(result, run, style));
  const bool kept = output && write_output(*output, json);
  if (output && !kept) delivered = false;
  if (!silent(run)) {
    if (const auto hint = ci_hint(result); !run.quiet && !hint.empty()) tell(hint + "\n");
    if (kept) tell("result: " + output->path() + "\n");
    tell("again: " + again_line(run, argv, result.seed) + "\n");
  } else if (const auto why = nothing_ok_line(result); !why.empty()) {
    print(stderr, why + "\n");
  }
  if (run.json && !print(stdout, json)) delivered = false;
  const int code = exit_code(result, run.strict);
  return delivered || code == kInterrupted ? with_output_checked(code, kOutputLost) : kOutputLost;
}

}  // namespace

int cmd_run(const Arguments& arguments, const Arguments& argv) {
  auto parsed = parse_run(arguments);
  RunArguments& run = parsed.run;
  Errors& errors = parsed.errors;
  if (run.help) return print_help(run_table());
  if (run.plan_file) append(errors, load_plan(run));
  run.plan.thresholds.insert(run.plan.thresholds.end(), run.thresholds.begin(), run.thresholds.end());
  std::optional<OutputFile> output;
  if (!run.output.empty()) {
    auto prepared = OutputFile::prepare(run.output);
    if (prepared)
      output = std::move(*prepared);
    else
      append(errors, prepared.errors());
  }
  if (!errors.empty()) return print_errors(errors, "run");
  if (run.list) return print(stdout, list_of(run.plan)) ? 0 : kUsage;

  install_signal_handlers();
  std::FILE* const people = run.json ? stderr : stdout;
  const auto style = terminal_of(people, run.no_color);
  ProgressView view(stderr, run.no_color, run.quiet, [&](const std::string& address, unsigned shards) {
    if (!silent(run)) print(people, within(style, first_line(run, address, shards)));
  });
  RunOptions options;
  options.threads = run.threads;
  options.seed = run.seed;
  options.labels = run.labels;
  options.argv = redact_words(argv, run.source);
  options.wait = run.wait;
  options.kernel_stamps = run.kernel_stamps;
  options.discard_body = run.discard_body;
  options.check_send_times = run.check_send_times;
  options.receive_memory = run.receive_memory;
  options.sockets = run.sockets;
  options.source_ips = run.source_ips;
  options.observer = &view;
  options.stop = &stop_requested();
  options.target = run.target;
  auto result = saturn::run(run.plan, options);
  view.finish();
  if (!result && stop_requested().load()) {
    std::fputs("interrupted before anything was sent\n", stderr);
    return kInterrupted;
  }
  if (!result) return print_errors(result.errors(), "run");
  compare_with_calibration(*result);
  return deliver(*result, run, output, argv, people, style);
}

}  // namespace saturn::cli
