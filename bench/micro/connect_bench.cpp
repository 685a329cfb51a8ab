// What a connection costs by each way to make its socket: by system calls, named by descriptor or put into
// the ring's table, or by the ring itself, linked to the connect behind it. 128 connections over loopback at
// a time, with the options that a run sets; accepting and closing them (by reset: no port stays in TIME_WAIT)
// is not timed.
//   build/release/saturn_bench --benchmark_filter=connect --benchmark_repetitions=7
// interleaves them with --benchmark_enable_random_interleaving=true.
#include <benchmark/benchmark.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <memory>
#include <stdexcept>
#include <vector>

#include "system/net/pacing.hpp"
#include "system/uring/ring.hpp"
#include "system/uring/socket_option.hpp"

namespace saturn {
namespace {

enum class Way { descriptor, table, linked };

constexpr unsigned kConnections = 128;
constexpr int kOn = 1;
constexpr linger kReset{1, 0};
constexpr std::array<SocketOption, 4> kOptions{
    {{SOL_SOCKET, SO_LINGER, &kReset, sizeof kReset},
     {IPPROTO_TCP, TCP_NODELAY, &kOn, sizeof kOn},
     {SOL_SOCKET, SO_TIMESTAMPNS, &kOn, sizeof kOn},
     {IPPROTO_TCP, TCP_CONGESTION, kUnpaced.data(), kUnpaced.size()}}};

class Listener {
 public:
  Listener() : fd_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    address_.sin_family = AF_INET;
    address_.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof address_;
    if (bind(fd_, generic(), length) != 0 || listen(fd_, kConnections) != 0 ||
        getsockname(fd_, generic(), &length) != 0)
      throw std::runtime_error("cannot listen");
  }
  ~Listener() { close(fd_); }
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;

  sockaddr* generic() { return reinterpret_cast<sockaddr*>(&address_); }
  void drop_all() const {
    for (unsigned i = 0; i < kConnections; ++i) close(accept(fd_, nullptr, nullptr));
  }

 private:
  int fd_;
  sockaddr_in address_{};
};

class Connector {
 public:
  explicit Connector(Way way) : way_(way), descriptors_(kConnections, -1) {
    auto made = Ring::create(1024, 2048);
    if (!made) throw std::runtime_error("no ring");
    ring_ = std::move(made).value();
    if (way != Way::descriptor && io_uring_register_files_sparse(ring_->get(), kConnections) != 0)
      throw std::runtime_error("no table");
  }

  void connect_all(Listener& listener) {
    for (unsigned place = 0; place < kConnections; ++place) {
      if (way_ == Way::linked)
        queue_linked_socket(*ring_, static_cast<int>(place), AF_INET, kOptions, 0);
      else
        by_calls(place);
      io_uring_sqe* sqe = ring_->entry();
      const int named = way_ == Way::descriptor ? descriptors_[place] : static_cast<int>(place);
      io_uring_prep_connect(sqe, named, listener.generic(), sizeof(sockaddr_in));
      if (way_ != Way::descriptor) sqe->flags |= IOSQE_FIXED_FILE;
    }
    unsigned connected = 0;
    while (connected < kConnections) {
      io_uring_submit_and_wait(ring_->get(), 1);
      unsigned head = 0, seen = 0;
      io_uring_cqe* cqe = nullptr;
      io_uring_for_each_cqe(ring_->get(), head, cqe) {
        if (cqe->res < 0) throw std::runtime_error("a connection failed");
        ++seen;
      }
      io_uring_cq_advance(ring_->get(), seen);
      connected += seen;
    }
  }

  void close_all() {
    if (way_ == Way::descriptor) {
      for (const int fd : descriptors_) close(fd);
      return;
    }
    const std::vector<int> nothing(kConnections, -1);
    io_uring_register_files_update(ring_->get(), 0, nothing.data(), kConnections);
  }

 private:
  void by_calls(unsigned place) {
    const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, IPPROTO_TCP);
    for (const SocketOption& option : kOptions)
      setsockopt(fd, option.level, option.name, option.value, option.size);
    descriptors_[place] = fd;
    if (way_ == Way::descriptor) return;
    io_uring_register_files_update(ring_->get(), place, &fd, 1);
    close(fd);
  }

  Way way_;
  std::unique_ptr<Ring> ring_;
  std::vector<int> descriptors_;
};

/// Where the kernel cannot do it (options by the ring: Linux 6.7) the row says so.
void connect_by(benchmark::State& state, Way way) try {
  Listener listener;
  Connector connector(way);
  for (auto _ : state) {
    const auto began = std::chrono::steady_clock::now();
    connector.connect_all(listener);
    state.SetIterationTime(std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count());
    listener.drop_all();
    connector.close_all();
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations()) * kConnections);
} catch (const std::runtime_error& failure) {
  state.SkipWithError(failure.what());
}
BENCHMARK_CAPTURE(connect_by, descriptor, Way::descriptor)->UseManualTime();
BENCHMARK_CAPTURE(connect_by, table, Way::table)->UseManualTime();
BENCHMARK_CAPTURE(connect_by, linked, Way::linked)->UseManualTime();

}  // namespace
}  // namespace saturn
