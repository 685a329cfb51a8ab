// The threads of a run: one a shard, each with its own ring, pinned, going through the scenarios together.
// The coordinator says when a scenario opens and when its load starts; everything else a shard does alone.
// Owner: the coordinator (the thread that called run()). Tested in tests/loopback/run_test.cpp.
#pragma once
#include <atomic>
#include <deque>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "core/plan/program.hpp"
#include "core/shard/live.hpp"
#include "core/shard/shard_result.hpp"
#include "saturn/error.hpp"
#include "system/net/resolve.hpp"
#include "system/run/bell.hpp"
#include "system/uring/ring.hpp"
#include "system/uring/uring_transport.hpp"

namespace saturn {

class ShardThreads {
 public:
  /// Starts a thread a share and waits until each has its ring; all of them end with the first error
  /// otherwise.
  static Result<std::unique_ptr<ShardThreads>> start(const Program& program, std::vector<Share> shares,
                                                     const SocketAddress& address,
                                                     const std::vector<int>& cpus, const UringOptions& uring,
                                                     const std::atomic<bool>& stop);
  ~ShardThreads();

  void open(std::size_t scenario);  ///< lets all shards open this scenario's connections
  Gate& gate(std::size_t scenario) { return gates_[scenario]; }
  const std::deque<Live>& live() const { return lives_; }
  Bell& bell() { return bell_; }  ///< rung when a shard comes to the edge of a phase
  std::uint32_t count() const { return static_cast<std::uint32_t>(shares_.size()); }
  const RingFacts& ring() const { return ring_; }
  /// A shard had to give up: the run has no result. What it met is in errors().
  bool broken() const { return broken_.load(); }
  Errors errors() const;
  /// What a reader must know about shards that did not get the CPU they were meant for.
  std::vector<std::string> notes() const;
  /// Ends the threads; what each shard counted, in order of shards.
  std::vector<ShardResult> finish();

 private:
  static constexpr int kQuit = -2, kIdle = -1;

  ShardThreads(const Program& program, std::vector<Share> shares, const UringOptions& uring,
               const std::atomic<bool>& stop);
  void body(std::uint32_t shard, SocketAddress address);
  void pin(std::uint32_t shard);
  void tell(int command);

  const Program& program_;
  std::vector<Share> shares_;
  const UringOptions uring_;
  const std::atomic<bool>& stop_;
  Bell bell_;
  std::deque<Gate> gates_;  ///< one a scenario
  std::deque<Live> lives_;  ///< one a shard
  std::vector<int> cpus_;   ///< that each shard is meant for; below zero: any
  std::vector<std::uint8_t> pinned_;
  std::vector<ShardResult> results_;
  std::vector<Errors> errors_;
  RingFacts ring_;
  std::atomic<std::uint32_t> prepared_{0};
  std::atomic<bool> broken_{false};
  std::atomic<int> command_{kIdle};  ///< the scenario to open, or kQuit
  std::vector<std::thread> threads_;
};

}  // namespace saturn
