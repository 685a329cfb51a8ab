#include "system/uring/sockets.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <string>
#include <utility>

#include "core/base/assert.hpp"
#include "system/net/pacing.hpp"
#include "system/net/source.hpp"
#include "system/uring/socket_option.hpp"

namespace saturn {
namespace {

constexpr std::size_t kMostLate = 256;
constexpr int kWideWindow = 512 << 10;  ///< or half of tcp_rmem's largest, where that is less
constexpr int kOneByte = 1;
/// By way of the low-water mark, which makes room for itself and leaves the kernel free to go on tuning (a
/// size of one's own, SO_RCVBUF, would end that). Put back, it wakes whoever has something to read.
constexpr std::array<SocketOption, 2> kWindowOptions{
    {{SOL_SOCKET, SO_RCVLOWAT, &kWideWindow, sizeof kWideWindow},
     {SOL_SOCKET, SO_RCVLOWAT, &kOneByte, sizeof kOneByte}}};

bool switch_on(int fd, int level, int option) {
  const int on = 1;
  return setsockopt(fd, level, option, &on, sizeof on) == 0;
}

Error no_table(std::size_t slots, int error) {
  return {"--connections",
          "the kernel refuses a table of " + std::to_string(slots) + " sockets: " + std::strerror(error),
          "use fewer connections, more threads (-t), or raise the limit of open files (ulimit -Hn)",
          ErrorKind::setup};
}

Error no_linked_sockets(int error) {
  return {"--sockets",
          std::string("this kernel's rings do not make sockets with options: ") + std::strerror(error),
          "Linux 6.7 or newer is needed: type --sockets table instead", ErrorKind::setup};
}

std::vector<SocketOption> wanted(const Sockets::Options& options) {
  static constexpr int kOn = 1;
  std::vector<SocketOption> all{{IPPROTO_TCP, TCP_NODELAY, &kOn, sizeof kOn}};
  if (options.kernel_stamps) all.push_back({SOL_SOCKET, SO_TIMESTAMPNS, &kOn, sizeof kOn});
  if (options.unpaced) all.push_back({IPPROTO_TCP, TCP_CONGESTION, kUnpaced.data(), kUnpaced.size()});
  return all;
}

}  // namespace

Sockets::Options Sockets::granted(Options asked) {
  const int fd = ::socket(asked.family, SOCK_STREAM | SOCK_CLOEXEC, IPPROTO_TCP);
  asked.kernel_stamps = asked.kernel_stamps && switch_on(fd, SOL_SOCKET, SO_TIMESTAMPNS);
  asked.unpaced = asked.unpaced && unpace(fd);
  if (fd >= 0) ::close(fd);
  return asked;
}

Result<std::unique_ptr<Sockets>> Sockets::create(Ring& ring, std::size_t slots, Options options) {
  std::unique_ptr<Sockets> made(new Sockets(ring));
  made->options_ = std::move(options);
  made->sockets_.resize(slots);
  made->late_.reserve(kMostLate);
  if (made->options_.kernel_stamps) made->stamp_keeper_.start();
  if (!made->options_.direct) return {std::move(made)};
  if (const int error = -io_uring_register_files_sparse(ring.get(), static_cast<unsigned>(slots)); error != 0)
    return no_table(slots, error);
  // A trial, on a real socket.
  if (const int error = made->open(0, 0); error != 0) return no_table(slots, error);
  if (made->options_.linked) {
    made->wanted_ = wanted(made->options_);
    made->queue_socket({UserData::Op::connect, 0, 0});
  }
  const int refused = set_option(ring, 0, kWindowOptions[1]);
  if (refused != 0 && made->options_.linked) return no_linked_sockets(refused);
  if (refused == EBADF) return no_table(slots, refused);
  made->sets_options_ = refused == 0;
  made->to_widen_.reserve(slots * 2 + 1);
  made->close(0);
  made->next_source_ = 0;
  return {std::move(made)};
}

Sockets::~Sockets() {
  for (SlotId slot = 0; slot < sockets_.size() && !options_.direct; ++slot) close(slot);
  close_late();
}

int Sockets::make(int& fd) {
  fd = ::socket(options_.family, SOCK_STREAM | SOCK_CLOEXEC, IPPROTO_TCP);
  if (fd < 0 && errno == EMFILE && !late_.empty()) {
    close_late();
    fd = ::socket(options_.family, SOCK_STREAM | SOCK_CLOEXEC, IPPROTO_TCP);
  }
  if (fd < 0) return errno;
  switch_on(fd, IPPROTO_TCP, TCP_NODELAY);
  // Refused (a filter): answers have no stamps then, and the result says so; see granted().
  if (options_.kernel_stamps) switch_on(fd, SOL_SOCKET, SO_TIMESTAMPNS);
  if (options_.unpaced) unpace(fd);
  if (options_.sources.empty()) return 0;
  const SocketAddress& source = options_.sources[next_source_];
  next_source_ = next_source_ + 1 == options_.sources.size() ? 0 : next_source_ + 1;
  return bind_source(fd, source);
}

int Sockets::place_in_table(SlotId slot, int fd) {
  const int placed = io_uring_register_files_update(ring_.get(), slot, &fd, 1);
  return placed == 1 ? 0 : placed < 0 ? -placed : ENFILE;
}

int Sockets::open(SlotId slot, std::uint32_t generation) {
  Socket& socket = sockets_[slot];
  SATURN_ASSERT(!socket.open());
  socket.generation = generation;
  const bool has_place = (socket.singles_taken & Socket::single_bit(generation)) == 0;
  socket.once = (options_.single_receives || socket.pieces == 1) && has_place;
  socket.pieces = 0;
  socket.under_way = 0;
  socket.discard = 0;
  const bool much = std::exchange(socket.read_much, false) && !options_.single_receives;
  socket.pool = much ? BufferPool::large : BufferPool::small;
  if (options_.linked) {
    socket.fd = static_cast<int>(slot);
    return 0;
  }
  int fd = -1;
  int error = make(fd);
  if (error == 0 && options_.direct) error = place_in_table(slot, fd);
  if (error == 0) socket.fd = options_.direct ? static_cast<int>(slot) : fd;
  if (fd >= 0 && (error != 0 || options_.direct)) ::close(fd);
  return error;
}

void Sockets::queue_socket(const UserData& connect) {
  if (!options_.linked) return;
  const UserData made{UserData::Op::make, connect.generation, connect.slot};
  queue_linked_socket(ring_, static_cast<int>(connect.slot), options_.family, wanted_, made.pack());
}

void Sockets::widen(SlotId slot) {
  if (options_.direct) {
    if (sets_options_) to_widen_.push_back(slot);
    return;
  }
  for (const SocketOption& option : kWindowOptions)
    setsockopt(sockets_[slot].fd, option.level, option.name, option.value, option.size);
}

void Sockets::queue_options() {
  for (const SlotId slot : to_widen_) {
    if (!sockets_[slot].open()) continue;
    ring_.make_room(kWindowOptions.size());
    for (const SocketOption& option : kWindowOptions) {
      io_uring_sqe* sqe = ring_.entry();
      prepare_option(sqe, sockets_[slot].fd, option);
      io_uring_sqe_set_data64(sqe, UserData{}.pack());
      // In this order: a mark that stayed up would keep the end of an answer back.
      if (&option != &kWindowOptions.back()) sqe->flags |= IOSQE_IO_HARDLINK;
    }
  }
  to_widen_.clear();
}

void Sockets::close(SlotId slot) {
  Socket& socket = sockets_[slot];
  if (!socket.open()) return;
  if (options_.direct) {
    place_in_table(slot, -1);
  } else if (socket.under_way != 0) {
    shutdown(socket.fd, SHUT_RDWR);
    ::close(socket.fd);
  } else {
    // A server that answers "Connection: close" ends the connection a moment after its answer. Who ends it
    // first keeps its port in TIME_WAIT; a turn later that is the server, as was announced.
    if (late_.size() == kMostLate) close_late();
    late_.push_back(socket.fd);
  }
  socket.fd = -1;
}

void Sockets::close_late() {
  for (const int fd : late_) ::close(fd);
  late_.clear();
}

}  // namespace saturn
