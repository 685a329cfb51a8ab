// The sockets of a shard, one a slot: made with their options, bound to the next source address, and named to
// the ring by file descriptor, or by their place in the ring's own table (direct: for more sockets than
// RLIMIT_NOFILE allows; each ring has a table of its own). Owner: the shard's thread. Tested by the contract
// suite in both forms, and in tests/loopback/source_test.cpp.
#pragma once
#include <cstdint>
#include <memory>
#include <vector>

#include "core/transport/transport.hpp"
#include "saturn/error.hpp"
#include "system/net/resolve.hpp"
#include "system/uring/receive_buffers.hpp"
#include "system/uring/ring.hpp"
#include "system/uring/socket_option.hpp"
#include "system/uring/stamp_keeper.hpp"
#include "system/uring/user_data.hpp"

namespace saturn {

struct Socket {
  static_assert(UserData::kLastOfASocket < 8, "each operation of a socket has a bit of under_way");
  int fd = -1;  ///< direct: its place in the table
  std::uint32_t generation = 0;
  std::uint8_t under_way = 0;           ///< operations that the ring has, a bit each
  BufferPool pool = BufferPool::small;  ///< of the next receive that is armed
  bool read_much = false;               ///< more than a small buffer at a time, on this connection
  bool once = false;                    ///< receives one piece at a time: the connection before had only one
  std::uint8_t pieces = 0;              ///< received on this connection; stays at 2
  std::uint8_t singles_taken =
      0;                      ///< of the slot's two places for a single message, a bit each: the kernel's
  std::uint32_t discard = 0;  ///< bytes of the stream to be dropped next

  bool open() const { return fd >= 0; }
  static std::uint8_t bit(UserData::Op op) {
    return static_cast<std::uint8_t>(1U << static_cast<unsigned>(op));
  }
  void got_piece() { pieces = static_cast<std::uint8_t>(pieces < 2 ? pieces + 1 : 2); }
  /// Connections take them in turn: the one before may still hold its own.
  static std::uint8_t single_bit(std::uint32_t of_generation) {
    return static_cast<std::uint8_t>(1U << (of_generation & 1));
  }
  bool has(UserData::Op op) const { return (under_way & bit(op)) != 0; }
  void begins(UserData::Op op) { under_way = static_cast<std::uint8_t>(under_way | bit(op)); }
  void ended(UserData::Op op) { under_way = static_cast<std::uint8_t>(under_way & ~bit(op)); }
};

class Sockets {
 public:
  struct Options {
    int family = 0;
    bool kernel_stamps = true;
    bool direct = false;
    bool linked = false;                   ///< direct, without sources: made by the ring itself
    bool unpaced = false;                  ///< see system/net/pacing.hpp
    std::vector<SocketAddress> sources{};  ///< empty: the kernel chooses
    bool single_receives = false;          ///< never more than one piece at a time
  };
  /// What this process's sockets take of it, by a trial: a filter may refuse options, and the run goes on
  /// without them.
  static Options granted(Options asked);
  static Result<std::unique_ptr<Sockets>> create(Ring& ring, std::size_t slots, Options options);
  ~Sockets();
  Sockets(const Sockets&) = delete;
  Sockets& operator=(const Sockets&) = delete;

  Socket& operator[](SlotId slot) { return sockets_[slot]; }
  const Socket& operator[](SlotId slot) const { return sockets_[slot]; }

  /// A new socket for the slot; 0, or an errno.
  int open(SlotId slot, std::uint32_t generation);
  /// To be called right before the entry of the slot's connect (`connect`: its user data): where the ring
  /// makes the socket, the entries for that, linked to it. One that cannot be made completes as Op::make, and
  /// its connect not at all.
  void queue_socket(const UserData& connect);
  /// Lets the kernel take in a large answer whole, at once: with the usual 64 KiB of window its tail leaves
  /// the server only when its head was read, and a busy generator is measured as the server's slowness. In
  /// the direct form it is done with the next queue_options(), and only where the kernel can (6.7).
  void widen(SlotId slot);
  /// To be called before each wait.
  void queue_options();
  /// Operations under way keep the socket open behind this: the plain form shuts it down, which completes
  /// them; in the direct form they have to be cancelled.
  void close(SlotId slot);
  /// Ends what close() put off. To be called after each wait.
  void close_late();
  bool direct() const { return options_.direct; }
  /// To be called on every prepared entry that names a slot's socket.
  void mark(io_uring_sqe* sqe) const {
    if (options_.direct) sqe->flags |= IOSQE_FIXED_FILE;
  }

 private:
  explicit Sockets(Ring& ring) : ring_(ring) {}
  int make(int& fd);
  int place_in_table(SlotId slot, int fd);

  Ring& ring_;
  Options options_;
  bool sets_options_ = false;  ///< direct: the ring can do it
  std::vector<Socket> sockets_;
  std::vector<int> late_;             ///< to be closed after the wait
  std::vector<SlotId> to_widen_;      ///< direct: with the wait
  std::vector<SocketOption> wanted_;  ///< linked: what make() sets otherwise
  std::size_t next_source_ = 0;
  StampKeeper stamp_keeper_;
};

}  // namespace saturn
