// The program: the plan compiled to flat arrays, and a shard's exact share of it. Made once before the run,
// read-only after. compile() and split() are pure; see plan_compile.cpp and split.cpp.
#pragma once
#include <bitset>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/plan/request_template.hpp"
#include "core/plan/wait.hpp"
#include "saturn/error.hpp"
#include "saturn/plan.hpp"
#include "saturn/run.hpp"

namespace saturn {

struct StepProgram {
  std::string name;
  RequestTemplate request;
  std::bitset<1000> accepted;  ///< statuses that count as ok
  bool custom_expect = false;  ///< an `expect` with statuses was written: its check is listed in the result
  bool json_equals_request = false;
  bool idempotent = true;                ///< may be sent again once after an idle close
  bool head_method = false;              ///< answers have no body
  std::size_t body_limit = 0;            ///< bytes gathered for a check; 0 where no check needs the body
  std::vector<std::string> check_names;  ///< "status is 200", "json equals request", in this order
};

struct ScenarioProgram {
  std::string name;
  std::string url;  ///< for reports: base URL + path of the first step, user info redacted
  std::uint32_t index = 0;
  Executor executor = Executor::constant_vus;
  std::uint32_t vus = 0;           ///< slots; with a rate the most in flight
  std::uint32_t vus_at_start = 0;  ///< with a rate: those that are connected before the start
  std::optional<Rate> rate;        ///< an open loop: constant-arrival-rate
  std::uint64_t backlog = 0;       ///< with a rate: arrivals that may wait for a slot
  WaitChoice wait{};               ///< of this machine and this run: set by run(), not by compile()
  bool discard_body = false;       ///< likewise: bodies that no check reads may be dropped in the kernel
  std::optional<std::uint64_t>
      total_iterations;  ///< constant-vus or a rate with -n, shared-iterations, per-vu (vus × iterations)
  std::optional<std::uint64_t> iterations_per_vu;  ///< per-vu-iterations
  std::optional<Nanos> duration;
  Nanos warmup{0}, graceful_stop{0}, timeout{0}, connect_timeout{0};
  std::uint32_t pipeline = 1;
  std::optional<std::uint64_t> requests_per_connection;
  std::uint32_t max_head_bytes = 65536;
  std::vector<StepProgram> steps;  ///< an iteration is one pass through them
};

struct Origin {
  std::string host;  ///< name or address, without brackets
  std::uint16_t port = 80;
  std::string host_header;
};

struct Program {
  Origin origin;
  std::uint64_t seed = 0;
  Nanos gap{0};
  std::vector<ScenarioProgram> scenarios;
};

/// One shard's part of one scenario. Over all shards: VUs and iterations add up exactly, VU numbers and seq
/// blocks are contiguous.
struct ScenarioShare {
  std::uint32_t vus = 0, first_vu = 0;
  std::optional<std::uint64_t> iterations;  ///< this shard's part of total_iterations
  std::uint64_t first_seq = 1;              ///< with a total: this share's block starts here
  std::uint32_t vus_at_start = 0;           ///< with a rate: connected before the start
  std::uint64_t backlog = 0;                ///< with a rate: this shard's part of it
  /// With a rate: arrivals first_arrival, first_arrival + arrival_stride, … of the run are this shard's;
  /// stride 0: none is.
  std::uint32_t first_arrival = 0, arrival_stride = 0;
};
struct Share {
  std::uint32_t shard = 0, shards = 1;
  std::vector<ScenarioShare> scenarios;
};

/// Fails with every error at once (unknown template, too many dynamic values, bad URL, …), each with its JSON
/// pointer.
Result<Program> compile(const Plan& plan, std::uint64_t default_seed);

/// Shares of VUs differ by at most one, remainder to the lowest; iterations follow the VUs (shared) or are
/// vus × per-VU iterations.
/// `whole_pools`: a shared-iterations scenario stays on the first shard, so that idle VUs take work until its
/// pool is empty.
std::vector<Share> split(const Program& program, std::uint32_t shards, bool whole_pools = false);

}  // namespace saturn
