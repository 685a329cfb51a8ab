// The Transport over io_uring: connects, sends and multishot recvmsg through the ring.
// Sends go in batches of their own (at most 64, one timed enter each); everything else is handed over with
// the wait, outside the timed batch. Owner: the shard's thread, from construction on. Tested by
// tests/contract (with the simulation) and tests/loopback.
#pragma once
#include <sys/socket.h>

#include <memory>
#include <utility>
#include <vector>

#include "core/base/clock_offset.hpp"
#include "core/transport/send_cost.hpp"
#include "core/transport/transport.hpp"
#include "core/transport/wake_guard.hpp"
#include "system/net/resolve.hpp"
#include "system/uring/receive_buffers.hpp"
#include "system/uring/ring.hpp"
#include "system/uring/send_check.hpp"
#include "system/uring/sockets.hpp"
#include "system/uring/user_data.hpp"

namespace saturn {

struct UringOptions {
  bool kernel_stamps = true;  ///< sockets ask for SO_TIMESTAMPNS
  std::uint64_t receive_bytes = ReceiveBuffers::kDefaultBytes;
  bool direct_descriptors = false;
  bool linked_sockets = false;  ///< with direct descriptors and no sources: the ring makes the sockets
  bool unpaced = false;         ///< the host's TCP paces, which is not wanted here
  std::vector<SocketAddress> sources{};  ///< local addresses, bound in turn; empty: the kernel chooses
  bool discards = false;                 ///< discard() is heeded, and receives are single for its sake
  bool check_send_times = false;         ///< against the kernel's TX stamps; not with direct descriptors
};

class UringTransport {
 public:
  static constexpr unsigned kSqEntries = 1024, kCqEntries = 8192;
  static constexpr std::size_t kControlBytes = 64;  ///< room for the kernel's receive time stamp

  static Result<std::unique_ptr<UringTransport>> create(const SocketAddress& address, std::size_t slots,
                                                        const UringOptions& options = {});
  UringTransport(const UringTransport&) = delete;
  UringTransport& operator=(const UringTransport&) = delete;

  void connect(SlotId slot, std::uint32_t generation);
  void send(SlotId slot, std::span<const char> bytes) {
    sends_.push_back({slot, socket(slot).generation, bytes});
  }
  void arm_receive(SlotId slot);
  void discard(SlotId slot, std::uint32_t max_bytes);
  void close(SlotId slot);
  Submitted submit();
  void set_wait(WaitMode mode, bool answers_may_wait = false) {
    mode_ = mode;
    answers_may_wait_ = answers_may_wait;
  }
  void wait(Nanos until, std::vector<Completion>& out, Nanos due = Nanos::max());
  void release(std::uint32_t buffer) { buffers_->give_back(buffer); }
  void keep_time();
  void check_sends(SignedHistogram* errors) {
    if (send_check_) send_check_->put_into(errors);
  }
  const TransportTally& tally() const { return tally_; }
  const RingFacts& facts() const { return ring_->facts(); }

 private:
  struct SingleReceive {
    msghdr header;
    alignas(cmsghdr) char control[kControlBytes];
  };
  struct PendingSend {
    SlotId slot;
    std::uint32_t generation;
    std::span<const char> bytes;
  };
  UringTransport() = default;
  void begin(io_uring_sqe* sqe, const UserData& what);
  void queue_deferred();
  std::uint64_t late_sends(std::size_t first, std::uint32_t count, unsigned ready_before) const;
  void prepare_receive(io_uring_sqe* sqe, const UserData& what);
  std::span<const char> payload_of(const UserData& what, std::span<char> whole, Nanos& arrived_at);
  Nanos arrival_in(msghdr& message) const;
  void sleep_until(Nanos until, Nanos due = Nanos::max());
  bool holds(Nanos left, Nanos until, Nanos due) const;
  void watch_until(Nanos until, Nanos awake_at);
  void reap(std::vector<Completion>& out);
  void prepare_discard(io_uring_sqe* sqe, const Socket& from) const;
  void on_discard(const io_uring_cqe& cqe, const UserData& what, std::vector<Completion>& out);
  void on_receive(const io_uring_cqe& cqe, const UserData& what, std::vector<Completion>& out);
  void reads_much(const UserData& what, bool armed);
  void read_single(const UserData& what, std::size_t bytes);
  void widen(SlotId slot) {
    reads_much_ = true;
    if (!std::exchange(socket(slot).read_much, true)) sockets_->widen(slot);
  }
  SingleReceive& single_of(const UserData& what) {
    return singles_[std::size_t{what.slot} * 2 + (what.generation & 1)];
  }
  Socket& socket(SlotId slot) { return (*sockets_)[slot]; }
  bool current(const UserData& what) const {
    const Socket& socket = std::as_const(*sockets_)[what.slot];
    return (socket.generation & UserData::kGenerationMask) == (what.generation & UserData::kGenerationMask) &&
           socket.open();
  }

  std::unique_ptr<Ring> ring_;
  std::unique_ptr<ReceiveBuffers> buffers_;
  std::unique_ptr<Sockets> sockets_;
  std::unique_ptr<SendCheck> send_check_;  ///< null: not asked for
  SocketAddress address_;
  ClockOffset wall_clock_;
  WaitMode mode_ = WaitMode::sleep;
  bool answers_may_wait_ = false;  ///< asked for; `stamped_`: the last answer had a stamp of the kernel
  bool stamped_ = false;
  bool reads_much_ = false;  ///< a connection's answers fill buffers: the sender waits for the reader
  bool discards_ = false;
  WakeGuard guard_;
  SendCost send_cost_;
  msghdr receive_header_{};                   ///< of every multishot receive
  std::unique_ptr<SingleReceive[]> singles_;  ///< two a slot; touched only where receives are single
  std::vector<PendingSend> sends_;
  std::size_t sends_head_ = 0;
  std::vector<UserData> deferred_,
      cancels_;  ///< connects and receives to arm, operations to end: with the wait
  std::vector<Completion>
      local_;  ///< completions that need no kernel: a socket() that failed, a send of a closed connection
  TransportTally tally_;
};

}  // namespace saturn
