// `saturn study STUDY.json`: several servers, one procedure, repeats; tables at the end and files in a
// folder. What was measured before an interruption or a failing target is kept and shown. Main thread only;
// tested in tests/cli/study_run_test.py and study_refusal_test.py.
#include <fmt/format.h>

#include <ctime>
#include <filesystem>
#include <random>

#include "args_values.hpp"
#include "commands.hpp"
#include "list_study.hpp"
#include "output_file.hpp"
#include "print.hpp"
#include "read_words.hpp"
#include "signals.hpp"
#include "study/estimate.hpp"
#include "study/process_launcher.hpp"
#include "study/study_progress.hpp"
#include "study/study_report.hpp"
#include "study/study_run.hpp"
#include "study_times.hpp"
#include "terminal.hpp"

namespace saturn::cli {
namespace {

namespace fs = std::filesystem;

constexpr const char* kExamples =
    "Examples:\n"
    "  saturn study bench/study/python-web.json                     the whole procedure, five repeats\n"
    "  saturn study bench/study/python-web.json --profile quick     shortened, two repeats\n"
    "  saturn study bench/study/python-web.json --only flask-sqlite3 --only native -o out\n"
    "  saturn report out                                            its tables again\n";

struct Options {
  std::string file, profile = "full", folder;
  std::vector<std::string> only;
  std::optional<std::uint64_t> seed;
  std::optional<unsigned> repeats;
  bool force = false, quiet = false, no_color = false, list = false;
  Arguments arguments;
  Errors errors;
};

constexpr unsigned kMostRepeats = 1000;
constexpr const char* kWhat = "What is run";
constexpr const char* kFiles = "Files";
constexpr const char* kOutput = "Output";
using Text = const std::string&;

constexpr FlagOf<Options> kFlags[] = {
    {"--profile", "NAME", kWhat, "how much of it: full as the study says, others shortened (full)", nullptr,
     false, [](Options& o, Text, Text v) { o.profile = v; }},
    {"--only", "NAME", kWhat, "this target; may be repeated", nullptr, true,
     [](Options& o, Text, Text v) { o.only.push_back(v); }},
    {"--repeats", "N", kWhat, "runs of each target (the profile's)", nullptr, false,
     [](Options& o, Text p, Text v) { count_into(o, p, v, 1, kMostRepeats, o.repeats); }},
    {"--seed", "N", kWhat, "of the order and of everything random (drawn)", nullptr, false,
     [](Options& o, Text p, Text v) {
       const auto seed = parse_count(v, p, 0, UINT64_MAX);
       if (keep_errors(o, seed)) o.seed = *seed;
     }},
    {"--list", nullptr, kWhat, "print its targets, scenarios and profiles, and run nothing", nullptr, false,
     [](Options& o, Text, Text) { o.list = true; }},

    {"-o,--output", "DIR", kFiles, "folder for the files (study-NAME-TIME)", nullptr, false,
     [](Options& o, Text, Text v) { o.folder = v; }},
    {"--force", nullptr, kFiles, "replace the study that is in the folder", nullptr, false,
     [](Options& o, Text, Text) { o.force = true; }},

    {"-q,--quiet", nullptr, kOutput, "no progress", nullptr, false,
     [](Options& o, Text, Text) { o.quiet = true; }},
    {"--no-color", nullptr, kOutput, "text without colour (also by the environment variable NO_COLOR)",
     nullptr, false, [](Options& o, Text, Text) { o.no_color = true; }},
};

constexpr const char* kLater = "not in this version yet";
constexpr const char* kInFile = "the study file says this";
constexpr ForeignFlag kForeign[] = {
    {"--folder,--dir,--out", true, "the folder is named by -o", "type -o {}"},
    {"--repeat,--runs,-n", true, "the number of runs is --repeats", "type --repeats {}"},
    {"--targets,--scenario,--scenarios", true, "targets are chosen one by one", "type --only NAME"},
    {"-p", true, "the profile has a long name only", "type --profile {}"},
    {"--port", true, "each target gets a free port", "leave it out"},
    {"--quick", false, "that is a profile", "type --profile quick"},
    {"-d,--duration,-c,--connections,--vus,-R,--rate,--warmup,--timeout", true, kInFile,
     "leave it out, or change the plan that the study names"},
    {"--launcher,--order,--target,--plan,--balance", true, kLater, "leave it out"},
    {"--tune,--pull,--offline,--resume", false, kLater, "leave it out"},
    {"--json", false, "the result is written as JSON anyway", "see study-result.json in the folder of -o"},
};

Result<study::Profile> choose_profile(const study::StudyPlan& plan, const Options& options) {
  const study::Profile* found = plan.find_profile(options.profile);
  if (found == nullptr) {
    std::string names;
    for (const auto& profile : plan.profiles) names += (names.empty() ? "" : ", ") + profile.name;
    return Error{"--profile", "the study has no profile \"" + options.profile + "\"", "it has " + names};
  }
  study::Profile profile = *found;
  if (options.repeats) profile.repeats = *options.repeats;
  return profile;
}

/// "study-python-web-20261123-080000"
std::string default_folder(const std::string& name) {
  const std::time_t now = std::time(nullptr);
  std::tm local{};
  localtime_r(&now, &local);
  char stamp[32];
  std::strftime(stamp, sizeof stamp, "%Y%m%d-%H%M%S", &local);
  return fmt::format("study-{}-{}", name, stamp);
}

std::uint64_t random_seed() {
  std::random_device device;
  return device();
}

/// The estimate of every run, in the order in which they will be done.
std::vector<study::RunEstimate> estimates(const study::StudyPlan& plan, const study::StudyOptions& options) {
  std::vector<study::RunEstimate> result;
  for (const auto& run : study::draw_order(options.targets.size(), options.profile.repeats, options.seed))
    result.push_back(study::estimate_run(plan, options.profile, *options.targets[run.target]));
  return result;
}

int run(const study::StudyPlan& plan, const study::StudyOptions& options, const Options& flags,
        const Terminal& terminal) {
  const auto times = estimates(plan, options);
  Nanos total{0};
  for (const auto& run : times) total += study::total(run);
  study::StudyProgress display({stdout, terminal.terminal, flags.quiet, terminal.width},
                               study::TimeLeft(times));
  display.say(fmt::format("{}: {} profile, {} target{} x {} repeat{}, about {}; order seed {}, files in {}",
                          plan.name, options.profile.name, options.targets.size(),
                          options.targets.size() == 1 ? "" : "s", options.profile.repeats,
                          options.profile.repeats == 1 ? "" : "s", study::for_people(total), options.seed,
                          options.folder.string()));
  if (const auto warning = busy_warning(total)) display.say(*warning);
  study::ProcessLauncher launcher(fs::read_symlink("/proc/self/exe"), plan.folder);
  const auto result = study::run_study(plan, options, launcher, display);
  if (!result) {
    const int code = print_errors(result.errors(), "study");
    return stop_requested() ? kInterrupted : code;
  }
  display.say("\n" + study::to_text(*result, {terminal.colour, study::kTableColumns}));
  if (result->unsaved) {
    print_errors({*result->unsaved}, "study");
    rescue_and_tell(study::to_json(*result));
    return with_output_checked(study::exit_code(*result), kOutputLost);
  }
  display.say(fmt::format(
      "{0}/study-result.json, values.csv, attempts.csv, runs/, logs/ · tables again: saturn report {0}",
      options.folder.string()));
  return with_output_checked(study::exit_code(*result), kOutputLost);
}

int print_list(const study::StudyPlan& plan) {
  return print(stdout, list_of(plan)) ? 0 : 1;
}

int study_command(const Options& flags) {
  const auto plan = read_study(flags.file);
  if (!plan) return print_errors(plan.errors(), "study");
  if (flags.list) return print_list(*plan);
  const auto profile = choose_profile(*plan, flags);
  if (!profile) return print_errors(profile.errors(), "study");
  auto targets = study::choose_targets(*plan, *profile, flags.only);
  if (!targets) return print_errors(targets.errors(), "study");
  const fs::path folder = flags.folder.empty() ? default_folder(plan->name) : flags.folder;
  if (const auto refused = study::prepare_folder(folder, flags.force))
    return print_errors({*refused}, "study");
  install_signal_handlers();
  const study::StudyOptions options{*profile, *targets, fs::absolute(folder).lexically_normal(),
                                    flags.seed.value_or(random_seed()), stop_requested()};
  return run(*plan, options, flags, terminal_of(stdout, flags.no_color));
}

}  // namespace

const CommandTable& study_table() {
  static const CommandTable table{
      "study",
      "STUDY.json",
      "Runs the procedure of a study file on each of its targets: start, settle, seed, warm up, the\n"
      "scenarios, read back, stop; every repeat in a new order. Ends with tables of all targets.",
      kExamples,
      rows_of(std::span<const FlagOf<Options>>(kFlags)),
      kForeign};
  return table;
}

int cmd_study(const Arguments& arguments, const Arguments&) {
  Options options;
  const std::span<const FlagOf<Options>> flags = kFlags;
  if (const auto code = read_words(study_table(), flags, arguments, options)) return *code;
  options.file = options.arguments.front();
  return study_command(options);
}

}  // namespace saturn::cli
