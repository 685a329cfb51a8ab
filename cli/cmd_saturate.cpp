// `saturn saturate`: arguments → search → text, JSON, file and exit code. Each try is a run of the engine.
// What was found stands on standard output, what happens on standard error. Main thread only; tested in
// tests/cli/saturate_test.py.
#include <fmt/format.h>

#include <cmath>
#include <cstdio>
#include <optional>

#include "commands.hpp"
#include "core/plan/parse.hpp"
#include "core/result/saturation.hpp"
#include "core/result/text_format.hpp"
#include "output_file.hpp"
#include "print.hpp"
#include "read_words.hpp"
#include "redact.hpp"
#include "saturate_flags.hpp"
#include "saturn/run.hpp"
#include "signals.hpp"
#include "system/clock/system_clock.hpp"
#include "terminal.hpp"

namespace saturn::cli {
namespace {

constexpr int kNotDelivered = 2;

std::string url_of(const SaturateOptions& options) {
  const auto url = parse_url(options.plan.base_url, "");
  const std::string base = url ? url->redacted() : redact_url(options.plan.base_url);
  const Scenario& scenario = options.plan.scenarios.front();
  return scenario.flow.size() == 1 ? base.substr(0, base.rfind('/')) + scenario.flow.front().path : base;
}

std::string first_line(const SaturateOptions& options, const std::string& url) {
  const Scenario& scenario = options.plan.scenarios.front();
  const std::string what = scenario.flow.size() == 1 ? scenario.flow.front().method + " " + url
                                                     : fmt::format("{} at {} (iterations of {} requests)",
                                                                   scenario.name, url, scenario.flow.size());
  return fmt::format("saturn saturate: {} · each rate {} after {} to settle · takes about {}\n", what,
                     text::duration(to_seconds(options.step)), text::duration(to_seconds(options.warmup)),
                     text::duration(std::ceil(to_seconds(estimate_of(options)))));
}

std::string ready_line(const SaturationResult& result) {
  std::string line;
  if (result.one_at_a_time)
    line = fmt::format("  one request at a time: {}/s, p99 {}\n", text::rate(result.one_at_a_time->rps),
                       text::duration(result.one_at_a_time->p99_us / 1e6));
  std::string slos;
  for (const auto& slo : result.slos) slos += (slos.empty() ? "" : ", ") + slo;
  return line + fmt::format("  SLO: {}{}\n", slos,
                            result.default_slos.empty()                        ? ""
                            : result.default_slos.size() == result.slos.size() ? " (by default)"
                                                                               : " (the last by default)");
}

int deliver(const SaturationResult& result, const RunArguments& run,
            const std::optional<OutputFile>& output) {
  std::FILE* const people = run.json ? stderr : stdout;
  const auto style = terminal_of(people, run.no_color);
  const std::string json = to_json(result);
  bool delivered = true;
  if (!(run.json && run.quiet))
    delivered = print(people, to_text(result, {style.colour, static_cast<unsigned>(style.width)}));
  if (output) {
    if (const auto error = output->write(json)) {
      print_errors({*error}, "saturate");
      rescue_and_tell(json);
      delivered = false;
    } else if (!(run.json && run.quiet)) {
      print(people, "result: " + output->path() + "\n");
    }
  }
  if (run.json) delivered = print(stdout, json) && delivered;
  const int code = exit_code(result);
  return delivered || code == kInterrupted ? code : kNotDelivered;
}

}  // namespace

int cmd_saturate(const Arguments& arguments, const Arguments& argv) {
  SaturateDraft draft;
  if (const auto code = read_words(saturate_table(), saturate_flags(), arguments, draft, check_saturate))
    return *code;
  const RunArguments& run = draft.run.run;
  std::optional<OutputFile> output;
  if (!run.output.empty()) {
    auto prepared = OutputFile::prepare(run.output);
    if (!prepared) return print_errors(prepared.errors(), "saturate");
    output = std::move(*prepared);
  }

  install_signal_handlers();
  const std::string url = url_of(draft.options);
  SaturateObserver observer;
  if (!run.quiet) {
    print(stderr, first_line(draft.options, url));
    observer.ready = [](const SaturationResult& result) { print(stderr, ready_line(result)); };
    observer.tried = [](const SaturationPoint& point) { print(stderr, progress_line(point) + "\n"); };
  }
  RunOptions options;
  options.seed = run.seed;
  options.stop = &stop_requested();
  const RunPlan run_plan = [&](const Plan& plan, std::optional<unsigned> threads) {
    options.threads = threads;
    auto result = saturn::run(plan, options);
    if (result) options.seed = result->seed;  // one seed for all tries
    return result;
  };
  const std::string started_at = utc_now();
  const Nanos began = monotonic_now();
  auto result = saturate(draft.options, run_plan, observer);
  if (!result && stop_requested().load()) {
    std::fputs("interrupted before anything was sent\n", stderr);
    return kInterrupted;
  }
  if (!result) return print_errors(result.errors(), "saturate");
  result->argv = redact_words(argv, run.source);
  result->url = url;
  result->started_at = started_at;
  result->ended_at = utc_now();
  result->elapsed_s = to_seconds(monotonic_now() - began);
  result->interrupted = result->interrupted || stop_requested().load();
  return deliver(*result, run, output);
}

}  // namespace saturn::cli
