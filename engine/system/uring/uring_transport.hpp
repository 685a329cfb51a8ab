// The Transport over io_uring: sockets by socket(), connects, sends and multishot recvmsg through the ring.
// Sends go in batches of their own (at most 64, one timed enter each); everything else is handed over with
// the wait, outside the timed batch. Owner: the shard's thread, from construction on. Tested by
// tests/contract (with the simulation) and tests/loopback.
#pragma once
#include <sys/socket.h>

#include <memory>
#include <vector>

#include "core/base/clock_offset.hpp"
#include "core/transport/transport.hpp"
#include "system/net/resolve.hpp"
#include "system/uring/buffer_ring.hpp"
#include "system/uring/ring.hpp"
#include "system/uring/user_data.hpp"

namespace saturn {

struct UringOptions {
  bool kernel_stamps = true;  ///< sockets ask for SO_TIMESTAMPNS
};

class UringTransport {
 public:
  static constexpr unsigned kSqEntries = 1024, kCqEntries = 8192;
  static constexpr std::uint32_t kBuffers = 1024, kBufferBytes = 16384;
  static constexpr std::size_t kControlBytes = 64;  ///< room for the kernel's receive time stamp

  static Result<std::unique_ptr<UringTransport>> create(const SocketAddress& address, std::size_t slots,
                                                        const UringOptions& options = {});
  ~UringTransport();
  UringTransport(const UringTransport&) = delete;
  UringTransport& operator=(const UringTransport&) = delete;

  void connect(SlotId slot, std::uint32_t generation);
  void send(SlotId slot, std::span<const char> bytes) {
    sends_.push_back({slot, sockets_[slot].generation, bytes});
  }
  void arm_receive(SlotId slot);
  void close(SlotId slot);
  Submitted submit();
  void wait(Nanos until, std::vector<Completion>& out);
  void release(std::uint32_t buffer) { buffers_->give_back(buffer); }
  void keep_time();
  const TransportTally& tally() const { return tally_; }
  const RingFacts& facts() const { return ring_->facts(); }

 private:
  struct Socket {
    int fd = -1;
    std::uint32_t generation = 0;
  };
  struct PendingSend {
    SlotId slot;
    std::uint32_t generation;
    std::span<const char> bytes;
  };
  struct Deferred {  ///< a connect or a receive to arm: queued until the wait
    UserData what;
  };

  UringTransport() = default;
  io_uring_sqe* next_sqe();
  void queue_deferred();
  std::uint64_t late_sends(std::size_t first, std::uint32_t count, unsigned ready_before) const;
  Nanos arrival_in(io_uring_recvmsg_out& message);
  void reap(std::vector<Completion>& out);
  void on_receive(const io_uring_cqe& cqe, const UserData& what, std::vector<Completion>& out);
  bool current(const UserData& what) const {
    return (sockets_[what.slot].generation & UserData::kGenerationMask) ==
               (what.generation & UserData::kGenerationMask) &&
           sockets_[what.slot].fd >= 0;
  }

  std::unique_ptr<Ring> ring_;
  std::unique_ptr<BufferRing> buffers_;
  SocketAddress address_;
  UringOptions options_;
  ClockOffset wall_clock_;
  msghdr receive_header_{};
  std::vector<Socket> sockets_;
  std::vector<PendingSend> sends_;
  std::size_t sends_head_ = 0;
  std::vector<Deferred> deferred_;
  std::vector<Completion>
      local_;  ///< completions that need no kernel: a socket() that failed, a send of a closed connection
  TransportTally tally_;
};

}  // namespace saturn
