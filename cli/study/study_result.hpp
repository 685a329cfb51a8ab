// What a study found: the value behind study-result.json, values.csv and the tables. Value types only; what a
// later version computes (intervals, comparisons, claims) has no place here yet and is null in the JSON.
#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "saturn/error.hpp"

namespace saturn::study {

enum class Metric { rps, mean_latency };
std::string_view to_name(Metric metric);  ///< "rps", "mean_latency"
std::string_view unit_of(Metric metric);  ///< "req/s", "ms"

enum class Role { stack, variant, ceiling };
std::string_view to_name(Role role);

/// Written as given: a number stays one.
struct Setting {
  std::string name, text;
  bool number = false;
};

/// One scenario of one run.
struct StudySample {
  unsigned repeat = 1, attempt = 1;
  bool counted = true;                 ///< false: its run failed, so it is kept but not in the mean
  std::optional<double> value;         ///< in the metric's unit, of ok responses; nullopt: there were none
  std::optional<double> rps, mean_ms;  ///< of ok responses too; one of them is the value
  std::optional<double> p50_ms, p99_ms;
  std::string limited_by;  ///< the verdict's word for it; empty: not judged
  std::uint64_t completed = 0, ok = 0, failed = 0, not_ok = 0, reconnects = 0;
  std::optional<double> target_cpu_cores, busiest_worker_share, generator_cpu_cores, foreign_cpu_cores;
  std::optional<std::uint64_t> target_rss_max_bytes;
  std::vector<std::string> marks;
  std::string file;
};

struct StudyCell {
  std::string scenario;
  Metric metric = Metric::rps;
  std::uint32_t vus = 0;
  std::optional<std::uint64_t> iterations;
  std::optional<double> duration_s;
  std::optional<double> published;
  std::vector<StudySample> samples;
};

/// Files by their content: SHA-256 over a line "DIGEST  NAME" for each, as sha256sum prints them, sorted by
/// name.
struct Fingerprint {
  std::string sha256;
  std::uint64_t files = 0;
};

/// What a requirements file became: every package that is installed, not only the named ones.
struct StudyEnvironment {
  std::string requirements, sha256;  ///< the file's name and content
  std::string python;                ///< "3.11.7"
  std::map<std::string, std::string> packages;
};

struct StudyTarget {
  std::string name;
  Role role = Role::stack;
  std::string launcher;
  std::map<std::string, std::string> versions;
  std::vector<Setting> settings;
  std::vector<StudyCell> cells;
  std::string environment{};                 ///< its requirements file; empty: none
  std::optional<Fingerprint> application{};  ///< nullopt: no files of its own are known
};

struct StudyRun {
  std::string target;
  unsigned repeat = 1, attempt = 1;
  std::string file;  ///< empty: it did not get far enough to leave one
  bool ok = true;
  std::string reason;  ///< why not
};

struct StudyResult {
  std::string name, profile, started_at, baseline;
  double elapsed_s = 0;
  std::string saturn_json, host_json;  ///< as in a run's result; empty before the first run
  std::string machine;                 ///< the host in one line
  unsigned cpus = 0;
  unsigned repeats = 0;
  std::uint64_t order_seed = 0;
  std::vector<std::string> order;  ///< of the runs, all repeats one after another
  std::vector<StudyTarget> targets;
  std::vector<StudyRun> runs;
  std::vector<std::string> notes;
  std::string study_sha256, plan_sha256;  ///< of the files' bytes
  std::vector<StudyEnvironment> environments;
  bool interrupted = false;
  bool balanced = true;            ///< the ledger of every run
  std::optional<Error> unsaved{};  ///< why the study ended early and its files do not hold all of this
};

/// Marks of a sample: what a reader must know before believing its value.
namespace mark {
inline constexpr std::string_view kFailures = "failures";         ///< failed or not-ok requests, left out
inline constexpr std::string_view kOneWorker = "one-worker";      ///< busiest_worker_share above 0.9
inline constexpr std::string_view kForeignLoad = "foreign-load";  ///< others used the machine meanwhile
inline constexpr std::string_view kWorkersChanged =
    "workers-changed";                                            ///< a worker ended or began in the middle
inline constexpr std::string_view kNotVerified = "not-verified";  ///< reading back did not show the effect
}  // namespace mark

inline constexpr double kOneWorkerShare = 0.9;
inline constexpr double kForeignShare = 0.1;  ///< of all the machine's cores

}  // namespace saturn::study
