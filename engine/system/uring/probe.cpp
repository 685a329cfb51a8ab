#include "system/uring/probe.hpp"

#include <liburing.h>
#include <sys/socket.h>

#include <array>
#include <cstdlib>
#include <memory>

#include "system/uring/ring.hpp"

namespace saturn {
namespace {

constexpr unsigned kSqEntries = 64, kCqEntries = 128;
constexpr std::uint32_t kBuffers = 8, kBufferBytes = 256;
constexpr std::size_t kPage = 4096;
constexpr std::size_t kControlBytes = 64;  ///< room for a time stamp
constexpr __kernel_timespec kLimit{1, 0};  ///< loopback delivers at once; this only bounds a failure

struct Operation {
  int code;
  const char* name;
};
constexpr std::array<Operation, 7> kNeeded{{{IORING_OP_RECVMSG, "recvmsg"},
                                            {IORING_OP_SENDMSG, "sendmsg"},
                                            {IORING_OP_SEND, "send"},
                                            {IORING_OP_CONNECT, "connect"},
                                            {IORING_OP_CLOSE, "close"},
                                            {IORING_OP_SOCKET, "socket"},
                                            {IORING_OP_ASYNC_CANCEL, "async_cancel"}}};

std::optional<std::vector<std::string>> missing_operations(io_uring* ring) {
  const std::unique_ptr<io_uring_probe, void (*)(io_uring_probe*)> probe(io_uring_get_probe_ring(ring),
                                                                         io_uring_free_probe);
  if (!probe) return std::nullopt;
  std::vector<std::string> missing;
  for (const auto& [code, name] : kNeeded)
    if (io_uring_opcode_supported(probe.get(), code) == 0) missing.emplace_back(name);
  return missing;
}

/// A few provided buffers, registered while it lives where the kernel can do that.
class Buffers {
 public:
  explicit Buffers(io_uring* ring)
      : ring_(ring), entries_(static_cast<io_uring_buf_ring*>(std::aligned_alloc(kPage, kPage)), std::free) {
    if (!entries_) return;
    io_uring_buf_reg registration{};
    registration.ring_addr = reinterpret_cast<std::uint64_t>(entries_.get());
    registration.ring_entries = kBuffers;
    registered_ = io_uring_register_buf_ring(ring, &registration, 0) == 0;
    if (!registered_) return;
    io_uring_buf_ring_init(entries_.get());
    for (std::uint32_t id = 0; id < kBuffers; ++id)
      io_uring_buf_ring_add(entries_.get(), at(id), kBufferBytes, static_cast<std::uint16_t>(id),
                            io_uring_buf_ring_mask(kBuffers), static_cast<int>(id));
    io_uring_buf_ring_advance(entries_.get(), kBuffers);
  }
  ~Buffers() {
    if (registered_) io_uring_unregister_buf_ring(ring_, 0);
  }
  Buffers(const Buffers&) = delete;
  Buffers& operator=(const Buffers&) = delete;

  bool registered() const { return registered_; }
  char* at(std::uint32_t id) { return memory_.data() + std::size_t{id} * kBufferBytes; }

 private:
  io_uring* ring_;
  std::unique_ptr<io_uring_buf_ring, void (*)(void*)> entries_;
  std::array<char, std::size_t{kBuffers} * kBufferBytes> memory_{};
  bool registered_ = false;
};

bool has_stamp(io_uring_recvmsg_out* out, msghdr* header) {
  for (cmsghdr* control = io_uring_recvmsg_cmsg_firsthdr(out, header); control != nullptr;
       control = io_uring_recvmsg_cmsg_nexthdr(out, header, control))
    if (control->cmsg_level == SOL_SOCKET && control->cmsg_type == SO_TIMESTAMPNS) return true;
  return false;
}

/// One receive is armed, two messages are sent: a multishot one delivers both and says after the first that
/// more may come.
void try_receive(io_uring* ring, Buffers& buffers, int receiver, int sender, RingProbe& found) {
  msghdr header{};
  header.msg_controllen = kControlBytes;
  io_uring_sqe* sqe = io_uring_get_sqe(ring);
  io_uring_prep_recvmsg_multishot(sqe, receiver, &header, 0);
  sqe->flags |= IOSQE_BUFFER_SELECT;
  sqe->buf_group = 0;
  found.multishot_receive = false;
  found.receive_stamps = false;
  bool stamped = true, more = true;
  for (int message = 0; message < 2; ++message) {
    if (::send(sender, "x", 1, MSG_NOSIGNAL) != 1) return;
    __kernel_timespec limit = kLimit;
    io_uring_cqe* cqe = nullptr;
    io_uring_submit_and_wait_timeout(ring, &cqe, 1, &limit, nullptr);
    if (cqe == nullptr || cqe->res < 0 || (cqe->flags & IORING_CQE_F_BUFFER) == 0) return;
    char* const data = buffers.at(cqe->flags >> IORING_CQE_BUFFER_SHIFT);
    io_uring_recvmsg_out* out = io_uring_recvmsg_validate(data, cqe->res, &header);
    stamped = stamped && out != nullptr && has_stamp(out, &header);
    more = more && (cqe->flags & IORING_CQE_F_MORE) != 0;
    io_uring_cqe_seen(ring, cqe);
  }
  found.multishot_receive = more;
  found.receive_stamps = stamped;
}

}  // namespace

RingProbe probe_ring(int receiver, int sender) {
  RingProbe found;
  auto ring = Ring::create(kSqEntries, kCqEntries);
  if (!ring) {
    found.refusal = ring.errors().front();
    return found;
  }
  found.setup_flags = (*ring)->facts().setup_flags;
  found.missing = missing_operations((*ring)->get());
  Buffers buffers((*ring)->get());
  found.buffer_ring = buffers.registered();
  if (buffers.registered() && receiver >= 0) try_receive((*ring)->get(), buffers, receiver, sender, found);
  // The receive is still armed and ends with the ring: nothing more is sent to it.
  return found;
}

}  // namespace saturn
