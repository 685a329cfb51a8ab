// The Transport seam: the only way from the core to the kernel (or to a simulation of it). Queueing calls are
// O(1), never block and never call back; completions come out of wait(). A shard is a template over a
// Transport, so that the seam costs nothing. Implementations: system/uring (Uring),
// core/transport/null_transport (instant answers), core/transport/sim_transport (virtual time). All but Null
// pass the same contract suite (tests/contract).
#pragma once
#include <bit>
#include <concepts>
#include <cstdint>
#include <span>
#include <vector>

#include "core/stats/signed_histogram.hpp"
#include "saturn/run.hpp"
#include "saturn/time.hpp"

namespace saturn {

using SlotId = std::uint32_t;
inline constexpr std::uint32_t kNoBuffer = UINT32_MAX;

struct Completion {
  enum class Kind : std::uint8_t {
    connected,  ///< `error` 0 or an errno
    sent,       ///< `bytes` were taken by the kernel (may be fewer than asked), or `error`
    received,   ///< `data`, in buffer `buffer` (give it back with release)
    discarded,  ///< `bytes` of the stream were dropped unseen, as discard() asked
    ended,      ///< the peer closed its side, or `error` (ECONNRESET …): no more received
  };
  Kind kind = Kind::connected;
  SlotId slot = 0;
  std::uint32_t generation =
      0;  ///< of the connection: the shard ignores completions of an older one but releases their buffer
  int error = 0;
  std::uint32_t bytes = 0;
  std::uint32_t buffer = kNoBuffer;
  std::span<const char> data;
  Nanos arrived_at{
      0};  ///< kernel arrival of the data's last byte, monotonic; 0: unknown (then user-space time is used)
};

/// What one batch of sends took: taken by the kernel in order between `before` and `after`.
struct Submitted {
  Nanos before{0}, after{0};
  std::uint32_t count = 0;
  std::uint64_t late = 0;     ///< bit k: send k of the batch was not finished when the kernel returned
  std::uint64_t skipped = 0;  ///< bit k: send k was not handed over, its connection was closed meanwhile
  Nanos usual{0};             ///< what a batch of this size takes; 0: not known
  bool interrupted = false;   ///< it took clearly longer: somebody else ran in between, who knows where

  /// Sends that the kernel was given before send k: of them alone the batch's time is.
  std::uint32_t handed_before(std::uint32_t k) const {
    const std::uint64_t below = k < 64 ? (std::uint64_t{1} << k) - 1 : UINT64_MAX;
    return k - static_cast<std::uint32_t>(std::popcount(skipped & below));
  }
  std::uint32_t handed() const { return handed_before(count); }
};
inline constexpr std::uint32_t kSendsPerBatch = 64;  ///< at most, so that `late` has a bit for each

struct TransportTally {
  std::uint64_t batches = 0, waits = 0, buffers_short = 0, rearmed = 0;
  std::uint64_t clock_steps = 0;  ///< times the wall clock, in which the kernel stamps arrivals, was set
  Nanos spun{0};                  ///< time on the CPU in wait() that a sleep would have taken
};

/// errno values that the core tells apart, named here because the core includes no system header.
struct TransportErrors {
  static constexpr int kRefused = 111, kReset = 104, kBrokenPipe = 32, kTimedOut = 110, kCancelled = 125;
};

/// Where a shard reads its own cost: the thread's CPU clock and its scheduling counters. Called at the edges
/// of phases only.
struct CostReading {
  Nanos cpu{0}, run_queue_wait{0};
  bool run_queue_known = false;
  std::uint64_t context_switches = 0, involuntary_switches = 0;  ///< the former counts both kinds
};

// clang-format off
template <class T>
concept Transport = requires(T t, SlotId slot, std::uint32_t generation, std::span<const char> bytes, Nanos at,
                             std::vector<Completion>& out, std::uint32_t buffer, Nanos due, WaitMode mode, std::uint32_t max_bytes,
                             SignedHistogram* errors, bool answers_may_wait) {
  t.connect(slot, generation);            // socket and connect; one `connected` follows
  t.send(slot, bytes);                    // bytes stay valid until `sent`; one send at a time a slot
  t.arm_receive(slot);                    // `received` follow until `ended`; re-armed inside when buffers run short
  t.discard(slot, max_bytes);             // a hint, in place of the one before: up to so many bytes of those that no wait() has handed
                                          // out yet may be dropped; each `discarded` stands, in the order of the stream, for bytes that
                                          // were; what is received all the same counts against them. One wait() may hand out many pieces:
                                          // who counts where they are handled gives a new hint with each of them
  t.close(slot);                          // ends the connection; a send under way still completes (`sent` with its old generation)
  { t.submit() } -> std::same_as<Submitted>;   // hands the next batch (at most 64 sends) over; count 0: nothing left to send
  t.wait(at, out, due);                   // until something completes or `at` has come; appends, never more than out's capacity;
                                          // due: a request has to go out then, worth being awake for (see set_wait); left out: none
  t.set_wait(mode, answers_may_wait);      // from the next wait on; answers_may_wait: a sleep to a `due` that is near need not end with
                                          // an answer that the kernel has stamped: nobody looks at it before
  t.release(buffer);                      // gives a receive buffer back, once
  t.keep_time();                          // called every 100 ms: the wall clock may have been set, which arrivals are stamped in
  t.check_sends(errors);                  // where its own check of send times puts what they were off by (null: nowhere), if it has one
  { t.tally() } -> std::same_as<const TransportTally&>;
};
template <class C>
concept Clock = requires(C c) {
  { c.now() } -> std::same_as<Nanos>;
  { c.cost() } -> std::same_as<CostReading>;
};
// clang-format on

}  // namespace saturn
