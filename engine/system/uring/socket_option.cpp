#include "system/uring/socket_option.hpp"

#include <netinet/in.h>
#include <sys/socket.h>

#include <cstring>

namespace saturn {
namespace {

constexpr std::uint32_t kSetOption = 3;  ///< SOCKET_URING_OP_SETSOCKOPT

}  // namespace

/// The kernel's layout: the command in `off`, level and name in `addr`, the size where the place of a socket
/// to be made would be, the value in `addr3`.
void prepare_option(io_uring_sqe* sqe, int place, const SocketOption& option) {
  io_uring_prep_rw(IORING_OP_URING_CMD, sqe, place, nullptr, 0, kSetOption);
  const std::uint32_t what[] = {static_cast<std::uint32_t>(option.level),
                                static_cast<std::uint32_t>(option.name)};
  static_assert(sizeof what == sizeof sqe->addr);
  std::memcpy(&sqe->addr, what, sizeof what);
  sqe->file_index = option.size;
  sqe->addr3 = reinterpret_cast<std::uint64_t>(option.value);
  sqe->flags |= IOSQE_FIXED_FILE;
}

void queue_linked_socket(Ring& ring, int place, int family, std::span<const SocketOption> options,
                         std::uint64_t failed) {
  ring.make_room(static_cast<unsigned>(options.size()) + 2);
  io_uring_sqe* sqe = ring.entry();
  io_uring_prep_socket_direct(sqe, family, SOCK_STREAM, IPPROTO_TCP, static_cast<unsigned>(place), 0);
  sqe->flags |= IOSQE_IO_LINK | IOSQE_CQE_SKIP_SUCCESS;
  io_uring_sqe_set_data64(sqe, failed);
  for (const SocketOption& option : options) {
    sqe = ring.entry();
    prepare_option(sqe, place, option);
    io_uring_sqe_set_data64(sqe, 0);
    sqe->flags |= IOSQE_IO_HARDLINK | IOSQE_CQE_SKIP_SUCCESS;
  }
}

int set_option(Ring& ring, int place, const SocketOption& option) {
  prepare_option(ring.entry(), place, option);
  io_uring_cqe* cqe = nullptr;
  if (const int error = io_uring_submit_and_wait(ring.get(), 1); error < 0) return -error;
  if (const int error = io_uring_peek_cqe(ring.get(), &cqe); error < 0) return -error;
  const int result = cqe->res;
  io_uring_cqe_seen(ring.get(), cqe);
  return result < 0 ? -result : 0;
}

}  // namespace saturn
