#include "system/run/shards.hpp"

#include <fmt/format.h>
#include <sys/prctl.h>

#include <algorithm>
#include <new>
#include <optional>

#include "core/shard/shard.hpp"
#include "system/clock/system_clock.hpp"
#include "system/host/host.hpp"

namespace saturn {
namespace {

std::size_t most_slots(const Share& share) {
  std::size_t most = 0;
  for (const ScenarioShare& part : share.scenarios) most = std::max<std::size_t>(most, part.vus);
  return most;
}

Errors short_of_memory() {
  return {{"memory", "not enough for this run's connections and request bodies",
           "use fewer connections, a smaller body or less pipelining", ErrorKind::setup}};
}

}  // namespace

static_assert(Transport<UringTransport>);

ShardThreads::ShardThreads(const Program& program, std::vector<Share> shares, const UringOptions& uring,
                           const std::atomic<bool>& stop)
    : program_(program),
      shares_(std::move(shares)),
      uring_(uring),
      stop_(stop),
      gates_(program.scenarios.size()),
      lives_(shares_.size()) {
  cpus_.assign(shares_.size(), -1);
  pinned_.resize(shares_.size());
  results_.resize(shares_.size());
  errors_.resize(shares_.size());
  for (Gate& gate : gates_) gate.told = [this] { bell_.ring(); };
}

Result<std::unique_ptr<ShardThreads>> ShardThreads::start(const Program& program, std::vector<Share> shares,
                                                          const SocketAddress& address,
                                                          const std::vector<int>& cpus,
                                                          const UringOptions& uring,
                                                          const std::atomic<bool>& stop) {
  std::unique_ptr<ShardThreads> made(new ShardThreads(program, std::move(shares), uring, stop));
  for (std::uint32_t shard = 0; shard < made->count(); ++shard) {
    if (!cpus.empty()) made->cpus_[shard] = cpus[shard % cpus.size()];
    made->threads_.emplace_back(&ShardThreads::body, made.get(), shard, address);
  }
  for (std::uint32_t ready = made->prepared_.load(); ready != made->count(); ready = made->prepared_.load())
    made->prepared_.wait(ready);
  if (Errors errors = made->errors(); !errors.empty()) return errors;
  return {std::move(made)};
}

/// The mask of allowed CPUs may have changed since it was read, or the CPU may be gone.
void ShardThreads::pin(std::uint32_t shard) {
  const int cpu = cpus_[shard];
  pinned_[shard] = cpu >= 0 && pin_this_thread(cpu);
  results_[shard].cpu = pinned_[shard] != 0 ? cpu : -1;
}

void ShardThreads::body(std::uint32_t shard, SocketAddress address) {
  prctl(PR_SET_TIMERSLACK, 1UL);
  ShardResult& result = results_[shard];
  result.shard = shard;
  pin(shard);
  SystemClock clock;
  std::unique_ptr<UringTransport> transport;
  std::optional<Shard<UringTransport, SystemClock>> work;
  try {
    auto made = UringTransport::create(address, most_slots(shares_[shard]), uring_);
    if (!made) errors_[shard] = made.errors();
    if (made) transport = std::move(made).value();
    if (transport) work.emplace(*transport, clock, program_, shares_[shard]);
  } catch (const std::bad_alloc&) {
    errors_[shard] = short_of_memory();
  }
  if (work && shard == 0) ring_ = transport->facts();
  prepared_.fetch_add(1);
  prepared_.notify_all();
  if (!work) return;

  for (int seen = kIdle;;) {
    command_.wait(seen);
    seen = command_.load();
    if (seen == kQuit) return;
    const auto scenario = static_cast<std::size_t>(seen);
    try {
      result.scenarios.push_back(work->run(scenario, gates_[scenario], lives_[shard], stop_));
    } catch (const std::bad_alloc&) {
      errors_[shard] = short_of_memory();
      broken_.store(true);
      // Nobody waits for this shard any more, and nobody starts.
      gates_[scenario].start_at.store(Gate::kAbandoned);
      gates_[scenario].ready.fetch_add(1);
      gates_[scenario].done.fetch_add(1);
      gates_[scenario].tell();
    }
  }
}

void ShardThreads::tell(int command) {
  command_.store(command);
  command_.notify_all();
}

void ShardThreads::open(std::size_t scenario) {
  for (Live& live : lives_) {  // no shard is at work between scenarios
    live.phase.store(Phase::opening);
    for (auto* count : {&live.started, &live.completed, &live.not_ok, &live.failed, &live.dropped,
                        &live.backlog, &live.iterations, &live.connections, &live.recent_p99_ns})
      count->store(0);
  }
  tell(static_cast<int>(scenario));
}

std::vector<ShardResult> ShardThreads::finish() {
  tell(kQuit);
  for (std::thread& thread : threads_)
    if (thread.joinable()) thread.join();
  return std::move(results_);
}

Errors ShardThreads::errors() const {
  for (const Errors& of_one : errors_)
    if (!of_one.empty()) return of_one;  // each shard meets the same refusal
  return {};
}

std::vector<std::string> ShardThreads::notes() const {
  std::vector<std::string> notes;
  for (std::uint32_t shard = 0; shard < count(); ++shard)
    if (cpus_[shard] >= 0 && pinned_[shard] == 0)
      notes.push_back(
          fmt::format("shard {} could not be pinned to CPU {}, which is not this process's to use "
                      "any more: it ran where the kernel put it",
                      shard, cpus_[shard]));
  return notes;
}

ShardThreads::~ShardThreads() {
  if (std::any_of(threads_.begin(), threads_.end(),
                  [](const std::thread& thread) { return thread.joinable(); }))
    finish();
}

}  // namespace saturn
